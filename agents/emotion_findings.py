"""What measured feelings hold against a scene: a plan missed, a flat scene, a jump, one note, feelings told.

Feelings are measured line by line, and every measurement may err. So a finding needs lines that are sure of
themselves, and whatever might excuse a scene counts as an excuse even when it is weakly measured. The bounds
were set by hand on scenes whose lines have labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import pstdev
from typing import Literal

from storyroom.agents.emotion_told import tells
from storyroom.emotion.feeling import EMOTIONS, Feeling
from storyroom.emotion.lines import plain
from storyroom.emotion.mood import mood_of
from storyroom.story.draft import SceneDraft
from storyroom.story.script import Element, Kind

FindingKind = Literal["missed", "torn", "told", "whiplash", "flat", "one note", "jump", "arc"]

_READ = frozenset({Kind.DIALOGUE, Kind.LYRIC, Kind.ACTION})
_SURE = 0.6
JUMP = 0.7
_FEWEST = 6
_STILL = 0.08
_HINT = 0.25
EVEN = 1 / len(EMOTIONS)
_UNPLEASANT = frozenset({"anger", "disgust", "fear", "sadness"})


@dataclass(frozen=True, slots=True)
class Heard:
    """A line of a scene, who says it, and what it feels like; nobody says action."""

    line: Element
    speaker: str
    feeling: Feeling

    def share(self, emotion: str) -> float:
        """Return how much of an emotion it has."""
        return self.feeling.shares[EMOTIONS.index(emotion)]

    def surely(self, emotion: str) -> bool:
        """Whether it feels like this, and more likely than not."""
        return self.feeling.label == emotion and not self.feeling.weak

    @property
    def weight(self) -> float:
        """How much it does to what the scene feels like."""
        return self.feeling.confidence * (0.1 + self.feeling.intensity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that measurement holds against a scene.

    Attributes:
        kind: `missed`: another feeling than the planned one; `torn`: opposite ones are planned, and only one
            is there; `told`: a feeling is named and never felt; `whiplash`: it jumps between two speeches of
            one character; `flat`: every line is as strong as the others; `one note`: as the scene before;
            `jump`: the opposite of the scene before, unplanned; `arc`: the episode's arc is not there.
        line: the line that shows it best.
        who: the character; empty for the scene.
        planned: what the plan wants, one emotion or two.
        felt: what was measured, one emotion or two; for `told` what is named.
        confidence: of the measurement, from 0 to 1.
        source: what measured.
    """

    kind: FindingKind
    line: Element
    who: str
    planned: tuple[str, ...]
    felt: tuple[str, ...]
    confidence: float
    source: str


Plan = Mapping[str, tuple[str, ...]]
"""The feelings that are planned for each character: one, or more if the plan is at odds with itself."""


def plan_of(emotions: Mapping[str, str], known: Callable[[str], str]) -> Plan:
    """Read planned feelings; one character under two names, or two feelings in one entry, come together.

    Args:
        emotions: as in `ScenePlan.emotions`.
        known: turns a name into the one that a character is known by.
    """
    plan: dict[str, tuple[str, ...]] = {}
    for name, planned in emotions.items():
        named = tuple(one for one in EMOTIONS if one in planned.casefold())
        plan[known(name)] = tuple(dict.fromkeys((*plan.get(known(name), ()), *named)))
    return {name: wanted for name, wanted in plan.items() if wanted}


def opposite(one: str, other: str) -> bool:
    """Whether nobody feels both at once: joy, and something unpleasant."""
    return (one == "joy" and other in _UNPLEASANT) or (other == "joy" and one in _UNPLEASANT)


def hear(
    draft: SceneDraft, known: Callable[[str], str], score: Callable[[Sequence[str]], Sequence[Feeling]]
) -> list[Heard]:
    """Measure the lines of a scene: speech and action."""
    lines = [line for line in draft.lines if line.kind in _READ]
    feelings = score([plain(line.text) for line in lines])
    heard = []
    for line, feeling in zip(lines, feelings, strict=True):
        speaker = draft.speaker_of(line.id) or ""
        heard.append(Heard(line, known(speaker) if speaker else "", feeling))
    return heard


def findings(scene: Sequence[Heard], plan: Plan, before: Sequence[Heard] = ()) -> Iterator[Finding]:
    """Yield what measurement holds against a scene, the weightiest first.

    Args:
        scene: its lines.
        plan: what is planned for it.
        before: the lines of the scene before it.
    """
    yield from missed(scene, plan)
    yield from _torn(scene, plan)
    yield from _told(scene)
    yield from _whiplash(scene)
    yield from _flat(scene, plan)
    yield from one_note(scene, before)


def missed(scene: Sequence[Heard], plan: Plan) -> Iterator[Finding]:
    """Yield where a scene, or a character in it, feels otherwise than planned."""
    everybody = set(plan.values())
    if len(everybody) == 1:
        yield from _another(scene, "", everybody.pop())
        return
    for who, wanted in plan.items():
        yield from _another([one for one in scene if one.speaker == who], who, wanted)


def _another(lines: Sequence[Heard], who: str, wanted: tuple[str, ...]) -> Iterator[Finding]:
    mood = mood_of([one.feeling for one in lines])
    if mood is None or mood.weak or len(wanted) != 1 or wanted[0] in mood.dominant:
        return
    if mood.distribution[wanted[0]] >= EVEN:
        return
    # Surprise is a moment: one line of it is all that a plan can want.
    if wanted[0] == "surprise" and any(one.surely("surprise") for one in lines):
        return
    if line := strongest(lines, mood.label):
        yield finding_at("missed", line, who, wanted, (mood.label,), mood.confidence)


def _torn(scene: Sequence[Heard], plan: Plan) -> Iterator[Finding]:
    for who, wanted in plan.items():
        lines = [one for one in scene if one.speaker == who]
        clash = next(((a, b) for a in wanted for b in wanted if a < b and opposite(a, b)), None)
        # Played one after the other, opposite feelings are a turn, and a good one.
        if clash and lines and not all(any(one.share(it) >= _HINT for one in lines) for it in clash):
            there = max(clash, key=lambda it: max(one.share(it) for one in lines))
            best = max(lines, key=lambda one: one.share(there))
            yield finding_at("torn", best, who, clash, (there,), best.feeling.confidence)


def _told(scene: Sequence[Heard]) -> Iterator[Finding]:
    people = list(dict.fromkeys(one.speaker for one in scene if one.speaker))
    for one in scene:
        for who in [one.speaker] if one.speaker else people:
            named = tells(one.line.text, who, spoken=bool(one.speaker))
            # Action need not name her to show what she feels, so all of it counts for her.
            others = [
                other
                for other in scene
                if other is not one
                and other.speaker in ("", who)
                and not tells(other.line.text, who, spoken=bool(other.speaker))
            ]
            sure = max((other.feeling.confidence for other in others), default=0.0)
            # Lines that give nothing to go on cannot say that a feeling is nowhere shown.
            if named and sure and not any(other.share(named) >= _HINT for other in others):
                yield finding_at("told", one, who, (), (named,), sure)


def _whiplash(scene: Sequence[Heard]) -> Iterator[Finding]:
    last: dict[str, Heard] = {}
    for one in scene:
        if not one.speaker:
            # Something happens: whoever feels differently after it has a reason.
            last.clear()
            continue
        was = last.get(one.speaker)
        last[one.speaker] = one
        if was is None or min(was.feeling.confidence, one.feeling.confidence) < _SURE:
            continue
        if (
            opposite(was.feeling.label, one.feeling.label)
            and abs(was.feeling.valence - one.feeling.valence) >= JUMP
        ):
            felt = (was.feeling.label, one.feeling.label)
            sure = min(was.feeling.confidence, one.feeling.confidence)
            yield finding_at("whiplash", one, one.speaker, (), felt, sure)


def _flat(scene: Sequence[Heard], plan: Plan) -> Iterator[Finding]:
    sure = [one for one in scene if not one.feeling.weak]
    calm = plan and {it for wanted in plan.values() for it in wanted} == {"neutral"}
    if calm or len(sure) < _FEWEST or 2 * len(sure) < len(scene) or len({o.feeling.label for o in sure}) > 1:
        return
    if still(sure):
        speeches = [one for one in sure[len(sure) // 2 :] if one.speaker] or sure
        line = min(speeches, key=lambda one: one.feeling.intensity)
        wanted = next(iter(plan.values()), ())[:1]
        sureness = sum(one.feeling.confidence for one in sure) / len(sure)
        yield finding_at("flat", line, "", wanted, (sure[0].feeling.label,), sureness)


def still(lines: Sequence[Heard]) -> bool:
    """Whether neither strength nor valence moves along lines."""
    strengths = [one.feeling.intensity for one in lines]
    valences = [one.feeling.valence for one in lines]
    return pstdev(strengths) < _STILL and pstdev(valences) < 2 * _STILL


def one_note(scene: Sequence[Heard], before: Sequence[Heard]) -> Iterator[Finding]:
    """Yield that a scene feels as the one before it."""
    now, then = (mood_of([one.feeling for one in lines]) for lines in (scene, before))
    if now is None or then is None or now.weak or then.weak:
        return
    if now.label == then.label != "neutral" and (line := strongest(scene, now.label)):
        sure = min(now.confidence, then.confidence)
        yield finding_at("one note", line, "", (), (now.label,), sure)


def strongest(lines: Sequence[Heard], emotion: str) -> Heard | None:
    """Return the line that does most to make it feel like this."""
    sure = [one for one in lines if one.surely(emotion)]
    return max(sure, key=lambda one: one.weight, default=None)


def finding_at(
    kind: FindingKind, one: Heard, who: str, planned: tuple[str, ...], felt: tuple[str, ...], sure: float
) -> Finding:
    """Return a finding that a line shows."""
    return Finding(kind, one.line, who, planned, felt, round(sure, 2), one.feeling.source)


_WHOLE_SCENE = frozenset({"missed", "flat", "one note"})


def stands(kind: str, line: str, scene: Sequence[Heard], plan: Plan, before: Sequence[Heard] = ()) -> bool:
    """Tell whether what was found at a line still holds: there, or in a scene that the line adds to.

    Args:
        kind: the finding's.
        line: id of the line that it named.
        scene: the lines of the scene as it is now.
    """
    here = next((one for one in scene if one.line.id == line), None)
    return any(
        found.line.id == line or (kind in _WHOLE_SCENE and here is not None and here.surely(found.felt[0]))
        for found in findings(scene, plan, before)
        if found.kind == kind
    )
