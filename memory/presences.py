"""Who is present in which scene, and what was settled about spellings of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, literal, select

from storyroom.memory.database import Database, among, now
from storyroom.memory.tables import namings, presences
from storyroom.story.bible import Bible
from storyroom.story.headings import cue_name
from storyroom.story.people import Appearance, People

_BODY = TypeAdapter(tuple[Appearance, ...])


class Presences:
    """Reads who is where, and who is meant by which spelling."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, bible: Bible) -> People:
        """Return the people of a series as its bible knows them, and as spellings were settled."""
        return People(bible, self.settled())

    def settled(self) -> dict[str, str]:
        """Return each spelling that was settled, as `cue_name` gives it, with the name that it means."""
        rows = self._database.rows("SELECT spelling, name FROM namings ORDER BY seq")
        return {row["spelling"]: row["name"] for row in rows}

    def settle(self, same: Mapping[str, str]) -> None:
        """Keep that spellings mean these names, from now on; what was settled before is superseded."""
        with self._database.write() as connection:
            put_namings(connection, same)

    def recorded(self, drafts: Iterable[str], people: People) -> dict[str, tuple[Appearance, ...]]:
        """Return who is present in each of these drafts, where that is recorded for these people."""
        wanted = list(drafts)
        query = f"SELECT draft, body FROM presences WHERE people = ? AND draft IN {among(wanted)}"
        rows = self._database.rows(query, [people.digest, *wanted])
        return {row["draft"]: _BODY.validate_json(row["body"]) for row in rows}

    def record(self, found: Mapping[str, Sequence[Appearance]], people: People) -> None:
        """Keep who is present in these drafts, as these people are told apart."""
        if found:
            with self._database.write() as connection:
                put_presences(connection, found, people)


def put_presences(connection: Connection, found: Mapping[str, Sequence[Appearance]], people: People) -> None:
    """Keep who is present in these drafts; what is recorded already is left as it is."""
    for draft, present in found.items():
        at = (presences.c.draft == draft) & (presences.c.people == people.digest)
        if connection.execute(select(literal(1)).where(at)).first() is None:
            body = _BODY.dump_json(tuple(present), exclude_defaults=True).decode()
            connection.execute(
                insert(presences).values(draft=draft, people=people.digest, body=body, created=now())
            )


def put_namings(connection: Connection, same: Mapping[str, str]) -> None:
    """Keep that spellings mean these names."""
    if same:
        rows = [{"spelling": cue_name(one), "name": name, "created": now()} for one, name in same.items()]
        connection.execute(insert(namings), rows)
