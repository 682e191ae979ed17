r"""Markdown (CommonMark): a script to read where Markdown is read.

Scenes are headings, below those of acts and sections; speeches are block quotes under a bold name. Whatever
would be a mark of Markdown in the text is escaped. Lines end in a backslash where the script ends them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storyroom.formats.commonmark import escaped, inline
from storyroom.formats.flow import Block, Dual, Paragraph, Speech, flow
from storyroom.formats.fountain import Run
from storyroom.formats.pages import PageOptions
from storyroom.formats.pages.columns import has_han
from storyroom.formats.printed import clean, printed_runs, runs_of
from storyroom.formats.titles import place_of
from storyroom.story.script import Element, Kind, Script, TitlePage

_DEEPEST = 6
_LINE_END = re.compile(r"\s*\n\s*")
_ITALIC = frozenset({Kind.PARENTHETICAL, Kind.LYRIC, Kind.TRANSITION, Kind.SYNOPSIS})


def write(script: Script, options: PageOptions | None = None) -> str:
    """Write a script as CommonMark.

    Boneyards and notes are left out, sections and synopses are kept. Underlining, and emphasis where
    CommonMark would not see its marks, as beside Chinese punctuation, are written as HTML tags.

    Args:
        script: the script.
        options: scene numbers and teleplay count; paper and revisions mean nothing here.
    """
    parts = list(_title_page(script.title_page))
    depth, first_of_script = 0, True
    for block in flow(script, options or PageOptions()):
        if isinstance(block, Paragraph):
            depth = _depth(block) or depth
        if written := list(_block(block, depth)):
            turns_page = block.new_page or (first_of_script and parts)
            parts += ["---", *written] if turns_page else written
            first_of_script = False
    return "\n\n".join(parts) + "\n" if parts else ""


def _depth(block: Paragraph) -> int:
    """Return how deep the scenes below a paragraph stand, if that begins an act or a section; else 0."""
    if block.element.kind is Kind.SECTION:
        return max(block.element.depth, 1)
    return int(block.act == "title")


def _title_page(page: TitlePage) -> Iterator[str]:
    entries = [
        (key, texts)
        for key, values in page.entries
        if place_of(key) != "hidden" and (texts := [t for value in values if (t := inline(runs_of(value)))])
    ]
    titles = [text for key, texts in entries if place_of(key) == "title" for text in texts]
    if titles:
        yield f"# {_one_line(titles[0])}"
    if titles[1:]:
        yield _lines(titles[1:])
    others = [
        _one_line(f"{inline([Run(clean(key))])}{'：' if has_han(key) else ': '}{_listed(texts)}")
        for key, texts in entries
        if place_of(key) != "title"
    ]
    if others:
        yield _lines(others)


def _listed(texts: Sequence[str]) -> str:
    return ("，" if any(map(has_han, texts)) else ", ").join(texts)


def _block(block: Block, depth: int) -> Iterator[str]:
    match block:
        case Speech():
            yield from _quoted(_speech(block))
        case Dual():
            left, right = (_quoted(_speech(speech)) for speech in (block.left, block.right))
            yield from ("<table><tr><td>", *left, "</td><td>", *right, "</td></tr></table>")
        case Paragraph():
            yield from _paragraph(block, depth)


def _paragraph(block: Paragraph, depth: int) -> Iterator[str]:
    element = block.element
    kind = element.kind
    text = inline(printed_runs(element), italic=kind in _ITALIC)
    if kind in (Kind.NOTE, Kind.BONEYARD) or not text:
        return
    if kind is Kind.SCENE_HEADING:
        yield _heading(2 + depth, f"{escaped(clean(block.number))} {text}" if block.number else text)
    elif kind is Kind.SECTION or block.act == "title":
        yield _heading(1 + max(element.depth, 1), text)
    elif kind is Kind.CENTERED or block.act:
        yield from ('<div align="center">', *_paragraphs(text), "</div>")
    else:
        yield from _paragraphs(text)


def _speech(speech: Speech) -> Iterator[str]:
    """Yield the paragraphs of a speech: all in one, but for the blank lines that dialogue keeps."""
    lines: list[str] = []
    for part in speech.parts:
        text = _said(part)
        if not text:
            continue
        first, *others = _paragraphs(text)
        lines.append(first)
        for other in others:
            yield _lines(lines)
            lines = [other]
    if lines:
        yield _lines(lines)


def _said(element: Element) -> str:
    if element.kind in (Kind.NOTE, Kind.BONEYARD):
        return ""
    text = inline(printed_runs(element), bold=element.kind is Kind.CUE, italic=element.kind in _ITALIC)
    return text if element.kind in (Kind.DIALOGUE, Kind.LYRIC) else _one_line(text)


def _heading(level: int, text: str) -> str:
    return f"{'#' * min(level, _DEEPEST)} {_one_line(text)}"


def _quoted(paragraphs: Iterator[str]) -> list[str]:
    """Return paragraphs as one block quote; none if there are none."""
    text = "\n\n".join(paragraphs)
    return ["\n".join(f"> {line}".rstrip() for line in text.split("\n"))] if text else []


def _paragraphs(text: str) -> list[str]:
    """Part a text at its blank lines; the other line ends become breaks."""
    found = (part.strip("\n") for part in re.split(r"\n[^\S\n]*\n", text))
    return [_lines(part.split("\n")) for part in found if part]


def _lines(lines: Sequence[str]) -> str:
    return "\\\n".join(lines)


def _one_line(text: str) -> str:
    return _LINE_END.sub(" ", text)
