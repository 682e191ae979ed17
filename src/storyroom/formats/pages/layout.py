"""Pages: rows in their places on the sheet, with page numbers, revision marks and headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storyroom.formats.fountain import Run
from storyroom.formats.pages.columns import count_han, has_han
from storyroom.formats.pages.compose import compose
from storyroom.formats.pages.options import PageOptions, Sheet
from storyroom.formats.pages.paginate import paginate
from storyroom.formats.pages.rows import Piece, Row, right_aligned
from storyroom.formats.pages.title import title_rows
from storyroom.story.script import Script

_CHINESE_COLOURS = {
    "white": "白页",
    "blue": "蓝页",
    "pink": "粉页",
    "yellow": "黄页",
    "green": "绿页",
    "goldenrod": "金页",
    "buff": "米黄页",
    "salmon": "橙红页",
    "cherry": "樱桃红页",
    "tan": "棕页",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text on a page.

    Attributes:
        row: its row, from the upper edge of the sheet.
        piece: its column, text and styles.
    """

    row: int
    piece: Piece

    @property
    def text(self) -> str:
        """The text without its styles."""
        return self.piece.text


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a script.

    Attributes:
        number: from 1; 0 for a title page.
        lines: what stands on it, from the top down, and from left to right in a row.
        sheet: the paper.
    """

    number: int
    lines: tuple[Line, ...]
    sheet: Sheet


def pages(script: Script, options: PageOptions | None = None) -> list[Page]:
    """Lay out a script; the title page is not among its pages.

    Args:
        script: the script; notes, boneyards, sections and synopses are not printed.
        options: the paper, and what is shown.
    """
    options = options or PageOptions()
    sheet = sheet_for(script, options)
    header = _header(script, options)
    revised = {
        i for i, element in enumerate(script.elements()) if element.id and element.id in options.revised
    }
    found: list[Page] = []
    for number, rows in enumerate(paginate(compose(script, options, sheet), sheet.rows), 1):
        lines = list(_lines(rows, sheet, revised))
        marked = any(line.piece.role == "mark" for line in lines)
        head = [Line(sheet.header, header)] if header and marked else []
        if number > 1:
            head.append(Line(sheet.header, right_aligned(f"{number}.", sheet, "page_number")))
        found.append(Page(number, (*head, *lines), sheet))
    return found


def title_pages(script: Script, options: PageOptions | None = None) -> list[Page]:
    """Lay out the title page: none when the script has none, more than one when it is very long."""
    if not script.title_page:
        return []
    sheet = sheet_for(script, options or PageOptions())
    pages_of_rows = title_rows(script.title_page, sheet)
    return [Page(0, tuple(_lines(rows, sheet, set())), sheet) for rows in pages_of_rows]


def sheet_for(script: Script, options: PageOptions) -> Sheet:
    """Return the sheet a script is laid out on."""
    return Sheet(options.size, options.lines_per_inch or (5 if is_chinese(script) else 6))


def is_chinese(script: Script) -> bool:
    """Whether a script has more Han characters than Latin letters."""
    han = latin = 0
    for element in script.elements():
        characters = count_han(element.text)
        han += characters
        latin += sum(map(str.isalpha, element.text)) - characters
    return han > latin


def _lines(rows: Iterable[Row], sheet: Sheet, revised: set[int]) -> Iterator[Line]:
    for place, row in enumerate(rows, sheet.top):
        pieces = row.pieces
        if any(piece.element in revised for piece in pieces):
            pieces = (*pieces, Piece(sheet.mark, (Run("*"),), "mark"))
        yield from (Line(place, piece) for piece in sorted(pieces, key=lambda piece: piece.column))


def _header(script: Script, options: PageOptions) -> Piece | None:
    colour = options.revision_colour
    if colour is None:
        return None
    chinese = is_chinese(script)
    words = (_CHINESE_COLOURS[colour] if chinese else f"{colour.upper()} REVISION", options.revision_date)
    text = " ".join(word for word in words if word)
    return Piece(Sheet().action.column, (Run(text),), "header", chinese=has_han(text))
