"""`storyroom check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from storyroom.cli.checker import Checker
from storyroom.cli.findings import REPORTS, show_findings
from storyroom.cli.options import Model, SeriesFolder
from storyroom.cli.output import show
from storyroom.cli.places import put
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.story.continuity import FindingKind

To = Literal["text", "json", "sarif"]
_FOUND = 1


def check(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|SESSION…", help="Scripts in any format, - for Fountain on stdin, or sessions."
        ),
    ],
    episode: Annotated[
        int | None,
        typer.Option(
            "--episode", min=1, max=999, help="Number of the episode. Default: as its name says; the next."
        ),
    ] = None,
    likely: Annotated[
        bool, typer.Option("--likely/--no-likely", help="Also tell what only reading the prose suggests.")
    ] = True,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Only this kind. Several times.")
    ] = None,
    model: Model = None,
    pairs: Annotated[
        int | None,
        typer.Option(
            "--pairs",
            min=0,
            max=20,
            help="Earlier passages that the model compares each scene with. Default: 3.",
        ),
    ] = None,
    to: Annotated[To, typer.Option("--to", help="How to write what was found.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")
    ] = None,
    series: SeriesFolder = None,
) -> None:
    """Check scripts for continuity, against the bible, the canon and themselves.

    In the folder of a series a script is checked as one of its episodes, elsewhere against itself; a session
    also against who its outline plans for each scene. What is certain was decided from headings, cues, lists
    and approved facts; what is likely was read out of prose, by patterns or by the model that is named.

    Exit code: 0 nothing was found, 1 something was, 2 a file cannot be read.
    """
    kinds = _kinds(kind, likely=likely)
    if episode is not None and len(what) > 1:
        raise InputError("One episode has one script.", hint="Leave --episode out, or check one file.")
    if pairs is not None and model is None:
        raise InputError(
            "Only a model compares passages.", hint="Name one with --model, or leave --pairs out."
        )
    asked = any(one.startswith("likely_") for one in kinds)
    with Checker(series, kinds, model if asked else None, pairs) as checker:
        subjects = [checker.subject(one, episode) for one in what]
        checked = [checker(one) for one in subjects]
    if output is not None or to != "text":
        _write(REPORTS[to](checked), output)
    else:
        show_findings(checked)
    if any(one.findings for one in checked):
        raise typer.Exit(_FOUND)


def _kinds(asked: Sequence[str] | None, *, likely: bool) -> list[FindingKind]:
    """Return the kinds to look for.

    Raises:
        InputError: one of those named is none.
    """
    from storyroom.story.bible import nearest
    from storyroom.story.continuity import KINDS, LIKELY

    for one in asked or ():
        if one not in KINDS:
            raise InputError(
                f"There is no kind {one!r}{nearest(one, KINDS)}.", hint=f"Kinds: {', '.join(KINDS)}."
            )
    return [one for one in KINDS if (not asked or one in asked) and (likely or one not in LIKELY)]


def _write(report: str, output: Path | None) -> None:
    if output is None:
        show(report)
    else:
        put(output, (report + "\n").encode(), keep=False)
