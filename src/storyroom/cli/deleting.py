"""`storyroom delete`: erasing for good."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from storyroom.cli.options import SeriesFolder, SessionName, open_room
from storyroom.cli.output import say
from storyroom.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Erase a session or an episode for good.")

_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command("session")
def session(
    name: SessionName,
    with_forks: Annotated[bool, typer.Option("--with-forks", help="Its forks too.")] = False,
    yes: _Yes = False,
    series: SeriesFolder = None,
) -> None:
    """Erase a session with its drafts, turns, prompts and notes. Scripts in drafts/ stay."""
    with open_room(series) as room:
        one = room.session(name)
        _confirm(f"Erase session {one.id}, {len(one.turns)} turns, for good?", yes=yes)
        from storyroom.memory.erase import erase_session

        gone = erase_session(room.series, room.ledger, room.index, one.id, with_forks=with_forks)
        say(f"Erased: {', '.join(gone)}.")


@app.command("episode")
def episode(
    number: Annotated[int, typer.Argument(metavar="N", help="Number of the episode.")],
    yes: _Yes = False,
    series: SeriesFolder = None,
) -> None:
    """Erase an episode from the canon. The sessions that drafted it, and files in episodes/, stay."""
    with open_room(series) as room:
        _confirm(f"Erase episode {number} from the canon, for good?", yes=yes)
        from storyroom.memory.erase import erase_episode

        versions = erase_episode(room.series, room.ledger, room.index, number)
        say(f"Erased: episode {number}, {versions} version{'' if versions == 1 else 's'} of it.")


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError("Nothing was erased: nobody can be asked.", hint="Say that you mean it with --yes.")
    if not typer.confirm(question, err=True):
        say("Nothing was erased.")
        raise typer.Exit(0)
