"""How chunks lie in Chroma: rows with flat metadata, in a graph of their vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from storyroom.memory.chunks import Chunk

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

BATCH = 500
"""Rows that are written or read at once."""

# As small as it goes: searches are exact and never walk Chroma's graph, which it builds whatever it is for.
GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 8,
    "ef_search": 8,
    "max_neighbors": 4,
}


def settle(collection: Collection, dimension: int) -> None:
    """Let Chroma take new rows into its graph, and flush it, now: otherwise the next query does."""
    import numpy as np

    if collection.count():
        anything = np.ones((1, dimension), dtype=np.float32)
        collection.query(query_embeddings=anything, n_results=1, include=[])


def batches(ids: Sequence[str]) -> Iterator[list[str]]:
    """Divide ids into as many as are asked for at once."""
    for start in range(0, len(ids), BATCH):
        yield list(ids[start : start + BATCH])


def metadata(chunk: Chunk) -> dict[str, Any]:
    """Flatten a chunk for Chroma, whose metadata hold neither None nor, in all versions, lists."""
    about = asdict(chunk)
    del about["id"], about["text"]
    about["characters"] = json.dumps(chunk.characters, ensure_ascii=False)
    return {key: value for key, value in about.items() if value is not None}


def chunk_of(key: str, text: str, about: Mapping[str, Any]) -> Chunk:
    """Undo `metadata`."""
    return Chunk(id=key, text=text, **{**about, "characters": tuple(json.loads(about["characters"]))})
