"""A script on a screen, laid out as it would print, in columns of one character.

The margins are those of a screenplay page, counted from the left edge of the action: dialogue 10, parentheses
15, cues 20; a Chinese character takes two columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storyroom.story.asides import printed
from storyroom.story.measure import columns
from storyroom.story.script import UNPRINTED, Element, Kind

_WIDTH = 60
# Kind: first column, columns wide.
_MARGINS = {
    Kind.CUE: (20, 38),
    Kind.PARENTHETICAL: (15, 25),
    Kind.DIALOGUE: (10, 35),
    Kind.LYRIC: (10, 35),
}
# What stays with the word before it.
_CLOSING = "，。！？、；：）】」』”’…, .!?"
_BELONGS_TO_CUE = frozenset({Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRIC})


def typeset(elements: Iterable[Element]) -> str:
    """Return elements as the lines of a page, without what does not print."""
    lines: list[str] = []
    for element in elements:
        if element.kind in UNPRINTED:
            continue
        if lines and element.kind not in _BELONGS_TO_CUE:
            lines.append("")
        lines += _lines(element)
    return "\n".join(lines)


def _lines(element: Element) -> Iterator[str]:
    start, width = _MARGINS.get(element.kind, (0, _WIDTH))
    for row in _text(element).split("\n"):
        for line in folded(row, width):
            free = _WIDTH - columns(line)
            match element.kind:
                case Kind.TRANSITION:
                    yield " " * max(0, free) + line
                case Kind.CENTERED:
                    yield " " * max(0, free // 2) + line
                case _:
                    yield " " * start + line


def _text(element: Element) -> str:
    text = printed(element.text)
    if element.kind is Kind.PARENTHETICAL:
        return f"({text})"
    if element.kind is Kind.CUE and element.extension:
        return f"{text} ({element.extension})"
    return text


def folded(text: str, width: int) -> Iterator[str]:
    """Yield a paragraph's lines of at most `width` columns, broken at spaces or between wide characters."""
    line = ""
    for word in _words(text):
        if line and columns(line + word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += word
        while columns(line.rstrip()) > width:
            head = _fitting(line, width)
            yield head
            line = line[len(head) :]
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Yield the pieces that may not be parted, each with the spaces behind it."""
    word = ""
    for before, one in zip(" " + text, text, strict=False):
        begins = before == " " and one != " "
        wide = (columns(one) == 2 or columns(before) == 2) and one not in _CLOSING
        if word and (begins or wide):
            yield word
            word = ""
        word += one
    yield word


def _fitting(text: str, width: int) -> str:
    taken = 0
    for place, one in enumerate(text):
        taken += columns(one)
        if taken > width:
            return text[: max(1, place)]
    return text
