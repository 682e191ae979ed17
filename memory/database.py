"""One SQLite file in WAL mode: opened, migrated, read, written, copied.

Readers never wait. Writers of one process take turns on a lock, those of several on SQLite's own, so that a
transaction begins `IMMEDIATE` and cannot fail half-way for want of it.

What commands that only look read, they read with plain queries (`rows`): importing SQLAlchemy alone would
take longer than all else that they do.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence, Sized
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyroom.errors import MemoryFault, StoryroomError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SCHEMA = "0004"
_BUSY_SECONDS = 30
_LEAST_ROOM = 1_000_000


def now() -> str:
    """Return the time as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Database:
    """The file behind a ledger.

    Args:
        path: the SQLite file; made, and brought to the newest schema, when it is not there yet.

    Raises:
        MemoryFault: the file is damaged, of a newer schema, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._writing: Connection | None = None
        self._made: Engine | None = None
        self._idle: list[sqlite3.Connection] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise fault(path, error) from error
        try:
            self._migrate()
        except StoryroomError:
            self.close()
            raise

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Return what a query finds.

        Args:
            query: plain SQL with a `?` for each value.
        """
        try:
            connection = self._reader()
            with closing(connection.execute(query, values)) as found:
                rows: list[sqlite3.Row] = found.fetchall()
        except (sqlite3.Error, OSError) as error:
            raise fault(self.path, error) from error
        self._idle.append(connection)
        return rows

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the file."""
        from sqlalchemy.exc import DBAPIError

        try:
            with self._engine.connect() as connection:
                yield connection
        except (DBAPIError, OSError) as error:
            raise fault(self.path, error) from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together, or not at all.

        What the same thread writes meanwhile is kept together with them.
        """
        from sqlalchemy.exc import DBAPIError

        with self._lock:
            if self._writing is not None:
                yield self._writing
                return
            try:
                with (
                    self._engine.connect().execution_options(immediate=True) as connection,
                    connection.begin(),
                ):
                    self._writing = connection
                    yield connection
            except (DBAPIError, OSError) as error:
                raise fault(self.path, error) from error
            finally:
                self._writing = None

    def close(self) -> None:
        """Let go of the file."""
        while self._idle:
            self._idle.pop().close()
        if self._made is not None:
            self._made.dispose()

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy, also while others write.

        Raises:
            MemoryFault: this file cannot be read, or the copy cannot be written.
        """
        try:
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
        except sqlite3.Error as error:
            raise fault(target, error) from error

    def vacuum(self) -> None:
        """Give deleted rows' space back, so that nothing of them stays in the file or its log."""
        with self._lock:
            vacuum(self.path)

    def size(self) -> int:
        """Return the bytes on disk, log included."""
        return file_size(self.path)

    def _migrate(self) -> None:
        version = self._version()
        if version == SCHEMA:
            return
        if version is not None and version > SCHEMA:
            raise MemoryFault(
                f"{self.path} was written by a newer Storyroom (schema {version}; this one knows {SCHEMA}).",
                hint="Upgrade Storyroom: pip install --upgrade storyroom.",
            )
        # Alembic is slow to import and only needed when something is to be changed.
        from sqlalchemy.exc import DBAPIError

        from storyroom.memory.migrate import upgrade

        with self._lock:
            try:
                upgrade(self._engine)
            except (DBAPIError, OSError) as error:
                raise fault(self.path, error) from error

    def _version(self) -> str | None:
        if not self.path.exists():
            return None
        if not self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"):
            return None
        found = self.rows("SELECT version_num FROM alembic_version")
        return str(found[0]["version_num"]) if found else None

    def _reader(self) -> sqlite3.Connection:
        """Return a connection that nobody uses: threads read side by side."""
        with suppress(IndexError):
            return self._idle.pop()
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection

    @property
    def _engine(self) -> Engine:
        from sqlalchemy import create_engine, event

        with self._lock:
            if self._made is None:
                made = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": _BUSY_SECONDS})
                event.listen(made, "connect", _prepare)
                event.listen(made, "begin", _begin)
                self._made = made
            return self._made


def among(values: Sized) -> str:
    """Return the marks of a list of values in a query: ``(?, ?, ?)``."""
    return f"({', '.join('?' * len(values))})"


def vacuum(path: Path) -> None:
    """Rewrite a SQLite file without its free pages and empty its log.

    Raises:
        MemoryFault: it is in use, or there is no room for the rewriting.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise fault(path, error) from error
    finally:
        connection.close()


def file_size(path: Path) -> int:
    """Return the bytes of a SQLite file and its log."""
    parts = (path, path.with_name(path.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # SQLAlchemy, not the driver, says when a transaction begins: see `_begin`.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def fault(path: Path, error: BaseException) -> MemoryFault:
    """Say in our words what SQLite or the file system said."""
    cause = getattr(error, "orig", None) or error
    said = str(cause)
    low = said.lower()
    # SQLite reports a log that finds no room as an I/O error.
    if "full" in low or "no space" in low or ("i/o error" in low and _no_room(path)):
        return MemoryFault(
            f"The disk is full: {path} could not be written ({said}).",
            hint="Free some space, then run `storyroom resume`: every finished turn is kept.",
        )
    if "readonly" in low or "read-only" in low or "unable to open" in low or "permission" in low:
        return MemoryFault(
            f"{path} cannot be written ({said}).",
            hint="Make the series folder writable for you, or copy it to a place that is.",
        )
    if "locked" in low or "busy" in low:
        return MemoryFault(
            f"{path} is held by another process ({said}).",
            hint="Wait for the other storyroom command to end, then run this one again.",
        )
    if "i/o error" in low:
        return MemoryFault(
            f"{path} could not be read or written ({said}).",
            hint="Check the disk, and that no other program holds the file; `storyroom doctor` tells more.",
        )
    if isinstance(cause, sqlite3.DatabaseError) and not isinstance(cause, sqlite3.IntegrityError):
        return MemoryFault(
            f"{path} is damaged ({said}).",
            hint="Put back a copy made by `storyroom memory backup`; `storyroom doctor` checks every file.",
        )
    return MemoryFault(f"{path}: {said}", hint="`storyroom doctor` checks every file of the series.")


def _no_room(path: Path) -> bool:
    folder = next(one for one in path.absolute().parents if one.is_dir())
    return shutil.disk_usage(folder).free < _LEAST_ROOM
