"""The rows of a PDF: its characters by where they stand, with PDFium through pypdfium2."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from storyroom.formats.pages.columns import has_han
from storyroom.formats.pages.options import COLUMNS_PER_INCH
from storyroom.formats.plain.rows import GAP, Row, Segment

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped]

_COLUMN = 72 / COLUMNS_PER_INCH
_NO_ACCIDENT = 0.03
_SAME_ROW = 0.3  # of the usual distance of lines
_LEAST_PITCH, _MOST_PITCH = 8.0, 40.0
_SPACE = 0.22  # of a letter's height; a gap from which on a space was meant
_HAN_SPACE, _WIDE_SPACE = 0.75, 1.2
_HYPHENS = (0x02, 0xFFFE)  # what PDFium makes of a hyphen at the end of a line
_UPRIGHT = 0.35  # radians: imitated italics lean, watermarks climb
_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\u00a0": " "}


class _Character(NamedTuple):
    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class _Line:
    base: float
    characters: tuple[_Character, ...]


def rows_of(document: PdfDocument) -> list[Row]:
    """Return the rows of a document, in columns of a tenth of an inch from the left edge of the paper."""
    pages = [_lines(_characters(page)) for page in document]
    pitch = _pitch(pages)
    rows: list[Row] = []
    for number, lines in enumerate(pages, 1):
        place, last = 0, 0.0
        for line in lines:
            above = max(0, round((last - line.base) / pitch) - 1) if place else 0
            if segments := _segments(line.characters):
                place, last = place + above + 1, line.base
                rows.append(Row(number, place, above, segments))
    return rows


def _characters(page: PdfPage) -> Iterator[_Character]:
    """Yield what is drawn upright on a page."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    text = page.get_textpage()
    raw = text.raw
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        character = chr(code) if code < 0x110000 else ""
        if code in _HYPHENS:
            character = "-"
        if pdfium.FPDFText_IsGenerated(raw, index) == 1 or not character.strip() or character < " ":
            continue
        if abs(math.remainder(pdfium.FPDFText_GetCharAngle(raw, index), math.tau)) > _UPRIGHT:
            continue
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        size = pdfium.FPDFText_GetFontSize(raw, index)
        yield _Character(_LIGATURES.get(character, character), x.value, box.right, y.value, size)
    text.close()


def _lines(characters: Iterator[_Character]) -> list[_Line]:
    """Group characters by their baseline, from the top down."""
    lines: list[list[_Character]] = []
    for one in sorted(characters, key=lambda one: (-one.base, one.left)):
        if lines and abs(lines[-1][0].base - one.base) <= _SAME_ROW * max(one.size, 6):
            lines[-1].append(one)
        else:
            lines.append([one])
    return [_Line(line[0].base, tuple(sorted(line, key=lambda one: one.left))) for line in lines]


def _pitch(pages: Sequence[Sequence[_Line]]) -> float:
    """Return the usual distance of two lines, in points."""
    steps = Counter(
        round(2 * (upper.base - lower.base)) / 2
        for lines in pages
        for upper, lower in pairwise(lines)
        if _LEAST_PITCH <= upper.base - lower.base <= _MOST_PITCH
    )
    if not steps:
        return 12.0
    # Where speeches are short or double-spaced, most steps are over a blank row: the least that is no
    # accident is the line.
    return min(step for step, times in steps.items() if times >= _NO_ACCIDENT * steps.total())


def _segments(characters: Sequence[_Character]) -> tuple[Segment, ...]:
    """Divide a line at its gaps, and put spaces where there is room for them."""
    found: list[Segment] = []
    text, start, last = "", 0.0, None
    for one in characters:
        if last is not None and one.text == last.text and abs(one.left - last.left) < 0.1 * last.size:
            continue  # drawn twice, to look bold
        gap = one.left - last.right if last else 0.0
        if last is None or gap >= (GAP - 0.2) * _COLUMN:
            if last:
                found.append(Segment(start, last.right / _COLUMN, text))
            text, start = one.text, one.left / _COLUMN
        else:
            text += _space(gap, last, one) + one.text
        last = one
    if last:
        found.append(Segment(start, last.right / _COLUMN, text))
    return tuple(found)


def _space(gap: float, before: _Character, after: _Character) -> str:
    """Return the space that a gap within a line was."""
    if has_han(before.text) and has_han(after.text):
        return "\u3000" if gap > _WIDE_SPACE * after.size else " " if gap > _HAN_SPACE * after.size else ""
    return " " if gap > _SPACE * after.size else ""
