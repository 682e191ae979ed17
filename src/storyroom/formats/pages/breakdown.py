"""The breakdown: what each scene needs, and how long it is in eighths of a page."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import ceil, floor

from storyroom.formats.pages.compose import scene_numbers
from storyroom.formats.pages.layout import Page, pages
from storyroom.formats.pages.options import PageOptions
from storyroom.formats.pages.rows import styled
from storyroom.story.headings import Setting
from storyroom.story.script import Script

EIGHTHS = 8


@dataclass(frozen=True, slots=True)
class SceneBreakdown:
    """One scene of a breakdown.

    Attributes:
        number: as on the page; empty for a scene without a number among numbered ones.
        heading: the heading's text.
        setting: inside, outside or both; None when the heading does not say.
        place: where.
        time: when.
        cast: who speaks, in order of appearance.
        eighths: its length in eighths of a page, at least one.
        start_page: the page its heading stands on.
    """

    number: str
    heading: str
    setting: Setting | None
    place: str
    time: str
    cast: tuple[str, ...]
    eighths: int
    start_page: int


def breakdown(script: Script, options: PageOptions | None = None) -> list[SceneBreakdown]:
    """Break a script down into its scenes, with lengths taken from its pages."""
    laid_out = pages(script, options)
    starts = scene_starts(script, laid_out)
    lengths = scene_eighths(script, laid_out)
    found = []
    for scene, number, start, length in zip(
        script.scenes, scene_numbers(script), starts, lengths, strict=True
    ):
        heading = "".join(run.text for run in styled(scene.heading.text)).strip()
        page = min(floor(start) + 1, max(1, len(laid_out)))
        found.append(SceneBreakdown(number, heading, *scene.parts, scene.speakers, length, page))
    return found


def scene_starts(script: Script, laid_out: list[Page]) -> list[float]:
    """Return where each scene begins, in pages from the top of the first one."""
    first_seen: list[tuple[int, float]] = []
    for page in laid_out:
        for line in page.lines:
            element = line.piece.element
            if element is not None and (not first_seen or element > first_seen[-1][0]):
                position = page.number - 1 + (line.row - page.sheet.top) / page.sheet.rows
                first_seen.append((element, position))
    starts, index = [], len(script.preamble)
    for scene in script.scenes:
        place = bisect_left(first_seen, (index,))
        starts.append(first_seen[place][1] if place < len(first_seen) else _length(laid_out))
        index += 1 + len(scene.elements)
    return starts


def scene_eighths(script: Script, laid_out: list[Page]) -> list[int]:
    """Return the length of each scene in eighths of a page.

    A scene lasts until the next one begins; what comes before the first belongs to it. No scene is shorter
    than an eighth. What rounding adds to a scene is taken from the next ones that can give it, so that the
    sum fills as many pages as there are, unless most scenes are tiny.
    """
    ends = [*scene_starts(script, laid_out), _length(laid_out)][1:]
    lengths: list[int] = []
    given = 0
    for index, end in enumerate(ends):
        exact = round(end * EIGHTHS, 6)
        wanted = ceil(exact) if index == len(ends) - 1 else floor(exact + 0.5)
        lengths.append(max(1, wanted - given))
        given += lengths[-1]
    return lengths


def in_eighths(eighths: int) -> str:
    """Write a length as the trade does: ``2 3/8``, ``7/8``, ``1``."""
    whole, rest = divmod(eighths, EIGHTHS)
    if not rest:
        return str(whole)
    return f"{whole} {rest}/8" if whole else f"{rest}/8"


def _length(laid_out: list[Page]) -> float:
    """Return the length of a script in pages, up to its last line."""
    if not laid_out:
        return 0.0
    last = laid_out[-1]
    return last.number - 1 + (max(line.row for line in last.lines) + 1 - last.sheet.top) / last.sheet.rows
