"""How chunks lie in Chroma: rows with flat metadata, in a collection that says which embedder made it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from storyroom.errors import EmbedderChanged, IndexStale
from storyroom.memory.chroma_errors import REBUILD_HINT, damaged
from storyroom.memory.chunks import LAYOUT, Chunk

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


def refusal(collections: Iterable[Collection], ours: str, embedder: str, place: object) -> IndexStale | None:
    """Return why an index cannot be used; None if it can.

    Args:
        collections: what is there.
        ours: the name of the collection that this embedder would have made.
        embedder: its identity.
        place: folder or URL, for the error.
    """
    there = {collection.name: collection.metadata or {} for collection in collections}
    if ours in there:
        if there[ours].get("layout") == LAYOUT:
            return None
        return IndexStale(
            f"The index at {place} was made by another version of Storyroom.", hint=REBUILD_HINT
        )
    if not there:
        return damaged(place, "its collection is missing")
    made_by = ", ".join(sorted(str(metadata.get("embedder")) for metadata in there.values()))
    return EmbedderChanged(
        f"The index at {place} was built by {made_by}, and would now be read by {embedder}.",
        hint=REBUILD_HINT,
    )


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
