"""A report as plain values, for programs."""

from __future__ import annotations

from typing import Any

from storyroom.emotion.arc import Arc
from storyroom.emotion.mood import Mood
from storyroom.emotion.report import Felt, Report


def as_json(report: Report) -> dict[str, Any]:
    """Return everything that a report says, as values that JSON has."""
    return {
        "title": report.title,
        "language": report.language,
        "source": report.source,
        "weak_lines": report.weak,
        "mood": _mood(report.mood),
        "arc": _arc(report.arc),
        "acts": [{"line": one.line, "title": one.title} for one in report.acts],
        "scenes": [
            {
                "number": scene.number,
                "heading": scene.heading,
                "act": scene.act,
                "first_line": scene.first,
                "last_line": scene.last,
                "mood": _mood(scene.mood),
                "cast": {name: _mood(mood) for name, mood in scene.cast.items()},
                "arc": _arc(scene.arc),
            }
            for scene in report.scenes
        ],
        "characters": [
            {"name": one.name, "scenes": list(one.scenes), "mood": _mood(one.mood), "arc": _arc(one.arc)}
            for one in report.characters
        ],
        "planned": [
            {
                "scene": one.scene,
                "character": one.character,
                "planned": one.planned,
                "measured": _mood(one.measured),
                "verdict": one.verdict,
            }
            for one in report.planned
        ],
        "lines": [_line(one) for one in report.lines],
    }


def _line(felt: Felt) -> dict[str, Any]:
    line, feeling = felt.line, felt.feeling
    said = {
        "number": line.number,
        "scene": line.scene,
        "character": line.character or None,
        "text": line.text,
        "feeling": feeling.label,
        "weak": feeling.weak,
        "confidence": feeling.confidence,
        "intensity": feeling.intensity,
        "valence": feeling.valence,
        "distribution": feeling.distribution,
        "source": feeling.source,
        "doubt": feeling.doubt,
    }
    return said | ({"reason": feeling.reason} if feeling.reason else {})


def _mood(mood: Mood | None) -> dict[str, Any] | None:
    if mood is None:
        return None
    return {
        "feeling": mood.label,
        "dominant": list(mood.dominant),
        "weak": mood.weak,
        "confidence": mood.confidence,
        "intensity": mood.intensity,
        "valence": mood.valence,
        "distribution": mood.distribution,
        "lines": mood.lines,
        "lines_with_words": mood.sure,
    }


def _arc(arc: Arc) -> dict[str, list[float]]:
    return {"at": list(arc.at), "valence": list(arc.valence), "intensity": list(arc.intensity)}
