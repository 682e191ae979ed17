"""The right to advance a session: an OS lock on a file, which ends with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storyroom.errors import MemoryFault, SessionBusy


@contextmanager
def sole_runner(locks: Path, session_id: str) -> Iterator[None]:
    """Hold the right to advance a session; it ends with the process, however that dies.

    Raises:
        SessionBusy: another process holds it.
    """
    try:
        locks.mkdir(parents=True, exist_ok=True)
        lock = FileLock(lock_file(locks, session_id), timeout=0)
        lock.acquire()
    except Timeout as error:
        raise SessionBusy(
            f"Another process is working on session {session_id}.",
            hint="Wait for it or stop it with Ctrl-C there; notes and answers can be given meanwhile.",
        ) from error
    except OSError as error:
        raise MemoryFault(
            f"The lock of session {session_id} cannot be taken ({error.strerror}).",
            hint="Make the series folder writable for you.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def lock_file(locks: Path, session_id: str) -> Path:
    """Return the file whose lock a session's runner holds."""
    return locks / f"{session_id}.lock"
