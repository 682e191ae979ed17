"""A copy of a series that is consistent, also while a session is being drafted.

It holds what cannot be made again: the bible, the scripts, the ledger, the checkpoints, and the name of the
embedder where one was chosen. To restore one, copy (or unzip) it to where the series is to lie, then run
`storyroom memory rebuild` there, which makes the index from the ledger.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from storyroom.errors import InputError, MemoryFault
from storyroom.memory.database import fault
from storyroom.memory.embeddings import choice_file

# The ledger comes last: it is written before the checkpoint that builds on it, so the copy of the ledger
# knows all that the copied checkpoints name.
_DATABASES = ("checkpoints.sqlite", "ledger.sqlite")
_FILES = ("series.yaml", "episodes", "drafts")


def backup(data_folder: Path, target: Path) -> Path:
    """Copy a series into a new folder, or into a new file if the target ends in `.zip`.

    The copy is there whole or not at all. Nothing is ever overwritten.

    Args:
        data_folder: the `.storyroom` folder of the series.
        target: what to make; the folder that it lies in must be there.

    Returns:
        The target.

    Raises:
        InputError: the target is there already, or lies where it cannot.
        MemoryFault: a database is damaged, or the copy could not be written.
    """
    series = data_folder.parent.absolute()
    target = target.expanduser().absolute()
    _refuse(series, data_folder.absolute(), target)
    try:
        # Made beside its place and then renamed, so that a full disk leaves nothing half.
        with TemporaryDirectory(prefix=".storyroom-backup-", dir=target.parent) as scratch:
            whole = Path(scratch) / target.stem
            _copy(series, data_folder, whole)
            if target.suffix.lower() == ".zip":
                whole = _zipped(whole, Path(scratch) / "whole.zip")
            _refuse_taken(target)
            whole.rename(target)
    except (OSError, shutil.Error) as error:
        raise MemoryFault(
            f"{target} could not be written ({getattr(error, 'strerror', None) or error}).",
            hint="Free some space, or name a place that you may write to.",
        ) from error
    return target


def _refuse(series: Path, data_folder: Path, target: Path) -> None:
    if not (series / _FILES[0]).is_file():
        raise InputError(f"{series} is no series.", hint="Run this in the folder of a series.")
    if not target.parent.is_dir():
        raise InputError(f"There is no folder {target.parent}.", hint="Make it first, or name another.")
    inside = (data_folder, *(series / name for name in _FILES))
    if any(folder == target or folder in target.parents for folder in inside):
        raise InputError(
            f"{target} lies within what is to be copied.", hint="Name a place outside the series folder."
        )
    _refuse_taken(target)


def _refuse_taken(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise InputError(f"{target} is there already.", hint="Name another; a backup overwrites nothing.")


def _copy(series: Path, data_folder: Path, whole: Path) -> None:
    data = whole / data_folder.name
    data.mkdir(parents=True)
    for name in _DATABASES:
        if (data_folder / name).exists():
            _copy_database(data_folder / name, data / name)
    chosen = choice_file(data_folder / "index")
    if chosen.exists():
        shutil.copy2(chosen, data / chosen.name)
    for name in _FILES:
        if (series / name).is_dir():
            shutil.copytree(series / name, whole / name)
        elif (series / name).exists():
            shutil.copy2(series / name, whole / name)


def _copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite file as of one moment (https://www.sqlite.org/backup.html), and check the copy."""
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
            original.backup(copy)
            # A copy that travels should be one file, without a log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(found)
    except sqlite3.Error as error:
        raise fault(source, error) from error


def _zipped(folder: Path, target: Path) -> Path:
    with ZipFile(target, "w", ZIP_DEFLATED, strict_timestamps=False) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return target
