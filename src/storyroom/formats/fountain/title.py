"""The title page of a Fountain file: ``Key: value`` lines at its very beginning, up to a blank line."""

import re
from collections.abc import Sequence

from storyroom.errors import FormatError
from storyroom.formats.fountain.lines import line_at, physical_lines, unix
from storyroom.story.headings import is_heading
from storyroom.story.script import TitlePage

_KEY = re.compile(r"([^\W_][^:：]*)[:：](?!//)(.*)", re.DOTALL)
_USUAL = frozenset({
    *("title", "episode", "credit", "author", "authors", "source", "draft date", "date", "contact", "notes"),
    *("标题", "標題", "片名", "剧名", "劇名", "编剧", "編劇", "作者", "日期", "稿次", "联系方式", "备注"),
})  # fmt: skip
_CJK = re.compile(r"[㐀-鿿]")

Entries = tuple[tuple[str, tuple[str, ...]], ...]


def read_title_page(text: str) -> tuple[Entries, str]:
    """Read the title page at the beginning of a text.

    A first line such as ``FADE IN:`` is no title page: upper case, with nothing behind the colon and nothing
    indented below it. Nor is prose that ends in a colon: keys without any value, unless the first is a usual
    one, as in a form that nobody has filled in.

    Returns:
        The entries and their text without the blank lines that follow; both empty if there is none.
    """
    block: list[str] = []
    entries: list[tuple[str, list[str]]] = []
    position = 0
    while line := line_at(text, position):
        stripped = line.strip()
        if not stripped or (not line[0].isspace() and is_heading(stripped)):
            break
        key = None if line[0].isspace() else _KEY.match(stripped)
        if key:
            value = key[2].strip()
            entries.append((key[1].rstrip(), [value] if value else []))
        elif entries:
            entries[-1][1].append(stripped)
        else:
            break
        block.append(line)
        position += len(line)
    if not entries or _is_transition(block[0].strip(), block[1:2]) or _says_nothing(entries):
        return (), ""
    return tuple((key, tuple(lines)) for key, lines in entries), "".join(block)


def _is_transition(line: str, below: list[str]) -> bool:
    key = _KEY.match(line)
    return bool(key and key[1].isupper() and not key[2] and not (below and below[0][0].isspace()))


def _says_nothing(entries: Sequence[tuple[str, Sequence[str]]]) -> bool:
    return not any(lines for _, lines in entries) and entries[0][0].casefold() not in _USUAL


def normal_title_page(page: TitlePage) -> TitlePage:
    """Return the title page as a reader will get it: one line per value line, no blank ones, no odd keys.

    Raises:
        FormatError: a key reads as something else, as a scene heading does.
    """
    if page.source is not None:
        return page
    entries: list[tuple[str, tuple[str, ...]]] = []
    for key, values in page.entries:
        name = re.sub(r"\A[\W_]+", "", re.sub("[:：\r\n]", " ", key)).rstrip()
        lines = [line.strip() for value in values for line in physical_lines(unix(value)) if line.strip()]
        if name and (lines or entries or not name.isupper()):
            entries.append((name, tuple(lines)))
    if entries and _says_nothing(entries):
        return TitlePage()
    normal = TitlePage(tuple(entries))
    if read_title_page(lay_out_title_page(normal))[0] != normal.entries:
        raise FormatError(
            f"a title page with the keys {', '.join(repr(key) for key, _ in entries)} cannot be written",
            hint="rename the key that reads as a scene heading; usual ones are Title, Author, Draft date",
        )
    return normal


def lay_out_title_page(page: TitlePage) -> str:
    """Lay out a normal title page: single values on the key's line, others indented below it."""
    lines: list[str] = []
    for key, values in page.entries:
        colon = "：" if _CJK.search(key) else ":"
        if len(values) == 1 and not values[0].startswith("//"):
            lines.append(f"{key}{colon}{'' if colon == '：' else ' '}{values[0]}")
        else:
            lines.append(key + colon)
            lines += [f"    {value}" for value in values]
    return "".join(line + "\n" for line in lines)
