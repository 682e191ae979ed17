"""Threads: each objection with all that was said about it, and what became of it.

rejected    code found that its quote is not in the draft: nobody argued about it
settled     the author accepted it, and its objector was content with the new wording
withdrawn   the author rebutted it, and its objector was convinced
upheld      the showrunner ruled for it: the wording that it was about is gone, or its scene goes back
overruled   the showrunner ruled that the wording that it was about stands
sent_back   the author accepted it at a table read, and its scene went back to be mended
open        a limit was reached before it was answered, or before its objector was content
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from storyroom.story.objection import Objection
from storyroom.story.turn import Stage, Turn, TurnKind

Fate = Literal["settled", "withdrawn", "upheld", "overruled", "rejected", "sent_back", "open"]
FATES: tuple[Fate, ...] = get_args(Fate)

ANSWERS = frozenset({TurnKind.ACCEPTANCE, TurnKind.REBUTTAL})
_SAID = ANSWERS | {TurnKind.REJECTION, TurnKind.VERIFICATION, TurnKind.RULING}


@dataclass(frozen=True)
class Thread:
    """One objection.

    Attributes:
        raised: the turn that made it.
        said: what was said about it, in order: answers, verifications, a ruling, a rejection by code.
        reworded: whether the line that it is about was, by whomever and for whatever reason.
        scene: the scene that it is about, also where the draft is the outline or the whole episode.
        dissent: whether its objector was not content when the debate stopped.
    """

    raised: Turn
    objection: Objection
    said: tuple[Turn, ...]
    fate: Fate
    reworded: bool
    scene: int | None
    dissent: bool

    @property
    def id(self) -> str:
        """The id of the turn that made it."""
        return self.raised.id

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The objection and all that was said about it."""
        return (self.raised, *self.said)

    @property
    def insisted(self) -> int:
        """How often its objector was not content with the answer."""
        return sum(turn.kind is TurnKind.VERIFICATION and not turn.body["met"] for turn in self.said)


def threads_of(turns: Sequence[Turn]) -> tuple[Thread, ...]:
    """Return the objections among the turns of a debate, in the order in which they were made."""
    said: dict[str, list[Turn]] = {turn.id: [] for turn in turns if turn.kind is TurnKind.OBJECTION}
    for turn in turns:
        if turn.kind in _SAID and turn.body.get("objection") in said:
            said[turn.body["objection"]].append(turn)
    stop = next((turn for turn in turns if turn.kind is TurnKind.STOP), None)
    left = set(stop.body.get("open", ())) if stop else set()
    reworded = {line for turn in turns if turn.kind is TurnKind.REVISION for line in turn.body["changed"]}
    threads = []
    for turn in turns:
        if turn.kind is TurnKind.OBJECTION:
            objection = Objection.model_validate(turn.body)
            anew = objection.line in reworded
            threads.append(
                Thread(
                    raised=turn,
                    objection=objection,
                    said=tuple(said[turn.id]),
                    fate=_fate(turn, anew, said[turn.id], stopped=stop is not None, left=left),
                    reworded=anew,
                    scene=_scene(turn, objection),
                    dissent=turn.id in left,
                )
            )
    return tuple(threads)


def _fate(raised: Turn, reworded: bool, said: Sequence[Turn], *, stopped: bool, left: set[str]) -> Fate:
    last: dict[TurnKind, Turn] = {turn.kind: turn for turn in said}
    if TurnKind.REJECTION in last:
        return "rejected"
    whole = raised.task.stage is Stage.TABLE_READ
    if ruling := last.get(TurnKind.RULING):
        return "upheld" if (reworded or whole) and ruling.body["keep"] == "new" else "overruled"
    verdict = last.get(TurnKind.VERIFICATION)
    if verdict is not None and verdict.body["met"]:
        answer = _last(said, ANSWERS)
        return "withdrawn" if answer is not None and answer.kind is TurnKind.REBUTTAL else "settled"
    insists = bool(said) and said[-1].kind is TurnKind.VERIFICATION
    if whole and stopped and raised.id not in left and not insists:
        return "sent_back"
    return "open"


def _last(said: Sequence[Turn], kinds: Iterable[TurnKind]) -> Turn | None:
    return next((turn for turn in reversed(said) if turn.kind in kinds), None)


def _scene(turn: Turn, objection: Objection) -> int | None:
    if turn.task.stage is Stage.OUTLINE:
        number, _, _ = objection.line.partition(".")
        return int(number) if number.isdecimal() else None
    return objection.scene or turn.scene
