"""`storyroom compare`: what became of a script between two versions of it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import AsJson, SeriesFolder, open_room
from storyroom.cli.output import say, show_json, show_table
from storyroom.cli.paging import Font, PageSize, SceneNumbers, page_options
from storyroom.cli.places import place_in, put, refuse_to_lose
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.cli.versions import Named
    from storyroom.formats.compare import Comparison, Revision
    from storyroom.formats.pdf import PdfOptions
    from storyroom.memory.ledger import Ledger


def compare(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A file, a SESSION, or one of its versions: SESSION@12.")
    ],
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", help="Another, or the same in a later version.")
    ] = None,
    versions: Annotated[
        bool, typer.Option("--list", help="List the versions of the session OLD, and do nothing else.")
    ] = False,
    context: Annotated[
        int, typer.Option(min=0, metavar="N", help="Unchanged lines that are shown around each change.")
    ] = 1,
    whole: Annotated[bool, typer.Option("--all", help="Show what is unchanged too.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write old and new side by side as a web page.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write NEW as PDF, changes marked by asterisks.")
    ] = None,
    fdx: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write NEW for Final Draft, with revision marks.")
    ] = None,
    revision: Annotated[
        str,
        typer.Option(
            metavar="COLOUR",
            help="Of PDF and FDX, or its number: blue (1), pink, yellow, green, goldenrod, buff, salmon, "
            "cherry, tan (9), white (10).",
        ),
    ] = "blue",
    date: Annotated[
        str, typer.Option(metavar="TEXT", help="Printed behind the colour at the head of revised pages.")
    ] = "",
    size: PageSize = "letter",
    scene_numbers: SceneNumbers = False,
    font: Font = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that differs.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if anything differs.")] = False,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Compare two scripts, or two versions of a session's, line by line and word by word.

    A line is the same, changed (~), moved (>), new (+) or gone (-).

    Words that went stand in [-…-], words that came in {+…+}.
    """
    from storyroom.cli.changes import show_changes, told
    from storyroom.cli.versions import list_versions, named
    from storyroom.formats.compare import compare as compared

    if as_json and (html or pdf or fdx):
        raise InputError("--json goes with no file.", hint="Run it twice: once for the files, once for JSON.")
    with ExitStack() as stack:
        room = cache(lambda: stack.enter_context(open_room(series)))
        if versions:
            show_table(*list_versions(room().session(old)), empty="It has no version yet.")
            return
        if new is None:
            raise InputError(
                f"Nothing is named that {old} is to be compared with.",
                hint="Name a second file, session or version; --list lists the versions of a session.",
            )
        before, after = named(old, room), named(new, room)
        comparison = compared(before.version, after.version)
        around = None if whole else context
        wanted = _Wanted(html, pdf, fdx, revision, date, around)
        options = page_options(size=size, scene_numbers=scene_numbers, font=font)
        files = wanted.files(comparison, options)
        for path, data in files:
            refuse_to_lose(path, data, force=force)
        for path, data in files:
            put(path, data, keep=path.suffix == ".fdx")
            if after.session is not None and path != html:
                _record(room().ledger, after, path, data)
    if as_json:
        from storyroom.formats.compare import as_json as compared_as_json

        show_json(compared_as_json(comparison))
    elif not files:
        show_changes(comparison, context=around)
    say(told(comparison))
    if exit_code and not comparison.same:
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Wanted:
    """The files that a comparison is to be written to, and how."""

    html: Path | None
    pdf: Path | None
    fdx: Path | None
    revision: str
    date: str
    context: int | None

    def files(self, comparison: Comparison, options: PdfOptions) -> list[tuple[Path, bytes]]:
        """Return each file's place and content."""
        from storyroom.formats.compare import as_html, revise, revision_number
        from storyroom.formats.registry import FORMATS

        revised = revise(comparison, revision_number(self.revision))
        pages = replace(options, revised=revised.ids, revision_colour=revised.colour, revision_date=self.date)
        made = []
        if self.html is not None:
            place = place_in(self.html, "comparison", FORMATS["html"])
            made.append((place, as_html(comparison, context=self.context).encode()))
        if self.pdf is not None:
            place = place_in(self.pdf, "revised", FORMATS["pdf"])
            made.append((place, FORMATS["pdf"].write(revised.script, pages)))
        if self.fdx is not None:
            made.append((place_in(self.fdx, "revised", FORMATS["fdx"]), _fdx(revised, options)))
        return made


def _fdx(revised: Revision, options: PdfOptions) -> bytes:
    from storyroom.formats.fdx import write

    return write(revised.script, paper=options.size, revisions=revised.numbers, reworded=revised.reworded)


def _record(ledger: Ledger, shown: Named, path: Path, data: bytes) -> None:
    from storyroom.files import sha256

    assert shown.session is not None, "a session has a head"
    assert shown.head is not None, "a session has a head"
    ledger.record_export(
        session=shown.session,
        head=shown.head,
        format=path.suffix.removeprefix("."),
        path=path.absolute(),
        sha256=sha256(data),
    )
