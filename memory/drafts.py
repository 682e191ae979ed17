"""Drafts and script versions.

A draft is immutable and addressed by its content. A script version is like a commit: it names its parent
and the one draft it changed, so a whole script is the walk from a head to its root, nearest draft of a slot
first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Connection, insert, literal, select

from storyroom.errors import MemoryFault
from storyroom.memory.database import Database, now
from storyroom.memory.packing import canonical, content_id, pack, unpack
from storyroom.memory.tables import drafts, versions
from storyroom.story.turn import short_hash

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
        with self._database.read() as connection:
            body = connection.execute(select(drafts.c.body).where(drafts.c.id == draft_id)).scalar()
        if body is None:
            raise MemoryFault(
                f"The ledger has no draft {draft_id}.",
                hint="`storyroom sessions` lists what there is; `storyroom doctor` checks the ledger.",
            )
        return unpack(body)

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
        with self._database.read() as connection:
            row = connection.execute(select(versions).where(versions.c.id == head)).mappings().first()
            parent = self._lines.get(row["parent"] or "") if row else None
            if row is None:
                return ()
            if parent:
                return (Version.model_validate(dict(row)), *parent)
            walk = select(versions).where(versions.c.id == head).cte("walk", recursive=True)
            walk = walk.union_all(select(versions).join(walk, versions.c.id == walk.c.parent))
            rows = connection.execute(select(walk).order_by(walk.c.depth.desc())).mappings()
            return tuple(Version.model_validate(dict(row)) for row in rows)

    def head_of(self, session: str) -> str | None:
        """Return the newest version that the session made, if it made one."""
        query = select(versions.c.id).where(versions.c.session == session)
        with self._database.read() as connection:
            return connection.execute(query.order_by(versions.c.depth.desc()).limit(1)).scalar()

    def ids(self) -> set[str]:
        """Return the ids of all drafts."""
        with self._database.read() as connection:
            return set(connection.execute(select(drafts.c.id)).scalars())


def put_draft(connection: Connection, kind: str, body: Any) -> str:
    """Keep a draft, once however often it is put, and return its id."""
    data = canonical(body)
    draft_id = content_id(kind, data)
    if connection.execute(select(literal(1)).where(drafts.c.id == draft_id)).first() is None:
        connection.execute(insert(drafts).values(id=draft_id, kind=kind, body=pack(data), created=now()))
    return draft_id


def put_version(
    connection: Connection, *, parent: str | None, session: str, slot: str, draft: str, task: str
) -> str:
    """Keep the version that sets `slot` to `draft` on top of `parent`, and return its id."""
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
