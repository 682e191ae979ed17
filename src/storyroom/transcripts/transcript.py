"""A debate as it is read: in one language, in order, with every quoted line and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from storyroom.memory.debates import Debate, Speaker
from storyroom.memory.ledger import Ledger
from storyroom.memory.notes import ANSWERED
from storyroom.memory.threads import FATES, Fate, Thread
from storyroom.memory.wordings import Wordings, wordings
from storyroom.story.objection import Objection
from storyroom.story.plan import Language
from storyroom.story.turn import Stage, Turn, TurnKind
from storyroom.transcripts.words import Words


class Change(NamedTuple):
    """What a line said, and what it says."""

    was: str
    now: str


@dataclass(frozen=True)
class Move:
    """One thing said about an objection.

    Attributes:
        turn: its number.
        round: of the debate; 0 for what came before it, and for a ruling.
        verb: what they did, in words: `accepts`.
        change: of the line, if they reworded it.
    """

    turn: int
    round: int
    who: str
    verb: str
    says: str
    change: Change | None = None


@dataclass(frozen=True)
class Exchange:
    """One objection, and all that was said about it.

    Attributes:
        number: among the objections of the debate, from 1.
        where: the line that it is about, in words.
        certain: whether code decided it from typed fields.
        note: the member's note that it stands for, in words; empty for most.
        change: of the line over the whole debate; None if it stands as it was, or if a move tells it all.
    """

    number: int
    turn: int
    who: str
    where: str
    quote: str
    kind: str
    gravity: str
    says: str
    certain: bool
    note: str
    moves: tuple[Move, ...]
    change: Change | None
    fate: Fate
    fate_said: str
    dissent: bool


class NoteSaid(NamedTuple):
    """What became of a member's note in a debate.

    Attributes:
        by: the member.
        lines: what the lines say that answer it, where somebody says that it is done.
    """

    turn: int
    who: str
    by: str
    text: str
    state: str
    reason: str
    lines: tuple[str, ...]


class Unasked(NamedTuple):
    """A change that nobody asked for."""

    turn: int
    who: str
    where: str
    change: Change
    stands: bool


@dataclass(frozen=True)
class Transcript:
    """A debate to be read.

    Attributes:
        title: what it was about: `Scene 3, pass 2`.
        heading: of the scene.
        shared: the session in which it was held, if it is one from before the fork.
        outcome: why it stopped, in words.
        reviews: how many read the draft, each alone, before it began.
        fates: how many objections met with which fate, in words: ``settled: 2``.
        of: how many objections the debate has; `exchanges` may be fewer.
        dissent: the numbers of the objections whose objectors were not content at the end.
    """

    id: str
    title: str
    heading: str
    shared: str
    speakers: tuple[str, ...]
    outcome: str
    reviews: int
    rounds: int
    fates: dict[str, int]
    calls: int
    tokens: int
    seconds: float
    exchanges: tuple[Exchange, ...]
    of: int
    notes: tuple[NoteSaid, ...]
    unasked: tuple[Unasked, ...]
    words: Words

    @property
    def dissent(self) -> tuple[Exchange, ...]:
        """The objections whose objectors were not content at the end."""
        return tuple(one for one in self.exchanges if one.dissent)

    @property
    def facts(self) -> str:
        """How long it took and what came of it, on one line."""
        words = self.words
        told = [
            words.counted(what, number)
            for what, number in (("reviews", self.reviews), ("rounds", self.rounds))
            if number
        ]
        told.append(words.counted("objections", self.of))
        counted = words["comma"].join(f"{number} {fate}" for fate, number in self.fates.items())
        return words["comma"].join(told) + (words["colon"] + counted if counted else "")

    @property
    def costs(self) -> str:
        """What it made the models do."""
        seconds = f"{self.seconds:.1f}"
        calls = self.words.counted("calls", self.calls)
        return self.words["costs"].format(calls=calls, tokens=f"{self.tokens:,}", seconds=seconds)


def transcript_of(ledger: Ledger, debate: Debate, language: Language) -> Transcript:
    """Return a debate as it is read.

    Args:
        debate: a whole one, or one of which only some objections are wanted.
        language: of the words around what was said.
    """
    words = Words(language)
    lines = wordings(ledger, debate)
    return Transcript(
        id=debate.id,
        title=words.title(debate),
        heading=lines.heading,
        shared=debate.session if debate.shared else "",
        speakers=tuple(words.who(one) for one in debate.speakers),
        outcome=words.outcome(debate),
        reviews=debate.reviews,
        rounds=debate.rounds,
        fates={words[fate]: debate.fates[fate] for fate in FATES if debate.fates[fate]},
        calls=debate.spent.calls,
        tokens=debate.spent.tokens,
        seconds=debate.spent.seconds,
        exchanges=tuple(_exchange(debate, one, lines, words) for one in debate.threads),
        of=debate.objections,
        notes=tuple(_notes(debate, words)),
        unasked=tuple(_unasked(debate, lines, words)),
        words=words,
    )


def _exchange(debate: Debate, thread: Thread, lines: Wordings, words: Words) -> Exchange:
    objection = thread.objection
    moves = tuple(_moves(thread, lines, words))
    change = Change(lines.before(objection.line), lines.after(objection.line))
    told = [move.change for move in moves if move.change]
    raised = [turn.id for turn in debate.turns if turn.kind is TurnKind.OBJECTION]
    return Exchange(
        number=raised.index(thread.id) + 1,
        turn=thread.raised.seq,
        who=_who(thread.raised, words),
        where=_where(debate, thread.scene, objection.line, lines, words),
        quote=objection.quote,
        kind=words.kind(objection.kind),
        gravity=words[objection.gravity],
        says=objection.says,
        certain=objection.certain,
        note=_note(debate, objection, words),
        moves=moves,
        change=change if change.was != change.now and told != [change] else None,
        fate=thread.fate,
        fate_said=words[thread.fate],
        dissent=thread.dissent,
    )


def _note(debate: Debate, objection: Objection, words: Words) -> str:
    note = debate.notes.get(objection.note)
    if note is None:
        return ""
    told = words["for note"].format(note.member)
    # Most such objections quote their note already.
    return told if note.text in objection.says else f"{told}{words['colon']}{note.text}"


def _moves(thread: Thread, lines: Wordings, words: Words) -> Iterator[Move]:
    for turn in thread.said:
        answered = turn.kind in (TurnKind.ACCEPTANCE, TurnKind.RULING)
        change = lines.by_task(turn.task.id, thread.objection.line) if answered else None
        yield Move(
            turn=turn.seq,
            round=0 if turn.kind in (TurnKind.RULING, TurnKind.REJECTION) else turn.task.round,
            who=_who(turn, words),
            verb=words.verb(turn, reworded=thread.reworded),
            says=str(turn.body.get("reason", "")),
            change=Change(*change) if change else None,
        )


def _notes(debate: Debate, words: Words) -> Iterator[NoteSaid]:
    shown: set[str] = set()
    for turn in debate.turns:
        if turn.kind is TurnKind.NOTE:
            note = debate.notes.get(turn.body["note"])
            state = words.note_state(str(turn.body["state"]))
            by, text = (note.member, note.text) if note else ("", str(turn.body["note"]))
            # A note is settled by the task of its author, whoever then speaks of it.
            who = words.who(Speaker(turn.body["by"], turn.actor), model=False) if turn.body["by"] else ""
            # Whoever confirms what was done names the same lines again.
            fresh = turn.body["state"] in ANSWERED and turn.body["note"] not in shown
            lines = tuple(turn.body["quotes"]) if fresh else ()
            shown.add(turn.body["note"])
            reason = str(turn.body.get("reason", ""))
            yield NoteSaid(turn.seq, who or words["code"], by, text, state, reason, lines)


def _unasked(debate: Debate, lines: Wordings, words: Words) -> Iterator[Unasked]:
    for turn, one in debate.unasked:
        change = Change(one["was"], one["now"])
        # An agent's changes of this sort are undone, a member's stand.
        stands = lines.by_task(turn.task.id, one["line"]) == change
        where = _where(debate, debate.scene, one["line"], lines, words)
        yield Unasked(turn.seq, _who(turn, words), where, change, stands)


def _where(debate: Debate, scene: int | None, line_id: str, lines: Wordings, words: Words) -> str:
    line = lines.line(line_id)
    if line is None:
        return ""
    if debate.stage in (Stage.PITCH, Stage.OUTLINE):
        what = "of pitch" if debate.stage is Stage.PITCH else "of scene"
        return words[what].format(line.place, words.field(line.label))
    parts = [words["scene"].format(scene)] if debate.stage is Stage.TABLE_READ else []
    parts += [words["where"].format(line.place), *([line.label] if line.label else [])]
    return words["comma"].join(parts)


def _who(turn: Turn, words: Words) -> str:
    # Code rejects in the course of a review, and the critic has no part in it.
    if turn.kind is TurnKind.REJECTION:
        return words["code"]
    return words.who(Speaker(turn.role, turn.actor), model=False)
