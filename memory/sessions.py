"""Sessions: one drafting of one episode, and its forks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from pydantic import BaseModel

from storyroom.errors import SessionError
from storyroom.memory.database import Database, now
from storyroom.memory.drafts import put_draft
from storyroom.memory.packing import pack_json, unpack_json
from storyroom.story.bible import Bible
from storyroom.story.plan import Order

if TYPE_CHECKING:
    from sqlite3 import Row


class SessionRecord(BaseModel, frozen=True):
    """What is known of a session from the day it began.

    Attributes:
        bible: id of the bible as it was then, kept as a draft.
        parent: the session that it was forked from.
        start_at: of a fork, where it begins to write anew: ``pitch``, ``choice``, ``outline``,
            ``scene:N`` or ``debate:N``.
        start_head: of a fork, the parent's script version that it builds on.
    """

    id: str
    episode: int
    bible: str
    order: Order
    parent: str | None = None
    start_at: str | None = None
    start_head: str | None = None
    created: str = ""


class Sessions:
    """Begins and finds sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self,
        order: Order,
        bible: Bible,
        *,
        session_id: str | None = None,
        parent: SessionRecord | None = None,
        start_at: str | None = None,
        start_head: str | None = None,
    ) -> SessionRecord:
        """Write down a new session before anything else of it exists."""
        from sqlalchemy import insert

        from storyroom.memory.tables import sessions

        name = session_id or f"e{order.episode:02d}-{uuid4().hex[:6]}"
        with self._database.write() as connection:
            bible_id = (
                parent.bible if parent else put_draft(connection, "bible", bible.model_dump(mode="json"))
            )
            record = SessionRecord(
                id=name,
                episode=order.episode,
                bible=bible_id,
                order=order,
                parent=parent.id if parent else None,
                start_at=start_at,
                start_head=start_head,
                created=now(),
            )
            row = record.model_dump(exclude={"order"})
            connection.execute(insert(sessions).values(**row, settings=pack_json(order.model_dump())))
        return record

    def every(self, *, episode: int | None = None) -> list[SessionRecord]:
        """Return sessions, oldest first."""
        where, values = ("", []) if episode is None else ("WHERE episode = ?", [episode])
        rows = self._database.rows(f"SELECT * FROM sessions {where} ORDER BY created, id", values)
        return [_record(row) for row in rows]

    def get(self, session_id: str) -> SessionRecord:
        """Return the session of that name, or the only one whose name begins so.

        Raises:
            SessionError: there is none, or several begin so.
        """
        if exact := self._database.rows("SELECT * FROM sessions WHERE id = ?", [session_id]):
            return _record(exact[0])
        known = self.every()
        found = [one for one in known if session_id and one.id.startswith(session_id)]
        if len(found) == 1:
            return found[0]
        what = (
            f"{len(found)} sessions begin with {session_id!r}"
            if found
            else f"There is no session {session_id!r}"
        )
        names = ", ".join(one.id for one in (found or known)[-8:]) or "none yet; `storyroom draft` begins one"
        raise SessionError(f"{what}.", hint=f"Sessions of this series: {names}.")

    def lineage(self, session_id: str | None) -> list[tuple[str, str | None]]:
        """Return a session and those it was forked from, each with the moment when it was left behind."""
        found: list[tuple[str, str | None]] = []
        until: str | None = None
        while session_id is not None:
            record = self.get(session_id)
            found.append((record.id, until))
            session_id, until = record.parent, record.created
        return found

    def forks_of(self, session_id: str) -> list[SessionRecord]:
        """Return the sessions that were forked from this one."""
        return [one for one in self.every() if one.parent == session_id]


def _record(row: Row) -> SessionRecord:
    fields = {name: row[name] for name in SessionRecord.model_fields if name != "order"}
    return SessionRecord(**fields, order=Order.model_validate(unpack_json(row["settings"])))
