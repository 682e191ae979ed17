"""The record of every model call: what was sent, what came back, what it cost.

A prompt is kept as a list of segments. A segment is stored once, compressed and addressed by its content:
the bible and the script so far, which every prompt of a session begins with, are not stored again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from storyroom.memory.database import Database, among, now
from storyroom.memory.packing import content_id, pack, unpack

if TYPE_CHECKING:
    from sqlite3 import Row

    from sqlalchemy import Connection


class Call(BaseModel, frozen=True):
    """One call of a model.

    Attributes:
        id: made from the task, the attempt and the prompt, so that the same question finds its answer.
        prompt: ids of the prompt's segments, in order.
        options: sampling, bounds and the name of the form that the answer was held to.
        faults: what the checks found wrong with the answer; empty when it was kept.
        first_token_seconds: None when the model did not stream.
    """

    id: str
    session: str
    task: str
    attempt: int
    label: str
    model: str
    prompt: tuple[str, ...]
    options: dict[str, Any]
    answer: str
    faults: tuple[str, ...] = ()
    prompt_tokens: int = 0
    cached_tokens: int = 0
    new_tokens: int = 0
    first_token_seconds: float | None = None
    seconds: float = 0.0
    finish_reason: str = ""
    created: str = ""


class Calls:
    """Reads and keeps calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, call_id: str) -> Call | None:
        """Return a call that was made before."""
        found = self._database.rows("SELECT * FROM calls WHERE id = ?", [call_id])
        return _call(found[0]) if found else None

    def keep(self, call: Call, texts: Sequence[str]) -> Call:
        """Record a call as soon as it is answered, with the texts of its segments."""
        from sqlalchemy import insert

        from storyroom.memory.tables import calls

        with self._database.write() as connection:
            prompt = _put_segments(connection, texts)
            kept = call.model_copy(update={"prompt": prompt, "created": now()})
            connection.execute(insert(calls).prefix_with("OR IGNORE", dialect="sqlite").values(_row(kept)))
        return kept

    def made(self, *, session: str | None = None, task: str | None = None) -> list[Call]:
        """Return calls in the order they were made."""
        given = {"session": session, "task": task}
        wanted = {name: value for name, value in given.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in wanted) or "true"
        query = f"SELECT * FROM calls WHERE {where} ORDER BY created, attempt"
        return [_call(row) for row in self._database.rows(query, list(wanted.values()))]

    def texts(self, call: Call) -> list[str]:
        """Return the texts of a call's prompt, segment by segment."""
        wanted = list(dict.fromkeys(call.prompt))
        rows = self._database.rows(f"SELECT * FROM segments WHERE id IN {among(wanted)}", wanted)
        found = {row["id"]: unpack(row["body"]).decode() for row in rows}
        return [found[segment] for segment in call.prompt]


def _put_segments(connection: Connection, texts: Sequence[str]) -> tuple[str, ...]:
    from sqlalchemy import insert, select

    from storyroom.memory.tables import segments

    bodies = [text.encode() for text in texts]
    prompt = tuple(content_id("segment", body) for body in bodies)
    there = set(connection.execute(select(segments.c.id).where(segments.c.id.in_(prompt))).scalars())
    new = {key: body for key, body in zip(prompt, bodies, strict=True) if key not in there}
    if new:
        connection.execute(insert(segments), [{"id": key, "body": pack(body)} for key, body in new.items()])
    return prompt


def _row(call: Call) -> dict[str, Any]:
    row = call.model_dump()
    row["prompt"] = " ".join(call.prompt)
    row["options"] = json.dumps(call.options, ensure_ascii=False, sort_keys=True)
    row["faults"] = json.dumps(call.faults, ensure_ascii=False)
    row["answer"] = pack(call.answer.encode())
    return row


def _call(row: Row) -> Call:
    fields = dict(row)
    fields["prompt"] = tuple(row["prompt"].split())
    fields["options"] = json.loads(row["options"])
    fields["faults"] = tuple(json.loads(row["faults"]))
    fields["answer"] = unpack(row["answer"]).decode()
    return Call.model_validate(fields)
