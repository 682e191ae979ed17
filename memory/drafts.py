"""Drafts and script versions.

A draft is immutable and addressed by its content. A script version is like a commit: it names its parent
and the one draft it changed, so a whole script is the walk from a head to its root, nearest draft of a slot
first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from storyroom.errors import MemoryFault
from storyroom.memory.database import Database, now
from storyroom.memory.packing import canonical, content_id, pack, unpack
from storyroom.story.turn import short_hash

if TYPE_CHECKING:
    from sqlite3 import Row

    from sqlalchemy import Connection

T = TypeVar("T")


class Version(BaseModel, frozen=True):
    """A script version.

    Attributes:
        slot: what the version changed: ``brief``, ``story``, ``outline`` or ``scene:N``.
        depth: how many versions stand before it.
    """

    id: str
    parent: str | None
    session: str
    slot: str
    draft: str
    task: str
    depth: int
    created: str


_LINE = """
    WITH RECURSIVE line AS (
        SELECT * FROM versions WHERE id = ?
        UNION ALL
        SELECT versions.* FROM versions JOIN line ON versions.id = line.parent
    )
    SELECT * FROM line ORDER BY depth DESC
"""


class Drafts:
    """Reads and writes drafts and versions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: dict[str, object] = {}
        self._lines: dict[str, tuple[Version, ...]] = {}

    def get(self, draft_id: str, form: type[T]) -> T:
        """Return a draft in its own form.

        Raises:
            MemoryFault: there is no such draft.
        """
        # Drafts never change, and a step reads every scene that stands: what was read once is kept.
        found = self._read.get(draft_id)
        if not isinstance(found, form):
            found = TypeAdapter(form).validate_json(self.raw(draft_id))
            self._read[draft_id] = found
        return found

    def raw(self, draft_id: str) -> bytes:
        """Return the canonical JSON of a draft."""
        found = self._database.rows("SELECT body FROM drafts WHERE id = ?", [draft_id])
        if not found:
            raise MemoryFault(
                f"The ledger has no draft {draft_id}.",
                hint="`storyroom sessions` lists what there is; `storyroom doctor` checks the ledger.",
            )
        return unpack(found[0]["body"])

    def put(self, kind: str, body: Any) -> str:
        """Keep a draft in a transaction of its own and return its id."""
        with self._database.write() as connection:
            return put_draft(connection, kind, body)

    def script(self, head: str | None) -> dict[str, str]:
        """Return the draft that `head` names for each slot."""
        return {slot: version.draft for slot, version in self.script_versions(head).items()}

    def script_versions(self, head: str | None) -> dict[str, Version]:
        """Return, for each slot, the version nearest to `head` that set it."""
        found: dict[str, Version] = {}
        for version in self.line(head):
            found.setdefault(version.slot, version)
        return found

    def line(self, head: str | None) -> list[Version]:
        """Return the versions from `head` back to the first one."""
        if head is None:
            return []
        # Versions never change either, and the next head is mostly a child of one that was walked already.
        line = self._lines.get(head) or self._walk(head)
        if line:
            self._lines[head] = line
        return list(line)

    def _walk(self, head: str) -> tuple[Version, ...]:
        found = self._database.rows("SELECT * FROM versions WHERE id = ?", [head])
        if not found:
            return ()
        if parent := self._lines.get(found[0]["parent"] or ""):
            return (_version(found[0]), *parent)
        return tuple(map(_version, self._database.rows(_LINE, [head])))

    def head_of(self, session: str) -> str | None:
        """Return the newest version that the session made, if it made one."""
        query = "SELECT id FROM versions WHERE session = ? ORDER BY depth DESC LIMIT 1"
        found = self._database.rows(query, [session])
        return str(found[0]["id"]) if found else None

    def ids(self) -> set[str]:
        """Return the ids of all drafts."""
        return {row["id"] for row in self._database.rows("SELECT id FROM drafts")}


def _version(row: Row) -> Version:
    return Version.model_validate(dict(row))


def put_draft(connection: Connection, kind: str, body: Any) -> str:
    """Keep a draft, once however often it is put, and return its id."""
    from sqlalchemy import insert, literal, select

    from storyroom.memory.tables import drafts

    data = canonical(body)
    draft_id = content_id(kind, data)
    if connection.execute(select(literal(1)).where(drafts.c.id == draft_id)).first() is None:
        connection.execute(insert(drafts).values(id=draft_id, kind=kind, body=pack(data), created=now()))
    return draft_id


def put_version(
    connection: Connection, *, parent: str | None, session: str, slot: str, draft: str, task: str
) -> str:
    """Keep the version that sets `slot` to `draft` on top of `parent`, and return its id."""
    from sqlalchemy import insert, select

    from storyroom.memory.tables import versions

    version_id = short_hash(parent, session, slot, draft, task)
    depth = 0
    if parent is not None:
        depth = connection.execute(select(versions.c.depth).where(versions.c.id == parent)).scalar_one() + 1
    connection.execute(
        insert(versions)
        .prefix_with("OR IGNORE", dialect="sqlite")
        .values(
            id=version_id,
            parent=parent,
            session=session,
            slot=slot,
            draft=draft,
            task=task,
            depth=depth,
            created=now(),
        )
    )
    return version_id


def scene_slots(slots: Iterable[str]) -> list[int]:
    """Return the numbers of the scenes among `slots`, in order."""
    return sorted(int(slot.partition(":")[2]) for slot in slots if slot.startswith("scene:"))
