"""Files are there whole or not at all, and what is written over is kept."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from storyroom.errors import FormatError
from storyroom.files import write_over, write_whole


def full(_: int) -> None:
    """Stand for a disk that is full when a file is brought to it."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_keeps_its_rights_and_a_link_its_file(tmp_path: Path) -> None:
    """Writing over a file changes what it holds, and nothing else."""
    file, link = tmp_path / "script", tmp_path / "link"
    write_whole(file, b"one")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, b"two")
    assert link.is_symlink()
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [link, file]


def test_what_is_written_over_is_kept_under_a_free_name(tmp_path: Path) -> None:
    """The first copy is NAME.bak, later ones are numbered; none is written over."""
    file = tmp_path / "a.fountain"
    file.write_bytes(b"0")
    file.chmod(0o600)
    kept = [write_over(file, str(number).encode()) for number in (1, 2, 3)]
    assert [path.name for path in kept] == ["a.fountain.bak", "a.fountain.bak.2", "a.fountain.bak.3"]
    assert [path.read_bytes() for path in (*kept, file)] == [b"0", b"1", b"2", b"3"]
    assert kept[0].stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("spared", [0, 1])
def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spared: int) -> None:
    """Whether the copy or the new file finds no space: the file is as it was, with nothing beside it."""
    file = tmp_path / "a.fountain"
    file.write_bytes(b"one")
    calls: list[int] = []
    fsync = os.fsync

    def later(handle: int) -> None:
        calls.append(handle)
        (fsync if len(calls) <= spared else full)(handle)

    monkeypatch.setattr(os, "fsync", later)
    with pytest.raises(FormatError, match="No space left") as caught:
        write_over(file, b"two")
    assert "Free some space" in caught.value.hint
    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(file, b"one")]


def test_a_write_that_is_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle leaves no part of a file, and no copy."""
    file = tmp_path / "a.fountain"
    file.write_bytes(b"one")

    def interrupted(_: Path, __: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_over(file, b"two")
    assert list(tmp_path.iterdir()) == [file]
