"""What a session's model calls took: per role and stage, and in all."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from pydantic import BaseModel, computed_field
from sqlalchemy import select

from storyroom.memory.database import Database
from storyroom.memory.tables import calls, turns

UNTOLD = "interrupted"
"""The stage and role of calls whose task a crash kept from saying anything."""


class Spending(BaseModel, frozen=True):
    """What some calls took.

    Attributes:
        stage, role: of the tasks that made them; ``interrupted`` where the task has not ended yet.
        model: as the calls name it: spec and digest of the weights.
        calls: how many.
        again: how many of them asked again, because a check found a fault.
        prompt_tokens: tokens of the prompts, cached ones among them.
        cached_tokens: tokens of the prompts that the runtime did not read again.
        new_tokens: tokens of the answers.
        seconds: from each call to its last token, added up; calls side by side count each for itself.
        first_token_seconds: median of the time to the first text; None where no call streamed.
        writing_seconds: from the first text to the last token, of the calls that streamed.
        streamed_tokens: tokens of the answers of the calls that streamed.
    """

    stage: str
    role: str
    model: str
    calls: int
    again: int
    prompt_tokens: int
    cached_tokens: int
    new_tokens: int
    seconds: float
    first_token_seconds: float | None
    writing_seconds: float
    streamed_tokens: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def cached_share(self) -> float | None:
        """Share of the prompts' tokens that came from the prefix cache, 0 … 1."""
        return self.cached_tokens / self.prompt_tokens if self.prompt_tokens else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tokens_per_second(self) -> float | None:
        """Tokens written a second, once the first had come."""
        return self.streamed_tokens / self.writing_seconds if self.writing_seconds > 0 else None


class _Row(BaseModel, frozen=True):
    stage: str
    role: str
    model: str
    attempt: int
    prompt_tokens: int
    cached_tokens: int
    new_tokens: int
    seconds: float
    first_token_seconds: float | None


def spending(database: Database, session: str) -> list[Spending]:
    """Return what a session spent per stage, role and model, in the order of the workflow.

    Calls that a fork's parent made before the fork are the parent's.
    """
    groups: dict[tuple[str, str, str], list[_Row]] = {}
    for row in _rows(database, session):
        groups.setdefault((row.stage, row.role, row.model), []).append(row)
    return [_sum(key, rows) for key, rows in groups.items()]


def total(database: Database, session: str) -> Spending | None:
    """Return what a session spent in all; None before its first call."""
    rows = _rows(database, session)
    models = sorted({row.model for row in rows})
    return _sum(("all", "all", ", ".join(models)), rows) if rows else None


def _rows(database: Database, session: str) -> list[_Row]:
    """Return a session's calls in the order they were made, each with the place of its task."""
    places = select(turns.c.task, turns.c.stage, turns.c.role).where(turns.c.session == session).distinct()
    columns = [calls.c[name] for name in _Row.model_fields if name not in ("stage", "role")]
    query = select(calls.c.task, *columns).where(calls.c.session == session)
    with database.read() as connection:
        known = {row.task: (row.stage, row.role) for row in connection.execute(places)}
        made = connection.execute(query.order_by(calls.c.created, calls.c.attempt)).mappings().all()
    found = []
    for row in made:
        stage, role = known.get(row["task"], (UNTOLD, UNTOLD))
        found.append(_Row(stage=stage, role=role, **{k: row[k] for k in row if k != "task"}))
    return found


def _sum(key: tuple[str, str, str], rows: Iterable[_Row]) -> Spending:
    rows = list(rows)
    streamed = [row for row in rows if row.first_token_seconds is not None]
    first = [row.first_token_seconds for row in streamed if row.first_token_seconds is not None]
    stage, role, model = key
    return Spending(
        stage=stage,
        role=role,
        model=model,
        calls=len(rows),
        again=sum(row.attempt > 1 for row in rows),
        prompt_tokens=sum(row.prompt_tokens for row in rows),
        cached_tokens=sum(row.cached_tokens for row in rows),
        new_tokens=sum(row.new_tokens for row in rows),
        seconds=sum(row.seconds for row in rows),
        first_token_seconds=median(first) if first else None,
        writing_seconds=sum(row.seconds - (row.first_token_seconds or 0) for row in streamed),
        streamed_tokens=sum(row.new_tokens for row in streamed),
    )
