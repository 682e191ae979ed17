"""What Chroma's files hold beside the graph, and its blanking."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from hash_embedder import HashEmbedder, chunk

from storyroom.memory.chunks import Chunk
from storyroom.memory.index import Index
from storyroom.memory.residue import blank_unused, has_unknown


def _chunks(numbers: range) -> Iterator[Chunk]:
    return (chunk(f"d{n}", f"Scene {n} has lamp {n * 7} and rope {n * 13}.") for n in numbers)


def _index(folder: Path, rows: int) -> Index:
    index = Index.open(folder, HashEmbedder())
    index.add(_chunks(range(rows)))
    return index


def _graph(folder: Path) -> tuple[int, bytes]:
    """Return how many vectors the one graph file holds, and what lies behind the last of them."""
    header = next(folder.glob("*/header.bin"))
    _, _, _, used, size = struct.unpack("<i4Q", header.read_bytes()[:36])
    vectors = header.with_name("data_level0.bin").read_bytes()
    return used, vectors[used * size :] + header.with_name("length.bin").read_bytes()[used * 4 :]


def test_opening_a_small_index_again_leaves_nothing_of_the_memory_in_its_files(tmp_path: Path) -> None:
    """Chroma begins such a graph anew, over memory that was used; where no vector is, only zeros stay."""
    folder = tmp_path / "index"
    index = _index(folder, 40)
    for _ in range(3):
        index.close()
        index = Index.open(folder, HashEmbedder())
        assert len(index.rows()) == 40
        used, rest = _graph(folder)
        assert used == 0
        assert rest == bytes(len(rest))
    index.close()


def test_a_blanked_index_takes_more_rows_and_finds_them(tmp_path: Path) -> None:
    """Blanking under an open Chroma, while its graph is flushed and grows, costs no vector."""
    folder = tmp_path / "index"
    index = _index(folder, 40)
    for rows in (40, 1040, 1140, 2200):
        index.add(_chunks(range(rows)))
        used, rest = _graph(folder)
        assert (used > 0) == (rows > 1000)
        assert rest == bytes(len(rest))
    plain = _index(tmp_path / "plain", 2200)
    ids = sorted(plain.ids())
    index.close()
    index = Index.open(folder, HashEmbedder())
    for text in ("lamp 7 rope", "lamp 700 rope", "Scene 2199"):
        assert index.dense(text, 5, ids) == plain.dense(text, 5, ids)
    plain.close()
    index.close()


def test_an_unknown_format_is_not_guessed_at(tmp_path: Path) -> None:
    """Files under a header of another version are told of, and stay as they are."""
    folder = tmp_path / "index"
    _index(folder, 3).close()
    assert not has_unknown(folder)
    header = next(folder.glob("*/header.bin"))
    graph = header.with_name("data_level0.bin")
    header.write_bytes(struct.pack("<i", 2) + header.read_bytes()[4:])
    graph.write_bytes(b"\x55" * graph.stat().st_size)
    before = graph.read_bytes()

    blank_unused(folder)

    assert has_unknown(folder)
    assert graph.read_bytes() == before
    header.write_bytes(b"")
    assert has_unknown(folder)
