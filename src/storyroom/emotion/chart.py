"""The picture of a report: the arc of the episode, its characters, and what was planned beside them.

Everything that colour says, a shape, a dash or a word says too.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyroom.emotion.canvas import FAINT, INK, RULE, Canvas, SvgCanvas
from storyroom.emotion.feeling import EMOTIONS
from storyroom.emotion.labels import cut, feeling_words
from storyroom.emotion.marks import draw_mark
from storyroom.emotion.planned import planned_valence
from storyroom.emotion.planned_chart import ROW, draw_planned, planned_rows
from storyroom.emotion.plot import (
    LEFT,
    REACH,
    RIGHT,
    across,
    draw_arc,
    draw_frame,
    draw_stems,
    height,
    visible,
)
from storyroom.emotion.report import Report, SceneMood
from storyroom.emotion.wording import wording
from storyroom.story.headings import cue_name
from storyroom.story.measure import columns

WIDTH = 960
_ARC_TOP, _ARC_HIGH = 92, 190
_STRENGTH_HIGH = 70
_CHARACTER_HIGH = 58
_MOST_CHARACTERS = 8
_DASHED, _ACT_DASH = (7, 4), (9, 3, 2, 3)
_PLANNED = "#0072b2"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each part of the picture stands, from the top."""

    strength: float
    characters: float
    shown: int
    planned: float
    rows: tuple[str, ...]
    legend: float
    height: float


def as_svg(report: Report) -> str:
    """Return the picture of a report as SVG, labelled in the script's language."""
    layout = _layout(report)
    canvas = SvgCanvas(
        WIDTH,
        layout.height,
        language="zh-Hans" if report.language == "zh" else "en",
        label=f"{wording(report.language)['arc of episode']}: {_title(report)}",
        data={
            "left": LEFT,
            "right": RIGHT,
            "top": _ARC_TOP,
            "bottom": layout.strength + _STRENGTH_HIGH,
            "lines": len(report.lines),
        },
    )
    _draw(report, layout, canvas)
    return canvas.svg()


def as_png(report: Report) -> bytes:
    """Return the picture of a report as PNG, labelled in the script's language.

    Raises:
        FormatError: its labels are Chinese, and no Chinese font is installed.
    """
    from storyroom.emotion.raster import PngCanvas

    layout = _layout(report)
    canvas = PngCanvas(WIDTH, layout.height)
    _draw(report, layout, canvas)
    return canvas.png()


def _layout(report: Report) -> Layout:
    strength = _ARC_TOP + _ARC_HIGH + 34
    characters = strength + _STRENGTH_HIGH + 34
    drawn = [one for one in report.characters if one.mood]
    shown = min(len(drawn), _MOST_CHARACTERS)
    more = 18 if len(drawn) > shown else 0
    planned = characters + shown * _CHARACTER_HIGH + more + 22
    rows = planned_rows(report)
    legend = planned + (len(rows) * ROW + 34 if rows else 18 if report.planned else 0)
    return Layout(strength, characters, shown, planned, rows, legend, legend + 62)


def _draw(report: Report, layout: Layout, canvas: Canvas) -> None:
    words = wording(report.language)
    told = words["subtitle"].format(lines=len(report.lines), weak=report.weak, source=report.source)
    canvas.text((24, 32), cut(_title(report), 70), size=19, bold=True)
    canvas.text((24, 54), cut(told, 130), size=12, color=FAINT)
    _draw_valence(report, canvas)
    _draw_strength(report, layout, canvas)
    for place in range(layout.shown):
        _draw_character(report, place, layout.characters + place * _CHARACTER_HIGH, canvas)
    if (left_out := sum(one.mood is not None for one in report.characters) - layout.shown) > 0:
        said = words["left out"].format(count=left_out)
        canvas.text((24, layout.characters + layout.shown * _CHARACTER_HIGH + 10), said, color=FAINT, size=11)
    draw_planned(report, layout.rows, layout.planned, canvas)
    _draw_legend(report, layout.legend, canvas)


def _draw_valence(report: Report, canvas: Canvas) -> None:
    words, top, bottom = wording(report.language), _ARC_TOP, _ARC_TOP + _ARC_HIGH
    draw_frame(report, canvas, top, bottom)
    middle = height(0.0, top, bottom)
    canvas.line([(LEFT, middle), (RIGHT, middle)], color=FAINT, width=0.8)
    canvas.text((LEFT - 10, middle + 4), words["valence"], anchor="end", bold=True)
    canvas.text((LEFT - 10, top + 10), f"{words['pleasant']} +{REACH}", anchor="end", size=11, color=FAINT)
    canvas.text((LEFT - 10, bottom), f"{words['unpleasant']} −{REACH}", anchor="end", size=11, color=FAINT)
    draw_stems(report, canvas, top, bottom)
    _draw_acts(report, canvas, top)
    if report.planned:
        for scene in report.scenes:
            if scene.mood and (wished := planned_valence(report, scene.number)) is not None:
                y = height(wished, top, bottom)
                canvas.line(
                    [(across(report, scene.first - 0.4), y), (across(report, scene.last + 0.4), y)],
                    color=_PLANNED,
                    width=2,
                    dash=_DASHED,
                )
    draw_arc(report, report.arc, canvas, top, bottom)
    scenes = [scene for scene in report.scenes if scene.mood]
    for scene in scenes:
        _draw_scene(report, scene, canvas, crowded=len(scenes) > 60, labels=len(scenes) <= 14)


def _draw_scene(report: Report, scene: SceneMood, canvas: Canvas, *, crowded: bool, labels: bool) -> None:
    mood, words = scene.mood, wording(report.language)
    assert mood is not None, "scenes without lines are not drawn"
    place = (
        across(report, (scene.first + scene.last) / 2),
        height(mood.valence, _ARC_TOP, _ARC_TOP + _ARC_HIGH),
    )
    said = feeling_words(mood, words)
    title = f"{words['scene']} {scene.number} {scene.heading}: {said}"
    draw_mark(canvas, place, mood.label, weak=mood.weak, size=4 if crowded else 7, title=title)
    if labels:
        canvas.text((place[0], place[1] - 12), said, size=11, anchor="middle")


def _draw_strength(report: Report, layout: Layout, canvas: Canvas) -> None:
    words, top, bottom = wording(report.language), layout.strength, layout.strength + _STRENGTH_HIGH
    draw_frame(report, canvas, top, bottom)
    canvas.text((LEFT - 10, (top + bottom) / 2 + 4), words["strength"], anchor="end", bold=True)
    canvas.text((LEFT - 10, top + 10), words["strong"], anchor="end", size=11, color=FAINT)
    canvas.text((LEFT - 10, bottom), words["calm"], anchor="end", size=11, color=FAINT)
    points = [
        (across(report, at), bottom - value * (bottom - top))
        for at, value in zip(report.arc.at, report.arc.intensity, strict=True)
    ]
    canvas.line(visible(points), width=2)
    _draw_scene_numbers(report, canvas, bottom + 14)


def _draw_scene_numbers(report: Report, canvas: Canvas, y: float) -> None:
    canvas.text((LEFT - 10, y), wording(report.language)["scene"], anchor="end", size=10, color=FAINT)
    reached = 0.0
    for scene in report.scenes:
        x = across(report, (scene.first + scene.last) / 2)
        if scene.number and scene.mood and x > reached:
            canvas.text((x, y), str(scene.number), size=10, anchor="middle", color=FAINT)
            reached = x + 18


def _draw_acts(report: Report, canvas: Canvas, top: float) -> None:
    for place, act in enumerate(report.acts):
        x = across(report, min(act.line, len(report.lines)) - 0.5)
        canvas.line([(x, top - 12), (x, top + _ARC_HIGH + 34 + _STRENGTH_HIGH)], width=1.4, dash=_ACT_DASH)
        until = across(report, report.acts[place + 1].line) if place + 1 < len(report.acts) else RIGHT
        canvas.text((x + 4, top - 4), cut(act.title, max(2, int((until - x) / 7))), size=11)


def _draw_character(report: Report, place: int, top: float, canvas: Canvas) -> None:
    one = [character for character in report.characters if character.mood][place]
    assert one.mood is not None, "only characters with lines are drawn"
    words, bottom = wording(report.language), top + _CHARACTER_HIGH - 16
    middle = height(0.0, top, bottom)
    canvas.line([(LEFT, middle), (RIGHT, middle)], color=RULE)
    canvas.text((LEFT - 10, middle - 4), cut(one.name, 18), anchor="end", bold=True)
    said = f"{feeling_words(one.mood, words)} · {one.mood.lines}"
    canvas.text((LEFT - 10, middle + 11), said, anchor="end", size=11, color=FAINT)
    draw_arc(report, one.arc, canvas, top, bottom, width=1.6)
    for scene in report.scenes:
        mood = next(
            (mood for name, mood in scene.cast.items() if mood and cue_name(name) == cue_name(one.name)),
            None,
        )
        if mood:
            x = across(report, (scene.first + scene.last) / 2)
            draw_mark(canvas, (x, height(mood.valence, top, bottom)), mood.label, weak=mood.weak, size=4.5)


def _draw_legend(report: Report, top: float, canvas: Canvas) -> None:
    words = wording(report.language)
    x = 24.0
    for emotion in EMOTIONS:
        draw_mark(canvas, (x + 6, top + 14), emotion)
        canvas.text((x + 18, top + 18), words[emotion])
        x += 34 + columns(words[emotion]) * 7
    x = 24.0
    for weak, said in ((False, words["key sure"]), (True, words["key weak"])):
        draw_mark(canvas, (x + 6, top + 36), "joy", weak=weak)
        canvas.text((x + 18, top + 40), said, size=11)
        x += 34 + columns(said) * 6.2
    lines = [(words["key measured"], INK, 2.4, ()), (words["key act"], INK, 1.4, _ACT_DASH)]
    if report.planned:
        lines.insert(1, (words["key planned"], _PLANNED, 2.0, _DASHED))
    for said, color, width, dash in lines:
        canvas.line([(x, top + 36), (x + 30, top + 36)], color=color, width=width, dash=dash)
        canvas.text((x + 36, top + 40), said, size=11)
        x += 56 + columns(said) * 6.2
    if report.planned:
        canvas.line([(x, top + 25), (x, top + 47)], width=2)
        canvas.text((x + 8, top + 40), words["missed"], size=11)


def _title(report: Report) -> str:
    return report.title or wording(report.language)["untitled"]
