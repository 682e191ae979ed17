"""`storyroom emotions`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.emotion_tables import show_lines, show_report
from storyroom.cli.exporting import script_of
from storyroom.cli.options import AsJson, SeriesFolder, open_room
from storyroom.cli.output import say, show_json
from storyroom.cli.places import STANDARD, put, put_out, refuse_to_lose
from storyroom.cli.tooling import NoteFrom, NoteTo, ToSession, address, say_sent
from storyroom.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storyroom.emotion import Report
    from storyroom.session import Session
    from storyroom.tools.bench import Sending


def emotions(
    what: Annotated[
        str,
        typer.Argument(metavar="FILE|SESSION", help="A script, - for standard input, or a session."),
    ],
    lines: Annotated[bool, typer.Option("--lines", help="List every line with its feeling.")] = False,
    svg: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the arcs as SVG.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the arcs as PNG.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write one interactive page that works from disk.")
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            metavar="SOURCE",
            help="What says how a line feels: head (English and Chinese, offline), transformers:ID-OR-PATH, "
            "or judge:MODEL, which gives reasons.",
        ),
    ] = "head",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
    as_json: AsJson = False,
    note_to: NoteTo = None,
    note_from: NoteFrom = None,
    session: ToSession = None,
    series: SeriesFolder = None,
) -> None:
    """Measure what a script feels like: by line, scene and character, and along the episode.

    Valence runs from -1, unpleasant, to 1, pleasant; strength from 0 to 1. A question mark stands behind
    what is weakly held. Arcs of one table are drawn to one scale.
    """
    from storyroom.emotion import as_page, as_png, as_svg

    sending = address(note_to, note_from, session)
    report = _report(what, source, series)
    made: list[tuple[Path, bytes]] = []
    for path, write in ((svg, _encoded(as_svg)), (png, as_png), (html, _encoded(as_page))):
        if path is not None:
            made.append((path, write(report)))
    _write(made, force=force, as_json=as_json)
    if as_json:
        from storyroom.emotion import as_json as plain_values

        show_json(plain_values(report))
    elif lines:
        show_lines(report)
    elif not made:
        show_report(report)
    if sending is not None:
        _send(report, sending, series)


def _report(what: str, spec: str, series: Path | None) -> Report:
    """Read a file if there is one of that name, else a session, with what its outline planned."""
    from storyroom.emotion import open_source, read
    from storyroom.formats.registry import format_named, read_script

    path = Path(what)
    source = open_source(spec)
    if path == STANDARD:
        from storyroom.cli.places import read_standard_input

        return read(read_standard_input(format_named("fountain")), source)
    if path.exists() or path.suffix or os.sep in what:
        return read(read_script(path), source)
    with open_room(series) as room:
        session = room.session(what)
        return _planned(read(script_of(session), source), session)


def _planned(report: Report, session: Session) -> Report:
    from storyroom.emotion import with_plan

    manuscript = session.manuscript
    if manuscript.outline is None:
        return report
    try:
        return with_plan(report, [manuscript.plan(number) for number in sorted(manuscript.scenes)])
    except InputError as error:
        say(f"Nothing planned is shown: {error.message}")
        return report


def _send(report: Report, to: Sending, series: Path | None) -> None:
    """Send what the scenes feel like into the room, as a note."""
    from storyroom.emotion import as_text

    with open_room(series) as room:
        say_sent(to.send(room, as_text(report)))


def _encoded(write: Callable[[Report], str]) -> Callable[[Report], bytes]:
    return lambda report: write(report).encode()


def _write(made: Sequence[tuple[Path, bytes]], *, force: bool, as_json: bool) -> None:
    for path, data in made:
        if path == STANDARD:
            if len(made) > 1 or as_json:
                raise InputError(
                    "Only one thing can go to standard output.", hint="Name files for the others."
                )
            continue
        if path.is_dir() or not path.parent.is_dir():
            raise InputError(f"{path} is no place for a file.", hint="Name a file in a folder that is there.")
        refuse_to_lose(path, data, force=force)
    for path, data in made:
        if path == STANDARD:
            put_out(data)
        elif as_json:
            from storyroom.files import write_whole

            write_whole(path, data)
            say(str(path))
        else:
            put(path, data, keep=False)
