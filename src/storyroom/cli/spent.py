"""`storyroom stats`: what the model calls of a session took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyroom.cli.looking import OptionalSession, open_archive, session_or_newest
from storyroom.cli.options import AsJson, SeriesFolder
from storyroom.cli.output import show_json, show_table
from storyroom.cli.words import role_name

if TYPE_CHECKING:
    from storyroom.memory.spending import Spending

_COLUMNS = (
    "stage",
    "role",
    "model",
    "calls",
    "again",
    "prompt",
    "cached",
    "new",
    "first token",
    "tokens/s",
    "time",
)


def stats(session: OptionalSession = None, as_json: AsJson = False, series: SeriesFolder = None) -> None:
    """Say what a session's model calls took, per stage and role: tokens read, cached and written, time."""
    from storyroom.memory.spending import spending, total

    with open_archive(series) as archive:
        one = session_or_newest(archive, session, series)
        parts = spending(one.ledger.database, one.id)
        whole = total(one.ledger.database, one.id)
    if as_json:
        value = {
            "session": one.id,
            "parts": [part.model_dump() for part in parts],
            "total": whole.model_dump() if whole else None,
        }
        show_json(value)
        return
    empty = f"Session {one.id} has asked no model yet."
    show_table(_COLUMNS, [_row(part) for part in (*parts, *([whole] if whole else []))], empty=empty)


def _row(part: Spending) -> tuple[str, ...]:
    share, pace, first = part.cached_share, part.tokens_per_second, part.first_token_seconds
    return (
        part.stage.replace("_", " "),
        role_name(part.role),
        part.model,
        f"{part.calls:,}",
        f"{part.again:,}",
        f"{part.prompt_tokens:,}",
        "–" if share is None else f"{share:.0%}",
        f"{part.new_tokens:,}",
        "–" if first is None else f"{first:.2f} s",
        "–" if pace is None else f"{pace:.0f}",
        f"{part.seconds:.1f} s",
    )
