"""`storyroom seat`: which member does which role's work."""

from __future__ import annotations

from typing import Annotated

import typer

from storyroom.cli.looking import open_archive
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
    """List who sits where: in a session, or in the series and wherever a session differs from it."""
    from storyroom.seats import seats, seats_by_session

    with open_archive(series) as archive:
        name = archive.session(session).id if session is not None else None
        rows: list[tuple[str, str | None, str | None]] = [
            (role, member, name) for role, member in seats(archive.ledger, archive.bible, name).items()
        ]
        if name is None:
            elsewhere = seats_by_session(archive.ledger)
            rows += [(role, who, one) for one, held in elsewhere.items() for role, who in held.items()]
    if as_json:
        show_json([{"role": role, "member": who, "session": one} for role, who, one in rows])
        return
    show_table(
        ("seat", "held by", "in"),
        [(role, member or "agent", where or "the series") for role, member, where in rows],
        empty="There are no roles.",
    )
