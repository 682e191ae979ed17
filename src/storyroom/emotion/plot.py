"""The plots of a chart: arcs over the lines of a script, all on the same axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from storyroom.emotion.arc import Arc
from storyroom.emotion.canvas import FAINT, RULE, Canvas, Point
from storyroom.emotion.report import Report

LEFT, RIGHT = 158, 936
REACH = 0.7  # of the axis of valence: whole scenes seldom go farther

_MOST_STEMS = 800
_STEM, _FAINT_STEM = "#a8a8a8", "#dedede"
_DOTTED = (1, 5)


def across(report: Report, number: float) -> float:
    """Return where a line of this number stands, from the left edge."""
    share = (number - 1) / max(1, len(report.lines) - 1)
    return LEFT + min(1.0, max(0.0, share)) * (RIGHT - LEFT)


def height(valence: float, top: float, bottom: float) -> float:
    """Return how far down a valence stands in a plot between these edges; what goes beyond stands on them."""
    share = min(1.0, max(-1.0, valence / REACH))
    return top + (1 - share) / 2 * (bottom - top)


def draw_frame(report: Report, canvas: Canvas, top: float, bottom: float) -> None:
    """Draw the edges of a plot, with a tick where each scene begins."""
    canvas.line([(LEFT, top), (LEFT, bottom), (RIGHT, bottom)], color=FAINT)
    canvas.line([(LEFT, top), (RIGHT, top)], color=RULE)
    last = 0.0
    for scene in report.scenes:
        x = across(report, scene.first - 0.5)
        if scene.mood and x - last > 3:
            canvas.line([(x, bottom - 5), (x, bottom + 3)], color=FAINT)
            last = x


def draw_stems(report: Report, canvas: Canvas, top: float, bottom: float) -> None:
    """Draw a thin stem for each line, where there are not too many to tell apart."""
    if len(report.lines) > _MOST_STEMS:
        return
    middle = height(0.0, top, bottom)
    for felt in report.lines:
        x = across(report, felt.line.number)
        color = _FAINT_STEM if felt.feeling.weak else _STEM
        canvas.line([(x, middle), (x, height(felt.feeling.valence, top, bottom))], color=color, width=1.6)


def draw_arc(report: Report, arc: Arc, canvas: Canvas, top: float, bottom: float, width: float = 2.4) -> None:
    """Draw the valence of an arc; dotted where nobody it belongs to says anything for long."""
    points = [
        (across(report, at), height(value, top, bottom))
        for at, value in zip(arc.at, arc.valence, strict=True)
    ]
    far = max(12.0, len(report.lines) / 15) * (RIGHT - LEFT) / max(1, len(report.lines) - 1)
    for part in _parts(points, far):
        canvas.line(visible(part), width=width)
    for (x, y), (to_x, to_y) in pairwise(points):
        if to_x - x > far:
            canvas.line([(x, y), (to_x, to_y)], color=FAINT, dash=_DOTTED)


def visible(points: Sequence[Point]) -> Sequence[Point]:
    """Give a line of one point a length, so that it is seen."""
    (x, y), *more = points
    return points if more else [(x - 4, y), (x + 4, y)]


def _parts(points: Sequence[Point], far: float) -> list[list[Point]]:
    """Divide an arc where nothing is said for long: what lies between is not known."""
    parts: list[list[Point]] = []
    for point in points:
        if not parts or point[0] - parts[-1][-1][0] > far:
            parts.append([])
        parts[-1].append(point)
    return parts
