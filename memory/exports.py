"""Exports: which head a file that was written shows; a file that comes back is known again by them."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from storyroom.memory.database import Database, now


class Export(BaseModel, frozen=True):
    """A file that was written.

    Attributes:
        head: the script version that it shows.
        path: where it was written to, absolute; the file may be elsewhere by now.
        sha256: of its bytes, as hex.
    """

    session: str
    head: str
    format: str
    path: str
    sha256: str
    created: str


class Exports:
    """Records exports and finds them; what is found comes newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, *, session: str, head: str, format: str, path: Path, sha256: str) -> None:
        """Remember which head a written file shows.

        The same file written again, as after a crash, is remembered once.
        """
        from sqlalchemy import insert, select

        from storyroom.memory.tables import exports

        row = {"session": session, "head": head, "format": format, "path": str(path), "sha256": sha256}
        with self._database.write() as connection:
            if connection.execute(select(exports.c.seq).filter_by(**row)).first() is None:
                connection.execute(insert(exports).values(**row, created=now()))

    def find(
        self, *, sha256: str | None = None, path: Path | None = None, session: str | None = None
    ) -> list[Export]:
        """Return the exports of which all that is given is true.

        Args:
            sha256: of the file's bytes.
            path: where it was written to, absolute.
            session: name of the session, in full.
        """
        given = {"sha256": sha256, "path": None if path is None else str(path), "session": session}
        wanted = {name: value for name, value in given.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in wanted) or "true"
        query = f"SELECT * FROM exports WHERE {where} ORDER BY seq DESC"
        rows = self._database.rows(query, list(wanted.values()))
        return [Export(**{name: row[name] for name in Export.model_fields}) for row in rows]
