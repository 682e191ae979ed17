"""`storyroom absorb`: take in an exported script that was edited elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.options import AsJson, SeriesFolder, command, open_room
from storyroom.cli.output import say, show, show_json
from storyroom.cli.words import count

if TYPE_CHECKING:
    from storyroom.story.turn import Turn


def absorb(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A Fountain or FDX file that was exported.")],
    member: Annotated[str, typer.Option("--from", metavar="MEMBER", help="Who of the team edited it.")],
    session: Annotated[
        str | None,
        typer.Option("--session", metavar="SESSION", help="Whose script it is. Default: found out."),
    ] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Take in what a member changed in an exported script, line by line as theirs."""
    with open_room(series) as room:
        found = room.absorb(file, member=member, session=session)
        changed = found.edit.changed if found.edit else ()
        if as_json:
            show_json(
                {
                    "session": found.session,
                    "scenes": list(changed),
                    "taken_in": [_as_json(turn) for turn in found.turns],
                }
            )
            return
        for turn in found.turns:
            say(_said(turn))
        if not changed:
            say(f"{file.name} says nothing new; session {found.session} stays as it is.")
        elif not found.turns:
            scenes = f"scene{'s' if len(changed) > 1 else ''} {_listed(changed)}"
            say(f"Session {found.session} takes {scenes} in when it comes to its next one.")
        else:
            again = command(series, "export", found.session)
            say(f"Session {found.session} stands on your version. Write it out again: {again}")
        show(found.session)


def _said(turn: Turn) -> str:
    body = turn.body
    lines = ", ".join(
        f"{count(len(body[key]), 'line')} {key}" for key in ("changed", "new", "gone") if body[key]
    )
    return f"Scene {turn.scene}: {lines or 'as it was'}."


def _as_json(turn: Turn) -> dict[str, Any]:
    return {"scene": turn.scene, "turn": turn.id, "head": turn.new_head, **turn.body}


def _listed(scenes: tuple[int, ...]) -> str:
    return ", ".join(map(str, scenes))
