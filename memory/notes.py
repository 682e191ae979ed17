"""Notes: which of them stand for a role, after all that humans did to them since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from storyroom.memory.inbox import Note, NoteChange, NoteVerb
from storyroom.memory.ledger import Ledger
from storyroom.story.turn import Turn, TurnKind

NoteState = Literal["open", "accepted", "declined", "done", "verified", "reopened"]
"""Where a note stands: nobody has read it, its role has, it will not be followed, it was, somebody else has
confirmed that, a later draft or a human undid it."""

ANSWERED = frozenset({"done", "verified"})

CHANGED_TO: dict[NoteVerb, NoteState] = {"assign": "open", "decline": "declined", "reopen": "reopened"}
"""Where a note stands once a human has done something to it."""


def standing(
    ledger: Ledger, session: str | None, *, role: str | None = None, scene: int | None = None
) -> list[Note]:
    """Return the notes that speak to a session and were not declined by a human, oldest first.

    Material that was brought for the first draft and found its scene is about that scene from then on.

    Args:
        role: only notes to this role or to everybody, as they are assigned now.
        scene: leave out notes about another scene.
    """
    lineage = ledger.sessions.lineage(session)
    notes = {note.id: note for note in ledger.inbox.items(Note, lineage)}
    declined: set[str] = set()
    for change in changes_of(ledger, notes):
        if change.change == "assign":
            notes[change.note] = change.assigned(notes[change.note])
        elif change.change == "decline":
            declined.add(change.note)
        else:
            declined.discard(change.note)
    places = placed(ledger, session) if any(note.brought for note in notes.values()) else {}
    return [
        note if note.id not in places else note.model_copy(update={"scene": places[note.id]})
        for note in notes.values()
        if note.id not in declined
        and (role is None or not note.roles or role in note.roles)
        and (scene is None or places.get(note.id, note.scene) in (None, scene))
    ]


def changes_of(ledger: Ledger, notes: Iterable[str]) -> list[NoteChange]:
    """Return what humans did to notes, in order."""
    wanted = set(notes)
    return [change for change in ledger.inbox.items(NoteChange) if change.note in wanted]


def note_turns(ledger: Ledger, session: str | None) -> list[Turn]:
    """Return what a session's drafting made of notes, and that of those it was forked from, in order.

    What a parent said about drafts that the fork does not build on is left out.
    """
    found: list[Turn] = []
    for name, until in ledger.sessions.lineage(session):
        turns = ledger.turns.said(name, kinds=[TurnKind.NOTE])
        if turns and until is not None and session is not None:
            line = {version.id for version in ledger.drafts.line(ledger.sessions.get(session).start_head)}
            turns = [turn for turn in turns if turn.task.head in line]
        found += turns
    return sorted(found, key=lambda turn: turn.seq)


def placed(ledger: Ledger, session: str | None) -> dict[str, int]:
    """Return the scene that each piece of brought material was kept for, by note."""
    return {
        turn.body["note"]: turn.body["scene"]
        for turn in note_turns(ledger, session)
        if turn.body.get("scene") is not None
    }


def note_body(
    note: str,
    state: NoteState,
    reason: str,
    lines: Sequence[str] = (),
    quotes: Sequence[str] = (),
    *,
    by: str,
    objection: str = "",
    words: Sequence[str] = (),
    without: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the body of a turn that tells what became of a note.

    Args:
        lines: ids of the lines that answer it, or did.
        quotes: their texts.
        by: the role that said so; empty for code.
        objection: id of the turn that stood for it in the debate.
        words: the member's words that stand there as they are, where the note gave any.
        without: the words that the note wants out, and that are out.
    """
    return {
        "note": note,
        "state": state,
        "reason": reason,
        "lines": list(lines),
        "quotes": list(quotes),
        "by": by,
        "objection": objection,
        "words": list(words),
        "without": list(without),
    }
