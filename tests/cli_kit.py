"""The command line for tests: run in this process, or as a process of its own that can be interrupted.

As a script, `python cli_kit.py DELAY ARGUMENTS…` is `storyroom ARGUMENTS…` in which the model `scripted:x`
plays every part, waiting `DELAY` seconds before each answer.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from room_kit import IDEA, MODEL, quick_embedder
from scripted_room import scripted_room
from typer.testing import CliRunner, Result

from storyroom.cli.main import app, main
from storyroom.room import Room

SMALL = ("--scenes", "2", "--pages", "2", "--depth", "quick", "--seed", "5", "--model", MODEL)


@contextmanager
def scripted_rooms(delay: float = 0.0) -> Iterator[None]:
    """Let every room that is opened meanwhile have the scripted model and a quick embedder."""

    def opened(folder: str | Path = ".") -> Room:
        room = usual(folder)
        room.models[MODEL] = scripted_room(delay)
        return room

    usual = Room.open
    with quick_embedder(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Room, "open", staticmethod(opened))
        yield


def run(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    """Run a command in this process."""
    with scripted_rooms():
        return CliRunner().invoke(app, [str(one) for one in arguments], input=given, prog_name="storyroom")


def draft(folder: Path, *arguments: str) -> Result:
    """Draft a small episode of a series."""
    return run("-s", folder, "draft", IDEA, *SMALL, *arguments)


def start(*arguments: str | Path, delay: float = 0.0) -> subprocess.Popen[str]:
    """Start a command as a process of its own, a new group so that it alone is interrupted."""
    return subprocess.Popen(
        [sys.executable, __file__, str(delay), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "COLUMNS": "100"},
    )


if __name__ == "__main__":
    wait, *sys.argv[1:] = sys.argv[1:]
    with scripted_rooms(float(wait)):
        main()
