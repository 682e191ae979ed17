"""Turns, and what a task read before it began."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from storyroom.memory.database import Database, among, now
from storyroom.memory.packing import pack_json, unpack_json
from storyroom.story.turn import Stage, Task, Turn, TurnKind

if TYPE_CHECKING:
    from sqlite3 import Row

    from sqlalchemy import Connection

AGENT = "agent"


class Reading(BaseModel, frozen=True):
    """A task's reading list: written before the task begins, and read again by a second run of it.

    Attributes:
        notes: ids of the members' notes that the role has before it.
        memory: ids of the retrieved chunks.
        canon: ids of the episodes that counted as canon.
        seat: who sits in the role: ``agent``, or a member's name.
        pitches: ids of the members' pitches that lie on the table.
        facts: ids of the approved facts that it was told.
        likely: ids of the facts it was told that were only read out of prose.
    """

    notes: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()
    canon: tuple[str, ...] = ()
    seat: str = AGENT
    pitches: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()


class Turns:
    """Reads turns, and keeps reading lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_task(self, task_id: str) -> list[Turn]:
        """Return the turns that a task has recorded: none before it ended, all of them after."""
        rows = self._database.rows("SELECT * FROM turns WHERE task = ? ORDER BY seq", [task_id])
        return [_turn(row) for row in rows]

    def said(
        self,
        session: str,
        *,
        stage: Stage | None = None,
        scene: int | None = None,
        pass_: int | None = None,
        kinds: Sequence[TurnKind] = (),
        role: str | None = None,
        after: int = 0,
        order: Literal["oldest", "newest"] = "oldest",
    ) -> list[Turn]:
        """Return a session's turns, filtered.

        Args:
            after: only turns whose `seq` is greater.
        """
        where: list[str] = ["session = ?", "seq > ?"]
        values: list[Any] = [session, after]
        for column, value in (("stage", stage), ("scene", scene), ("pass", pass_), ("role", role)):
            if value is not None:
                where.append(f"{column} = ?")
                values.append(value)
        if kinds:
            where.append(f"kind IN {among(kinds)}")
            values += kinds
        way = "ASC" if order == "oldest" else "DESC"
        query = f"SELECT * FROM turns WHERE {' AND '.join(where)} ORDER BY seq {way}"
        return [_turn(row) for row in self._database.rows(query, [*values])]

    def get(self, turn_id: str) -> Turn | None:
        """Return one turn."""
        found = self._database.rows("SELECT * FROM turns WHERE id = ?", [turn_id])
        return _turn(found[0]) if found else None

    def reading(self, task: Task) -> Reading | None:
        """Return the task's reading list, if it has begun."""
        return self.reading_of(task.id)

    def reading_of(self, task_id: str) -> Reading | None:
        """Return the reading list of the task of that id, if it has begun."""
        found = self._database.rows("SELECT body FROM readings WHERE task = ?", [task_id])
        return Reading.model_validate_json(found[0]["body"]) if found else None

    def begin(self, task: Task, reading: Reading) -> Reading:
        """Write the task's reading list, and return the one that holds: the first that was written."""
        from sqlalchemy import insert, select

        from storyroom.memory.tables import readings

        with self._database.write() as connection:
            connection.execute(
                insert(readings)
                .prefix_with("OR IGNORE", dialect="sqlite")
                .values(
                    task=task.id,
                    session=task.session,
                    body=reading.model_dump_json(exclude_defaults=True),
                    created=now(),
                )
            )
            body = connection.execute(select(readings.c.body).where(readings.c.task == task.id)).scalar_one()
        return Reading.model_validate_json(body)


def put_turn(connection: Connection, turn: Turn) -> None:
    """Record a turn."""
    from sqlalchemy import insert

    from storyroom.memory.tables import turns

    task = turn.task
    connection.execute(
        insert(turns).values(
            id=turn.id,
            session=task.session,
            task=task.id,
            head=task.head,
            stage=str(task.stage),
            scene=task.scene,
            pass_=task.pass_,
            round=task.round,
            role=task.role,
            ordinal=task.ordinal,
            kind=str(turn.kind),
            actor=str(turn.actor),
            about=turn.about,
            produced=turn.produced,
            new_head=turn.new_head,
            body=pack_json(turn.body),
            seconds=turn.seconds,
            created=turn.created or now(),
        )
    )


def _turn(row: Row) -> Turn:
    stored = dict(row)
    kind, _, name = stored["actor"].partition(":")
    # One call that makes all three models: a session has thousands of turns.
    return Turn.model_validate(
        {
            **stored,
            "task": {**stored, "pass_": stored["pass"]},
            "actor": {"kind": kind, "name": name},
            "body": unpack_json(stored["body"]),
        }
    )
