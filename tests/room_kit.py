"""A room for tests: an example series in a folder of its own, the scripted model, a quick embedder."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hash_embedder import HashEmbedder
from scripted_room import scripted_room

from storyroom.agents.crew import Crew
from storyroom.agents.events import Event
from storyroom.emotion.feeling import unfelt
from storyroom.graphs.context import RoomContext
from storyroom.memory import embeddings
from storyroom.models.base import LocalChatModel
from storyroom.ordering import make_order
from storyroom.room import Room
from storyroom.running import Run
from storyroom.session import Session
from storyroom.story.plan import Order
from storyroom.story.turn import Turn

EXAMPLES = Path(__file__).parents[1] / "examples"
IDEA = (
    "The lamp fails with the Dunlin at sea. Mara climbs to the Lamp Room with Bea and finds the missing "
    "page. Ines tells Mara on the Quay what Silas confessed."
)
ZH_IDEA = (EXAMPLES / "the-long-river" / "idea.txt").read_text(encoding="utf-8")
MODEL = "scripted:x"


def a_series(tmp_path: Path, name: str = "the-last-light") -> Path:
    """Copy an example series, without its earlier episodes, and return its folder."""
    folder = tmp_path / name
    shutil.copytree(
        EXAMPLES / name, folder, ignore=shutil.ignore_patterns("episodes", ".storyroom", "drafts")
    )
    return folder


@contextmanager
def quick_embedder() -> Iterator[None]:
    """Let every index that is opened meanwhile be made by an embedder that needs no weights.

    Without its weights no feeling can be measured either: no line gives anything to go on.
    """
    measure = RoomContext.measure
    RoomContext.measure = lambda _room, texts: [unfelt("nothing", "no words") for _ in texts]  # type: ignore[method-assign]
    usual = dict(embeddings._EMBEDDERS)
    embeddings._EMBEDDERS.update(dict.fromkeys(usual, HashEmbedder))
    embeddings.open_embedder.cache_clear()
    try:
        yield
    finally:
        RoomContext.measure = measure  # type: ignore[method-assign]
        embeddings._EMBEDDERS.update(usual)
        embeddings.open_embedder.cache_clear()


@contextmanager
def open_room(
    folder: Path, *, crew: Crew | None = None, model: LocalChatModel | None = None
) -> Iterator[Room]:
    """Open the room of a series, in which the scripted model plays every part."""
    with quick_embedder(), Room.open(folder, crew=crew) as room:
        room.models[MODEL] = model or scripted_room()
        yield room


def an_order(room: Room, idea: str = IDEA, **order: Any) -> Order:
    """Return a small order: two scenes, quick, unless told otherwise."""
    return make_order(room.bible, idea, **{**SMALL, "episode": 1, **order})


def begin(room: Room, idea: str = IDEA, **order: Any) -> Run:
    """Begin a small session: two scenes, quick, unless told otherwise."""
    return room.begin(idea, **{**SMALL, **order})


SMALL: dict[str, Any] = {"scenes": 2, "pages": 2.0, "depth": "quick", "seed": 5, "model": MODEL}


def drive(run: Run) -> list[Event]:
    """Run a session until it ends or pauses, and return what happened."""

    async def collect() -> list[Event]:
        return [event async for event in run.events()]

    return asyncio.run(collect())


def draft(room: Room, idea: str = IDEA, **order: Any) -> Session:
    """Draft a small episode to its end."""
    run = begin(room, idea, **order)
    drive(run)
    assert run.outcome == "finished"
    return room.session(run.session.id)


def resume(room: Room, session: str) -> Run:
    """Go on with a session until it ends or pauses."""
    run = room.run(session)
    drive(run)
    return run


def prompt_of(room: Room, turn: Turn) -> str:
    """Return all that was sent to the model for the task of a turn."""
    return "\n".join(
        text for call in room.ledger.calls.made(task=turn.task.id) for text in room.ledger.calls.texts(call)
    )


def without_rights(action: Callable[[Path], object], folder: Path) -> str:
    """Do something in a process that may not write to `folder`, and return the error it met.

    Root may write anywhere, so root's process becomes nobody's first.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_as_nobody, args=(action, folder, theirs))
    folder.chmod(0o555)
    process.start()
    try:
        return str(ours.recv()) if ours.poll(60) else "nothing was said"
    finally:
        process.join(10)
        folder.chmod(0o755)


def _as_nobody(action: Callable[[Path], object], folder: Path, told: Any) -> None:
    # Done once elsewhere, so that all is imported before the rights to read it are given up.
    with TemporaryDirectory() as other, suppress(Exception):
        action(Path(shutil.copytree(folder, Path(other) / folder.name)))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        action(folder)
    except Exception as error:
        told.send(f"{type(error).__name__}: {error}")
    else:
        told.send("no error")


def rows(path: Path, query: str, *values: object) -> list[Sequence[Any]]:
    """Ask an SQLite file as it is on disk."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query, values).fetchall()
