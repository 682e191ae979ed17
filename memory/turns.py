"""Turns, and what a task read before it began."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import Connection, RowMapping, insert, select

from storyroom.memory.database import Database, now
from storyroom.memory.packing import pack_json, unpack_json
from storyroom.memory.tables import readings, turns
from storyroom.story.turn import Actor, Stage, Task, Turn, TurnKind

AGENT = "agent"


class Reading(BaseModel, frozen=True):
    """A task's reading list: written before the task begins, and read again by a second run of it.

    Attributes:
        notes: ids of the members' notes that the role has before it.
        memory: ids of the retrieved chunks.
        canon: ids of the episodes that counted as canon.
        seat: who sits in the role: ``agent``, or a member's name.
        pitches: ids of the members' pitches that lie on the table.
    """

    notes: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()
    canon: tuple[str, ...] = ()
    seat: str = AGENT
    pitches: tuple[str, ...] = ()


class Turns:
    """Reads turns, and keeps reading lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_task(self, task_id: str) -> list[Turn]:
        """Return the turns that a task has recorded: none before it ended, all of them after."""
        with self._database.read() as connection:
            rows = connection.execute(select(turns).where(turns.c.task == task_id).order_by(turns.c.seq))
            return [_turn(row) for row in rows.mappings()]

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
        query = select(turns).where(turns.c.session == session, turns.c.seq > after)
        for column, value in (("stage", stage), ("scene", scene), ("pass_", pass_), ("role", role)):
            if value is not None:
                query = query.where(turns.c[column] == value)
        if kinds:
            query = query.where(turns.c.kind.in_([str(kind) for kind in kinds]))
        query = query.order_by(turns.c.seq if order == "oldest" else turns.c.seq.desc())
        with self._database.read() as connection:
            return [_turn(row) for row in connection.execute(query).mappings()]

    def get(self, turn_id: str) -> Turn | None:
        """Return one turn."""
        with self._database.read() as connection:
            row = connection.execute(select(turns).where(turns.c.id == turn_id)).mappings().first()
        return _turn(row) if row else None

    def reading(self, task: Task) -> Reading | None:
        """Return the task's reading list, if it has begun."""
        with self._database.read() as connection:
            body = connection.execute(select(readings.c.body).where(readings.c.task == task.id)).scalar()
        return Reading.model_validate_json(body) if body else None

    def begin(self, task: Task, reading: Reading) -> Reading:
        """Write the task's reading list, and return the one that holds: the first that was written."""
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


def _turn(row: RowMapping) -> Turn:
    fields: dict[str, Any] = {
        name: row[turns.c[name]]
        for name in ("id", "seq", "kind", "about", "produced", "new_head", "seconds", "created")
    }
    place = ("session", "head", "stage", "scene", "pass_", "round", "role", "ordinal")
    return Turn(
        **fields,
        task=Task(**{name: row[turns.c[name]] for name in place}),
        actor=Actor.parse(row[turns.c.actor]),
        body=unpack_json(row[turns.c.body]),
    )
