"""The lives of notes: where each stands, what was done with it, and which lines answer it.

    open → accepted | declined → done → verified → reopened → …

Everything is read from what humans put into the inbox, from the reading lists of tasks and from the turns
about notes. Whether the lines that answered a note still stand is looked up in the script as it is now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel
from sqlalchemy import select

from storyroom.errors import InputError
from storyroom.memory.inbox import Note, NoteChange
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.memory.notes import ANSWERED, NoteState, changes_of, note_turns, undone
from storyroom.memory.tables import readings
from storyroom.memory.turns import Reading
from storyroom.story.bible import Role
from storyroom.story.paper import outline_paper
from storyroom.story.turn import Actor, Stage, Turn

_AUTHORS = frozenset({str(Role.PLOT_WRITER), str(Role.DIALOGUE_WRITER)})
_WEIGHTIEST: tuple[NoteState, ...] = ("reopened", "verified", "done", "declined", "accepted")
_CHANGES: dict[str, NoteState] = {"assign": "open", "decline": "declined", "reopen": "reopened"}
_NO_LONGER = "The lines that answered it were changed since."


class Event(BaseModel, frozen=True):
    """Something that happened to a note.

    Attributes:
        at: when, as the ledger writes it.
        what: ``given``, ``assigned``, or the state that it then had.
        by: the actor: ``member:NAME``, ``agent:MODEL`` or ``code``.
        role: in whose seat; empty for a human who spoke for themselves.
        scene: about which scene.
        turn: id of the turn, if it was one.
    """

    at: str
    what: str
    by: str
    role: str = ""
    stage: str = ""
    scene: int | None = None
    reason: str = ""
    turn: str = ""


class AnsweringLine(BaseModel, frozen=True):
    """A line that answers a note.

    Attributes:
        text: what it said when it answered.
        stands: whether it still says so.
    """

    id: str
    scene: int | None
    text: str
    stands: bool


class NoteLife(BaseModel, frozen=True):
    """A note, and what became of it.

    Attributes:
        note: as it is assigned now.
        session: the session that this is about; None if none has taken the note up.
        reason: why it is as it is.
        verified_by: roles that confirmed it.
        history: all that happened to it, the oldest first.
    """

    note: Note
    session: str | None
    state: NoteState
    reason: str = ""
    verified_by: tuple[str, ...] = ()
    lines: tuple[AnsweringLine, ...] = ()
    history: tuple[Event, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it still waits for something: what an author was asked for and has not done yet."""
        if self.state in ("open", "reopened"):
            return True
        asked = not self.note.roles or bool(_AUTHORS & set(self.note.roles))
        return self.state == "accepted" and asked and not self.note.brought


def lives(ledger: Ledger, session: str | None = None) -> list[NoteLife]:
    """Return the lives of the notes that speak to a session; of all there are when none is named.

    Args:
        session: name of the session, in full.
    """
    lineage = ledger.sessions.lineage(session) if session is not None else None
    notes = ledger.inbox.items(Note, lineage)
    changes: dict[str, list[NoteChange]] = defaultdict(list)
    for change in changes_of(ledger, (note.id for note in notes)):
        changes[change.note].append(change)
    if session is not None:
        own = _Session(ledger, session)
        return [_life(note, changes[note.id], own) for note in notes]
    every = {record.id: _Session(ledger, record.id) for record in ledger.sessions.every()} if notes else {}
    return [_life(note, changes[note.id], _latest(note, every)) for note in notes]


def find_note(ledger: Ledger, note_id: str) -> Note:
    """Return the note of that id, or the only one whose id begins so.

    Raises:
        InputError: there is none, or several begin so.
    """
    notes = ledger.inbox.items(Note)
    found = [note for note in notes if note_id and note.id.startswith(note_id)]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} notes begin with {note_id!r}" if found else f"There is no note {note_id!r}"
    known = ", ".join(note.id for note in (found or notes)[-6:]) or "none yet"
    raise InputError(f"{what}.", hint=f"Notes: {known}. `storyroom notes list` shows them.")


def unanswered(ledger: Ledger, session: str) -> list[str]:
    """Return the ids of the notes to a session that still wait for something."""
    return [life.note.id for life in lives(ledger, session) if life.open]


@dataclass
class _Session:
    """What a session made of notes, each part read when it is first needed."""

    ledger: Ledger
    id: str
    _turns: dict[str, list[Turn]] | None = None
    _read: dict[str, list[tuple[str, str]]] | None = None
    _texts: dict[tuple[Stage, int | None], dict[str, str]] = field(default_factory=dict)
    _manuscript: Manuscript | None = None

    @property
    def turns(self) -> dict[str, list[Turn]]:
        """The turns about each note."""
        if self._turns is None:
            self._turns = defaultdict(list)
            for turn in note_turns(self.ledger, self.id):
                self._turns[turn.body["note"]].append(turn)
        return self._turns

    @property
    def read(self) -> dict[str, list[tuple[str, str]]]:
        """For each note, when and by which task it was read, the first first."""
        if self._read is None:
            self._read = defaultdict(list)
            query = select(readings).where(readings.c.session == self.id).order_by(readings.c.created)
            with self.ledger.database.read() as connection:
                for row in connection.execute(query).mappings():
                    for note in Reading.model_validate_json(row["body"]).notes:
                        self._read[note].append((row["created"], row["task"]))
        return self._read

    def texts(self, turn: Turn) -> dict[str, str] | None:
        """Return what the lines of the draft that a turn is about say now; None for one that is no more."""
        if self._manuscript is None:
            head = self.ledger.drafts.head_of(self.id) or self.ledger.sessions.get(self.id).start_head
            self._manuscript = read_manuscript(self.ledger, head)
        place = (turn.task.stage, turn.scene)
        if place not in self._texts:
            scene = self._manuscript.scenes.get(turn.scene or 0)
            outline = self._manuscript.outline
            if turn.task.stage is Stage.SCENE and scene is not None:
                self._texts[place] = {line.id: line.text for line in scene.lines}
            elif turn.task.stage is Stage.OUTLINE and outline is not None:
                self._texts[place] = {line.id: line.text for line in outline_paper(outline).lines}
        return self._texts.get(place)


def _latest(note: Note, sessions: dict[str, _Session]) -> _Session | None:
    """Return the session that a note is looked at in: its own, or the last one that took it up."""
    if note.session is not None:
        return sessions.get(note.session)
    for one in reversed(sessions.values()):
        if one.turns.get(note.id) or one.read.get(note.id):
            return one
    return None


def _life(note: Note, changes: Sequence[NoteChange], session: _Session | None) -> NoteLife:
    assigned = next((one.roles for one in reversed(changes) if one.change == "assign"), note.roles)
    turns = session.turns.get(note.id, []) if session else []
    read = session.read.get(note.id, []) if session else []
    since = changes[-1].created if changes else ""
    last: dict[tuple[Stage, int | None], Turn] = {}
    for turn in turns:
        if turn.created > since:
            last[turn.task.stage, turn.scene] = turn
    state, reason, about = _state(last.values(), session)
    if state is None and changes:
        state, reason = _CHANGES[changes[-1].change], changes[-1].reason
    if state in (None, "open") and any(when > since for when, _ in read):
        state = "accepted"
    answering = [turn for turn in about if turn.body["lines"]]
    verified = (
        turn.body["by"] for turn in turns if turn.created > since and turn.body["state"] == "verified"
    )
    return NoteLife(
        note=note.model_copy(update={"roles": assigned}),
        session=session.id if session else note.session,
        state=state or "open",
        reason=reason,
        verified_by=tuple(dict.fromkeys(verified)) if state == "verified" else (),
        lines=tuple(line for turn in answering for line in _lines(turn, session)),
        history=tuple(_history(note, changes, turns, read, session)),
    )


def _state(turns: Iterable[Turn], session: _Session | None) -> tuple[NoteState | None, str, list[Turn]]:
    """Return the weightiest of what the drafts made of a note, why, and the turns that say so."""
    by_state: dict[NoteState, list[Turn]] = defaultdict(list)
    for turn in turns:
        state: NoteState = turn.body["state"]
        texts = session.texts(turn) if session else None
        stale = state in ANSWERED and texts is not None and undone(turn.body, texts)
        by_state["reopened" if stale else state].append(turn)
    for weighty in _WEIGHTIEST:
        if found := by_state.get(weighty):
            stale = weighty == "reopened" and found[-1].body["state"] != weighty
            return weighty, _NO_LONGER if stale else found[-1].body["reason"], found
    return None, "", []


def _lines(turn: Turn, session: _Session | None) -> Iterable[AnsweringLine]:
    texts = (session.texts(turn) if session else None) or {}
    for line, text in zip(turn.body["lines"], turn.body["quotes"], strict=True):
        number = line.partition(".")[0]
        scene = turn.scene if turn.scene is not None else int(number) if number.isdecimal() else None
        yield AnsweringLine(id=line, scene=scene, text=text, stands=texts.get(line) == text)


def _history(
    note: Note,
    changes: Sequence[NoteChange],
    turns: Sequence[Turn],
    read: Sequence[tuple[str, str]],
    session: _Session | None,
) -> list[Event]:
    member = str(Actor(kind="member", name=note.member))
    events = [Event(at=note.created, what="given", by=member, reason=note.routed)]
    for change in changes:
        what = "assigned" if change.change == "assign" else _CHANGES[change.change]
        reason = change.reason or ", ".join(change.roles)
        by = str(Actor(kind="member", name=change.member))
        events.append(Event(at=change.created, what=what, by=by, reason=reason))
    for turn in turns:
        events.append(
            Event(
                at=turn.created,
                what=turn.body["state"],
                by=str(turn.actor),
                role=turn.body["by"],
                stage=str(turn.task.stage),
                scene=turn.scene,
                reason=turn.body["reason"],
                turn=turn.id,
            )
        )
    if read and session is not None:
        at, task = read[0]
        said = session.ledger.turns.of_task(task)
        # A task that has begun and not ended yet has said nothing.
        first = said[0] if said else None
        events.append(
            Event(
                at=at,
                what="accepted",
                by=str(first.actor) if first else "",
                role=first.role if first else "",
                stage=str(first.task.stage) if first else "",
                scene=first.scene if first else None,
            )
        )
    return sorted(events, key=lambda event: event.at)
