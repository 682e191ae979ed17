"""Screenplay pages: a script as text in its places on paper, without drawing it.

    pages(script, options) -> list[Page]         each with lines: row, column, styled text, element
    title_pages(script, options) -> list[Page]   none, or one
    breakdown(script, options) -> list[SceneBreakdown]   lengths in eighths, from the same pages
    in_eighths(19) -> "2 3/8"

A page is a grid: ten columns to the inch as 12-point Courier has them, six lines to the inch. A Han character
takes two columns, and a script that is mostly Chinese has five lines to the inch. Margins and breaks are the
trade's: a speech that runs over a page closes with (MORE) and goes on under its cue with (CONT'D), two lines
at least stand on either side, and neither a cue nor a heading is left alone at the foot of a page.
"""

from storyroom.formats.pages.breakdown import SceneBreakdown, breakdown, in_eighths, scene_eighths
from storyroom.formats.pages.layout import Line, Page, is_chinese, pages, sheet_for, title_pages
from storyroom.formats.pages.options import REVISION_COLOURS, PageOptions, Sheet
from storyroom.formats.pages.rows import Piece

__all__ = [
    "REVISION_COLOURS",
    "Line",
    "Page",
    "PageOptions",
    "Piece",
    "SceneBreakdown",
    "Sheet",
    "breakdown",
    "in_eighths",
    "is_chinese",
    "pages",
    "scene_eighths",
    "sheet_for",
    "title_pages",
]
