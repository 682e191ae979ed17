"""The facts of the story in the ledger, and what humans decided about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, and_, insert, literal, or_, select

from storyroom.memory.database import Database, among, now
from storyroom.memory.inbox import Lineage
from storyroom.memory.tables import fact_marks, fact_readings, facts
from storyroom.story.canon.fact import Fact
from storyroom.story.canon.marks import Mark


class Facts:
    """Reads and writes facts, what readers found in drafts, and marks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, fact: Fact, mark: Mark | None = None) -> bool:
        """Keep a fact that is new, with what it decides about another; tell whether it is."""
        with self._database.write() as connection:
            fresh = put_fact(connection, fact)
            if fresh and mark is not None:
                _put_mark(connection, mark)
        return fresh

    def every(self) -> dict[str, Fact]:
        """Return all facts by id, in the order in which they came."""
        with self._database.read() as connection:
            bodies = connection.execute(select(facts.c.body).order_by(facts.c.seq)).scalars()
            found = [Fact.model_validate_json(body) for body in bodies]
        return {fact.id: fact for fact in found}

    def get(self, ids: Iterable[str]) -> dict[str, Fact]:
        """Return those of these facts that are kept here, by id."""
        wanted = list(ids)
        rows = self._database.rows(f"SELECT body FROM facts WHERE id IN {among(wanted)} ORDER BY seq", wanted)
        found = [Fact.model_validate_json(row["body"]) for row in rows]
        return {fact.id: fact for fact in found}

    def of_drafts(self, drafts: Iterable[str]) -> dict[str, list[Fact]]:
        """Return every fact that was ever read out of each of these drafts."""
        wanted = set(drafts)
        found: dict[str, list[Fact]] = {}
        for row in self._database.rows("SELECT draft, body FROM facts WHERE draft IS NOT NULL ORDER BY seq"):
            if row["draft"] in wanted:
                found.setdefault(row["draft"], []).append(Fact.model_validate_json(row["body"]))
        return found

    def said(self, scopes: Lineage) -> list[Fact]:
        """Return what members said for the series, and for these sessions while they were spoken to."""
        query = select(facts.c.body).where(facts.c.draft.is_(None), _spoken(facts, scopes))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(facts.c.seq)).scalars()
            return [Fact.model_validate_json(body) for body in rows]

    def readings(self, drafts: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return, for each of these drafts, who read it and the ids of the facts that they found."""
        wanted = set(drafts)
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in self._database.rows("SELECT draft, reader, facts FROM fact_readings ORDER BY created"):
            if row["draft"] in wanted:
                found.setdefault(row["draft"], {})[row["reader"]] = tuple(row["facts"].split())
        return found

    def keep(self, readings: Iterable[tuple[str, str, Sequence[Fact]]]) -> None:
        """Keep what readers found: draft, reader, facts. What is kept already is left as it is."""
        fresh = list(readings)
        if not fresh:
            return
        with self._database.write() as connection:
            for draft, reader, found in fresh:
                put_reading(connection, draft, reader, found)

    def marks(self, scopes: Lineage | None = None, *, fact: str | None = None) -> list[Mark]:
        """Return what was decided, in the order in which it was.

        Args:
            scopes: only what was decided for the series, and for these sessions while they were spoken to.
            fact: only what was decided about this one.
        """
        query = select(fact_marks).order_by(fact_marks.c.seq)
        if scopes is not None:
            query = query.where(_spoken(fact_marks, scopes))
        if fact is not None:
            query = query.where(fact_marks.c.fact == fact)
        with self._database.read() as connection:
            return [
                Mark.model_validate_json(row.body).model_copy(update={"id": row.id, "created": row.created})
                for row in connection.execute(query)
            ]

    def mark(self, marks: Iterable[Mark]) -> None:
        """Keep decisions: all of them or none."""
        with self._database.write() as connection:
            for mark in marks:
                _put_mark(connection, mark)


def put_fact(connection: Connection, fact: Fact) -> bool:
    """Keep a fact, once however often it is put; tell whether it is new."""
    if connection.execute(select(literal(1)).where(facts.c.id == fact.id)).first() is not None:
        return False
    body = fact.model_dump_json(exclude_defaults=True)
    connection.execute(
        insert(facts).values(id=fact.id, draft=fact.draft, session=fact.session, body=body, created=now())
    )
    return True


def put_reading(connection: Connection, draft: str, reader: str, found: Sequence[Fact]) -> None:
    """Keep which facts a reader found in a draft."""
    mine = (fact_readings.c.draft == draft) & (fact_readings.c.reader == reader)
    if connection.execute(select(literal(1)).where(mine)).first() is not None:
        return
    for fact in found:
        put_fact(connection, fact)
    ids = " ".join(dict.fromkeys(fact.id for fact in found))
    connection.execute(insert(fact_readings).values(draft=draft, reader=reader, facts=ids, created=now()))


def _put_mark(connection: Connection, mark: Mark) -> None:
    body = mark.model_dump_json(exclude_defaults=True, exclude={"id", "created"})
    connection.execute(
        insert(fact_marks).values(
            id=uuid4().hex[:12], fact=mark.fact, session=mark.session, body=body, created=now()
        )
    )


def _spoken(table: Any, scopes: Lineage) -> Any:
    """Return the condition that a row speaks to the series, or to one of these sessions."""
    either: list[Any] = [table.c.session.is_(None)]
    for session, until in scopes:
        mine = table.c.session == session
        either.append(mine if until is None else and_(mine, table.c.created <= until))
    return or_(*either)
