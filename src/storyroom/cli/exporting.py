"""`storyroom export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from storyroom.cli.options import SeriesFolder, SessionName, open_room
from storyroom.cli.output import show
from storyroom.errors import InputError, SessionError


def export(
    session: SessionName,
    to: Annotated[
        list[str] | None, typer.Option("--to", help="fountain, markdown, fdx, pdf; several as fdx,pdf.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="A file, a folder, or - for standard output. Default: drafts/."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that differs.")] = False,
    series: SeriesFolder = None,
) -> None:
    """Write a session's script to files, as it stands now."""
    from storyroom.cli.writers import format_of
    from storyroom.files import sha256, write_whole
    from storyroom.formats.fountain import parse

    names = [name.strip() for part in to or ["fountain"] for name in part.split(",")]
    formats = {name: format_of(name) for name in names}
    with open_room(series) as room:
        one = room.session(session)
        if one.head is None or not one.manuscript.scenes:
            raise SessionError(
                f"Session {one.id} has no scene yet.", hint=f"Go on first: storyroom resume {one.id}"
            )
        script = parse(one.fountain)
        files = {name: format.write(script) for name, format in formats.items()}
        if out == Path("-"):
            sys.stdout.buffer.write(b"".join(files.values()))
            return
        stem = f"s01e{one.order.episode:02d}-{one.id}"
        places = _places(out, room.series.drafts, stem, {name: f.suffix for name, f in formats.items()})
        for name, path in places.items():
            _refuse_other(path, files[name], force=force)
        for name, path in places.items():
            write_whole(path, files[name])
            room.ledger.record_export(
                session=one.id, head=one.head, format=name, path=path.absolute(), sha256=sha256(files[name])
            )
            show(str(path))


def _places(out: Path | None, drafts: Path, stem: str, suffixes: dict[str, str]) -> dict[str, Path]:
    """Return where each format goes: into a folder, or to the file that was named."""
    if out is None or out.is_dir():
        folder = out or drafts
        return {name: folder / (stem + suffix) for name, suffix in suffixes.items()}
    if len(suffixes) > 1:
        raise InputError(
            f"{out} is no folder, and {len(suffixes)} formats were asked for.",
            hint="Make the folder first, or export one format at a time.",
        )
    return dict.fromkeys(suffixes, out)


def _refuse_other(path: Path, data: bytes, *, force: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder.", hint="Name a file with --out.")
    try:
        other = path.exists() and path.read_bytes() != data
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", hint="Name another place.") from error
    if other and not force:
        raise InputError(
            f"{path} is there already, and says something else.",
            hint="Name another place with --out, or overwrite it with --force.",
        )
