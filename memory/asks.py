"""Questions that wait for a human in a seat: what was put before them, kept until it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from storyroom.memory.database import Database, now
from storyroom.memory.packing import pack_json, unpack_json
from storyroom.story.turn import Task

if TYPE_CHECKING:
    from sqlite3 import Row


class Ask(BaseModel, frozen=True):
    """One question to a member in a seat.

    Attributes:
        id: made from the task and the question's place in it, so that a task that runs again asks the same.
        task: what the member is to do.
        member: who sits in the seat.
        sheet: what is put before them and how the answer is read, as JSON.
    """

    id: str
    task: Task
    member: str
    sheet: dict[str, Any]
    created: str = ""


class Asks:
    """Keeps questions and reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, ask: Ask) -> None:
        """Keep a question, once however often it is put."""
        from sqlalchemy import insert

        from storyroom.memory.tables import asks

        with self._database.write() as connection:
            connection.execute(
                insert(asks)
                .prefix_with("OR IGNORE", dialect="sqlite")
                .values(
                    id=ask.id,
                    session=ask.task.session,
                    member=ask.member,
                    task=ask.task.model_dump_json(),
                    sheet=pack_json(ask.sheet),
                    created=now(),
                )
            )

    def of(self, session: str) -> list[Ask]:
        """Return the questions of a session, answered or not, oldest first."""
        rows = self._database.rows("SELECT * FROM asks WHERE session = ? ORDER BY seq", [session])
        return [_ask(row) for row in rows]


def _ask(row: Row) -> Ask:
    return Ask(
        id=row["id"],
        task=Task.model_validate_json(row["task"]),
        member=row["member"],
        sheet=unpack_json(row["sheet"]),
        created=row["created"],
    )
