"""`storyroom answer`: what a human says at a gate, or in a seat."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import Plain, SeriesFolder, SessionName, command, open_room
from storyroom.cli.output import say
from storyroom.errors import InputError, SessionError, StoryroomError

if TYPE_CHECKING:
    from storyroom.room import Room
    from storyroom.session import Session

_PAUSED = 3
_AT_A_GATE = "Use one of --approve, --send-back TEXT, --file FILE, --edit."


def answer(
    session: SessionName,
    approve: Annotated[bool, typer.Option("--approve", help="At a gate: go on with it.")] = False,
    send_back: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="At a gate: have it done again; say what should change."),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Hand in the text in this file, or `-` for standard input."),
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Write it in $EDITOR. The default in a seat.")] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Only show what is asked, or is to be edited.")
    ] = False,
    hand_back: Annotated[
        bool, typer.Option("--hand-back", help="In a seat: let the agent do this task.")
    ] = False,
    role: Annotated[str, typer.Option(metavar="ROLE", help="Which seat, when several wait.")] = "",
    scene: Annotated[
        list[int] | None,
        typer.Option(
            metavar="N", help="A scene to send back, after a table read. Default: those the text names."
        ),
    ] = None,
    member: Annotated[
        str, typer.Option("--from", metavar="MEMBER", help="Who of the team says so. In a seat: its holder.")
    ] = "",
    go: Annotated[bool, typer.Option("--go", help="Go on with the session right away.")] = False,
    plain: Plain = False,
    series: SeriesFolder = None,
) -> None:
    """Answer the gate, or the member's seat, that a session waits for. `storyroom resume` then goes on."""
    if show and go:
        raise InputError("--show answers nothing that --go could go on from.", hint="Leave out one of them.")
    ways = [approve, send_back is not None, file is not None, edit, show, hand_back]
    if sum(ways) > 1:
        raise InputError("These are several answers.", hint="Give one of them.")
    with open_room(series) as room:
        one = room.session(session)
        text = None if file is None else _read(file)
        if one.waiting is None:
            if approve or send_back is not None:
                _no_gate(one)
            given = "" if hand_back else text
            _in_a_seat(room, one, given, show=show, typed=file in (None, "-"), role=role, member=member)
        elif hand_back or role:
            raise SessionError(f"Session {one.id} waits at a gate, not for a seat.", hint=_AT_A_GATE)
        elif show:
            typer.echo(_offered(room, one), nl=False)
        elif edit:
            _edited(room, one, member)
        else:
            _at_a_gate(
                room, one, approve=approve, send_back=send_back, text=text, scenes=scene or (), member=member
            )
        if go:
            from storyroom.cli.driving import drive

            drive(room, series, room.run(one.id), plain=plain)
        elif not show:
            say(f"Answered. Go on: {command(series, 'resume', one.id)}")


def _at_a_gate(
    room: Room,
    one: Session,
    *,
    approve: bool,
    send_back: str | None,
    text: str | None,
    scenes: Sequence[int],
    member: str,
) -> None:
    if send_back is not None:
        room.answer(one.id, "send_back", member=member, reason=send_back, scenes=scenes)
    elif approve:
        room.answer(one.id, "approve", member=member)
    elif text is not None:
        room.answer(one.id, "edit", member=member, text=text)
    else:
        raise InputError("It is not said what the answer is.", hint=_AT_A_GATE)


def _in_a_seat(
    room: Room, one: Session, text: str | None, *, show: bool, typed: bool, role: str, member: str
) -> None:
    """Answer what a member in a seat was asked.

    Args:
        typed: whether the text lies in no file yet: if it cannot be taken, it is kept in one.
    """
    from storyroom.seats import answer_seat, asked, offered, sheet_of

    ask = asked(one, role=role, member=member, text=text or "")
    if show:
        typer.echo(offered(ask), nl=False)
        return
    suffix = sheet_of(ask).suffix
    written = _in_editor(offered(ask), suffix) if text is None else text
    try:
        answer_seat(room.ledger, room.bible, one, ask, written, member=member)
    except StoryroomError as error:
        if not typed or not written.strip():
            raise
        raise _kept(room, f"{one.id}-{ask.task.role}", suffix, written, error) from error


def _no_gate(one: Session) -> None:
    waits = [ask.member for ask in one.asked]
    raise SessionError(
        f"Session {one.id} waits for {', '.join(waits)} in a seat, not at a gate."
        if waits
        else f"Session {one.id} waits for no answer.",
        hint=f"See what it waits for: storyroom show {one.id}",
    )


def _offered(room: Room, one: Session) -> str:
    from storyroom.graphs.gate_edits import offered
    from storyroom.team import state_at

    assert one.waiting is not None, "only a gate that waits offers something"
    return offered(room.context(), one.waiting.body["gate"], state_at(one, one.waiting))


def _edited(room: Room, one: Session, member: str) -> None:
    """Let the human edit what waits at the gate. What cannot be taken is kept in a file, not lost."""
    assert one.waiting is not None, "it is edited at a gate"
    gate = one.waiting.body["gate"]
    suffix = ".fountain" if gate == "scene" else ".yaml"
    edited = _in_editor(_offered(room, one), suffix)
    try:
        room.answer(one.id, "edit", member=member, text=edited)
    except StoryroomError as error:
        raise _kept(room, f"{one.id}-{gate}", suffix, edited, error) from error


def _in_editor(text: str, suffix: str) -> str:
    """Let the human change a text, and return it.

    Raises:
        InputError: there is no editor.
        typer.Exit: nothing was changed.
    """
    import click

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
    return edited


def _kept(room: Room, name: str, suffix: str, text: str, error: StoryroomError) -> StoryroomError:
    """Keep a text that was not taken, and return the error that says where."""
    from storyroom.files import write_whole

    kept = room.series.drafts / f"{name}.edited{suffix}"
    write_whole(kept, text.encode())
    return type(error)(
        error.message,
        hint=f"{error.hint} Your text is kept in {kept}: correct it there and hand it in with --file.",
    )


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text.", hint="Save it in the encoding UTF-8.") from error
