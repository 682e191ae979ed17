"""Pagination: rows are divided into pages, each as full as the rules allow.

A page may begin only with a row that says so (`Row.starts`); the composer has decided there that no cue
and no heading is left alone at the foot of a page, and that no single line is left on either side of a break.
Where no row of a page may begin the next one, the page is simply filled.
"""

from __future__ import annotations

from itertools import zip_longest

from storyroom.formats.pages.rows import Row


def paginate(rows: list[Row], capacity: int) -> list[list[Row]]:
    """Divide rows into pages of at most `capacity` rows; blank rows at the head and foot of a page go."""
    pages: list[list[Row]] = []
    carried: list[Row] = []
    start = _inked(rows, 0)
    while start < len(rows):
        end = _page_end(rows, start, capacity - len(carried))
        page = [*carried, *rows[start:end]]
        while not page[-1].pieces:
            page.pop()
        carried = []
        if end < len(rows) and not rows[end].new_page and (speeches := rows[end].interrupted):
            page.append(Row(tuple(speech.more for speech in speeches)))
            cues = zip_longest(*(speech.cue for speech in speeches))
            carried = [Row(tuple(piece for piece in row if piece)) for row in cues]
            if len(carried) > capacity // 2:
                carried = []
        pages.append(page)
        start = _inked(rows, end)
    return pages


def _inked(rows: list[Row], start: int) -> int:
    """Return the first row at or after `start` that is not blank."""
    while start < len(rows) and not rows[start].pieces:
        start += 1
    return start


def _page_end(rows: list[Row], start: int, room: int) -> int:
    """Return the row before which the page that begins at `start` ends."""
    best = forced = start
    height = 0  # rows up to the last that is not blank
    for end in range(start + 1, len(rows) + 1):
        if rows[end - 1].pieces:
            height = end - start
        if height > room:
            break
        if end == len(rows) or rows[end].new_page:
            return end
        if height + bool(rows[end].interrupted) <= room:
            forced = end
            if rows[end].starts:
                best = end
    if best > start:
        return best
    return max(forced, start + 1)
