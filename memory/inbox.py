"""The inbox: what humans say to the room, kept in the order it was said.

Whoever speaks appends a row and goes; the one process that advances a session reads them when a step begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy import insert, or_, select

from storyroom.memory.database import Database, now
from storyroom.memory.packing import pack_json, unpack_json
from storyroom.memory.tables import inbox


class Note(BaseModel, frozen=True):
    """What a member asks of one or more roles; no roles means all of them.

    Attributes:
        scene: the scene it is about; None for the whole episode.
    """

    id: str = ""
    member: str
    text: str
    roles: tuple[str, ...] = ()
    scene: int | None = None
    session: str | None = None
    created: str = ""


class Answer(BaseModel, frozen=True):
    """What a human said at a gate.

    Attributes:
        task: id of the gate's task.
        verdict: go on, do it again, or go on with the text that came along.
        reason: what should change, when it is sent back.
        scene: the scene that a table read sends back.
        text: the edited choice or outline (YAML), or scene (Fountain).
    """

    id: str = ""
    member: str = ""
    task: str
    verdict: Literal["approve", "send_back", "edit"]
    reason: str = ""
    scene: int | None = None
    text: str = ""


M = TypeVar("M", Note, Answer)


class Inbox:
    """Appends to the inbox and reads it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, item: M, session: str | None) -> M:
        """Append an item and return it with its id."""
        kept = item.model_copy(update={"id": uuid4().hex[:12]})
        kind = "note" if isinstance(kept, Note) else "answer"
        with self._database.write() as connection:
            connection.execute(
                insert(inbox).values(
                    id=kept.id,
                    session=session,
                    kind=kind,
                    member=kept.member or None,
                    body=pack_json(kept.model_dump(exclude={"id", "session", "created"})),
                    created=now(),
                )
            )
        return kept

    def notes(self, session: str | None, *, role: str | None = None, scene: int | None = None) -> list[Note]:
        """Return the notes that speak to a session: its own, and those to the whole series.

        Args:
            role: only notes to this role or to everybody.
            scene: leave out notes about another scene.
        """
        query = select(inbox).where(
            inbox.c.kind == "note", or_(inbox.c.session == session, inbox.c.session.is_(None))
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(inbox.c.seq)).mappings().all()
        notes = [
            Note(**unpack_json(row["body"]), id=row["id"], session=row["session"], created=row["created"])
            for row in rows
        ]
        return [
            note
            for note in notes
            if (role is None or not note.roles or role in note.roles)
            and (scene is None or note.scene is None or note.scene == scene)
        ]

    def notes_by_id(self, ids: Sequence[str]) -> list[Note]:
        """Return the named notes, in the order they were written."""
        if not ids:
            return []
        query = select(inbox).where(inbox.c.kind == "note", inbox.c.id.in_(ids)).order_by(inbox.c.seq)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [Note(**unpack_json(row["body"]), id=row["id"], created=row["created"]) for row in rows]

    def answer(self, answer_id: str) -> Answer | None:
        """Return one answer."""
        query = select(inbox).where(inbox.c.kind == "answer", inbox.c.id == answer_id)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return Answer(**unpack_json(row["body"]), id=row["id"]) if row else None

    def answer_to(self, session: str, task: str) -> Answer | None:
        """Return the first answer given to a gate; later ones do not change what was decided."""
        query = select(inbox).where(inbox.c.kind == "answer", inbox.c.session == session)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(inbox.c.seq)).mappings().all()
        answers = (Answer(**unpack_json(row["body"]), id=row["id"]) for row in rows)
        return next((answer for answer in answers if answer.task == task), None)
