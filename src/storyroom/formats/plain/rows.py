"""Rows: what stands on one line of a page, and where. Text files and PDFs are both read from these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from storyroom.formats.pages.columns import has_han, widths

GAP = 3
"""White space of this many columns parts what stands in a row: two speeches, a number in the margin."""

_TAB = 8
_PIECE = re.compile(r"\S+(?:\s{1,2}\S+)*")
_DROPPED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Segment:
    """Text without a gap in it.

    Attributes:
        start, end: where it begins and ends, in columns of a tenth of an inch from the left edge.
        text: without white space around it.
    """

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank.

    Attributes:
        page: number of its page in the file, from 1.
        line: number of its line: in the file for a text, on the page for a PDF; from 1.
        above: how many blank rows stand above it on its page.
        segments: what stands in it, from left to right; at least one.
    """

    page: int
    line: int
    above: int
    segments: tuple[Segment, ...]

    @property
    def start(self) -> float:
        """Where the row begins."""
        return self.segments[0].start

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.segments[-1].end

    @property
    def text(self) -> str:
        """All of its text, with as much white space in it as there is on the page."""
        text, end = "", self.start
        for segment in self.segments:
            text += " " * max(1 if text else 0, round(segment.start - end)) + segment.text
            end = segment.end
        return text

    def without(self, *gone: Segment) -> Row | None:
        """Return the row without some of its segments; None if nothing is left of it."""
        left = tuple(one for one in self.segments if one not in gone)
        return replace(self, segments=left) if left else None


def rows_of(text: str) -> Iterator[Row]:
    """Yield the rows of a plain text; form feeds begin a page, a Han character takes two columns."""
    page, above = 1, 0
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        for part, line in enumerate(raw.split("\f")):
            if part:
                page, above = page + 1, 0
            segments = _segments(_DROPPED.sub("", line).rstrip())
            if segments:
                yield Row(page, number, above, segments)
                above = 0
            else:
                above += 1


def _segments(line: str) -> tuple[Segment, ...]:
    line = line.expandtabs(_TAB)
    if line.isascii():
        return tuple(Segment(m.start(), m.end(), m[0]) for m in _PIECE.finditer(line))
    columns = widths(line, chinese=has_han(line))
    places = [0]
    for width in columns:
        places.append(places[-1] + width)
    return tuple(Segment(places[m.start()], places[m.end()], m[0]) for m in _PIECE.finditer(line))
