"""What the commands that only look share: a series opened without its agents, and the session meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import command
from storyroom.errors import SessionError

if TYPE_CHECKING:
    from storyroom.archive import Archive
    from storyroom.session import Session

OptionalSession = Annotated[
    str | None,
    typer.Argument(metavar="[SESSION]", help="A session, or the beginning of its name. Default: the newest."),
]


def open_archive(series: Path | None) -> Archive:
    """Open the archive of the series that a folder belongs to; agents and models take longer to load.

    The bible is read when it is asked for, and may then be found not to be one.

    Raises:
        BibleError: there is no series.
    """
    from storyroom.archive import Archive
    from storyroom.series import Series

    return Archive(Series.find(series or Path()))


def session_or_newest(archive: Archive, name: str | None, series: Path | None) -> Session:
    """Return the session of a name, or the newest where none is named.

    Raises:
        SessionError: there is no such session, or none at all.
    """
    if name is not None:
        return archive.session(name)
    records = archive.ledger.sessions.every()
    if not records:
        raise SessionError(
            "This series has no session yet.", hint=f"Begin one: {command(series, 'draft', '…')}"
        )
    return archive.session(records[-1].id)
