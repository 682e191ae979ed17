"""What Chroma's graph files hold beside the graph.

A graph that is begun is written at full capacity, and what no vector fills yet is whatever lay in the memory
of the process: words of a scene that was just erased have been seen there. So after an erasure it is set to
zero.
"""

from __future__ import annotations

import struct
from pathlib import Path

from storyroom.errors import IndexStale
from storyroom.memory import chroma
from storyroom.memory.chroma_errors import REBUILD_HINT

# How `header.bin` begins in Chroma's fork of hnswlib (https://github.com/chroma-core/hnswlib): version of the
# format, offset of the lowest level, capacity, elements in use, bytes of an element.
_HEADER = struct.Struct("<i4Q")
_FORMAT = 1
_BYTES_OF_A_LENGTH = 4


def blank_unused(folder: Path) -> None:
    """Set the unused part of every graph file of an index to zero.

    Args:
        folder: of the index; whoever has it open opens it again.

    Raises:
        IndexStale: a file has a form that is not known, so that its unused part cannot be told.
        MemoryFault: the disk, or another process that does not let go.
    """
    store = chroma.local(folder)
    with store.writing():
        for header in folder.glob("*/header.bin"):
            version, _, _, used, size = _HEADER.unpack(header.read_bytes()[: _HEADER.size])
            if version != _FORMAT:
                raise IndexStale(
                    f"{header} is of format {version}, and only {_FORMAT} is known.", hint=REBUILD_HINT
                )
            _blank(header.with_name("data_level0.bin"), used * size)
            _blank(header.with_name("length.bin"), used * _BYTES_OF_A_LENGTH)
    store.close()


def _blank(path: Path, start: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(bytes(max(0, path.stat().st_size - start)))
