"""What Chroma's files hold beside the graph, and its blanking."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hash_embedder import HashEmbedder, chunk

from storyroom.errors import IndexStale
from storyroom.memory import chroma
from storyroom.memory.index import Index
from storyroom.memory.residue import blank_unused


def _index(folder: Path, rows: int) -> Index:
    index = Index.open(folder, HashEmbedder())
    index.add(chunk(f"d{n}", f"Scene {n} has lamp {n * 7} and rope {n * 13}.") for n in range(rows))
    return index


def _graph(folder: Path) -> tuple[int, bytes]:
    """Return where the vectors end in the one graph file, and the file."""
    header = next(folder.glob("*/header.bin"))
    _, _, _, used, size = struct.unpack("<i4Q", header.read_bytes()[:36])
    return used * size, header.with_name("data_level0.bin").read_bytes()


@pytest.mark.parametrize("rows", [40, 1040], ids=["before Chroma's first flush", "after it"])
def test_only_the_unused_part_is_blanked(tmp_path: Path, rows: int) -> None:
    """Behind the last vector there is nothing but zeros, and every search finds what it found before."""
    index = _index(tmp_path / "index", rows)
    ids = sorted(index.ids())
    before = [index.dense(f"lamp {n} rope", 5, ids) for n in (7, 70, 700)]
    index.close()
    end, was = _graph(tmp_path / "index")
    assert (end > 0) == (rows > 1000)

    blank_unused(tmp_path / "index")

    assert _graph(tmp_path / "index") == (end, was[:end] + bytes(len(was) - end))
    index = Index.open(tmp_path / "index", HashEmbedder())
    assert [index.dense(f"lamp {n} rope", 5, ids) for n in (7, 70, 700)] == before
    index.close()


def test_an_unknown_format_is_not_guessed_at(tmp_path: Path) -> None:
    """A header of another version is an error, and the files stay as they are."""
    _index(tmp_path / "index", 3).close()
    with chroma.local(tmp_path / "index").writing():
        header = next((tmp_path / "index").glob("*/header.bin"))
        header.write_bytes(struct.pack("<i", 2) + header.read_bytes()[4:])
    before = _graph(tmp_path / "index")
    with pytest.raises(IndexStale, match="format 2"):
        blank_unused(tmp_path / "index")
    assert _graph(tmp_path / "index") == before
