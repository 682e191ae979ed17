"""The index on a Chroma server (`chroma run`): the same code by URL."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hash_embedder import HashEmbedder, chunk
from room_kit import EXAMPLES, a_series, open_room

from storyroom.errors import EmbedderChanged, IndexStale, InputError, MemoryFault
from storyroom.memory.index import Index
from storyroom.settings import settings

EPISODES = sorted((EXAMPLES / "the-last-light/episodes").glob("*.fountain"))


class Server:
    """A Chroma server on the loopback that can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        chroma = Path(sys.executable).with_name("chroma")
        arguments = ["run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen([str(chroma), *arguments], stdout=quiet, stderr=quiet)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def end(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of this file; each series has collections of its own."""
    one = Server(tmp_path_factory.mktemp("server"))
    yield one
    one.end()


def test_an_index_on_a_server(server: Server, tmp_path: Path) -> None:
    """Rows are added, found, removed and erased as in a folder; another series sees none of them."""
    index = Index.open(tmp_path / "index", HashEmbedder(), url=server.url)
    index.add([chunk(f"d{n}", f"lamp {n}") for n in range(600)])
    assert index.dense("lamp 3", 1, list(index.ids()))[0][0] == "d3:000"
    index.remove({"d3"})
    index.erase({"d4"})
    assert len(index.ids()) == 598
    assert not index.local
    assert not (tmp_path / "index").exists()
    assert Index.open(tmp_path / "other" / "index", HashEmbedder(), url=server.url).ids() == set()
    index.close()
    assert len(Index.open(tmp_path / "index", HashEmbedder(), url=f"{server.url}/").ids()) == 598


def test_another_embedder_is_refused_there_too(server: Server, tmp_path: Path) -> None:
    """And a reset begins anew."""
    Index.open(tmp_path / "index", HashEmbedder(), url=server.url).add([chunk("d", "lamp")])
    with pytest.raises(EmbedderChanged, match="hash@1"):
        Index.open(tmp_path / "index", HashEmbedder("2"), url=server.url)
    Index.reset(tmp_path / "index", url=server.url)
    assert Index.open(tmp_path / "index", HashEmbedder("2"), url=server.url).ids() == set()


def test_a_copy_of_a_series_has_rows_of_its_own(server: Server, tmp_path: Path) -> None:
    """Two folders never write to the same collection, though one is a copy of the other."""
    Index.open(tmp_path / "a" / "index", HashEmbedder(), url=server.url).add([chunk("d", "lamp")])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert Index.open(tmp_path / "b" / "index", HashEmbedder(), url=server.url).ids() == set()
    assert len(Index.open(tmp_path / "a" / "index", HashEmbedder(), url=server.url).ids()) == 1


def test_a_room_whose_index_is_on_a_server(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting is all it takes; a server that lost its rows is noticed, and rebuilt on request."""
    monkeypatch.setenv("STORYROOM_CHROMA_URL", server.url)
    settings.cache_clear()
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        room.remember(EPISODES)
        found = [hit.chunk.id for hit in room.search("the lamp")]
        assert found
        chunks = room.index.stats().chunks
        with room.index._store.held():
            client = room.index._store._opened()
            for collection in room.index._store.collections(client):
                collection.delete(ids=collection.get(limit=3)["ids"])
        room.index.close()
        with pytest.raises(IndexStale, match="it should hold") as caught:
            room.search("the lamp")
        assert "storyroom memory rebuild" in caught.value.hint
        assert room.rebuild_index() == chunks
        assert [hit.chunk.id for hit in room.search("the lamp")] == found


def test_a_server_that_goes_down_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names it and how to start it; nothing is half imported, and the next import is whole."""
    server = Server(tmp_path / "server")
    monkeypatch.setenv("STORYROOM_CHROMA_URL", server.url)
    monkeypatch.setattr("storyroom.memory.index.BATCH", 5)
    settings.cache_clear()

    def down(stage: str, done: int, total: int) -> None:
        if stage == "indexing" and done > 10:
            server.end()

    try:
        with open_room(a_series(tmp_path)) as room:
            with pytest.raises(MemoryFault, match="does not answer") as caught:
                room.remember(EPISODES, progress=down)
            assert "chroma run" in caught.value.hint
            assert room.ledger.episodes.canon() == []
            server.start()
            assert [one.outcome for one in room.remember(EPISODES)] == ["new", "new"]
            assert {hit.chunk.episode for hit in room.search("the lamp", k=50, kinds=["scene"])} == {1, 2}
    finally:
        server.end()


@pytest.mark.parametrize("url", ["chroma", "ftp://x:1", "http://x:1/path"])
def test_what_is_no_url(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said when the settings are read."""
    monkeypatch.setenv("STORYROOM_CHROMA_URL", url)
    settings.cache_clear()
    with pytest.raises(InputError, match="STORYROOM_CHROMA_URL"):
        settings()
