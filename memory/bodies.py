"""The bodies of many drafts at once, where one query for each would add up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from storyroom.memory.database import among
from storyroom.memory.ledger import Ledger
from storyroom.memory.packing import unpack_json

# SQLite binds at least 999 values in one statement.
_AT_ONCE = 900


def read_bodies(ledger: Ledger, ids: Iterable[str]) -> dict[str, Any]:
    """Return the JSON of each named draft that there is."""
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = ledger.database.rows(f"SELECT id, body FROM drafts WHERE id IN {among(some)}", some)
        found.update((row["id"], unpack_json(row["body"])) for row in rows)
    return found
