"""The title page: keys and values in a script, paragraphs with an alignment in FDX.

Final Draft has no keys. Title, episode, credit, author and source are known by their places in the middle of
the page, contact by standing at its foot; everything else is written with its key: ``Draft date: 4 March``. A
page that would not read back as it was gets more keys.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from storyroom.formats.fdx.layout import add_text
from storyroom.formats.fdx.paragraphs import Paragraph
from storyroom.formats.fountain import emphasis, mark_up
from storyroom.story.script import TitlePage

Entry = tuple[str, tuple[str, ...]]


class Block(NamedTuple):
    """Lines that stand together on the page."""

    centered: bool
    lines: tuple[str, ...]


_NAMES = {
    "Title": {"title", "标题", "剧名", "片名"},
    "Episode": {"episode", "集", "集名", "分集"},
    "Credit": {"credit", "署名"},
    "Author": {"author", "authors", "writer", "编剧", "作者"},
    "Source": {"source", "原著", "来源"},
    "Contact": {"contact", "联系方式", "联系"},
}
_CHINESE = {
    "Title": "标题",
    "Episode": "集名",
    "Credit": "署名",
    "Author": "编剧",
    "Source": "原著",
    "Contact": "联系方式",
}
_CENTERED = frozenset({"Title", "Episode", "Credit", "Author", "Source"})
_ATTEMPTS = (_CENTERED | {"Contact"}, _CENTERED, frozenset({"Title"}), frozenset[str]())
_LABEL = re.compile(r"([^\W_][^:：]{0,40}?)\s*[:：](?!//)\s*(.*)")
_SOURCE = re.compile(r"based on|inspired by|adapted from|original|改编|原著|原创|取材|根据", re.IGNORECASE)
_CREDIT = re.compile(r"(?:.*\s)?by|编剧|作者|剧本|撰稿|写作|著", re.IGNORECASE)
_CJK = re.compile("[㐀-鿿]")
_LINES_ABOVE_TITLE = 14
_LINES_ABOVE_FOOT = 18


def read_title_page(page: Sequence[Paragraph]) -> TitlePage:
    """Read the paragraphs of a title page."""
    blocks: list[Block] = []
    apart = True
    for paragraph in page:
        text = mark_up(paragraph.runs)
        lines = tuple(line.strip() for line in text.split("\n") if line.strip())
        if lines and paragraph.centered and blocks and blocks[-1].centered and not apart:
            blocks[-1] = Block(True, blocks[-1].lines + lines)
        elif lines:
            blocks.append(Block(paragraph.centered, lines))
        apart = not lines
    return TitlePage(tuple(_entries(blocks)))


def _entries(blocks: Sequence[Block]) -> list[Entry]:
    """Name the blocks: by their keys, or by their places, in the language of the keys that are there."""
    middle = [block.lines for block in blocks if block.centered]
    foot = [(block.lines, _LABEL.fullmatch(block.lines[0])) for block in blocks if not block.centered]
    chinese = any(label and _CJK.search(label[1]) for _, label in foot)
    entries = [(_CHINESE.get(key, key) if chinese else key, lines) for key, lines in _middle(middle)]
    open_contact = False
    for lines, label in foot:
        if label:
            entries.append((label[1], ((label[2],) if label[2] else ()) + lines[1:]))
        elif open_contact:
            entries[-1] = (entries[-1][0], entries[-1][1] + lines)
        else:
            entries.append((_CHINESE["Contact"] if chinese else "Contact", lines))
        open_contact = not label
    return entries


def _middle(blocks: list[tuple[str, ...]]) -> list[Entry]:
    """Name what stands in the middle of the page: title and episode, the credit, and below it the author."""
    credit = next((i for i, lines in enumerate(blocks) if i and _CREDIT.fullmatch(lines[0])), None)
    keys = ["Title", "Author"]
    if credit is not None:
        episode = tuple(line for lines in blocks[1:credit] for line in lines)
        said = [blocks[0], episode, blocks[credit][:1], blocks[credit][1:], *blocks[credit + 1 :]]
        blocks = [lines for lines in said if lines]
        keys = ["Title", "Episode", "Credit", "Author"] if episode else ["Title", "Credit", "Author"]
    entries: list[Entry] = []
    for index, lines in enumerate(blocks):
        if index < len(keys) - 1:
            entries.append((keys[index], lines))
        elif _SOURCE.search(lines[0]):
            entries.append(("Source", lines))
        else:
            entries.append((keys[-1] if index == len(keys) - 1 else "Notes", lines))
    return entries


def write_title_page(page: TitlePage) -> ET.Element:
    """Return the Content of a title page."""
    entries = [(key.strip(), tuple(line for line in lines if line.strip())) for key, lines in page.entries]
    entries.sort(key=lambda entry: _name(entry[0]) not in _CENTERED)  # the middle of the page, then its foot
    for unlabelled in _ATTEMPTS:
        blocks = [_block(key, lines, unlabelled) for key, lines in entries]
        if _named(_entries(blocks)) == _named(entries):
            break
    content = ET.Element("Content")
    _blank(content, _LINES_ABOVE_TITLE)
    at_foot = False
    for block in blocks:
        if not block.centered and not at_foot:
            at_foot = True
            _blank(content, _LINES_ABOVE_FOOT)
        paragraph = ET.SubElement(
            content, "Paragraph", Alignment="Center" if block.centered else "Left", Type="General"
        )
        add_text(paragraph, emphasis("\n".join(block.lines)))
        if block.centered:
            _blank(content, 1)
    return content


def _name(key: str) -> str:
    return next((name for name, keys in _NAMES.items() if key.casefold() in keys), key)


def _named(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in a form in which those that say the same are equal."""
    return [(_name(key), tuple(mark_up(emphasis(line)) for line in lines)) for key, lines in entries]


def _block(key: str, lines: tuple[str, ...], unlabelled: frozenset[str]) -> Block:
    if _name(key) in unlabelled and lines:
        return Block(_name(key) in _CENTERED, lines)
    colon = "：" if _CJK.search(key) else ":"
    if len(lines) == 1:
        return Block(False, (f"{key}{colon}{'' if colon == '：' else ' '}{lines[0]}",))
    return Block(False, (key + colon, *lines))


def _blank(content: ET.Element, count: int) -> None:
    for _ in range(count):
        add_text(ET.SubElement(content, "Paragraph", Alignment="Center", Type="General"), ())
