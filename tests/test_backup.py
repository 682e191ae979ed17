"""Backups: consistent while others write, whole or not there, and good to work on."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest
from scripted_room import scripted_room

from storyroom.errors import InputError, MemoryFault
from storyroom.memory import backup as module
from storyroom.memory.backup import backup
from storyroom.memory.embeddings import MINILM, choose_embedder, embedder_of
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Ledger
from storyroom.room import Room

EXAMPLE = Path(__file__).parent.parent / "examples" / "the-long-river"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series with a session that stopped half-way and one that is finished and written out."""
    folder = tmp_path_factory.mktemp("base") / "series"
    shutil.copytree(EXAMPLE, folder)
    with Room.open(folder) as room:
        room.models["scripted:any"] = scripted_room()
        room.remember(sorted(room.series.episodes.glob("*.fountain")))
        asyncio.run(_draft(room, stop=False))
        asyncio.run(_draft(room, stop=True))
    return folder


@pytest.fixture
def series(drafted: Path, tmp_path: Path) -> Path:
    """A copy of that series."""
    shutil.copytree(drafted, tmp_path / "series")
    return tmp_path / "series"


@pytest.mark.parametrize("name", ["长河渡-副本", "copy.zip"])
def test_a_restored_backup_shows_and_resumes_its_sessions(series: Path, tmp_path: Path, name: str) -> None:
    """Copied back and with its index made again, it is the series: scripts, sessions, half-done work."""
    made = backup(series / ".storyroom", tmp_path / name)
    assert made == tmp_path / name
    restored = tmp_path / "restored"
    if made.suffix == ".zip":
        with ZipFile(made) as archive:
            archive.extractall(restored)
    else:
        made.rename(restored)
    assert not (restored / ".storyroom" / "index").exists()
    with Room.open(series) as old:
        finished, half = old.sessions()
        turns = [turn.id for turn in half.turns]
        shutil.rmtree(series)

    with Room.open(restored) as room:
        room.models["scripted:any"] = scripted_room()
        assert room.rebuild_index() > 0
        assert room.session(finished.id).status == "finished"
        assert room.search("渡船", kinds=["scene"])
        assert [turn.id for turn in room.session(half.id).turns] == turns
        asyncio.run(_resume(room, half.id))
        again = room.session(half.id)
        assert again.status == "finished"
        assert [turn.id for turn in again.turns][: len(turns)] == turns
    written = {path.name for path in (restored / "drafts").iterdir()}
    assert f"s01e03-{finished.id}.fountain" in written
    assert len(list((restored / "episodes").iterdir())) == 2


def test_a_backup_keeps_which_embedder_was_chosen(series: Path, tmp_path: Path) -> None:
    """The restored series makes its index with the embedder that the series had chosen."""
    backup(series / ".storyroom", tmp_path / "before")
    assert not list((tmp_path / "before").rglob("*.embedder"))
    choose_embedder(series / ".storyroom" / "index", MINILM)
    backup(series / ".storyroom", tmp_path / "after")
    with Room.open(tmp_path / "after") as room:
        assert room.series.bible.language == "zh"
        assert embedder_of(room.series.index, "zh").name == MINILM


def test_a_backup_is_consistent_while_others_write(series: Path, tmp_path: Path) -> None:
    """Each copy holds a whole number of transactions, taken while a writer goes on."""
    ledger = Ledger(series / ".storyroom" / "ledger.sqlite")
    session = ledger.sessions.every()[0].id
    stopped = threading.Event()

    def write() -> None:
        while not stopped.is_set():
            with ledger.database.write() as connection:
                for _ in range(2):  # two rows at a time: a copy with an odd number would be torn
                    connection.exec_driver_sql(
                        "INSERT INTO exports (session, head, format, path, sha256, created) "
                        "VALUES (?, '', 'x', '', '', '')",
                        (session,),
                    )

    ledger.inbox.put(Note(member="林晚", text="江水的声音再近一点。"), None)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(series / ".storyroom", tmp_path / f"copy-{n}") for n in range(4)]
    finally:
        stopped.set()
        writer.join()
        ledger.close()
    for copy in made:
        with sqlite3.connect(copy / ".storyroom" / "ledger.sqlite") as connection:
            count = connection.execute("SELECT count(*) FROM exports WHERE format = 'x'").fetchone()[0]
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert count % 2 == 0
        assert len(Ledger(copy / ".storyroom" / "ledger.sqlite").inbox.items(Note)) == 1


@pytest.mark.parametrize("name", ["taken", "taken.zip"])
def test_nothing_is_overwritten(series: Path, tmp_path: Path, name: str) -> None:
    """A target that is there already is refused, file or folder."""
    target = tmp_path / name
    target.write_text("mine", "utf-8")
    with pytest.raises(InputError, match="there already") as refused:
        backup(series / ".storyroom", target)
    assert refused.value.hint
    assert target.read_text("utf-8") == "mine"


@pytest.mark.parametrize("place", [".storyroom/copy", "episodes/copy.zip", "drafts"])
def test_a_target_within_what_is_copied_is_refused(series: Path, place: str) -> None:
    """A backup never copies itself."""
    with pytest.raises(InputError):
        backup(series / ".storyroom", series / place)


def test_a_target_in_a_folder_that_is_not_there_is_refused(series: Path, tmp_path: Path) -> None:
    """A mistyped path makes no folders."""
    with pytest.raises(InputError, match="no folder"):
        backup(series / ".storyroom", tmp_path / "typo" / "copy")
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("name", ["copy", "copy.zip"])
def test_a_failure_leaves_nothing_half(
    series: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk is full half-way, there is no target and no rest of it."""

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(module.shutil, "copytree", full)
    with pytest.raises(MemoryFault, match="No space left") as failed:
        backup(series / ".storyroom", tmp_path / name)
    assert "space" in failed.value.hint
    assert sorted(tmp_path.iterdir()) == before


def test_a_damaged_ledger_is_not_copied_as_if_it_were_sound(series: Path, tmp_path: Path) -> None:
    """The copy is checked before it gets its name."""
    path = series / ".storyroom" / "ledger.sqlite"
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 6] = b"\x55" * 4096 * 4
    path.write_bytes(data)
    with pytest.raises(MemoryFault, match="damaged"):
        backup(series / ".storyroom", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_series_that_was_never_drafted_can_be_backed_up(tmp_path: Path) -> None:
    """There is no ledger yet, and the bible and the scripts are copied."""
    shutil.copytree(EXAMPLE, tmp_path / "series")
    made = backup(tmp_path / "series" / ".storyroom", tmp_path / "copy")
    assert (made / "series.yaml").read_bytes() == (EXAMPLE / "series.yaml").read_bytes()
    assert not (tmp_path / "series" / ".storyroom").exists()


async def _draft(room: Room, *, stop: bool) -> None:
    run = room.begin(
        "小满拿着铜哨来找何青。", episode=3, scenes=1, pages=1, depth="quick", seed=1, model="scripted:any"
    )
    async for _ in run.events():
        if stop:
            run.stop()


async def _resume(room: Room, session: str) -> None:
    async for _ in room.resume(session):
        pass
