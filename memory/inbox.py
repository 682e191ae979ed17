"""The inbox: what humans say to the room, kept in the order it was said.

Whoever speaks appends a row and goes; the one process that advances a session reads them when a step begins.
Nothing in it is ever changed: a note that is assigned anew, a seat that is left, is one more row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar
from uuid import uuid4

from pydantic import BaseModel

from storyroom.memory.database import Database, among, now
from storyroom.memory.packing import pack_json, unpack_json
from storyroom.story.draft import SceneDraft

if TYPE_CHECKING:
    from sqlite3 import Row


class Item(BaseModel, frozen=True):
    """One thing that a human said.

    Attributes:
        id: given when it is put into the inbox, like `seq` and `created`.
        session: whom it speaks to; None is the whole series.
    """

    kind: ClassVar[str]

    id: str = ""
    seq: int = 0
    member: str = ""
    session: str | None = None
    created: str = ""


class Note(Item, frozen=True):
    """What a member asks of one or more roles; no roles means all of them.

    Attributes:
        scene: the scene it is about; None for the whole episode.
        lines: ids of the lines it is about.
        routed: why it went to these roles, if its author named none.
        placed: why it is about this scene, if its author gave none beside it.
        sent_back: id of the gate's task, if it is the reason for which something was sent back there.
        brought: whether it is material for the first draft, not something asked of it.
    """

    kind = "note"

    text: str
    roles: tuple[str, ...] = ()
    scene: int | None = None
    lines: tuple[str, ...] = ()
    routed: str = ""
    placed: str = ""
    sent_back: str = ""
    brought: bool = False


NoteVerb = Literal["assign", "decline", "reopen"]
"""What a human can do to a note after it was given."""


class NoteChange(Item, frozen=True):
    """What a human did to a note after it was given.

    Attributes:
        note: its id.
        change: to whom or to which scene it goes, or that it is declined, or open again.
        roles: to whom, when it is assigned; those it had when there are none.
        scene: the scene that it is assigned to; the one it had when there is none.
        everywhere: whether it is about no one scene from then on.
    """

    kind = "note_change"

    note: str
    change: NoteVerb
    roles: tuple[str, ...] = ()
    scene: int | None = None
    everywhere: bool = False
    reason: str = ""

    def assigned(self, note: Note) -> Note:
        """Return a note as it is after this assignment."""
        roles = self.roles or note.roles
        if self.everywhere:
            return note.model_copy(update={"roles": roles, "scene": None, "lines": (), "placed": ""})
        if self.scene is None:
            return note.model_copy(update={"roles": roles})
        return note.model_copy(update={"roles": roles, "scene": self.scene, "lines": (), "placed": ""})


class SeatChange(Item, frozen=True):
    """A member takes a role's seat, or leaves it to the agent."""

    kind = "seat"

    role: str
    taken: bool


class MemberPitch(Item, frozen=True):
    """A storyline that a member pitches; it stands beside the agents' pitches of the next debate."""

    kind = "pitch"

    text: str


class Edit(Item, frozen=True):
    """A script that a member changed in an editor of their own, for the room to take in.

    Attributes:
        file: name of the file.
        base: the script version that was exported to it.
        scenes: every scene of the file as it says it now; elements that were known keep their ids.
        changed: numbers of the scenes that the member changed since they last handed the file in.
    """

    kind = "edit"

    file: str
    base: str
    scenes: dict[int, SceneDraft]
    changed: tuple[int, ...]


class Answer(Item, frozen=True):
    """What a human said at a gate, or in a seat.

    Attributes:
        task: id of the gate's task, or of the question that was put to the seat.
        verdict: go on, do it again, go on with the text that came along, or let the agent do it.
        reason: what should change, when it is sent back.
        scenes: the scenes that go back, at the gate after a table read.
        text: what came back from a gate (YAML or Fountain), or the filled sheet of a seat.
    """

    kind = "answer"

    task: str
    verdict: Literal["approve", "send_back", "edit", "hand_back"]
    reason: str = ""
    scenes: tuple[int, ...] = ()
    text: str = ""


I = TypeVar("I", bound=Item)  # noqa: E741

Lineage = Sequence[tuple[str, str | None]]
"""A session and those it was forked from, each with the moment up to which its inbox speaks to the first."""


class Inbox:
    """Appends to the inbox and reads it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, item: I, session: str | None) -> I:
        """Append an item and return it with its id."""
        from sqlalchemy import insert

        from storyroom.memory.tables import inbox

        kept = item.model_copy(update={"id": uuid4().hex[:12], "session": session, "created": now()})
        with self._database.write() as connection:
            seq = connection.execute(
                insert(inbox)
                .values(
                    id=kept.id,
                    session=session,
                    kind=kept.kind,
                    member=kept.member or None,
                    body=pack_json(kept.model_dump(exclude={"id", "seq", "session", "created"})),
                    created=kept.created,
                )
                .returning(inbox.c.seq)
            ).scalar_one()
        return kept.model_copy(update={"seq": seq})

    def items(self, form: type[I], lineage: Lineage | None = None) -> list[I]:
        """Return items of one kind, in the order they were said.

        Args:
            lineage: only those that speak to this session, to one it was forked from (as long as they were
                one), or to the whole series; everything when not given.
        """
        if lineage is None:
            return self._read(form, "true")
        spoken, values = ["session IS NULL"], []
        for session, until in lineage:
            spoken.append("session = ?" if until is None else "(session = ? AND created <= ?)")
            values += [session] if until is None else [session, until]
        return self._read(form, f"({' OR '.join(spoken)})", values)

    def get(self, form: type[I], item_id: str) -> I | None:
        """Return one item."""
        return next(iter(self._read(form, "id = ?", [item_id])), None)

    def notes_by_id(self, ids: Sequence[str]) -> list[Note]:
        """Return the named notes, in the order they were written."""
        return self._read(Note, f"id IN {among(ids)}", ids) if ids else []

    def answer_to(self, session: str, task: str) -> Answer | None:
        """Return the first answer given to a gate or a seat; later ones do not change what was decided."""
        answers = self._read(Answer, "session = ?", [session])
        return next((answer for answer in answers if answer.task == task), None)

    def _read(self, form: type[I], where: str, values: Sequence[Any] = ()) -> list[I]:
        query = f"SELECT * FROM inbox WHERE kind = ? AND {where} ORDER BY seq"
        return [_item(form, row) for row in self._database.rows(query, [form.kind, *values])]


def _item(form: type[I], row: Row) -> I:
    body = unpack_json(row["body"])
    return form(
        **{**body, "id": row["id"], "seq": row["seq"], "session": row["session"], "created": row["created"]}
    )
