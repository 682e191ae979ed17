"""The title page: title and authors in the middle, contact and draft below."""

from __future__ import annotations

from typing import Literal

from storyroom.formats.pages.options import Area, Sheet
from storyroom.formats.pages.rows import BLANK, Align, Piece, Row, lay, styled, trimmed
from storyroom.formats.titles import place_of
from storyroom.story.script import TitlePage

_SPACE_BELOW_TITLE = 3


def title_rows(page: TitlePage, sheet: Sheet) -> list[list[Row]]:
    """Lay out a title page; one that is too long goes on to further pages.

    The title stands a third down the page. Contact and notes stand at the lower left, draft and copyright at
    the lower right, every other entry in the middle, in the order of the file.
    """
    middle: list[Row] = []
    after_title = False
    for key, values in page.entries:
        place = place_of(key)
        if place not in ("title", "middle"):
            continue
        if middle:
            middle += [BLANK] * (_SPACE_BELOW_TITLE if after_title else 1)
        middle += _lines(values, sheet.action, "centre")
        after_title = place == "title"
    half = Area(sheet.action.column, sheet.action.width // 2)
    left = _corner(page, "left", half)
    right = _corner(page, "right", Area(sheet.right - half.width, half.width))
    corners = _side_by_side(left, right)
    above = sheet.rows // 3
    free = sheet.rows - above - len(middle) - len(corners)
    if free > 0:
        return [[*[BLANK] * above, *middle, *[BLANK] * free, *corners]]
    rows = [*middle, BLANK, *corners]
    return [rows[start : start + sheet.rows] for start in range(0, len(rows), sheet.rows)]


def _lines(values: tuple[str, ...], area: Area, align: Align) -> list[Row]:
    pieces: list[Piece | None] = []
    for value in values:
        pieces += lay(trimmed(styled(value)), area, align=align)
    return [Row((piece,)) if piece else BLANK for piece in pieces]


def _corner(page: TitlePage, side: Literal["left", "right"], area: Area) -> list[Row]:
    rows: list[Row] = []
    for key, values in page.entries:
        if place_of(key) == side:
            rows += _lines(values, area, side)
    return rows


def _side_by_side(left: list[Row], right: list[Row]) -> list[Row]:
    """Join two columns at their feet."""
    height = max(len(left), len(right))
    left = [BLANK] * (height - len(left)) + left
    right = [BLANK] * (height - len(right)) + right
    return [Row(a.pieces + b.pieces) for a, b in zip(left, right, strict=True)]
