"""LangGraph's checkpoints: a SQLite file of their own, beside the ledger.

They say how far a session came. The ledger knows that too, since a task that was done is not done again; so a
damaged file is set aside, and the session finds its way from the ledger.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.memory.database import fault, vacuum

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

_BUSY_MS = 30_000


@asynccontextmanager
async def open_checkpoints(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """Open the checkpoints of a series.

    Raises:
        MemoryFault: the file cannot be written.
    """
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    try:
        async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
            await saver.conn.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            await saver.setup()
            try:
                yield saver
            finally:
                # A run that is left may still be writing. Closed in the middle of that, the connection would
                # hold the file until the garbage collector finds it.
                async with saver.lock:
                    await saver.conn.rollback()
                    await saver.conn.close()
    except sqlite3.Error as error:
        raise fault(path, error) from error


def set_aside_if_damaged(path: Path) -> Path | None:
    """Rename a file that SQLite cannot read, with its log; return its new name if that was so."""
    if not path.exists() or _sound(path):
        return None
    aside = path.with_name(f"{path.name}.damaged")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


async def forget(path: Path, sessions: list[str]) -> None:
    """Erase the checkpoints of sessions for good."""
    if not await asyncio.to_thread(path.exists):
        return
    async with open_checkpoints(path) as saver:
        for session in sessions:
            await saver.adelete_thread(session)
    await asyncio.to_thread(vacuum, path)


def _sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError as error:
        raise fault(path, error) from error
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
