"""The part of the picture that sets what was planned beside what was measured: a row for each character."""

from __future__ import annotations

from collections.abc import Sequence

from storyroom.emotion.canvas import FAINT, RULE, Canvas, Point
from storyroom.emotion.labels import cut
from storyroom.emotion.marks import draw_mark
from storyroom.emotion.planned import Compared
from storyroom.emotion.plot import LEFT, RIGHT
from storyroom.emotion.report import Report
from storyroom.emotion.wording import wording

ROW = 34
_NARROWEST = 12.0


def planned_rows(report: Report) -> tuple[str, ...]:
    """Return whose plans are drawn, in order; nobody's where there are too many scenes."""
    scenes = sum(bool(scene.number) for scene in report.scenes)
    if not report.planned or (RIGHT - LEFT) / max(1, scenes) < _NARROWEST:
        return ()
    return tuple(dict.fromkeys(one.character for one in report.planned))


def draw_planned(report: Report, rows: Sequence[str], top: float, canvas: Canvas) -> None:
    """Draw the grid of characters and scenes from `top` down, or say why there is none."""
    if not report.planned:
        return
    words = wording(report.language)
    if not rows:
        said = words["crowded"].format(count=len(report.scenes))
        canvas.text((24, top), said, size=11, color=FAINT)
        return
    canvas.text((24, top), words["planned and measured"], bold=True)
    places = {scene.number: n for n, scene in enumerate(one for one in report.scenes if one.number)}
    wide = (RIGHT - LEFT) / len(places)
    for row, name in enumerate(rows):
        y = top + 26 + row * ROW
        canvas.line([(LEFT, y + 15), (RIGHT, y + 15)], color=RULE)
        canvas.text((LEFT - 10, y + 4), cut(name, 18), anchor="end")
        for one in report.planned:
            if one.character == name:
                _draw_compared(one, (LEFT + (places[one.scene] + 0.5) * wide, y), canvas)
    y = top + 26 + len(rows) * ROW - 4
    for number, place in places.items():
        canvas.text((LEFT + (place + 0.5) * wide, y), str(number), size=10, anchor="middle", color=FAINT)


def _draw_compared(one: Compared, place: Point, canvas: Canvas) -> None:
    x, y = place
    draw_mark(canvas, (x, y - 8), one.planned, size=5)
    if one.measured is None:
        canvas.text((x, y + 11), "–", anchor="middle", size=11)
        return
    draw_mark(canvas, (x, y + 7), one.measured.label, weak=one.measured.weak, size=5)
    if one.verdict == "missed":
        canvas.line([(x + 9, y - 12), (x + 9, y + 12)], width=2)
