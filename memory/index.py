"""The index: chunks and their vectors, kept in Chroma.

It is a copy. All that it holds can be made again from the ledger, so damage is reported and never repaired by
guessing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as AnyOf
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.errors import IndexStale
from storyroom.memory import chroma
from storyroom.memory.chroma_errors import REBUILD_HINT
from storyroom.memory.chunks import LAYOUT, Chunk
from storyroom.memory.embeddings import Embedder, embed_question, identity
from storyroom.memory.index_rows import BATCH, GRAPH, batches, chunk_of, metadata, refusal, settle

if TYPE_CHECKING:
    import numpy as np
    from chromadb import Collection
    from chromadb.api.client import Client
    from numpy.typing import NDArray

_EMBEDDED = 32  # texts between two reports of progress


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What an index holds: chunks, drafts, chunks by kind, the identity of its embedder, bytes on disk."""

    chunks: int
    drafts: int
    kinds: Mapping[str, int]
    embedder: str
    size: int


class Index:
    """Chunks by id, with their vectors. Safe for threads and for processes; make it with `Index.open`.

    Every method may raise `IndexStale` (damaged, or made by another embedder) and `MemoryFault` (the disk, or
    another process that does not let go).
    """

    def __init__(self, store: chroma.LocalChroma, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._identity = identity(embedder)
        self._name = store.prefix + hashlib.sha256(self._identity.encode()).hexdigest()[:32]
        self._rows: Mapping[str, Chunk] = {}
        self._rows_generation = ""
        self._table: tuple[Mapping[str, Chunk], NDArray[np.float32]] | None = None

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, *, url: str | None = None) -> Index:
        """Open the index in a folder or on a server, or begin one.

        Args:
            folder: where Chroma keeps its files; nothing else may lie there.
            embedder: makes the vectors; must be the one that made those already there.
            url: of a Chroma server that holds the index instead; what is known of it lies beside the folder.
        """
        index = cls(_store(folder, url), embedder)
        index._begin()
        return index

    @staticmethod
    def reset(folder: Path, *, url: str | None = None) -> None:
        """Remove the index in a folder or on a server, damaged or not, so that it can be built again."""
        _store(folder, url).reset()

    @property
    def embedder(self) -> Embedder:
        """What makes its vectors."""
        return self._embedder

    @property
    def local(self) -> bool:
        """Whether it lies in files of the series, not on a server."""
        return self._store.place == self._store.folder

    def add(self, chunks: Iterable[Chunk], *, progress: Callable[[int, int], None] | None = None) -> int:
        """Add chunks, or replace those of the same id; return how many were not there already, just so.

        A text that is in the index already, under whatever id, keeps its vector.

        Args:
            progress: told how many chunks are done, of how many; also while vectors are made.
        """
        rows = self.rows()
        new = [chunk for chunk in {c.id: c for c in chunks}.values() if rows.get(chunk.id) != chunk]
        there = {chunk.text: key for key, chunk in rows.items()}
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            self._upsert(batch, self._vectors_for(batch, there, start, len(new), progress))
        return len(new)

    def _vectors_for(
        self,
        batch: Sequence[Chunk],
        there: Mapping[str, str],
        done: int,
        total: int,
        progress: Callable[[int, int], None] | None,
    ) -> NDArray[np.float32]:
        """Return a vector for each chunk: of the same text in the index, else a new one."""
        import numpy as np

        vectors = np.empty((len(batch), self._embedder.dimension), dtype=np.float32)
        known = [row for row, chunk in enumerate(batch) if chunk.text in there]
        fresh = [row for row, chunk in enumerate(batch) if chunk.text not in there]
        if known:
            ids = [there[batch[row].text] for row in known]
            unique = list(dict.fromkeys(ids))
            place = {key: row for row, key in enumerate(unique)}
            vectors[known] = self._vectors(unique)[[place[key] for key in ids]]
        for start in range(0, len(fresh), _EMBEDDED):
            part = fresh[start : start + _EMBEDDED]
            vectors[part] = self._embedder.embed([batch[row].text for row in part])
            if progress:
                progress(done + len(known) + start + len(part), total)
        return vectors

    def remove(self, draft_ids: AnyOf[str]) -> None:
        """Remove the chunks of these drafts. Their words may stay on disk until overwritten; see `erase`."""
        with self._store.held():
            rows = self.rows()
            doomed = {chunk.id for chunk in rows.values() if chunk.draft_id in draft_ids}
            if not doomed:
                return
            with self._store.writing() as client:
                collection = self._collection(client)
                for batch in batches(sorted(doomed)):
                    collection.delete(ids=batch)
                settle(collection, self._embedder.dimension)
            self._know({key: chunk for key, chunk in rows.items() if key not in doomed})

    def erase(self, draft_ids: AnyOf[str]) -> None:
        """Remove the chunks of these drafts for good: the files are written anew without them.

        An interruption loses other rows too; `draft_ids` then tells what has to be added again.
        """
        with self._store.held():
            kept = [chunk for chunk in self.rows().values() if chunk.draft_id not in draft_ids]
            vectors = self._vectors([chunk.id for chunk in kept])
            self.clear()
            for start in range(0, len(kept), BATCH):
                self._upsert(kept[start : start + BATCH], vectors[start : start + BATCH])

    def clear(self) -> None:
        """Remove everything for good."""
        with self._store.held():
            self._store.reset()
            self._begin()

    def near(self, text: str) -> tuple[Mapping[str, Chunk], NDArray[np.float32]]:
        """Compare a question with every chunk by meaning.

        The search is exact: multiplying a season's vectors takes less time than searching Chroma's graph
        behind a filter, and misses nothing.

        Returns:
            What `rows` returns, and the cosine similarity (-1 … 1) of each in that order, shape ``(rows,)``.
        """
        import numpy as np

        vector = embed_question(self._embedder, text)
        rows, matrix = self._vectors_of_rows()
        # Not a matrix product, whose last digits depend on how many rows there are.
        return rows, np.einsum("ij,j->i", matrix, vector)

    def dense(self, text: str, k: int, among: Sequence[str]) -> list[tuple[str, float]]:
        """Return the `k` chunks nearest in meaning among those of the given ids.

        Returns:
            Ids and cosine similarities (-1 … 1), the nearest first; fewer than `k` where `among` has fewer.
        """
        rows, near = self.near(text)
        asked = set(among)
        found = [(key, float(one)) for key, one in zip(rows, near, strict=True) if key in asked]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def _vectors_of_rows(self) -> tuple[Mapping[str, Chunk], NDArray[np.float32]]:
        """Return all rows and their vectors in the same order; read only vectors that are new."""
        import numpy as np

        table = self._table
        if table is not None and self.rows() is table[0]:
            return table
        with self._store.held():
            rows = self.rows()
            before, old = table or ({}, np.empty((0, self._embedder.dimension), dtype=np.float32))
            known = {key: row for row, (key, one) in enumerate(before.items()) if rows.get(key) == one}
            matrix = np.empty((len(rows), self._embedder.dimension), dtype=np.float32)
            kept = [row for row, key in enumerate(rows) if key in known]
            matrix[kept] = old[[known[key] for key in rows if key in known]]
            fresh = [row for row, key in enumerate(rows) if key not in known]
            matrix[fresh] = self._vectors([key for key in rows if key not in known])
            self._table = rows, matrix
        return rows, matrix

    def rows(self) -> Mapping[str, Chunk]:
        """Return every chunk by its id, as of now. The same object as long as nothing was written."""
        if self._rows_generation and self._store.current_generation() == self._rows_generation:
            return self._rows
        with self._store.reading() as client:
            got = self._collection(client).get(include=["documents", "metadatas"])
            columns = zip(got["ids"], got["documents"] or [], got["metadatas"] or [], strict=True)
            return self._know(
                {key: chunk_of(key, text, about) for key, text, about in sorted(columns, key=itemgetter(0))}
            )

    def chunks(self, ids: Iterable[str]) -> list[Chunk]:
        """Return the chunks of these ids, in this order; unknown ids are left out."""
        rows = self.rows()
        return [rows[key] for key in ids if key in rows]

    def ids(self) -> set[str]:
        """Return the ids of all chunks."""
        return set(self.rows())

    def draft_ids(self) -> set[str]:
        """Return the ids of all drafts that have chunks here."""
        return {chunk.draft_id for chunk in self.rows().values()}

    def stats(self) -> IndexStats:
        """Return what the index holds."""
        rows = self.rows()
        return IndexStats(
            chunks=len(rows),
            drafts=len({chunk.draft_id for chunk in rows.values()}),
            kinds=Counter(chunk.kind for chunk in rows.values()),
            embedder=self._identity,
            size=sum(path.stat().st_size for path in self._store.folder.rglob("*") if path.is_file()),
        )

    def close(self) -> None:
        """Let go of files and memory; the next call opens again."""
        self._rows, self._rows_generation, self._table = {}, "", None
        self._store.close()

    def _begin(self) -> None:
        with self._store.held():
            with self._store.reading() as client:
                begun = bool(self._store.collections(client))
                refused = self._refusal(client) if begun else None
            # Raised only now: an error within would leave what Chroma flushed meanwhile unsealed.
            if refused:
                raise refused
            if begun:
                return
            with self._store.writing() as client:
                client.create_collection(
                    self._name,
                    embedding_function=None,
                    configuration={"hnsw": GRAPH},
                    metadata={"embedder": self._identity, "layout": LAYOUT},
                )
            self._know({})

    def _refusal(self, client: Client) -> IndexStale | None:
        return refusal(self._store.collections(client), self._name, self._identity, self._store.place)

    def _collection(self, client: Client) -> Collection:
        """Return our collection, having compared who made it."""
        if refused := self._refusal(client):
            raise refused
        return next(one for one in self._store.collections(client) if one.name == self._name)

    def _upsert(self, batch: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        with self._store.held():
            rows = self.rows()
            with self._store.writing() as client:
                collection = self._collection(client)
                collection.upsert(
                    ids=[chunk.id for chunk in batch],
                    embeddings=vectors,
                    documents=[chunk.text for chunk in batch],
                    metadatas=[metadata(chunk) for chunk in batch],
                )
                settle(collection, self._embedder.dimension)
            self._know(dict(sorted({**rows, **{chunk.id: chunk for chunk in batch}}.items())))

    def _vectors(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the stored vectors in the order of `ids`, shape ``(len(ids), dimension)``."""
        import numpy as np

        vectors = np.full((len(ids), self._embedder.dimension), np.nan, dtype=np.float32)
        place = {key: row for row, key in enumerate(ids)}
        with self._store.reading() as client:
            collection = self._collection(client)
            for batch in batches(ids):
                got = collection.get(ids=batch, include=["embeddings"])
                vectors[[place[key] for key in got["ids"]]] = got["embeddings"]
        if np.isnan(vectors).any():
            raise IndexStale(
                f"The index at {self._store.place} is damaged: vectors are missing.",
                hint=REBUILD_HINT,
            )
        return vectors

    def _know(self, rows: Mapping[str, Chunk]) -> Mapping[str, Chunk]:
        self._rows, self._rows_generation = rows, self._store.generation
        return rows


def _store(folder: Path, url: str | None) -> chroma.LocalChroma:
    if url is None:
        return chroma.local(folder)
    from storyroom.memory.chroma_server import on_server

    return on_server(folder.with_name(folder.name + ".server"), url)
