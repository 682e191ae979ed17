"""`storyroom seat`: which member does which role's work."""

from __future__ import annotations

from typing import Annotated

import typer

from storyroom.cli.options import AsJson, SeriesFolder, command, open_room
from storyroom.cli.output import say, show_json, show_table
from storyroom.cli.words import role_name

app = typer.Typer(no_args_is_help=True, help="Take a role's seat, or leave it to the agent.")

_Role = Annotated[str, typer.Argument(metavar="ROLE", help="The role, such as dialogue_writer.")]
_InSession = Annotated[
    str | None, typer.Option("--session", metavar="SESSION", help="In this session. Default: in all of them.")
]


@app.command("take")
def take(
    role: _Role,
    member: Annotated[str, typer.Option("--as", metavar="MEMBER", help="Who of the team sits down.")],
    session: _InSession = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Do a role's work yourself, from its next task on; also while a session runs."""
    with open_room(series) as room:
        change = room.take_seat(role, member, session)
        if as_json:
            show_json(change.model_dump(mode="json"))
            return
        say(f"{member} sits in the seat of the {role_name(role)} in {change.session or 'the series'}.")
        say(f"What they are asked is answered with {command(series, 'answer', change.session or 'SESSION')}")


@app.command("leave")
def leave(
    role: _Role, session: _InSession = None, as_json: AsJson = False, series: SeriesFolder = None
) -> None:
    """Leave a seat to the agent, with what was asked there and is not answered yet."""
    with open_room(series) as room:
        change = room.leave_seat(role, session)
        if as_json:
            show_json(change.model_dump(mode="json"))
            return
        where = change.session or "the series"
        say(f"{change.member} left the seat of the {role_name(role)} in {where} to the agent.")


@app.command("list")
def list_seats(session: _InSession = None, as_json: AsJson = False, series: SeriesFolder = None) -> None:
    """List who sits where."""
    with open_room(series) as room:
        seats = room.seats(session)
        if as_json:
            show_json(seats)
            return
        rows = [(role, member or "agent") for role, member in seats.items()]
        show_table(("seat", "held by"), rows, empty="There are no roles.")
