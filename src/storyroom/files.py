"""Files that are there whole or not at all, and what they were before they were written over."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from uuid import uuid4

from storyroom.errors import FormatError


def sha256(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, as hex."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; make its folder where there is none.

    A file that was there keeps its rights, and a link keeps pointing to it.

    Raises:
        FormatError: it cannot be written.
    """
    target = path.resolve()
    part = target.with_name(f".{uuid4().hex}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink()


def write_over(path: Path, data: bytes) -> Path:
    """Write a file anew, and keep what it was beside it; return where: `NAME.bak`, `NAME.bak.2` …

    Raises:
        FormatError: it, or what it was, cannot be written. Nothing has changed then.
    """
    kept = _set_aside(path)
    try:
        write_whole(path, data)
    except BaseException:
        kept.unlink()
        raise
    return kept


def _set_aside(path: Path) -> Path:
    """Copy a file to the first name for copies that is free."""
    for number in count(1):
        copy = path.with_name(f"{path.name}.bak" + (f".{number}" if number > 1 else ""))
        try:
            file = copy.open("xb")
        except FileExistsError:
            continue
        except OSError as error:
            raise _not_written(copy, error) from error
        try:
            with file:
                file.write(path.read_bytes())
                file.flush()
                os.fsync(file.fileno())
            copy.chmod(path.stat().st_mode & 0o777)
        except OSError as error:
            copy.unlink()
            raise _not_written(copy, error) from error
        return copy
    raise AssertionError("numbers end nowhere")


def _not_written(path: Path, error: OSError) -> FormatError:
    return FormatError(
        f"{path} could not be written ({error.strerror}).",
        hint="Free some space or make the folder writable, then run the command again.",
    )
