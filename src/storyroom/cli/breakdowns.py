"""`storyroom breakdown`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from storyroom.cli.exporting import script_of
from storyroom.cli.options import AsJson, SeriesFolder, open_room
from storyroom.cli.output import show, show_json, show_table
from storyroom.cli.paging import LinesPerInch, PageSize, TeleplayKind, page_options
from storyroom.cli.spreadsheet import show_csv
from storyroom.cli.words import count
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.formats.pages.report import Report
    from storyroom.story.headings import Setting
    from storyroom.story.script import Script

By = Literal["scene", "location", "cast"]
_LENGTH = "pages"
_NOTHING = {"scene": "No scenes.", "location": "No locations.", "cast": "Nobody speaks."}


class _Eighths(int):
    """A length, which people read as pages and spreadsheets add up."""

    def __str__(self) -> str:
        from storyroom.formats.pages import in_eighths

        return in_eighths(int(self))


class _Table(NamedTuple):
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def breakdown(
    what: Annotated[
        str, typer.Argument(metavar="FILE|SESSION", help="A script, or a session of the series.")
    ],
    by: Annotated[By, typer.Option("--by", help="What the rows of the table are.")] = "scene",
    as_csv: Annotated[bool, typer.Option("--csv", help="Write the table as CSV, for spreadsheets.")] = False,
    as_json: AsJson = False,
    size: PageSize = "letter",
    teleplay: TeleplayKind = None,
    lines_per_inch: LinesPerInch = None,
    series: SeriesFolder = None,
) -> None:
    """Break a script down: scenes with their cast and length, locations, day and night, speaking parts."""
    from storyroom.formats.pages.report import report

    if as_csv and as_json:
        raise InputError("CSV and JSON were both asked for.", hint="Ask for one of them.")
    script = _script(what, series)
    options = page_options(size=size, teleplay=teleplay, lines_per_inch=lines_per_inch)
    found = report(script, options)
    if as_json:
        show_json(_facts(found))
    elif as_csv:
        columns, rows = _TABLES[by](found)
        show_csv([{_LENGTH: "eighths"}.get(column, column) for column in columns], rows)
    else:
        _show(found, by)


def _script(what: str, series: Path | None) -> Script:
    """Read a file if there is one of that name, else take the script of a session."""
    from storyroom.formats.registry import read_script

    path = Path(what)
    if path.exists() or path.suffix or os.sep in what:
        return read_script(path)
    with open_room(series) as room:
        return script_of(room.session(what))


def _show(found: Report, by: By) -> None:
    _show_table(_TABLES[by](found), empty=_NOTHING[by])
    if by == "scene":
        for table in (_locations(found), _day_and_night(found), _cast(found)):
            if table.rows:
                show("")
                _show_table(table)
    show("")
    show(
        f"{count(found.pages, 'page')} ({_Eighths(found.eighths)}), {count(len(found.scenes), 'scene')}, "
        f"{count(len(found.locations), 'location')}, {count(len(found.cast), 'speaking part')}"
    )


def _show_table(table: _Table, *, empty: str = "") -> None:
    show_table(table.columns, [[str(cell) for cell in row] for row in table.rows], empty=empty)


def _scenes(found: Report) -> _Table:
    return _Table(
        ("scene", "I/E", "place", "time", "cast", _LENGTH, "page"),
        [
            (
                one.number,
                _setting(one.setting),
                one.place,
                one.time,
                ", ".join(one.cast),
                _Eighths(one.eighths),
                one.start_page,
            )
            for one in found.scenes
        ],
    )


def _locations(found: Report) -> _Table:
    return _Table(
        ("location", "I/E", "scenes", "which", _LENGTH),
        [
            (
                one.name,
                ", ".join(map(_setting, one.settings)),
                len(one.scenes),
                ", ".join(filter(None, one.scenes)),
                _Eighths(one.eighths),
            )
            for one in found.locations
        ],
    )


def _day_and_night(found: Report) -> _Table:
    return _Table(
        ("time of day", "scenes", _LENGTH),
        [(part, scenes, _Eighths(eighths)) for part, (scenes, eighths) in found.day_and_night.items()],
    )


def _cast(found: Report) -> _Table:
    return _Table(
        ("speaking part", "scenes", "which", "speeches", "words"),
        [
            (one.name, len(one.scenes), ", ".join(filter(None, one.scenes)), one.speeches, one.words)
            for one in found.cast
        ],
    )


_TABLES = {"scene": _scenes, "location": _locations, "cast": _cast}


def _setting(setting: Setting | None) -> str:
    return (setting or "").replace("-", "/")


def _facts(found: Report) -> dict[str, object]:
    from dataclasses import asdict

    facts = asdict(found)
    facts["day_and_night"] = {
        part: {"scenes": scenes, "eighths": eighths}
        for part, (scenes, eighths) in found.day_and_night.items()
    }
    return {"pages": facts.pop("pages"), "eighths": found.eighths, **facts}
