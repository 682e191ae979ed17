"""What measured feelings hold against an episode as a whole: its plan, its turns between scenes, its arc.

As within a scene, only what is surely measured is held against a scene, and whatever might excuse it does:
what the plan wants is no fault, and a feeling that is weakly measured somewhere is not missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from storyroom.agents.emotion_findings import (
    EVEN,
    JUMP,
    Finding,
    Heard,
    Plan,
    finding_at,
    missed,
    one_note,
    opposite,
    strongest,
)
from storyroom.emotion.mood import Mood, mood_of

_GRAVE = 0.6


class Played(NamedTuple):
    """A scene as it is measured.

    Attributes:
        number: of the scene.
        plan: the feelings that are planned for it.
    """

    number: int
    lines: Sequence[Heard]
    plan: Plan

    @property
    def mood(self) -> Mood | None:
        """What its lines feel like together."""
        return mood_of([one.feeling for one in self.lines])

    def wants(self, emotion: str) -> bool:
        """Whether the plan has an emotion in it."""
        return any(emotion in wanted for wanted in self.plan.values())


def episode_findings(scenes: Sequence[Played], arc: Sequence[str]) -> Iterator[tuple[int, Finding]]:
    """Yield what is held against scenes of an episode, each with its number: the weightiest kinds first.

    Args:
        scenes: in the order of the script.
        arc: the emotions that the brief plans for the episode, in order.
    """
    for scene in scenes:
        # A scene's own debate hears of any; here only those count that are beyond doubt.
        yield from (
            (scene.number, one) for one in missed(scene.lines, scene.plan) if one.confidence >= _GRAVE
        )
    yield from _arc(scenes, arc)
    for before, scene in pairwise(scenes):
        yield from ((scene.number, one) for one in _jump(before, scene))
    for before, scene in pairwise(scenes):
        for one in one_note(scene.lines, before.lines):
            if not (before.wants(one.felt[0]) and scene.wants(one.felt[0])):
                yield scene.number, one


def _jump(before: Played, scene: Played) -> Iterator[Finding]:
    was, now = before.mood, scene.mood
    if was is None or now is None or was.weak or now.weak or not opposite(was.label, now.label):
        return
    if abs(was.valence - now.valence) < JUMP or (before.wants(was.label) and scene.wants(now.label)):
        return
    if line := strongest(scene.lines, now.label):
        felt, sure = (was.label, now.label), min(was.confidence, now.confidence)
        yield finding_at("jump", line, "", (), felt, sure)


def _arc(scenes: Sequence[Played], arc: Sequence[str]) -> Iterator[tuple[int, Finding]]:
    """Yield that an emotion of the arc is felt nowhere in its turn; the first such one only."""
    moods = [mood for scene in scenes if (mood := scene.mood) is not None]
    sure = [mood for mood in moods if not mood.weak]
    if len(moods) < len(scenes) or 2 * len(sure) <= len(scenes) or len(scenes) < 2:
        return
    at = 0
    for wanted in arc:
        there = next((n for n in range(at, len(moods)) if _has(moods[n], wanted)), None)
        if there is None:
            scene = next((one for one in scenes[at:] if one.wants(wanted)), scenes[-1])
            mood = mood_of([one.feeling for one in scene.lines])
            line = strongest(scene.lines, mood.label) if mood and not mood.weak else None
            if mood and line:
                yield scene.number, finding_at("arc", line, "", (wanted,), (mood.label,), mood.confidence)
            return
        at = there


def _has(mood: Mood, emotion: str) -> bool:
    return emotion in mood.dominant or mood.distribution[emotion] >= EVEN
