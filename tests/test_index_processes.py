import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from filelock import FileLock
from hash_embedder import HashEmbedder, chunk

from storyroom.errors import MemoryFault
from storyroom.memory import chroma
from storyroom.memory.index import Index

SPAWN = multiprocessing.get_context("spawn")


def write(folder: Path, name: str, batches: int, size: int) -> None:
    """Add batches of distinct chunks, with a search after each."""
    index = Index.open(folder, HashEmbedder())
    for batch in range(batches):
        index.add([chunk(f"{name}{batch}", f"lamp {name}{batch}x{n}", n) for n in range(size)])
        index.dense("lamp", 3, list(index.ids()))


def write_forever(folder: Path) -> None:
    """Write until killed."""
    write(folder, "w", 10_000, 5)


def test_two_writers_lose_nothing(tmp_path: Path):
    """Two processes write and query at once, past what makes Chroma flush: every vector is found after."""
    folder = tmp_path / "index"
    writers = [SPAWN.Process(target=write, args=(folder, name, 6, 110)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    index = Index.open(folder, HashEmbedder())
    everything = sorted(index.ids())
    assert len(everything) == 2 * 6 * 110
    assert sorted(key for key, _ in index.dense("lamp", len(everything), everything)) == everything


def test_a_reader_sees_what_another_process_wrote(tmp_path: Path):
    """A reader that has the index open finds new rows at its next question, rows and vectors alike."""
    folder = tmp_path / "index"
    reader = Index.open(folder, HashEmbedder())
    reader.add([chunk("mine", "rope")])
    assert reader.ids() == {"mine:000"}
    writer = SPAWN.Process(target=write, args=(folder, "other", 1, 3))
    writer.start()
    writer.join(60)
    assert reader.ids() == {"mine:000", "other0:000", "other0:001", "other0:002"}
    assert len(reader.dense("lamp", 9, list(reader.ids()))) == 4


def test_a_killed_writer_leaves_an_index_that_works(tmp_path: Path):
    """After `kill -9` the lock is free and every row that is listed is found."""
    folder = tmp_path / "index"
    reader = Index.open(folder, HashEmbedder())
    writer = SPAWN.Process(target=write_forever, args=(folder,))
    writer.start()
    deadline = time.monotonic() + 60
    while len(reader.ids()) < 20 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join(60)
    ids = list(reader.ids())
    assert len(ids) >= 20
    assert len(reader.dense("lamp", len(ids), ids)) == len(ids)
    reader.add([chunk("after", "rope")])
    assert reader.dense("rope", 1, [*ids, "after:000"])[0][0] == "after:000"


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While another process holds the folder, an operation waits, then says what it waited for."""
    monkeypatch.setattr(chroma, "LOCK_SECONDS", 0.05)
    with FileLock(tmp_path / "index.lock"), pytest.raises(MemoryFault, match="Another process"):
        Index.open(tmp_path / "index", HashEmbedder())
