"""`storyroom notes`: what members ask of the roles, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.options import AsJson, SeriesFolder, command, open_room
from storyroom.cli.output import say, show, show_json, show_table
from storyroom.cli.pitching import given_words
from storyroom.cli.words import moment, role_name
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.memory.inbox import Note
    from storyroom.memory.note_events import Event
    from storyroom.memory.note_lives import AnsweringLine, NoteLife

app = typer.Typer(no_args_is_help=True, help="Leave notes for roles, and see what became of them.")

STATES = ("open", "accepted", "declined", "done", "verified", "reopened")

_OfSession = Annotated[
    str | None, typer.Option("--session", metavar="SESSION", help="Only this session. Default: all of them.")
]
_Who = Annotated[str, typer.Option("--by", metavar="MEMBER", help="Who of the team says so.")]
_Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
_NoteId = Annotated[str, typer.Argument(metavar="NOTE", help="A note, or the beginning of its id.")]


@app.command("add")
def add(
    text: Annotated[str, typer.Argument(metavar="TEXT|@FILE|-", help="What the role should do.")],
    member: Annotated[str, typer.Option("--from", metavar="MEMBER", help="Who of the team asks it.")],
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="ROLE", help="Of whom; several times for several. Default: routed."),
    ] = None,
    scene: Annotated[int | None, typer.Option(min=1, help="The scene it is about.")] = None,
    lines: Annotated[
        list[str] | None,
        typer.Option("--lines", metavar="QUOTE|SCENE:LINE", help="A line it is about; several for several."),
    ] = None,
    session: _OfSession = None,
    series: SeriesFolder = None,
) -> None:
    """Leave a note; the next turn of those roles has read it, also while a session runs."""
    asked = given_words(text)
    with open_room(series) as room:
        note = room.note(
            asked, member=member, roles=to or (), scene=scene, lines=lines or (), session=session
        )
        say(" ".join(filter(None, (f"Noted for {_to(note)}.", note.placed, note.routed))))
        if note.routed or note.placed:
            where = [*(("--to", "ROLE") if note.routed else ()), *(("--everywhere",) if note.placed else ())]
            other = command(series, "notes", "assign", note.id, *where, "--by", member)
            say(f"To change that: {other}")
        show(note.id)


@app.command("list")
def list_notes(
    session: _OfSession = None,
    state: Annotated[str | None, typer.Option(metavar="|".join(STATES), help="Only in this state.")] = None,
    member: Annotated[str | None, typer.Option("--from", metavar="MEMBER", help="Only theirs.")] = None,
    role: Annotated[str | None, typer.Option(metavar="ROLE", help="Only to this role.")] = None,
    scene: Annotated[int | None, typer.Option(min=1, help="Only about this scene.")] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """List the notes and where they stand, oldest first."""
    if state is not None and state not in STATES:
        raise InputError(f"{state!r} is no state of a note.", hint=f"Use one of: {', '.join(STATES)}.")
    with open_room(series) as room:
        found = [
            life
            for life in room.notes(session)
            if (state is None or life.state == state)
            and (member is None or life.note.member == member)
            and (role is None or role in life.note.roles)
            and (scene is None or life.note.scene == scene or any(line.scene == scene for line in life.lines))
        ]
        if as_json:
            show_json([_as_json(life) for life in found])
            return
        show_table(
            ("note", "state", "from", "to", "about", "says", "routed"),
            [
                (
                    life.note.id,
                    life.state,
                    life.note.member,
                    _to(life.note),
                    _about(life.note),
                    " ".join(life.note.text.split()),
                    " ".join(filter(None, (life.note.placed, life.note.routed))),
                )
                for life in found
            ],
            empty=f"No such notes. Leave one: {command(series, 'notes', 'add', '…', '--from', 'NAME')}",
        )


@app.command("show")
def show_note(
    note: _NoteId, session: _OfSession = None, as_json: AsJson = False, series: SeriesFolder = None
) -> None:
    """Show a note and all that became of it, with the lines that answer it."""
    from storyroom.memory.note_lives import find_note

    with open_room(series) as room:
        wanted = find_note(room.ledger, note)
        life = next((one for one in room.notes(session) if one.note.id == wanted.id), None)
        if life is None:
            raise InputError(
                f"Note {wanted.id} does not speak to session {session}.", hint="Show it without --session."
            )
        if as_json:
            show_json(_as_json(life))
            return
        show(_whole(life))


@app.command("assign")
def assign(
    note: _NoteId,
    by: _Who,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ROLE", help="Can be given several times.")
    ] = None,
    scene: Annotated[int | None, typer.Option(min=1, help="The scene that it is about.")] = None,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="It is about no one scene.")] = False,
    series: SeriesFolder = None,
) -> None:
    """Give a note to other roles, or to another scene."""
    with open_room(series) as room:
        change = room.change_note(
            note, "assign", member=by, roles=to or (), scene=scene, everywhere=everywhere
        )
        if change.roles:
            say(f"Note {change.note} now goes to {', '.join(map(role_name, change.roles))}.")
        if change.scene or change.everywhere:
            where = "no one scene" if change.everywhere else f"scene {change.scene}"
            say(f"Note {change.note} is now about {where}.")


@app.command("decline")
def decline(note: _NoteId, by: _Who, reason: _Why, series: SeriesFolder = None) -> None:
    """Decline a note; no role is told of it any more."""
    with open_room(series) as room:
        change = room.change_note(note, "decline", member=by, reason=reason)
        say(f"Note {change.note} is declined.")


@app.command("reopen")
def reopen(note: _NoteId, by: _Who, reason: _Why, series: SeriesFolder = None) -> None:
    """Open a note again that was declined, done or verified; its next draft is held to it."""
    with open_room(series) as room:
        change = room.change_note(note, "reopen", member=by, reason=reason)
        say(f"Note {change.note} is open again.")


def _to(note: Note) -> str:
    return ", ".join(map(role_name, note.roles)) or "everybody"


def _about(note: Note) -> str:
    parts = [
        note.session or "the series",
        f"scene {note.scene}" if note.scene is not None else "",
        f"{len(note.lines)} line{'s' if len(note.lines) > 1 else ''}" if note.lines else "",
    ]
    return ", ".join(part for part in parts if part)


def _as_json(life: NoteLife) -> dict[str, Any]:
    """Return a life with the note's own fields beside it."""
    body = life.model_dump(mode="json")
    note, answer = body.pop("note"), body.pop("lines")
    return {**note, **body, "answer": answer, "open": life.open}


def _whole(life: NoteLife) -> str:
    note = life.note
    head = [
        f"{note.id}  {life.state}",
        f"{note.member} to {_to(note)}, about {_about(note)}:",
        *(f"  {line}" for line in note.text.strip().splitlines()),
    ]
    head += [f"Routed: {note.routed}"] if note.routed else []
    head += [f"Placed: {note.placed}"] if note.placed else []
    head += [f"Why: {life.reason}"] if life.reason else []
    lines = ["", "Lines that answer it:", *map(_line, life.lines)] if life.lines else []
    return "\n".join([*head, *lines, "", *map(_event, life.history)])


def _line(line: AnsweringLine) -> str:
    where = f"scene {line.scene}: " if line.scene is not None else ""
    now = "" if line.now == line.text else f" (it says now: “{line.now}”)" if line.now else " (it is gone)"
    return f"  {where}“{line.text}”{now}"


def _event(event: Event) -> str:
    who = event.by.partition(":")[2] or event.by
    seat = f" as {role_name(event.role)}" if event.role else ""
    where = f", scene {event.scene}" if event.scene is not None else f", {event.stage}" if event.stage else ""
    # How a note was routed stands at its head.
    why = f": {event.reason}" if event.reason and event.what != "given" else ""
    return f"{moment(event.at)}  {event.what} by {who or 'a task'}{seat}{where}{why}"
