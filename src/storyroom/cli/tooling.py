"""What the writer's tools share on the command line: their options, and the bench that these set up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.ideas import read_idea
from storyroom.cli.options import Language, open_room
from storyroom.cli.output import say, stderr
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.memory.inbox import Note
    from storyroom.story.script import Script
    from storyroom.tools.bench import Bench, Sending

Seed = Annotated[int | None, typer.Option("--seed", min=0, help="The same seed gives the same result.")]
InLanguage = Annotated[
    Language | None, typer.Option("--language", help="Default: that of the series, or of what is given.")
]
Alone = Annotated[bool, typer.Option("--alone", help="Work without the series, even in its folder.")]
NoteTo = Annotated[
    str | None,
    typer.Option(
        "--note-to", metavar="ROLE", help="Send the result into the room, as a note to a role: editor, …"
    ),
]
NoteFrom = Annotated[
    str | None, typer.Option("--from", metavar="MEMBER", help="Who of the team sends the note.")
]
ToSession = Annotated[
    str | None,
    typer.Option(
        "--session", metavar="SESSION", help="The session the note is for. Default: the whole series."
    ),
]


@contextmanager
def bench(
    tool: str,
    *,
    series: Path | None,
    alone: bool = False,
    note_to: str | None = None,
    note_from: str | None = None,
    session: str | None = None,
    **asked: Any,
) -> Iterator[Bench]:
    """Set up a workbench in the series that is named or around us, or in none.

    Args:
        session: whom a note speaks to.
        asked: what else `workbench` takes.

    Raises:
        InputError: only one of `note_to` and `note_from` is given, or `workbench` refuses.
    """
    from storyroom.tools.workbench import series_here, workbench

    sending = address(note_to, note_from, session)
    with ExitStack() as stack:
        with stderr().status("Opening the model and the memory …"):
            bench = workbench(tool=tool, series=series_here(series, alone=alone), sending=sending, **asked)
            ready = stack.enter_context(bench)
        yield ready


def send(bench: Bench, text: str) -> None:
    """Send a result into the room, if that was asked for, and say so."""
    if note := bench.send(text):
        say_sent(note)


def say_sent(note: Note) -> None:
    """Say where a result went."""
    say(f"Sent to {', '.join(note.roles)} as note {note.id}.")


def read_text(given: str | None) -> str:
    """Return what a command was given: the text itself, the text of a file, or of standard input for `-`.

    Raises:
        InputError: a file cannot be read as text.
    """
    if given is None or not given.strip() or _is_folder(given):
        return given or ""
    return read_idea(given)


def read_source(given: str, series: Path | None) -> Script:
    """Return the script that a command was given.

    Args:
        given: a file, `-` for Fountain on standard input, Fountain of several lines, or a session.

    Raises:
        FormatError: it is no script.
        SessionError: there is no such session, or it has no scene yet.
    """
    from storyroom.cli.exporting import script_of
    from storyroom.cli.places import read_standard_input
    from storyroom.formats.fountain import parse
    from storyroom.formats.registry import FORMATS, read_script

    if given == "-":
        return read_standard_input(FORMATS["fountain"])
    if "\n" in given:
        return parse(given)
    path = Path(given)
    if path.exists() or path.suffix or "/" in given:
        return read_script(path)
    with open_room(series) as room:
        return script_of(room.session(given))


def address(role: str | None, member: str | None, session: str | None) -> Sending | None:
    """Return where a note goes, or nothing if none is to be sent.

    Raises:
        InputError: only one of role and member is given.
    """
    from storyroom.tools.bench import Sending

    if role is None and member is None:
        return None
    if role is None or member is None:
        raise InputError(
            "A note has somebody that it is from and a role that it is for.",
            hint="Give both: --note-to ROLE --from MEMBER.",
        )
    return Sending(role, member, session)


def _is_folder(given: str) -> bool:
    try:
        return Path(given).is_dir()
    except OSError:  # far too long to be one
        return False
