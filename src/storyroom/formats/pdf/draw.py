"""Drawing: styled text on the grid of a page, in faces that need not fit the grid by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyroom.formats.pages import Line, Page, Sheet
from storyroom.formats.pages.columns import NO_END, NO_START
from storyroom.formats.pages.options import COLUMNS_PER_INCH
from storyroom.formats.pdf.faces import Face, Faces
from storyroom.formats.pdf.fonts import SIZE

if TYPE_CHECKING:
    from fpdf import FPDF

_COLUMN = 72 / COLUMNS_PER_INCH
_BASELINE = 0.78  # of a line, from its upper edge
_UNDERLINE = (1.8, 0.6)  # below the baseline, and thickness, in points
_STICKING = NO_END | NO_START  # what is narrower than its columns stands beside the word it belongs to
_JOINED = frozenset("—─")  # a Chinese dash is two of them, without a gap
_IMITATED_BOLD = 0.25  # stroke in points
_IMITATED_SLANT = 12  # degrees


@dataclass(slots=True)
class _Stretch:
    """Characters of one face, style and width.

    Attributes:
        face: what draws them.
        bold, italic: their style.
        columns: columns of each.
        advance: width of each in the face, in points.
        column: where the first one stands.
        text: the characters.
    """

    face: Face
    bold: bool
    italic: bool
    columns: int
    advance: float
    column: int
    text: list[str]

    def takes(self, other: _Stretch) -> bool:
        """Whether another can be drawn as one with this."""
        return (
            self.face is other.face
            and self.columns == other.columns != 0
            and self.advance == other.advance
            and (self.bold, self.italic) == (other.bold, other.italic)
            and _placing(self.text[0]) == _placing(other.text[0])
        )

    @property
    def spare(self) -> float:
        """What the columns of a character leave beside it, in points; negative where it is too wide."""
        return self.columns * _COLUMN - self.advance

    @property
    def shift(self) -> float:
        """How far a character stands from the left edge of its columns, in points."""
        if self.columns == 0:  # a combining mark; one with a width of its own belongs on the letter before
            return -_COLUMN if self.advance else 0.0
        half_width = self.columns == 2 and self.spare > _COLUMN / 2
        if half_width and self.text[0] in _STICKING:
            return self.spare if self.text[0] in NO_END else 0.0
        return self.spare / 2


def _placing(character: str) -> tuple[bool, bool]:
    return character in NO_END, character in _JOINED


class Pen:
    """Draws pages one after another into a PDF."""

    def __init__(self, pdf: FPDF, faces: Faces) -> None:
        self._pdf, self._faces = pdf, faces
        self._sheet = Sheet()

    def add_page(self, page: Page) -> None:
        """Begin a page."""
        self._sheet = page.sheet
        self._pdf.set_char_spacing(0)  # a page begins without them
        self._pdf.set_stretching(100)
        self._pdf.add_page()

    def bookmark(self, name: str, row: int) -> None:
        """Name a row in the outline of the PDF."""
        self._pdf.set_y(row * self._line_height)
        self._pdf.start_section(name)

    def draw(self, line: Line) -> None:
        """Draw a piece of text in its place."""
        baseline = (line.row + _BASELINE) * self._line_height
        for stretch in self._stretches(line):
            self._write(stretch, baseline)
        self._underline(line, baseline)

    @property
    def _line_height(self) -> float:
        return 72 / self._sheet.lines_per_inch

    def _stretches(self, line: Line) -> Iterator[_Stretch]:
        """Divide a line where face, style or width change, and at white space other than spaces."""
        column = line.piece.column
        cells = ((character, run) for run in line.piece.runs for character in run.text)
        stretch: _Stretch | None = None
        for (character, run), columns in zip(cells, line.piece.widths, strict=True):
            if character.isspace() and character != " ":
                found = None
            else:
                face, drawn = self._faces.of(character, full_width=columns == 2)
                found = _Stretch(face, run.bold, run.italic, columns, face.advance(drawn), column, [drawn])
            if stretch and found and stretch.takes(found):
                stretch.text += found.text
            else:
                if stretch:
                    yield stretch
                stretch = found
            column += columns
        if stretch:
            yield stretch

    def _write(self, stretch: _Stretch, baseline: float) -> None:
        pdf, face = self._pdf, stretch.face
        own = ("B" if stretch.bold else "") + ("I" if stretch.italic else "") if face.styled else ""
        pdf.set_font(face.family, own, SIZE)
        x, text = stretch.column * _COLUMN + stretch.shift, "".join(stretch.text)
        if stretch.columns == 2 and stretch.text[0] in _JOINED:
            x = stretch.column * _COLUMN
            pdf.set_char_spacing(0)
            pdf.set_stretching(round(100 * 2 * _COLUMN / stretch.advance, 2))
        else:
            pdf.set_char_spacing(round(stretch.spare, 2) if stretch.columns else 0)
            pdf.set_stretching(100)
        if face.styled or not (stretch.bold or stretch.italic):
            pdf.text(x, baseline, text)
            return
        with ExitStack() as imitation:
            if stretch.italic:
                imitation.enter_context(pdf.skew(_IMITATED_SLANT, 0, x, baseline))
            if stretch.bold:
                mode, width = "FILL_STROKE", _IMITATED_BOLD
                imitation.enter_context(pdf.local_context(text_mode=mode, line_width=width))
            pdf.text(x, baseline, text)

    def _underline(self, line: Line, baseline: float) -> None:
        widths = line.piece.widths
        column, start = line.piece.column, 0
        below, thickness = _UNDERLINE
        for run in line.piece.runs:
            columns = sum(widths[start : start + len(run.text)])
            if run.underline:
                x = column * _COLUMN
                self._pdf.set_line_width(thickness)
                self._pdf.line(x, baseline + below, x + columns * _COLUMN, baseline + below)
            column += columns
            start += len(run.text)
