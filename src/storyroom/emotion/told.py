"""A report in a few lines of text, as a note to somebody in the room has it."""

from __future__ import annotations

from storyroom.emotion.labels import cut, feeling_words
from storyroom.emotion.report import Report
from storyroom.emotion.wording import wording

_MOST_SCENES = 30
_WIDE = 60


def as_text(report: Report) -> str:
    """Return what each scene feels like, one a line, and the feelings that were planned and missed."""
    words = wording(report.language)
    told = words["subtitle"].format(lines=len(report.lines), weak=report.weak, source=report.source)
    scenes = [
        f"{scene.number or '–'} {cut(scene.heading or words['before'], _WIDE)}: "
        f"{feeling_words(scene.mood, words)} {scene.mood.valence:+.2f}"
        for scene in report.scenes
        if scene.mood
    ]
    missed = [
        f"{words['missed']}: {one.scene} {one.character}, {words['planned']} {words[one.planned]}, "
        f"{words['measured']} {feeling_words(one.measured, words)}"
        for one in report.planned
        if one.verdict == "missed" and one.measured
    ]
    more = ["…"] if len(scenes) > _MOST_SCENES else []
    return "\n".join([told, *scenes[:_MOST_SCENES], *more, *missed[:_MOST_SCENES]])
