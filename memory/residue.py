"""What Chroma's graph files hold beside the graph.

A graph that is begun is written at full capacity, and what no vector fills yet is whatever lay in the memory
of the process: words of a scene that was just erased have been seen there. Small graphs are begun anew each
time Chroma opens them, be it only to read. So whenever such files have changed, that part is set to zero.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

# How `header.bin` begins in Chroma's fork of hnswlib (https://github.com/chroma-core/hnswlib): version of the
# format, offset of the lowest level, capacity, elements in use, bytes of an element.
_HEADER = struct.Struct("<i4Q")
_FORMAT = 1
_BYTES_OF_A_LENGTH = 4


def blank_unused(folder: Path) -> None:
    """Set the unused part of every graph file of an index to zero; whoever calls holds the index.

    Files of a form that is not known are left as they are, since their unused part cannot be told; see
    `has_unknown`.

    Args:
        folder: of the index.
    """
    for header, version, used, size in _graphs(folder):
        if version == _FORMAT:
            _blank(header.with_name("data_level0.bin"), used * size)
            _blank(header.with_name("length.bin"), used * _BYTES_OF_A_LENGTH)


def has_unknown(folder: Path) -> bool:
    """Tell whether an index has graph files of a form that `blank_unused` does not know."""
    return any(version != _FORMAT for _, version, _, _ in _graphs(folder))


def _graphs(folder: Path) -> Iterator[tuple[Path, int, int, int]]:
    """Yield each header, the version of its form, and elements in use and bytes of one if that is known."""
    for path in folder.glob("*/header.bin"):
        head = path.read_bytes()[: _HEADER.size]
        if len(head) == _HEADER.size:
            version, _, _, used, size = _HEADER.unpack(head)
            yield path, version, used, size
        else:
            yield path, -1, 0, 0


def _blank(path: Path, start: int) -> None:
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.seek(start)
        if any(unused := file.read()):
            file.seek(start)
            file.write(bytes(len(unused)))
