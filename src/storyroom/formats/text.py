"""Plain text: the pages of `storyroom.formats.pages`, each line in its column, without emphasis."""

from __future__ import annotations

from itertools import groupby

from storyroom.formats.pages import Line, Page, PageOptions, pages, title_pages
from storyroom.story.script import Script

_PAGE_END = "\f"


def write(script: Script, options: PageOptions | None = None) -> str:
    """Write a script as plain text, for a fixed-width font in which a Han character takes two columns.

    Pages are as they are printed, but begin without an upper margin; form feeds stand between them. Notes,
    boneyards, sections and synopses are left out, as on paper.

    Args:
        script: the script.
        options: paper, scene numbers, teleplay, revision marks.

    Returns:
        The text; empty if there is nothing to print.
    """
    return _PAGE_END.join(map(_page, [*title_pages(script, options), *pages(script, options)]))


def _page(page: Page) -> str:
    rows = {row: list(lines) for row, lines in groupby(page.lines, key=lambda line: line.row)}
    first = min([page.sheet.top, *rows])
    return "".join(f"{_row(rows.get(row, []))}\n" for row in range(first, max(rows, default=first - 1) + 1))


def _row(lines: list[Line]) -> str:
    text, column = "", 0
    for line in lines:
        piece = line.piece
        text += " " * (piece.column - column) + piece.text
        column = max(column, piece.column) + sum(piece.widths)
    return text.rstrip()
