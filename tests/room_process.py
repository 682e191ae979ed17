"""Processes that work on a session, and that die by `kill -9` where a test wants them to.

They are forked from a server that has imported everything already, so that a test can afford many.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from room_kit import drive, open_room
from scripted_room import play

from storyroom.memory.database import Database
from storyroom.memory.index import Index
from storyroom.models.scripted import Call, Rule, ScriptedModel

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        "room_process",
        "storyroom.graphs.build",
        "langgraph.checkpoint.sqlite.aio",
        "chromadb.api.rust",
        "alembic",
    ]
)


def work_on(
    folder: Path, session: str, *, die_at: int = 0, wait: bool = True, delay: float = 0.0
) -> multiprocessing.process.BaseProcess:
    """Start a process that goes on with a session, by default to its end.

    Args:
        die_at: the moment at which it kills itself: each beginning and each end of a write to ledger,
            checkpoints or index is one, counted from 1; 0 never.
        wait: whether to wait for the process to end.
        delay: seconds that the model takes for each answer.
    """
    process = PROCESSES.Process(target=_work, args=(folder, session, die_at, delay), daemon=True)
    process.start()
    if wait:
        process.join(120)
    return process


def asked(folder: Path) -> list[str]:
    """Return the labels of all calls that reached the model, in all processes."""
    log = folder / "asked.log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def said(folder: Path) -> str:
    """Return what the last process that ended by itself had to say: its outcome or its error."""
    return (folder / "said.txt").read_text(encoding="utf-8")


def _work(folder: Path, session: str, die_at: int, delay: float) -> None:
    if die_at:
        _die_at(die_at)
    model = ScriptedModel(rules=(Rule("*", (partial(_play_and_log, folder),), delay),))
    try:
        with open_room(folder, model=model) as room:
            run = room.run(session)
            drive(run)
            outcome: str = run.outcome
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"
    (folder / "said.txt").write_text(outcome, encoding="utf-8")


def _play_and_log(folder: Path, call: Call) -> str:
    with (folder / "asked.log").open("a", encoding="utf-8") as log:
        log.write(f"{call.label}#{call.attempt}\n")
    return play(call, wordy=True)


def _die_at(count: int) -> None:
    """Kill this process at the given moment."""
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    moments = iter(range(1, count))

    def moment() -> None:
        if next(moments, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    transaction = Database.write

    @contextmanager
    def write(self: Database) -> Iterator[Any]:
        moment()
        with transaction(self) as connection:
            yield connection
            moment()
        moment()

    Database.write = write  # type: ignore[method-assign]
    for name in ("aput", "aput_writes"):
        setattr(AsyncSqliteSaver, name, _watched(getattr(AsyncSqliteSaver, name), moment))
    add = Index.add

    def index(self: Index, chunks: Any, **how: Any) -> int:
        moment()
        added = add(self, chunks, **how)
        moment()
        return added

    Index.add = index  # type: ignore[method-assign]


def _watched(put: Callable[..., Any], moment: Callable[[], None]) -> Callable[..., Any]:
    async def watched(*args: Any, **kwargs: Any) -> Any:
        moment()
        result = await put(*args, **kwargs)
        moment()
        return result

    return watched
