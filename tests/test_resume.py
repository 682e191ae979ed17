"""Resume: a process that dies at any moment loses no finished turn, and nothing is paid for twice."""

import itertools
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from room_kit import a_series, an_order, begin, drive, open_room, prompt_of, resume, rows
from room_process import asked, said, work_on
from scripted_room import scripted_room

from storyroom.agents.events import Called, Turned
from storyroom.errors import SessionBusy, SessionPaused
from storyroom.room import Room
from storyroom.story.turn import TurnKind

SESSION = "e01-fixed"
# Two runs of the same session differ in these alone.
_PLACE = "session, task, head, stage, scene, pass, round, role, ordinal"
_TURN = f"id, {_PLACE}, kind, actor, about, produced, new_head, body"
_CALL = "id, task, attempt, label, prompt, options, answer, faults"


def everything_made(folder: Path) -> dict[str, Any]:
    """Return all that a session made, without times and without the order in which parallel work ended."""
    ledger = folder / ".storyroom" / "ledger.sqlite"
    return {
        "turns": sorted(map(repr, rows(ledger, f"SELECT {_TURN} FROM turns"))),
        "calls": sorted(map(repr, rows(ledger, f"SELECT {_CALL} FROM calls"))),
        "drafts": sorted(map(repr, rows(ledger, "SELECT id, kind, body FROM drafts"))),
        "versions": sorted(
            map(repr, rows(ledger, "SELECT id, parent, slot, draft, task, depth FROM versions"))
        ),
        "readings": sorted(map(repr, rows(ledger, "SELECT task, body FROM readings"))),
        "episodes": sorted(map(repr, rows(ledger, "SELECT number, session, source FROM episodes"))),
        "exports": sorted(map(repr, rows(ledger, "SELECT session, head, sha256 FROM exports"))),
        "files": {path.name: path.read_bytes() for path in (folder / "drafts").glob("*")},
    }


def recorded(folder: Path) -> set[str]:
    """Return the labels of all calls that the ledger holds."""
    return {label for (label,) in rows(folder / ".storyroom" / "ledger.sqlite", "SELECT label FROM calls")}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series with a session that has just begun."""
    folder = a_series(tmp_path_factory.mktemp("begun"))
    with open_room(folder) as room:
        room.ledger.sessions.begin(an_order(room), room.bible, session_id=SESSION)
        _ = room.index
    return folder


@pytest.fixture(scope="module")
def undisturbed(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, drafted to its end by one process."""
    folder = tmp_path_factory.mktemp("undisturbed") / "series"
    shutil.copytree(begun, folder)
    work_on(folder, SESSION)
    assert said(folder) == "finished"
    return folder


@pytest.mark.parametrize("stride", [17, 29, 38, 47, 61])
def test_a_session_killed_again_and_again_ends_as_if_undisturbed(
    begun: Path, undisturbed: Path, tmp_path: Path, stride: int
):
    """Every process is killed in the middle of a write, a little further on; what comes out is the same.

    No call that the ledger holds is asked again, no turn is doubled, and the script is the same bytes.
    """
    folder = tmp_path / "series"
    shutil.copytree(begun, folder)
    kills = 0
    while True:
        paid = recorded(folder)
        turns = set(rows(folder / ".storyroom" / "ledger.sqlite", "SELECT * FROM turns"))
        before = len(asked(folder))
        process = work_on(folder, SESSION, die_at=stride + kills % 5)
        assert paid.isdisjoint(asked(folder)[before:])
        assert turns <= set(rows(folder / ".storyroom" / "ledger.sqlite", "SELECT * FROM turns"))
        if process.exitcode == 0:
            break
        assert process.exitcode == -9
        kills += 1
        assert kills < 60, "no progress is made"
    assert said(folder) == "finished"
    assert kills >= 4
    assert everything_made(folder) == everything_made(undisturbed)


@pytest.mark.parametrize("delay", [0.2, 0.9, 1.7])
def test_a_session_killed_from_outside_ends_as_if_undisturbed(
    begun: Path, undisturbed: Path, tmp_path: Path, delay: float
):
    """A process killed at any time while models answer, reviews side by side among them, is made up for."""
    folder = tmp_path / "series"
    shutil.copytree(begun, folder)
    process = work_on(folder, SESSION, wait=False, delay=0.05)
    time.sleep(delay)
    process.kill()
    process.join()
    paid, before = recorded(folder), len(asked(folder))
    work_on(folder, SESSION)
    assert said(folder) == "finished"
    assert paid.isdisjoint(asked(folder)[before:])
    assert everything_made(folder) == everything_made(undisturbed)


def test_a_lock_that_was_interrupted_is_made_once(begun: Path, tmp_path: Path):
    """Wherever the last stage dies, the episode is canon once and its file is recorded once."""
    origin = tmp_path / "origin"
    shutil.copytree(begun, origin)
    with open_room(origin) as room:
        order = an_order(room, lock=True, gates=["table_read"], scenes=1)
        room.ledger.sessions.begin(order, room.bible, session_id="e01-lock")
        assert resume(room, "e01-lock").outcome == "paused"
        room.answer("e01-lock", "approve")
    for die_at in itertools.count(1, 3):
        folder = tmp_path / f"at{die_at}"
        shutil.copytree(origin, folder)
        killed = work_on(folder, "e01-lock", die_at=die_at).exitcode == -9
        work_on(folder, "e01-lock")
        assert said(folder) == "finished"
        made = everything_made(folder)
        assert [len(made[table]) for table in ("episodes", "exports", "files")] == [1, 1, 2]
        if not killed:
            break
    assert die_at > 10


def test_a_note_between_kill_and_resume_is_read_by_what_begins_later(begun: Path, tmp_path: Path):
    """Tasks that had begun keep their reading lists; the role's next task reads the note."""
    folder = tmp_path / "series"
    shutil.copytree(begun, folder)
    ledger = folder / ".storyroom" / "ledger.sqlite"
    work_on(folder, SESSION, die_at=70)
    before = dict(rows(ledger, "SELECT task, body FROM readings"))
    paid = recorded(folder)
    assert paid
    with open_room(folder) as room:
        session = room.session(SESSION)
        assert session.status == "unfinished"
        assert not any(turn.task.stage == "scene" and turn.scene == 2 for turn in session.turns)
        note = room.note("Bring the kettle into it.", member="Dev", roles=["dialogue_writer"])
        events = drive(room.run(SESSION))
        fresh = {event.call.label for event in events if isinstance(event, Called) and event.fresh}
        assert paid.isdisjoint(fresh)
        after = dict(rows(ledger, "SELECT task, body FROM readings"))
        assert before.items() <= after.items()
        session = room.session(SESSION)
        drafts = [turn for turn in session.turns if turn.kind is TurnKind.DRAFT]
        late = [turn for turn in drafts if turn.task.id not in before]
        assert late
        for turn in late:
            reading = room.ledger.turns.reading(turn.task)
            assert reading is not None
            assert reading.notes == (note.id,)
            assert "Bring the kettle into it." in prompt_of(room, turn)
        for turn in session.turns:
            if turn.actor.kind == "agent" and turn.role != "dialogue_writer":
                reading = room.ledger.turns.reading(turn.task)
                assert reading is None or note.id not in reading.notes


def test_two_processes_on_one_session(begun: Path, tmp_path: Path):
    """The second is refused while the first works, and may go on when the first is gone."""
    folder = tmp_path / "series"
    shutil.copytree(begun, folder)
    first = work_on(folder, SESSION, wait=False, delay=0.3)
    with open_room(folder) as room:
        until(lambda: bool(asked(folder)))
        with pytest.raises(SessionBusy, match="Another process") as caught:
            drive(room.run(SESSION))
        assert caught.value.exit_code == 2
        assert caught.value.hint
        first.kill()
        first.join()
        assert resume(room, SESSION).outcome == "finished"


def until(true: Callable[[], bool], seconds: int = 60) -> None:
    """Wait until something is true."""
    for _ in range(seconds * 20):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


@pytest.mark.parametrize("loss", ["lost", "damaged", "emptied"])
def test_without_checkpoints_a_session_finds_its_way_from_the_ledger(
    begun: Path, undisturbed: Path, tmp_path: Path, loss: str
):
    """A checkpoint file that is gone or broken costs no call: what was done is found and not done again."""
    folder = tmp_path / "series"
    shutil.copytree(begun, folder)
    work_on(folder, SESSION, die_at=110)
    paid, before = recorded(folder), len(asked(folder))
    data = folder / ".storyroom"
    for path in data.glob("checkpoints.sqlite*"):
        if loss == "damaged":
            path.write_bytes(b"\x13" * path.stat().st_size)
        else:
            path.unlink()
    if loss == "emptied":
        (data / "checkpoints.sqlite").touch()
    work_on(folder, SESSION)
    assert said(folder) == "finished"
    assert paid.isdisjoint(asked(folder)[before:])
    assert everything_made(folder) == everything_made(undisturbed)
    assert (data / "checkpoints.sqlite.damaged").exists() == (loss == "damaged")


def test_a_finished_session_without_checkpoints_is_found_finished(undisturbed: Path, tmp_path: Path):
    """Its stages are gone through again without a single call, scenes that were sent back included."""
    folder = tmp_path / "series"
    shutil.copytree(undisturbed, folder)
    for path in (folder / ".storyroom").glob("checkpoints.sqlite*"):
        path.unlink()
    with open_room(folder, model=scripted_room(wordy=True)) as room:
        assert any(turn.task.pass_ == 2 for turn in room.session(SESSION).turns), "no scene was sent back"
        events = drive(room.run(SESSION))
        assert not any(event.fresh for event in events if isinstance(event, Called | Turned))
    assert everything_made(folder) == everything_made(undisturbed)


def test_gates_that_were_answered_stay_answered_without_checkpoints(tmp_path: Path):
    """A session whose checkpoints are lost passes its answered gates, and waits at the one that is open."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room, gates=["pitches", "outline", "scene"])
        drive(run)
        for _ in range(3):
            assert room.run(run.session.id).outcome == "running"
            room.answer(run.session.id, "approve", member="Rosa")
            assert resume(room, run.session.id).outcome == "paused"
        turns = room.session(run.session.id).turns
        for path in room.series.data.glob("checkpoints.sqlite*"):
            path.unlink()
        assert resume(room, run.session.id).outcome == "paused"
        assert room.session(run.session.id).turns == turns
        with pytest.raises(SessionPaused):
            resume(room, run.session.id)


DISK = """
import shutil, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from room_kit import drive, open_room
from storyroom.errors import MemoryFault
mount, origin = Path(sys.argv[1]), Path(sys.argv[2])
folder = mount / "series"
shutil.copytree(origin, folder)
ballast = mount / "ballast"
spared = int(sys.argv[4])
free = shutil.disk_usage(mount).free
ballast.write_bytes(b"x" * (free - spared))
with open_room(folder) as room:
    try:
        drive(room.run("e01-fixed"))
    except MemoryFault as error:
        print("FAULT", error)
        ballast.unlink()
        turns = room.session("e01-fixed").turns
        calls = room.ledger.calls.made(session="e01-fixed")
        run = room.run("e01-fixed")
        drive(run)
        after = room.session("e01-fixed")
        assert after.turns[:len(turns)] == turns
        assert room.ledger.calls.made(session="e01-fixed")[:len(calls)] == calls
        print("THEN", run.outcome)
"""


@pytest.mark.parametrize("spared", [30_000, 300_000, 700_000])
def test_a_full_disk_in_the_middle_loses_nothing(begun: Path, tmp_path: Path, spared: int):
    """Work ends with a clear error when the disk is full, and goes on when there is space again."""
    if shutil.which("unshare") is None:
        pytest.skip("A FULL DISK WAS NOT TRIED: there is no `unshare` here to mount a small one with.")
    arguments = f"{tmp_path} {begun} {Path(__file__).parent} {spared}"
    mount = f"mount -t tmpfs -o size=16m none {tmp_path} && exec {sys.executable} - {arguments}"
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount], input=DISK, text=True, capture_output=True, check=False
    )
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"A FULL DISK WAS NOT TRIED: nothing can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    assert "FAULT The disk is full" in done.stdout
    assert "hint: Free some space" in done.stdout
    assert "THEN finished" in done.stdout


@pytest.mark.real_model
@pytest.mark.slow
def test_the_embedded_model_is_resumed_like_any_other(tmp_path: Path):
    """A draft on the embedded model that was killed half-way goes on and pays for nothing twice."""
    folder = a_series(tmp_path)
    with Room.open(folder) as room:
        order = an_order(room, model="embedded", scenes=1, pages=0.5)
        room.ledger.sessions.begin(order, room.bible, session_id=SESSION)
    script = (
        "import asyncio, sys; from storyroom.room import Room\n"
        "async def main():\n"
        "    with Room.open(sys.argv[1]) as room:\n"
        "        run = room.run(sys.argv[2])\n"
        "        async for event in run.events(): pass\n"
        "        print(run.outcome)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", script, str(folder), SESSION]
    ledger = folder / ".storyroom" / "ledger.sqlite"

    def turned() -> bool:
        return len(rows(ledger, "SELECT 1 FROM turns")) >= 4

    first = subprocess.Popen(command)
    until(turned, seconds=600)
    first.kill()
    first.wait()
    turns, calls = rows(ledger, "SELECT * FROM turns"), rows(ledger, "SELECT * FROM calls")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("finished")
    after = rows(ledger, "SELECT * FROM calls")
    assert set(calls) <= set(after)
    assert set(turns) <= set(rows(ledger, "SELECT * FROM turns"))
    places = rows(ledger, "SELECT task, label FROM calls")
    assert len(set(places)) == len(places)
