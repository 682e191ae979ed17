"""Notes: which of them stand for a role, after all that humans did to them since."""

from __future__ import annotations

from storyroom.memory.inbox import Note, NoteChange
from storyroom.memory.ledger import Ledger


def standing(
    ledger: Ledger, session: str | None, *, role: str | None = None, scene: int | None = None
) -> list[Note]:
    """Return the notes that speak to a session and were not declined by a human, oldest first.

    Args:
        role: only notes to this role or to everybody, as they are assigned now.
        scene: leave out notes about another scene.
    """
    lineage = ledger.sessions.lineage(session)
    notes = {note.id: note for note in ledger.inbox.items(Note, lineage)}
    declined: set[str] = set()
    for change in ledger.inbox.items(NoteChange):
        if change.note not in notes:
            continue
        if change.change == "assign":
            notes[change.note] = notes[change.note].model_copy(update={"roles": change.roles})
        elif change.change == "decline":
            declined.add(change.note)
        else:
            declined.discard(change.note)
    return [
        note
        for note in notes.values()
        if note.id not in declined
        and (role is None or not note.roles or role in note.roles)
        and (scene is None or note.scene is None or note.scene == scene)
    ]
