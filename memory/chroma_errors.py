"""Chroma's errors, its engine's and the disk's, in our words."""

from __future__ import annotations

from pathlib import Path

from storyroom.errors import IndexStale, MemoryFault

REBUILD_HINT = "Run `storyroom memory rebuild`: it makes the index again from the ledger and loses nothing."
# Chroma passes SQLite's result codes on inside its messages; these are about the disk, not about damage:
# read-only, I/O error, full, cannot open (https://www.sqlite.org/rescode.html).
_DISK_CODES = ("(code: 8)", "(code: 10)", "(code: 13)", "(code: 14)", "(code: 1032)")


def translated(folder: Path, error: BaseException) -> BaseException:
    """Return our error for one of Chroma, its engine or the disk; any other as it is."""
    if isinstance(error, OSError):
        return unusable(folder, error)
    if type(error).__name__ == "PanicException":  # of the Rust engine; not an Exception, and not importable
        return damaged(folder, str(error))
    if type(error).__module__ == "chromadb.errors":
        if any(code in str(error) for code in _DISK_CODES):
            return unusable(folder, error)
        return damaged(folder, str(error))
    return error


def damaged(place: object, what: str) -> IndexStale:
    """Return the error for an index that is not what it should be."""
    return IndexStale(f"The index at {place} is damaged: {what.strip()}.", hint=REBUILD_HINT)


def unusable(folder: Path, error: BaseException) -> MemoryFault:
    """Return the error for a folder that cannot be read or written."""
    return MemoryFault(
        f"The index at {folder} cannot be used: {error}.",
        hint="See that it is a folder that you may write to, and that the disk is not full.",
    )
