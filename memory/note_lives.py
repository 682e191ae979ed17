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
from storyroom.memory.answers import holding, still, undoing, undone
from storyroom.memory.inbox import Note, NoteChange
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.memory.note_events import Event, events_of
from storyroom.memory.notes import ANSWERED, CHANGED_TO, NoteState, changes_of, note_turns
from storyroom.memory.tables import readings
from storyroom.memory.turns import Reading
from storyroom.story.bible import Role
from storyroom.story.paper import outline_paper
from storyroom.story.turn import Stage, Turn

_AUTHORS = frozenset({str(Role.PLOT_WRITER), str(Role.DIALOGUE_WRITER)})
_WEIGHTIEST: tuple[NoteState, ...] = ("reopened", "verified", "done", "declined", "accepted")
_NO_LONGER = {"en": "What answered it was changed since.", "zh": "照办过的地方后来又改了。"}


class AnsweringLine(BaseModel, frozen=True):
    """A line that answers a note.

    Attributes:
        text: what it said when it answered.
        stands: whether it still answers it, if in other words.
        now: what it says now; None if it is gone.
    """

    id: str
    scene: int | None
    text: str
    stands: bool
    now: str | None


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
    def head(self) -> str | None:
        """The newest version of the session, or the one that it begins with."""
        return self.ledger.drafts.head_of(self.id) or self.ledger.sessions.get(self.id).start_head

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

    @property
    def no_longer(self) -> str:
        """That what answered a note does not answer it any more, in the session's language."""
        return _NO_LONGER[self.ledger.sessions.get(self.id).order.language]

    def first_read(self, note: str) -> tuple[str, Turn | None] | None:
        """Return when a note was first read, and what that task said; nothing before it has ended."""
        if note not in self.read:
            return None
        at, task = self.read[note][0]
        return at, next(iter(self.ledger.turns.of_task(task)), None)

    def undone(self, turn: Turn) -> bool:
        """Tell whether a turn says that a note was followed, and the script does not follow it now."""
        texts = self.texts(turn) if turn.body["state"] in ANSWERED else None
        return texts is not None and undone(turn.body, texts)

    def undoing(self, answers: Iterable[Turn]) -> list[tuple[Turn, str]]:
        """Return the turns that undid what the given ones say of a note, with the reason."""
        found = (undoing(self.ledger, self.head, turn) for turn in answers if self.undone(turn))
        return [(turn, self.no_longer) for turn in {turn.id: turn for turn in found if turn}.values()]

    def texts(self, turn: Turn) -> dict[str, str] | None:
        """Return what the lines of the draft that a turn is about say now; None for one that is no more."""
        if self._manuscript is None:
            self._manuscript = read_manuscript(self.ledger, self.head)
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
    now = note
    for change in changes:
        now = change.assigned(now) if change.change == "assign" else now
    turns = session.turns.get(note.id, []) if session else []
    read = session.read.get(note.id, []) if session else []
    since = changes[-1].created if changes else ""
    last: dict[tuple[Stage, int | None], Turn] = {}
    for turn in turns:
        if turn.created > since:
            last[turn.task.stage, turn.scene] = turn
    state, reason, about = _state(last.values(), session) if session else (None, "", [])
    if state is None and changes:
        state, reason = CHANGED_TO[changes[-1].change], changes[-1].reason
    if state in (None, "open") and any(when > since for when, _ in read):
        state = "accepted"
    answering = [turn for turn in about if turn.body["lines"]]
    verified = (
        turn.body["by"] for turn in turns if turn.created > since and turn.body["state"] == "verified"
    )
    return NoteLife(
        note=now,
        session=session.id if session else note.session,
        state=state or "open",
        reason=reason,
        verified_by=tuple(dict.fromkeys(verified)) if state == "verified" else (),
        lines=tuple(line for turn in answering for line in _lines(turn, session)) if session else (),
        history=tuple(
            events_of(
                note,
                changes,
                turns,
                session.first_read(note.id) if session else None,
                session.undoing(last.values()) if session else (),
            )
        ),
    )


def _state(turns: Iterable[Turn], session: _Session) -> tuple[NoteState | None, str, list[Turn]]:
    """Return the weightiest of what the drafts made of a note, why, and the turns that say so."""
    by_state: dict[NoteState, list[Turn]] = defaultdict(list)
    for turn in turns:
        by_state["reopened" if session.undone(turn) else turn.body["state"]].append(turn)
    for weighty in _WEIGHTIEST:
        if found := by_state.get(weighty):
            stale = weighty == "reopened" and found[-1].body["state"] != weighty
            return weighty, session.no_longer if stale else found[-1].body["reason"], found
    return None, "", []


def _lines(turn: Turn, session: _Session) -> Iterable[AnsweringLine]:
    texts, gone = session.texts(turn) or {}, session.undone(turn)
    said = dict(zip(turn.body["lines"], turn.body["quotes"], strict=True))
    # Words that a note gave may stand in another line by now.
    moved = [] if gone else [line for line in holding(turn.body, texts) if line not in said]
    for line, text in {**said, **{line: texts[line] for line in moved}}.items():
        number = line.partition(".")[0]
        scene = turn.scene if turn.scene is not None else int(number) if number.isdecimal() else None
        stands = line in moved or still(turn.body, line, texts.get(line))
        if stands or gone or not moved:
            yield AnsweringLine(id=line, scene=scene, text=text, stands=stands, now=texts.get(line))
