"""What an outline planned, beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from storyroom.emotion.mood import Mood
from storyroom.emotion.report import ActBreak, Report, SceneMood
from storyroom.errors import InputError
from storyroom.story.headings import cue_name

if TYPE_CHECKING:
    from storyroom.story.plan import ScenePlan

Verdict = Literal["met", "missed", "unsure", "silent"]

PLANNED_VALENCE = {
    "anger": -0.55,
    "disgust": -0.55,
    "fear": -0.6,
    "joy": 0.65,
    "sadness": -0.55,
    "surprise": 0.0,
    "neutral": 0.0,
}
"""What a planned emotion means on the scale of valence: about the mean of the labelled lines."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A feeling that was planned for a character in a scene, and what was measured.

    Attributes:
        scene: the scene's number in the script.
        measured: None when she says nothing in it.
    """

    scene: int
    character: str
    planned: str
    measured: Mood | None

    @property
    def verdict(self) -> Verdict:
        """Whether it was met; `unsure` where another feeling was measured, but only weakly."""
        if self.measured is None:
            return "silent"
        if self.measured.label == self.planned:
            return "met"
        return "unsure" if self.measured.weak else "missed"


def with_plan(report: Report, plans: Sequence[ScenePlan]) -> Report:
    """Return a report with what was planned beside what was measured.

    Where the script names no acts, the plan's are taken.

    Args:
        report: of a script.
        plans: the plan of each of its scenes, in order.

    Raises:
        InputError: there are more or fewer plans than scenes.
    """
    scenes = _numbered(report)
    if len(plans) != len(scenes):
        raise InputError(
            f"The outline plans {len(plans)} scenes and the script has {len(scenes)}.",
            hint="Compare a script with the outline that it was written from.",
        )
    compared = []
    for scene, plan in zip(scenes, plans, strict=True):
        cast = {cue_name(name): mood for name, mood in scene.cast.items()}
        for name, emotion in plan.emotions.items():
            compared.append(Compared(scene.number, name, emotion, cast.get(cue_name(name))))
    placed = report if report.acts else _with_acts(report, plans)
    return replace(placed, planned=tuple(compared))


def _with_acts(report: Report, plans: Sequence[ScenePlan]) -> Report:
    acts = {scene.number: plan.act for scene, plan in zip(_numbered(report), plans, strict=True)}
    titles = {scene.first: acts[scene.number] for scene in reversed(_numbered(report))}
    began = [("", 0), *((title, line) for line, title in sorted(titles.items()))]
    return replace(
        report,
        scenes=tuple(replace(scene, act=acts.get(scene.number, "")) for scene in report.scenes),
        acts=tuple(
            ActBreak(line, title)
            for (before, _), (title, line) in pairwise(began)
            if title and title != before
        ),
    )


def _numbered(report: Report) -> list[SceneMood]:
    return [scene for scene in report.scenes if scene.number]


def planned_valence(report: Report, scene: int) -> float | None:
    """Return the mean valence that was planned for a scene; None where nothing was."""
    wished = [PLANNED_VALENCE[one.planned] for one in report.planned if one.scene == scene]
    return sum(wished) / len(wished) if wished else None
