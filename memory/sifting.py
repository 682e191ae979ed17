"""Finding debates by who took part in them, and by their objections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from storyroom.memory.debates import Debate
from storyroom.memory.threads import Thread
from storyroom.story.turn import Turn, TurnKind


@dataclass(frozen=True)
class Sieve:
    """What debates are wanted; all that is given must be true.

    Attributes:
        stage: ``pitches``, ``outline``, ``scene`` or ``table_read``.
        scene: number of the scene that a debate or an objection is about.
        role: it said something.
        member: they said something, or an objection stands for a note of theirs.
        kind: of an objection.
        fate: of an objection.
    """

    stage: str | None = None
    scene: int | None = None
    role: str | None = None
    member: str | None = None
    kind: str | None = None
    fate: str | None = None

    def __bool__(self) -> bool:
        return self != Sieve()

    def sift(self, debates: Iterable[Debate]) -> list[Debate]:
        """Return the debates that are wanted, each with those of its objections that are."""
        return [kept for debate in debates if (kept := self._narrowed(debate)) is not None]

    def _narrowed(self, debate: Debate) -> Debate | None:
        if self.stage is not None and self.stage != debate.id.partition(".")[0]:
            return None
        threads = tuple(thread for thread in debate.threads if self._wants(thread, debate))
        if not threads and not self._wants_as_it_is(debate):
            return None
        return replace(debate, threads=threads)

    def _wants(self, thread: Thread, debate: Debate) -> bool:
        note = debate.notes.get(thread.objection.note)
        asked_by = note.member if note is not None else None
        return (
            self.scene in (None, thread.scene)
            and self.kind in (None, thread.objection.kind)
            and self.fate in (None, thread.fate)
            and (self.role is None or any(_is_of(turn, self.role) for turn in thread.turns))
            and (
                self.member in (None, asked_by)
                or any(_is_by(turn, self.member or "") for turn in thread.turns)
            )
        )

    def _wants_as_it_is(self, debate: Debate) -> bool:
        """Tell whether a debate is wanted for what was said in it beside its objections."""
        return (
            self.kind is None
            and self.fate is None
            and self.scene in (None, debate.scene)
            and (self.role is None or any(_is_of(turn, self.role) for turn in debate.turns))
            and (
                self.member is None
                or any(_is_by(turn, self.member) for turn in debate.turns)
                or any(note.member == self.member for note in debate.notes.values())
            )
        )


def _is_of(turn: Turn, role: str) -> bool:
    # What code records in a role's name, the role has not said.
    return turn.role == role and turn.kind not in (TurnKind.STOP, TurnKind.REJECTION)


def _is_by(turn: Turn, member: str) -> bool:
    return turn.actor.kind == "member" and turn.actor.name == member
