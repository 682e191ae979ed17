"""`storyroom answer`: what a human says at a gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import SeriesFolder, SessionName, command, open_room
from storyroom.cli.output import say
from storyroom.errors import InputError, SessionError

if TYPE_CHECKING:
    from storyroom.room import Room
    from storyroom.session import Session

_PAUSED = 3


def answer(
    session: SessionName,
    approve: Annotated[bool, typer.Option("--approve", help="Go on with it.")] = False,
    send_back: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Have it done again; say what should change.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Go on with the edited text in this file.")
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Edit it in $EDITOR, and go on with that.")] = False,
    scene: Annotated[
        int | None, typer.Option(metavar="N", help="Which scene to send back, after a table read.")
    ] = None,
    member: Annotated[str, typer.Option("--from", metavar="MEMBER", help="Who of the team says so.")] = "",
    series: SeriesFolder = None,
) -> None:
    """Answer the gate that a session waits at. `storyroom resume` then goes on from it."""
    ways = [approve, send_back is not None, file is not None, edit]
    if sum(ways) != 1:
        raise InputError(
            "It is not said what the answer is." if not any(ways) else "These are several answers.",
            hint="Use one of --approve, --send-back TEXT, --file FILE, --edit.",
        )
    with open_room(series) as room:
        one = room.session(session)
        if edit:
            _edited(room, one, member)
        elif file is not None:
            room.answer(one.id, "edit", member=member, text=_read(file))
        elif send_back is not None:
            room.answer(one.id, "send_back", member=member, reason=send_back, scene=scene)
        else:
            room.answer(one.id, "approve", member=member)
        say(f"Answered. Go on: {command(series, 'resume', one.id)}")


def _edited(room: Room, one: Session, member: str) -> None:
    """Let the human edit what waits at the gate. What cannot be taken is kept in a file, not lost."""
    import click

    from storyroom.graphs.gate_edits import offered
    from storyroom.team import state_at

    waiting = one.waiting
    if waiting is None:
        raise SessionError(
            f"Session {one.id} waits for no answer.", hint=f"See where it stands: storyroom show {one.id}"
        )
    gate = waiting.body["gate"]
    suffix = ".fountain" if gate == "scene" else ".yaml"
    text = offered(room.context(), gate, state_at(one, waiting))
    try:
        edited = click.edit(text, extension=suffix)
    except click.ClickException as error:
        raise InputError(
            f"The editor could not be used: {error.message}",
            hint="Set $EDITOR to your editor, or hand the text in with --file.",
        ) from error
    if edited is None or edited == text:
        say("Nothing was changed; the session still waits.")
        raise typer.Exit(_PAUSED)
    try:
        room.answer(one.id, "edit", member=member, text=edited)
    except InputError as error:
        from storyroom.files import write_whole

        kept = room.series.drafts / f"{one.id}-{gate}.edited{suffix}"
        write_whole(kept, edited.encode())
        raise InputError(
            error.message,
            hint=f"{error.hint} Your text is kept in {kept}: correct it there and hand it in with --file.",
        ) from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text.", hint="Save it in the encoding UTF-8.") from error
