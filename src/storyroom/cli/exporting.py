"""`storyroom export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import SeriesFolder, SessionName, open_room
from storyroom.cli.paging import (
    Courier,
    Font,
    LinesPerInch,
    PageSize,
    SceneNumbers,
    Substitute,
    TeleplayKind,
    page_options,
)
from storyroom.cli.places import STANDARD, place_in, put, put_out, refuse_to_lose, tell_left_out
from storyroom.errors import InputError, SessionError

if TYPE_CHECKING:
    from storyroom.formats.registry import Format
    from storyroom.room import Room
    from storyroom.session import Session
    from storyroom.story.script import Script

FORMATS = "fountain, fdx, pdf, docx, html, markdown, text"
"""The names of the formats, for help that must not wait for their libraries."""


def export(
    session: SessionName,
    to: Annotated[list[str] | None, typer.Option("--to", help=f"{FORMATS}; several as fdx,pdf.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="A file, a folder, or - for standard output. Default: drafts/."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that differs.")] = False,
    size: PageSize = "letter",
    scene_numbers: SceneNumbers = False,
    teleplay: TeleplayKind = None,
    lines_per_inch: LinesPerInch = None,
    font: Font = None,
    courier: Courier = None,
    substitute: Substitute = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Write the answers to all notes, as Markdown, instead.")
    ] = False,
    series: SeriesFolder = None,
) -> None:
    """Write a session's script to files, as it stands now."""
    from storyroom.files import sha256
    from storyroom.formats.registry import format_named

    names = [name for part in to or ["fountain"] for name in part.split(",")]
    formats = list(dict.fromkeys(format_named(name) for name in names))
    options = page_options(
        size=size,
        scene_numbers=scene_numbers,
        teleplay=teleplay,
        lines_per_inch=lines_per_inch,
        font=font,
        courier=courier,
        substitute=substitute,
    )
    with open_room(series) as room:
        one = room.session(session)
        stem = f"s01e{one.order.episode:02d}-{one.id}"
        if notes:
            _notes(room, one, out, f"{stem}-notes", force=force)
            return
        script = script_of(one)
        if out is not None and not out.is_dir() and len(formats) > 1:
            raise InputError(
                f"{out} is no folder, and {len(formats)} formats were asked for.",
                hint="Make the folder first, or export one format at a time.",
            )
        if out == STANDARD:
            put_out(formats[0].write(script, options))
            return
        files = [
            (format, _place(out, room.series.drafts, stem, format), format.write(script, options))
            for format in formats
        ]
        for _, path, data in files:
            refuse_to_lose(path, data, force=force)
        for format, path, data in files:
            tell_left_out(script, format, options)
            put(path, data, keep=format.read is not None)
            assert one.head is not None, "a session with a scene has a head"
            room.ledger.record_export(
                session=one.id, head=one.head, format=format.name, path=path.absolute(), sha256=sha256(data)
            )


def _notes(room: Room, session: Session, out: Path | None, stem: str, *, force: bool) -> None:
    from storyroom.formats.registry import format_named
    from storyroom.note_report import note_report

    data = note_report(session, room.notes(session.id)).encode()
    if out == STANDARD:
        put_out(data)
        return
    path = _place(out, room.series.drafts, stem, format_named("markdown"))
    refuse_to_lose(path, data, force=force)
    put(path, data, keep=False)


def script_of(session: Session) -> Script:
    """Return a session's script as it stands.

    Raises:
        SessionError: no scene is written yet.
    """
    from storyroom.formats.fountain import parse

    if session.head is None or not session.manuscript.scenes:
        raise SessionError(
            f"Session {session.id} has no scene yet.", hint=f"Go on first: storyroom resume {session.id}"
        )
    return parse(session.fountain)


def _place(out: Path | None, drafts: Path, stem: str, format: Format) -> Path:
    if out is not None:
        return place_in(out, stem, format)
    return drafts / (stem + format.suffixes[0])
