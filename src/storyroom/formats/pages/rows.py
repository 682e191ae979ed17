"""Rows: what stands on one line of the grid, before it is known on which page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from storyroom.formats.fountain import Run, emphasis
from storyroom.formats.pages.columns import has_han, widths, wrap
from storyroom.formats.pages.options import Area, Sheet

Role = Literal["text", "more", "continued", "scene_number", "mark", "page_number", "header"]
Align = Literal["left", "centre", "right"]

_BLANKS = str.maketrans({"\t": "    ", "\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\u2029": "\n"})
_COMBINING = re.compile("[\u0300-\u036f]")
_UNPRINTABLE = (
    *((0, 9), (13, 31), (127, 159), (0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202E)),
    *((0x2060, 0x206F), (0xD800, 0xDFFF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
)
_DROPPED = {code: None for first, last in _UNPRINTABLE for code in range(first, last + 1)}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one row of one column of the page.

    Attributes:
        column: where it begins.
        runs: the text, in styles.
        role: ``text`` is the script's own; all else is put there by the layout.
        element: index of the element among `Script.elements()`; None for page numbers and headers.
        chinese: whether its quotation marks and dashes are full-width.
    """

    column: int
    runs: tuple[Run, ...]
    role: Role = "text"
    element: int | None = None
    chinese: bool = False

    @property
    def text(self) -> str:
        """The text without its styles."""
        return "".join(run.text for run in self.runs)

    @property
    def widths(self) -> list[int]:
        """The columns of each character of the text."""
        return widths(self.text, chinese=self.chinese)


@dataclass(frozen=True, slots=True)
class Speech:
    """What stands at a page break within a speech.

    Attributes:
        more: closes the page: (MORE).
        cue: opens the next one, one piece for each row: the name with (CONT'D).
    """

    more: Piece
    cue: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page.

    Attributes:
        pieces: what stands in it; empty for a blank row.
        starts: whether a page may begin with it.
        new_page: whether a page must.
        interrupted: the speeches that a page break before this row interrupts.
    """

    pieces: tuple[Piece, ...] = ()
    starts: bool = False
    new_page: bool = False
    interrupted: tuple[Speech, ...] = ()


BLANK = Row()


def styled(text: str) -> tuple[Run, ...]:
    """Return the runs of an element's text that can be printed: tabs as spaces, no control characters."""
    runs = (run._replace(text=clean(run.text)) for run in emphasis(text))
    return tuple(run for run in runs if run.text)


def clean(text: str) -> str:
    """Return a text without control and format characters; tabs are four spaces."""
    if text.isascii() and text.isprintable():
        return text
    if _COMBINING.search(text):
        text = unicodedata.normalize("NFC", text)
    return text.translate(_BLANKS).translate(_DROPPED)


def trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return runs without the line ends and white space before and behind all text."""
    text = "".join(run.text for run in runs)
    start = len(text) - len(text.lstrip())
    return _cut(runs, start, max(start, len(text.rstrip())))


def surrounded(runs: Iterable[Run], before: str, behind: str) -> tuple[Run, ...]:
    """Return runs with plain text around them."""
    return (Run(before), *runs, Run(behind))


def lay(
    runs: tuple[Run, ...],
    area: Area,
    *,
    element: int | None = None,
    align: Align = "left",
    hang: int = 0,
    role: Role = "text",
) -> list[Piece | None]:
    """Break runs into the lines of an area.

    Args:
        runs: the text.
        area: where it stands.
        element: index of the element it belongs to.
        align: how lines stand in the area.
        hang: columns by which all lines but the first are indented.
        role: the role of the pieces.

    Returns:
        A piece for each line; None for a line that is kept blank.
    """
    text = "".join(run.text for run in runs)
    if not text:
        return []
    chinese = has_han(text)
    pieces: list[Piece | None] = []
    for start, end in wrap(text, area.width - hang, first=area.width, chinese=chinese):
        if start == end:
            pieces.append(None)
            continue
        column = area.column + (hang if pieces else 0)
        piece = Piece(column, _cut(runs, start, end), role, element, chinese)
        if align != "left":
            spare = area.width - sum(piece.widths)
            piece = replace(piece, column=area.column + (spare if align == "right" else spare // 2))
        pieces.append(piece)
    return pieces


def _cut(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    """Return the runs of ``text[start:end]``."""
    if len(runs) == 1:
        return (runs[0]._replace(text=runs[0].text[start:end]),)
    cut, position = [], 0
    for run in runs:
        text = run.text[max(0, start - position) : max(0, end - position)]
        if text:
            cut.append(run._replace(text=text))
        position += len(run.text)
    return tuple(cut)


def right_aligned(text: str, sheet: Sheet, role: Role) -> Piece:
    """Return a piece that ends at the right margin."""
    return Piece(sheet.right - len(text), (Run(text),), role)
