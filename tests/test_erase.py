"""Erasing a session or an episode for good."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_room import play
from sqlalchemy import select

from storyroom.errors import InputError, MemoryFault, SessionBusy, SessionError
from storyroom.memory.erase import erase_episode, erase_session
from storyroom.memory.locks import sole_runner
from storyroom.memory.packing import unpack
from storyroom.memory.tables import metadata
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.room import Room
from storyroom.session import Session

EXAMPLE = Path(__file__).parent.parent / "examples" / "the-last-light"
KEPT, SECRET = "Quillmarrow", "Vexthornby"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series with two finished sessions; everything said in one of them holds a word of its own."""
    folder = tmp_path_factory.mktemp("base") / "series"
    shutil.copytree(EXAMPLE, folder)
    with Room.open(folder) as room:
        room.remember(sorted(room.series.episodes.glob("*.fountain")))
    for word in (KEPT, SECRET):
        with Room.open(folder) as room:
            room.models[f"scripted:{word}"] = _speaks_of(word)
            run = room.begin(
                f"Mara finds the {word} in the lamp room. Tom hides the {word} from the harbour.",
                episode=3,
                scenes=2,
                pages=1,
                depth="quick",
                seed=1,
                model=f"scripted:{word}",
            )
            _finish(run)
    return folder


@pytest.fixture
def room(drafted: Path, tmp_path: Path) -> Iterator[Room]:
    """The room of a copy of that series."""
    shutil.copytree(drafted, tmp_path / "series")
    with Room.open(tmp_path / "series") as room:
        yield room


def test_nothing_of_an_erased_session_is_left_on_disk(room: Room) -> None:
    """No file under `.storyroom` holds its idea, prompts, answers or scenes, compressed or plain."""
    doomed, kept = _session(room, SECRET), _session(room, KEPT)
    assert _tables_with(room, SECRET) == {"calls", "drafts", "facts", "segments", "sessions", "turns"}
    assert _files_with(room, SECRET.encode())
    bodies = _bodies(room)
    script = kept.fountain

    assert _erase(room, doomed.id) == [doomed.id]

    assert _tables_with(room, SECRET) == set()
    assert _files_with(room, SECRET.encode()) == []
    assert _files_with(room, doomed.id.encode()) == []
    gone = bodies - _bodies(room)
    assert len(gone) > 20
    assert [body for body in gone if _files_with(room, body[:40])] == []
    assert _session(room, KEPT).fountain == script
    assert KEPT in script
    assert room.search(KEPT, session=kept.id)[0].chunk.episode == 3


async def test_the_other_session_goes_on_after_an_erasure(room: Room) -> None:
    """A session that is not finished resumes, and reads the drafts that it shared with the erased one."""
    room.models["scripted:more"] = _speaks_of("Brindlewick")
    run = room.begin("Mara mends the clock. Tom counts the ships.", scenes=2, pages=1, model="scripted:more")
    async for _ in run.events():
        run.stop()
    assert room.session(run.session.id).status == "unfinished"

    _erase(room, _session(room, SECRET).id)

    async for _ in room.resume(run.session.id):
        pass
    assert room.session(run.session.id).status == "finished"
    assert "Brindlewick" in room.session(run.session.id).fountain


def test_a_session_with_forks_is_refused_unless_they_go_too(room: Room) -> None:
    """Forks stand on the drafts of their parent, so they are named; together they go, children first."""
    parent = _session(room, SECRET).id
    child = room.fork(parent, "outline").id
    second = room.fork(parent, "2").id
    before = room.ledger.counts()

    with pytest.raises(SessionError, match=child) as refused:
        _erase(room, parent)
    assert "--with-forks" in refused.value.hint
    assert room.ledger.counts() == before

    gone = _erase(room, parent, with_forks=True)
    assert gone[-1] == parent
    assert set(gone) == {parent, child, second}
    assert [one.id for one in room.sessions()] == [_session(room, KEPT).id]


def test_erasing_a_fork_leaves_its_parent_whole(room: Room) -> None:
    """What the fork shares with the session it came from stays."""
    parent = _session(room, SECRET)
    fork = room.fork(parent.id, "2")
    assert SECRET in fork.fountain

    assert _erase(room, fork.id) == [fork.id]

    assert _session(room, SECRET).fountain == parent.fountain


def test_a_session_at_work_is_not_erased(room: Room) -> None:
    """Whoever holds the right to advance a session keeps it."""
    name = _session(room, SECRET).id
    before = room.ledger.counts()
    with sole_runner(room.series.locks, name), pytest.raises(SessionBusy):
        _erase(room, name)
    assert room.ledger.counts() == before


def test_a_session_of_the_canon_is_refused_until_its_episode_is_erased(room: Room) -> None:
    """A locked episode would lose its provenance, so the episode has to go first; the session then can."""
    session = _session(room, SECRET)
    room.lock(session.id)
    with pytest.raises(SessionError, match="Episode 3") as refused:
        _erase(room, session.id)
    assert "storyroom delete episode 3" in refused.value.hint

    assert erase_episode(room.series, room.ledger, room.index, 3) == 1
    assert _session(room, SECRET).fountain == session.fountain
    _erase(room, session.id)
    assert _files_with(room, SECRET.encode()) == []


def test_a_session_whose_lock_was_superseded_goes_with_that_version(room: Room) -> None:
    """Nothing holds by a superseded version of an episode, so it does not keep a session alive."""
    room.lock(_session(room, SECRET).id)
    room.lock(_session(room, KEPT).id)

    _erase(room, _session(room, SECRET).id)

    assert [one.number for one in room.ledger.episodes.canon()] == [1, 2, 3]
    assert _tables_with(room, SECRET) == set()


def test_erasing_an_episode_takes_its_superseded_versions_too(room: Room) -> None:
    """A remembered episode that changed and was remembered again is erased in both versions."""
    path = room.series.episodes / "s01e01-the-notice.fountain"
    path.write_text(path.read_text("utf-8") + "\nThe Wrackleferry comes in.\n", "utf-8")
    room.remember([path])
    assert _files_with(room, b"Wrackleferry")

    assert erase_episode(room.series, room.ledger, room.index, 1) == 2

    assert [one.number for one in room.ledger.episodes.canon()] == [2]
    assert _tables_with(room, "Wrackleferry") == set()
    assert _files_with(room, b"Wrackleferry") == []
    assert {hit.chunk.episode for hit in room.search("the notice about the lamp", kinds=["scene"])} == {2}


def test_an_unknown_episode_is_an_error_that_names_the_known_ones(room: Room) -> None:
    """Nothing is erased by a number that the canon does not have."""
    with pytest.raises(InputError, match="no episode 7") as refused:
        erase_episode(room.series, room.ledger, room.index, 7)
    assert "1, 2" in refused.value.hint


@pytest.mark.parametrize("step", ["index", "checkpoints", "segments"])
def test_a_failure_half_way_leaves_the_ledger_as_it_was(
    room: Room, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger's part is one transaction, and a second try erases what the first could not."""

    def fails(*_args: object, **_kwargs: object) -> None:
        raise MemoryFault("The disk is full.", hint="Free some space.")

    name = _session(room, SECRET).id
    before = room.ledger.counts()
    targets = {
        "index": "storyroom.memory.index.Index.erase",
        "checkpoints": "storyroom.memory.erase.forget",
        "segments": "storyroom.memory.erase._delete_by_id",
    }
    with monkeypatch.context() as patch:
        patch.setattr(targets[step], fails)
        with pytest.raises(MemoryFault, match="disk is full"):
            _erase(room, name)
    assert room.ledger.counts() == before

    _erase(room, name)
    assert _files_with(room, SECRET.encode()) == []


def test_a_damaged_index_does_not_keep_a_session_alive(room: Room) -> None:
    """An index that cannot be read is emptied; it is made again from the ledger when it is next needed."""
    name = _session(room, SECRET).id
    room.index.close()
    for path in room.series.index.glob("*.sqlite3"):
        path.unlink()

    _erase(room, name)

    assert _files_with(room, SECRET.encode()) == []
    assert room.rebuild_index() > 0
    assert room.search("lamp room", kinds=["scene"])


def test_damaged_checkpoints_do_not_keep_a_session_alive(room: Room) -> None:
    """They hold no text and are set aside, as a run would do; the ledger is the truth."""
    room.series.checkpoints.write_bytes(b"SQLite format 3\0" + b"\x55" * 8192)
    name = _session(room, SECRET).id

    assert _erase(room, name) == [name]

    assert _tables_with(room, SECRET) == set()


def _speaks_of(word: str) -> ScriptedModel:
    def answer(call: Call) -> str:
        return play(call).replace(" beside ", f" {word} ")

    return ScriptedModel(rules=(Rule("*", (answer,)),))


def _finish(run: Any) -> None:
    async def drive() -> None:
        async for _ in run.events():
            pass

    asyncio.run(drive())
    assert run.outcome == "finished"


def _erase(room: Room, name: str, **options: bool) -> list[str]:
    return erase_session(room.series, room.ledger, room.index, name, **options)


def _session(room: Room, word: str) -> Session:
    return next(one for one in room.sessions() if word in one.order.idea and one.record.parent is None)


def _values(room: Room) -> Iterator[tuple[str, Any]]:
    with room.ledger.database.read() as connection:
        for name, table in metadata.tables.items():
            for row in connection.execute(select(table)):
                yield from ((name, value) for value in row if value is not None)


def _tables_with(room: Room, word: str) -> set[str]:
    """Return the tables in which a word stands, compressed bodies included."""
    return {
        name
        for name, value in _values(room)
        if word in (unpack(value).decode() if isinstance(value, bytes) else str(value))
    }


def _bodies(room: Room) -> set[bytes]:
    """Return the compressed bodies, as they lie in the file."""
    return {value for _, value in _values(room) if isinstance(value, bytes)}


def _files_with(room: Room, wanted: bytes) -> list[str]:
    """Return the files under `.storyroom` that hold these bytes, logs and lock files included."""
    files = (path for path in room.series.data.rglob("*") if path.is_file())
    return [path.name for path in files if wanted in path.read_bytes() or wanted in path.name.encode()]
