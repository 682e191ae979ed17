"""`storyroom notes`: what members ask of the roles."""

from __future__ import annotations

from typing import Annotated

import typer

from storyroom.cli.options import AsJson, SeriesFolder, command, open_room
from storyroom.cli.output import say, show, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="Leave notes for roles, and list them.")

_OfSession = Annotated[
    str | None, typer.Option("--session", metavar="SESSION", help="Only this session. Default: all of them.")
]


@app.command("add")
def add(
    text: Annotated[str, typer.Argument(help="What the role should do.")],
    member: Annotated[str, typer.Option("--from", metavar="MEMBER", help="Who of the team asks it.")],
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="ROLE", help="Of whom. Can be given several times. Default: everybody."),
    ] = None,
    scene: Annotated[int | None, typer.Option(min=1, help="The scene it is about.")] = None,
    session: _OfSession = None,
    series: SeriesFolder = None,
) -> None:
    """Leave a note; the next turn of those roles has read it, also while a session runs."""
    with open_room(series) as room:
        note = room.note(text, member=member, roles=to or (), scene=scene, session=session)
        say(f"Noted for {', '.join(note.roles) or 'everybody'}.")
        show(note.id)


@app.command("list")
def list_notes(session: _OfSession = None, as_json: AsJson = False, series: SeriesFolder = None) -> None:
    """List the notes, oldest first."""
    with open_room(series) as room:
        notes = room.notes(session)
        if as_json:
            show_json([note.model_dump(mode="json") for note in notes])
            return
        show_table(
            ("note", "from", "to", "about", "says"),
            [
                (
                    note.id,
                    note.member,
                    ", ".join(note.roles) or "everybody",
                    _about(note.session, note.scene),
                    " ".join(note.text.split()),
                )
                for note in notes
            ],
            empty=f"No notes yet. Leave one: {command(series, 'notes', 'add', '…', '--from', 'NAME')}",
        )


def _about(session: str | None, scene: int | None) -> str:
    parts = [session or "the series", f"scene {scene}" if scene is not None else ""]
    return ", ".join(part for part in parts if part)
