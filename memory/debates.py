"""Debates: everything that was said about one draft, read from the ledger as one thing.

    for debate in debates_of(ledger, "e03-1f2e3d"):
        debate.id, debate.reason, [(thread.objection.says, thread.fate) for thread in debate.threads]

A debate is named after what it is about: ``pitches``, ``outline``, ``scene.3``, ``table_read``; a later pass
over the same thing adds its number: ``scene.3.p2``. However many turns a session has, its debates are read
with a handful of queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from storyroom.errors import SessionError
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Ledger
from storyroom.memory.sessions import SessionRecord
from storyroom.memory.threads import ANSWERS, Fate, Thread, threads_of
from storyroom.story.objection import StopReason
from storyroom.story.turn import Actor, Stage, Turn, TurnKind

NAMES = {
    Stage.PITCH: "pitches",
    Stage.OUTLINE: "outline",
    Stage.SCENE: "scene",
    Stage.TABLE_READ: "table_read",
}
"""The stages that argue, and how their debates are called."""

_KINDS = (
    TurnKind.REVIEW,
    TurnKind.OBJECTION,
    TurnKind.REJECTION,
    TurnKind.ACCEPTANCE,
    TurnKind.REBUTTAL,
    TurnKind.REVISION,
    TurnKind.VERIFICATION,
    TurnKind.RULING,
    TurnKind.STOP,
    TurnKind.NOTE,
    TurnKind.TABLE_READ,
)


_Key = tuple[Stage, int | None, int]
"""Stage, scene and pass."""


class Speaker(NamedTuple):
    """Who took part: a role, and the agent or member in its seat."""

    role: str
    actor: Actor


class Spent(NamedTuple):
    """What models were made to do: calls, tokens that they wrote, and the seconds it took."""

    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Debate:
    """The debate on one draft.

    Attributes:
        session: where it was held; for a debate that a fork shares, the session that it was forked from.
        scene: number of the scene; None where it was about a plan or the whole episode.
        turns: everything that was said, in order.
        threads: the objections; fewer than were `raised` where only some are wanted.
        raised: all of them.
        notes: the members' notes that it touches, by id.
        shared: whether it was held before the fork at which the session in question began.
    """

    id: str
    session: str
    stage: Stage
    scene: int | None
    pass_: int
    turns: tuple[Turn, ...]
    threads: tuple[Thread, ...]
    raised: tuple[Thread, ...]
    spent: Spent
    notes: Mapping[str, Note]
    shared: bool = False

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who took part, in the order in which they first spoke.

        Code is listed where it alone reviewed the draft for a role.
        """
        people = {turn.role for turn in self.turns if turn.actor.kind != "code"}
        spoke = (
            Speaker(turn.role, turn.actor)
            for turn in self.turns
            if turn.actor.kind != "code" or (turn.kind is TurnKind.REVIEW and turn.role not in people)
        )
        return tuple(dict.fromkeys(spoke))

    @property
    def objections(self) -> int:
        """How many objections were raised, wanted or not."""
        return len(self.raised)

    @property
    def fates(self) -> Counter[Fate]:
        """How many objections met with which fate."""
        return Counter(thread.fate for thread in self.threads)

    @property
    def stop(self) -> Turn | None:
        """The turn that says why it stopped; None while it goes on."""
        return next((turn for turn in self.turns if turn.kind is TurnKind.STOP), None)

    @property
    def reason(self) -> StopReason | None:
        """Why it stopped; None while it goes on."""
        reason: StopReason | None = self.stop.body["reason"] if self.stop else None
        return reason

    @property
    def rounds(self) -> int:
        """How often the author answered."""
        if self.stop:
            return int(self.stop.body["rounds"])
        answered = (TurnKind.REVISION, *ANSWERS)
        return max((turn.task.round for turn in self.turns if turn.kind in answered), default=0)

    @property
    def reviews(self) -> int:
        """How many read the draft, each alone, before anybody answered."""
        return sum(turn.kind is TurnKind.REVIEW for turn in self.turns)

    @property
    def unasked(self) -> Iterator[tuple[Turn, dict[str, str]]]:
        """The changes that nobody asked for, each with the revision that made it."""
        return ((turn, one) for turn in self.turns for one in turn.body.get("unasked", ()))


def debates_of(ledger: Ledger, session: str) -> list[Debate]:
    """Return a session's debates in the order in which they began.

    A fork shows those that led to what it shares with its parent too, marked as `shared`.

    Args:
        session: its name in full.

    Raises:
        SessionError: there is no such session.
    """
    record = ledger.sessions.get(session)
    found = _held_in(ledger, record.id)
    if record.parent is not None:
        found = [*_shared(ledger, record), *found]
    notes = _notes(ledger, found)
    return [
        replace(debate, notes={key: notes[key] for key in _named(debate) if key in notes}) for debate in found
    ]


def debate_named(debates: Iterable[Debate], name: str) -> Debate:
    """Return the debate of a name; ``scene:3`` is ``scene.3``.

    Raises:
        SessionError: there is none.
    """
    debates = list(debates)
    wanted = name.casefold().replace(":", ".").replace("-", "_")
    # The debates before a fork come first, and the session's own are meant.
    for debate in reversed(debates):
        if debate.id == wanted:
            return debate
    names = ", ".join(dict.fromkeys(debate.id for debate in debates)) or "none yet"
    raise SessionError(f"There is no debate {name!r}.", hint=f"Debates of the session: {names}.")


def _held_in(ledger: Ledger, session: str) -> list[Debate]:
    """Return the debates that were held in one session."""
    turns = ledger.turns.said(session, kinds=_KINDS)
    spent = _spent(ledger, session)
    groups: dict[_Key, list[Turn]] = {}
    for turn in turns:
        # A polisher rewords a scene after its debate, and answers nobody.
        polished = turn.kind is TurnKind.REVISION and turn.task.round == 0
        if turn.task.stage in NAMES and not polished:
            groups.setdefault((turn.task.stage, turn.scene, turn.task.pass_), []).append(turn)
    argued = (TurnKind.REVIEW, TurnKind.STOP, TurnKind.OBJECTION)
    return [
        _debate(key, [*_returned(key, group, groups), *group], spent)
        for key, group in groups.items()
        if any(t.kind in argued for t in group)
    ]


def _returned(key: _Key, turns: Sequence[Turn], groups: Mapping[_Key, Sequence[Turn]]) -> list[Turn]:
    """Return the objections of earlier table reads that a later one verifies: it is about them too."""
    stage, scene, pass_ = key
    if stage is not Stage.TABLE_READ or pass_ == 1:
        return []
    verified = {turn.body["objection"] for turn in turns if turn.kind is TurnKind.VERIFICATION}
    earlier = (turn for before in range(1, pass_) for turn in groups.get((stage, scene, before), ()))
    return [turn for turn in earlier if turn.id in verified]


def _debate(key: _Key, turns: Sequence[Turn], spent: Mapping[str, Spent]) -> Debate:
    stage, scene, pass_ = key
    name = NAMES[stage] + (f".{scene}" if scene is not None else "") + (f".p{pass_}" if pass_ > 1 else "")
    threads = threads_of(turns)
    tasks = dict.fromkeys(turn.task.id for turn in turns if turn.task.pass_ == pass_)
    costs = [spent[task] for task in tasks if task in spent]
    return Debate(
        id=name,
        session=turns[0].task.session,
        stage=stage,
        scene=scene,
        pass_=pass_,
        turns=tuple(turns),
        threads=threads,
        raised=threads,
        spent=Spent(
            sum(one.calls for one in costs),
            sum(one.tokens for one in costs),
            sum(one.seconds for one in costs),
        ),
        notes={},
    )


def _shared(ledger: Ledger, fork: SessionRecord) -> list[Debate]:
    """Return the debates that led to the version on which a fork builds, oldest session first."""
    line = {version.id for version in ledger.drafts.line(fork.start_head)}
    found: list[Debate] = []
    child = fork
    anew: set[tuple[str, str | None]] = set()
    while child.parent is not None:
        anew.add((child.start_at or "", child.start_head))
        child = ledger.sessions.get(child.parent)
        found = [
            *(
                replace(debate, shared=True)
                for debate in _held_in(ledger, child.id)
                if debate.stop and debate.stop.task.head in line and not _held_anew(debate, anew)
            ),
            *found,
        ]
    return found


def _held_anew(debate: Debate, anew: set[tuple[str, str | None]]) -> bool:
    """Tell whether a fork keeps the draft of a debate, and argues about it anew."""
    return any((f"debate:{debate.scene}", turn.task.head) in anew for turn in debate.turns if turn.about)


def _spent(ledger: Ledger, session: str) -> dict[str, Spent]:
    """Return what the models did for each task of a session."""
    query = "SELECT task, count(*), sum(new_tokens), sum(seconds) FROM calls WHERE session = ? GROUP BY task"
    return {task: Spent(*sums) for task, *sums in ledger.database.rows(query, [session])}


def _notes(ledger: Ledger, debates: Iterable[Debate]) -> dict[str, Note]:
    wanted = {key for debate in debates for key in _named(debate)}
    return {note.id: note for note in ledger.inbox.notes_by_id(sorted(wanted))}


def _named(debate: Debate) -> Iterator[str]:
    """Yield the ids of the notes that a debate touches."""
    yield from (thread.objection.note for thread in debate.threads if thread.objection.note)
    yield from (str(turn.body["note"]) for turn in debate.turns if turn.kind is TurnKind.NOTE)
