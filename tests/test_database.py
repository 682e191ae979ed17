"""The file behind the ledger: its schema, its transactions, and what it says when the disk fails it."""

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from room_kit import without_rights
from sqlalchemy import create_engine, event, insert, text

from storyroom.errors import MemoryFault
from storyroom.memory.database import SCHEMA, Database, fault, vacuum
from storyroom.memory.tables import metadata, segments

SPAWN = multiprocessing.get_context("spawn")


def put(database: Database, name: str, body: bytes = b"x") -> None:
    """Add one row."""
    with database.write() as connection:
        connection.execute(insert(segments).values(id=name, body=body))


def names(database: Database) -> set[str]:
    """Return the names of all rows."""
    with database.read() as connection:
        return set(connection.execute(segments.select()).scalars())


def test_migrations_make_exactly_the_tables(tmp_path: Path):
    """What the migrations build is what the code describes: Alembic finds nothing to change."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Database(tmp_path / "ledger.sqlite").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_schema_of_the_code_is_the_newest_migration():
    """The version that the database is compared with is the head of the migrations."""
    from alembic.script import ScriptDirectory

    from storyroom.memory.migrate import config

    assert ScriptDirectory.from_config(config()).get_current_head() == SCHEMA


def test_the_file_is_in_wal_mode(tmp_path: Path):
    """Readers do not wait for writers, and every commit is on the disk when it returns."""
    database = Database(tmp_path / "ledger.sqlite")
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path):
    """While a transaction is open, others read what was there before it."""
    database = Database(tmp_path / "ledger.sqlite")
    put(database, "before")
    with database.write() as connection:
        connection.execute(insert(segments).values(id="during", body=b""))
        assert names(database) == {"before"}
    assert names(database) == {"before", "during"}


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path):
    """An error in the middle takes back what the transaction had written."""
    database = Database(tmp_path / "ledger.sqlite")
    with pytest.raises(TypeError), database.write() as connection:  # noqa: PT012
        connection.execute(insert(segments).values(id="half", body=b""))
        raise TypeError
    assert names(database) == set()


def write_many(path: Path, name: str) -> None:
    """Add rows in transactions of their own."""
    database = Database(path)
    for number in range(40):
        put(database, f"{name}{number}")


def test_processes_that_open_and_write_at_once_lose_nothing(tmp_path: Path):
    """Four processes make the same new ledger and write to it together."""
    path = tmp_path / "ledger.sqlite"
    writers = [SPAWN.Process(target=write_many, args=(path, name)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert len(names(Database(path))) == 160


def test_a_newer_schema_is_refused(tmp_path: Path):
    """A ledger that a newer Storyroom wrote is left alone, and the hint says to upgrade."""
    path = tmp_path / "ledger.sqlite"
    Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(MemoryFault, match="newer Storyroom") as caught:
        Database(path)
    assert "pgrade" in caught.value.hint
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["header", "middle", "text"])
def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path, damage: str):
    """A file that is no SQLite database, or no longer a whole one, is an error that names it."""
    path = tmp_path / "ledger.sqlite"
    database = Database(path)
    for number in range(50):
        put(database, f"row{number}", os.urandom(2000))
    database.close()
    vacuum(path)
    data = bytearray(path.read_bytes())
    if damage == "header":
        data[:64] = os.urandom(64)
    elif damage == "middle":
        data[4096:] = os.urandom(len(data) - 4096)
    else:
        data = bytearray(b"this was a ledger\n" * 100)
    path.write_bytes(data)
    with pytest.raises(MemoryFault, match="is damaged") as caught:
        names(Database(path))
    assert "backup" in caught.value.hint
    assert path.read_bytes() == data


def test_a_full_database_says_so_and_keeps_what_it_had(tmp_path: Path):
    """When no page can be added, the error speaks of space; rows written before stay; freed space is used."""
    database = Database(tmp_path / "ledger.sqlite")
    put(database, "before")
    limit: list[int] = [60]
    event.listen(
        database._engine,
        "connect",
        lambda connection, _record: connection.execute(f"PRAGMA max_page_count={limit[0]}"),
    )
    database._engine.dispose()
    with pytest.raises(MemoryFault, match="disk is full") as caught:
        put(database, "big", os.urandom(1_000_000))
    assert "resume" in caught.value.hint
    assert names(database) == {"before"}
    limit[0] = 1_000_000
    database._engine.dispose()
    put(database, "big", os.urandom(1_000_000))
    assert names(database) == {"before", "big"}


FILL = """
import os, sys
from pathlib import Path
from sqlalchemy import insert
from storyroom.errors import MemoryFault
from storyroom.memory.database import Database
from storyroom.memory.tables import segments
database = Database(Path(sys.argv[1]) / "ledger.sqlite")
kept = 0
try:
    while True:
        with database.write() as connection:
            connection.execute(insert(segments).values(id=str(kept), body=os.urandom(50_000)))
        kept += 1
except MemoryFault as error:
    print(error.message)
with database.read() as connection:
    assert len(connection.execute(segments.select()).all()) == kept > 5
"""


def test_a_full_disk_says_so(tmp_path: Path):
    """Without space the error says that the disk is full, and all committed rows are there."""
    if shutil.which("unshare") is None:
        pytest.skip(
            "A FULL DISK WAS NOT TRIED: there is no `unshare` here to mount a small file system with."
        )
    mount = f"mount -t tmpfs -o size=2m none {tmp_path} && exec {sys.executable} - {tmp_path}"
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount], input=FILL, text=True, capture_output=True, check=False
    )
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"A FULL DISK WAS NOT TRIED: no file system can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    assert "disk is full" in done.stdout


def open_there(folder: Path) -> None:
    """Open a ledger in a folder that is there."""
    Database(folder / "ledger.sqlite")


def open_deeper(folder: Path) -> None:
    """Open a ledger in a folder that would have to be made."""
    Database(folder / "deep" / "ledger.sqlite")


@pytest.mark.parametrize("action", [open_there, open_deeper])
def test_a_folder_without_rights_is_a_clear_error(action: Callable[[Path], None]):
    """A ledger in a folder that may not be written is refused with a hint, and nothing is made."""
    with tempfile.TemporaryDirectory() as name:
        said = without_rights(action, Path(name))
        assert said.startswith("MemoryFault")
        assert "hint: Make the series folder writable" in said
        assert list(Path(name).iterdir()) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("database or disk is full", "disk is full"),
        ("attempt to write a readonly database", "cannot be written"),
        ("unable to open database file", "cannot be written"),
        ("database is locked", "held by another process"),
    ],
)
def test_what_sqlite_says_is_said_in_our_words(said: str, expected: str):
    """Each of SQLite's complaints has an error of its own, with what to do."""
    error = fault(Path("ledger.sqlite"), sqlite3.OperationalError(said))
    assert expected in error.message
    assert error.hint


def test_a_copy_is_whole_while_others_write(tmp_path: Path):
    """A copy made between two writes opens as a ledger and holds what was committed."""
    database = Database(tmp_path / "ledger.sqlite")
    put(database, "kept")
    with database.write() as connection:
        connection.execute(insert(segments).values(id="open", body=b""))
        database.copy_to(tmp_path / "copy.sqlite")
    assert names(Database(tmp_path / "copy.sqlite")) == {"kept"}


def test_a_copy_that_cannot_be_written_is_a_clear_error(tmp_path: Path):
    """A target in no folder is an error of ours."""
    database = Database(tmp_path / "ledger.sqlite")
    with pytest.raises(MemoryFault, match="copy"):
        database.copy_to(tmp_path / "nowhere" / "copy.sqlite")


def test_vacuum_leaves_nothing_of_deleted_rows(tmp_path: Path):
    """After a vacuum the bytes of a deleted row are in neither the file nor its log."""
    database = Database(tmp_path / "ledger.sqlite")
    put(database, "secret", b"the lamp went out at nine" * 100)
    with database.write() as connection:
        connection.execute(text("DELETE FROM segments"))
    database.vacuum()
    for path in tmp_path.iterdir():
        assert b"the lamp went out" not in path.read_bytes()


def test_what_is_written_within_a_transaction_belongs_to_it(tmp_path: Path):
    """A failure after it takes it back too; the next transaction is one of its own again."""
    database = Database(tmp_path / "ledger.sqlite")

    def fail() -> None:
        with database.write():
            put(database, "a")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert names(database) == set()
    with database.write():
        put(database, "b")
    put(database, "c")
    assert names(database) == {"b", "c"}
    database.close()
