"""Running a session to its end, to a gate, or to where a human stops it."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Literal

import typer

from storyroom.cli.live import View, view_of
from storyroom.cli.options import command
from storyroom.cli.output import say, show
from storyroom.cli.words import count, duration
from storyroom.errors import SessionError, StoryroomError
from storyroom.room import Room
from storyroom.running import Run
from storyroom.session import Session
from storyroom.story.measure import pages
from storyroom.story.turn import TurnKind
from storyroom.waiting import waits

End = Literal["finished", "paused", "stopped", "reached"]
INTERRUPTED = 130
PAUSED = 3


def drive(room: Room, series: Path | None, run: Run, *, plain: bool) -> None:
    """Run a session while a human watches, and say what came of it and how to go on.

    Raises:
        typer.Exit: it waits for a human (3), or was interrupted (130).
    """
    name = run.session.id
    view = view_of(room.session(name), plain=plain)
    try:
        with view:
            end = asyncio.run(_events(run, view))
    except KeyboardInterrupt:
        end = "stopped"
    except SessionError:
        raise
    except StoryroomError:
        say(f"What was finished is kept. Go on with: {command(series, 'resume', name)}")
        raise
    session = room.session(name)
    if end == "stopped":
        say("Stopped. Every finished turn is kept. Go on with:")
        say(command(series, "resume", name))
        raise typer.Exit(INTERRUPTED)
    if end == "paused":
        paused(series, session)
        raise typer.Exit(PAUSED)
    if end == "finished":
        _finished(room, series, session)


async def _events(run: Run, view: View) -> End:
    """Show the events of a run. The first Ctrl-C lets the running step end, the second cancels it."""
    loop = asyncio.get_running_loop()
    working = asyncio.current_task()
    assert working is not None, "a coroutine runs in a task"
    presses = 0

    def interrupted() -> None:
        nonlocal presses
        presses += 1
        if presses == 1:
            run.stop()
            view.say("Letting the running step end; Ctrl-C again to cancel it.")
        else:
            # A third one is Python's own, in case that something does not let itself be cancelled.
            loop.remove_signal_handler(signal.SIGINT)
            working.cancel()

    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        async for event in run.events():
            view.take(event)
    except asyncio.CancelledError:
        working.uncancel()
        return "stopped"
    finally:
        loop.remove_signal_handler(signal.SIGINT)
    assert run.outcome != "running", "a run that ends has an outcome"
    return run.outcome


def paused(series: Path | None, session: Session) -> None:
    """Say what a session waits for, from whom, and how it is answered."""
    for wait in waits(session):
        say(f"Paused: session {session.id} waits for {wait.what}.")
        say(f"  look     {command(series, *wait.look)}")
        say(f"  answer   {command(series, *wait.answer)}   {wait.more}")
    say(f"  go on    {command(series, 'resume', session.id)}")


def _finished(room: Room, series: Path | None, session: Session) -> None:
    script = session.manuscript.script()
    length = pages(script.elements())
    spent = sum(turn.seconds for turn in session.turns)
    locked = session.turns[-1].body.get("locked", False)
    say(
        f"Finished: episode {session.order.episode}, {count(len(script.scenes), 'scene')}, "
        f"{length:.1f} pages, {duration(spent)} of work."
    )
    say(f"  read      {command(series, 'show', session.id, 'script')}")
    if not locked:
        say(f"  lock      {command(series, 'lock', session.id)}   (make it canon)")
    say(f"  go back   {command(series, 'fork', session.id, '--at', 'outline')}   (or pitch, or a scene)")
    path = written(room, session)
    if path.is_file():
        show(str(path))
    else:
        say(f"{path} is gone; write it again: {command(series, 'export', session.id)}")


def written(room: Room, session: Session) -> Path:
    """Return the Fountain file that a finished session wrote."""
    last = next(turn for turn in reversed(session.turns) if turn.kind is TurnKind.LOCK)
    return room.series.drafts / str(last.body["files"][0])
