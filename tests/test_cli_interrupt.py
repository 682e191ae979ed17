"""Ctrl-C, in a process of its own: once, twice, and what is on disk afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from cli_kit import IDEA, SMALL, draft, run, start
from room_kit import a_series, rows

from storyroom.room import Room

PATIENCE = 60.0


def until(process: subprocess.Popen[str], word: str) -> str:
    """Read the process's log up to the line that holds a word."""
    assert process.stderr is not None
    read = ""
    for line in process.stderr:
        read += line
        if word in line:
            return read
    raise AssertionError(f"{word!r} never came:\n{read}")


def begun(folder: Path) -> list[str]:
    """Return the tasks of the session whose work has begun."""
    return [
        str(task) for (task,) in rows(folder / ".storyroom" / "ledger.sqlite", "SELECT task FROM readings")
    ]


def until_more_begun(folder: Path, than: int) -> None:
    """Wait until one more task is at work."""
    end = time.monotonic() + PATIENCE
    while len(begun(folder)) <= than:
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a series."""
    return a_series(tmp_path)


def turns(folder: Path) -> list[dict[str, object]]:
    """Return all turns of the only session."""
    return list(json.loads(run("-s", folder, "show", "e01", "turns", "--json").stdout))


def test_the_first_lets_the_step_end(folder: Path) -> None:
    """The running step's turns are recorded, the exit code is 130, and the last line resumes."""
    with start("-s", folder, "draft", IDEA, *SMALL, delay=0.4) as process:
        until(process, "plot_writer pitch")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
    assert "Letting the running step end" in said
    last = said.strip().splitlines()[-1]
    name = json.loads(run("-s", folder, "sessions", "--json").stdout)[0]["session"]
    assert last == f"storyroom -s {folder} resume {name}"
    kinds = [turn["kind"] for turn in turns(folder)]
    assert kinds.count("pitch") == 3  # all three writers of the step came to their end
    assert "outline" not in kinds
    assert run(*last.split()[1:]).exit_code == 0


def test_the_second_cancels_it(folder: Path) -> None:
    """The step at work is given up at once; what was recorded before stays, and nothing is paid for twice."""
    with start("-s", folder, "draft", IDEA, *SMALL, delay=1.0) as process:
        until(process, "showrunner brief")
        until_more_begun(folder, 1)
        process.send_signal(signal.SIGINT)
        until(process, "Letting the running step end")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
    last = said.strip().splitlines()[-1]
    assert last.startswith(f"storyroom -s {folder} resume e01-")
    before = turns(folder)
    kinds = [turn["kind"] for turn in before]
    assert "brief" in kinds
    assert kinds.count("pitch") < 3  # a step that was let to its end would have all three
    assert run(*last.split()[1:]).exit_code == 0
    after = turns(folder)
    assert after[: len(before)] == before
    assert len({turn["id"] for turn in after}) == len(after)


def test_two_processes_on_one_session(folder: Path) -> None:
    """The second is refused with exit code 2, and the first is none the worse."""
    with start("-s", folder, "draft", IDEA, *SMALL, delay=0.1) as process:
        until(process, "showrunner brief")
        said = run("-s", folder, "resume", "e01")
        assert said.exit_code == 2
        assert "Another process" in said.stderr
        assert "What was finished" not in said.stderr
        path, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert Path(path.strip()).is_file()


def test_interrupted_while_things_are_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C before the first step ends with 130, too, and leaves no empty session."""

    def interrupted(_room: Room) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Room, "ready_index", interrupted)
        assert draft(folder).exit_code == 130
    assert json.loads(run("-s", folder, "sessions", "--json").stdout) == []
