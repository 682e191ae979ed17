"""How long a script is, without laying out a page.

A screenplay page holds about 55 lines: a speech is set about 35 characters wide, action about 60, with a
blank line before each paragraph. A Chinese character is two columns wide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from math import ceil

from storyroom.story.script import UNPRINTED, Element, Kind

LINES_PER_PAGE = 55
_WIDTHS = {Kind.DIALOGUE: 35, Kind.PARENTHETICAL: 25, Kind.LYRIC: 35}
_WIDE = 60
_CLOSE = {Kind.DIALOGUE, Kind.PARENTHETICAL}


def pages(elements: Iterable[Element]) -> float:
    """Return about how many pages the elements fill."""
    lines = 0
    for element in elements:
        if element.kind in UNPRINTED:
            continue
        width = _WIDTHS.get(element.kind, _WIDE)
        lines += sum(max(1, ceil(columns(row) / width)) for row in element.text.split("\n"))
        lines += element.kind not in _CLOSE
    return lines / LINES_PER_PAGE


def columns(text: str) -> int:
    """Return how many columns of a fixed-width face a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
