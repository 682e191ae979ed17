"""The title page: title and authors in the middle, contact and draft below."""

from __future__ import annotations

from storyroom.formats.pages.options import Area, Sheet
from storyroom.formats.pages.rows import BLANK, Align, Piece, Row, lay, styled, trimmed
from storyroom.story.script import TitlePage

_LEFT = frozenset({"contact", "联系方式", "联系", "聯繫方式", "notes", "note", "备注", "備註"})
_RIGHT = frozenset(
    {"draft date", "date", "draft", "revision", "copyright", "日期", "稿次", "稿", "版权", "版權"}
)
_TITLE = frozenset({"title", "标题", "標題", "片名", "剧名", "劇名"})
_HIDDEN = frozenset({"format", "language", "lang"})
_SPACED = _TITLE | {"credit", "source", "编剧", "原著", "改编"}
_SPACE_BELOW_TITLE = 3


def title_rows(page: TitlePage, sheet: Sheet) -> list[list[Row]]:
    """Lay out a title page; one that is too long goes on to further pages.

    The title stands a third down the page. Contact and notes stand at the lower left, draft and copyright at
    the lower right, every other entry in the middle, in the order of the file.
    """
    middle: list[Row] = []
    after_title = False
    for key, values in page.entries:
        name = key.strip().casefold()
        if name in _LEFT | _RIGHT | _HIDDEN:
            continue
        if middle:
            middle += [BLANK] * (_SPACE_BELOW_TITLE if after_title else 1)
        middle += _lines(values, sheet.action, "centre")
        after_title = name in _TITLE
    half = Area(sheet.action.column, sheet.action.width // 2)
    left = _corner(page, _LEFT, half, "left")
    right = _corner(page, _RIGHT, Area(sheet.right - half.width, half.width), "right")
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


def _corner(page: TitlePage, keys: frozenset[str], area: Area, align: Align) -> list[Row]:
    rows: list[Row] = []
    for key, values in page.entries:
        if key.strip().casefold() in keys:
            rows += _lines(values, area, align)
    return rows


def _side_by_side(left: list[Row], right: list[Row]) -> list[Row]:
    """Join two columns at their feet."""
    height = max(len(left), len(right))
    left = [BLANK] * (height - len(left)) + left
    right = [BLANK] * (height - len(right)) + right
    return [Row(a.pieces + b.pieces) for a, b in zip(left, right, strict=True)]
