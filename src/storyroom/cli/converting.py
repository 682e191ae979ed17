"""`storyroom convert`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.exporting import FORMATS
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
from storyroom.cli.places import (
    STANDARD,
    place_in,
    put,
    put_out,
    read_standard_input,
    refuse_to_lose,
    tell_left_out,
)
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.formats.registry import Format
    from storyroom.story.script import Script


def convert(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="A script in Fountain or FDX; - for standard input.")
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="A file, a folder, or - for standard output.")
    ],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="FORMAT", help="Default: by the suffix of IN.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="FORMAT", help=f"{FORMATS}. Default: by the suffix of OUT.")
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Overwrite a file that differs. A script is kept beside it as NAME.bak."
        ),
    ] = False,
    size: PageSize = "letter",
    scene_numbers: SceneNumbers = False,
    teleplay: TeleplayKind = None,
    lines_per_inch: LinesPerInch = None,
    font: Font = None,
    courier: Courier = None,
    substitute: Substitute = None,
) -> None:
    """Convert a script: `storyroom convert pilot.fdx pilot.pdf`. Needs no series."""
    format = _target_format(target, to)
    place = None if target == STANDARD else place_in(target, _stem(source), format)
    same = place is not None and place.exists() and source.exists() and place.samefile(source)
    if same and not force:
        raise InputError(
            f"{source} would be written over itself.",
            hint="Name another file for what is written, or use --force: what it was is kept as NAME.bak.",
        )
    script = _read(source, from_)
    options = page_options(
        size=size,
        scene_numbers=scene_numbers,
        teleplay=teleplay,
        lines_per_inch=lines_per_inch,
        font=font,
        courier=courier,
        substitute=substitute,
    )
    data = format.write(script, options)
    tell_left_out(script, format, options)
    if place is None:
        put_out(data)
    else:
        refuse_to_lose(place, data, force=force)
        put(place, data, keep=same or format.read is not None)


def _target_format(target: Path, to: str | None) -> Format:
    from storyroom.formats.registry import format_named, format_of

    if to is not None:
        return format_named(to)
    if target == STANDARD or target.is_dir():
        raise InputError(f"Nothing says in which format to write to {target}.", hint="Name it: --to pdf.")
    return format_of(target)


def _read(source: Path, from_: str | None) -> Script:
    from storyroom.formats.registry import format_named, read_script, reader_of

    if source == STANDARD:
        if from_ is None:
            raise InputError(
                "Nothing says in which format standard input is.", hint="Name it: --from fountain."
            )
        return read_standard_input(format_named(from_))
    return read_script(source) if from_ is None else reader_of(format_named(from_), str(source))(source)


def _stem(source: Path) -> str:
    return "script" if source == STANDARD else source.stem
