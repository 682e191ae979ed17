"""Hybrid retrieval: what the series has already said about a question.

Two rankings, by meaning (vectors) and by words (BM25), are made over the same admitted chunks and fused by
their ranks, because their scores cannot be compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from storyroom.errors import InputError
from storyroom.memory.chunks import Chunk, ChunkKind
from storyroom.memory.index import Index
from storyroom.memory.lexical import Lexicon, WordMatch

MAX_K = 200
_MIN_DEPTH = 50
_SHOWN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Fusion:
    """How much each ranking counts in weighted reciprocal rank fusion.

    A chunk scores ``weight / (constant + rank)`` in each ranking it stands in (Cormack, Clarke & Büttcher,
    "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009).
    """

    dense: float = 0.4
    lexical: float = 0.6
    constant: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the memory. Filters that are left out admit everything.

    Attributes:
        text: the question, a logline, a list of names: any text.
        k: how many chunks to return at most, 1 … 200.
        admitted: the drafts that may be seen; nothing of any other draft is returned or counted.
        characters: at least one of them is present.
        place: where it happens.
        episodes: numbers of episodes; leaves the bible out.
        kinds: what the chunks are about.
    """

    text: str
    admitted: Collection[str]
    k: int = 8
    characters: Collection[str] = ()
    place: str | None = None
    episodes: Collection[int] | None = None
    kinds: Collection[ChunkKind] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found.

    Attributes:
        chunk: what was found.
        score: of the fusion; comparable within one search only.
        dense_rank: its place by meaning, from 1; None if it was too far down.
        lexical_rank: its place by words, from 1; None if it holds no word of the query.
        why: both, for people: ``dense #1, words #3: lamp, storm``.
    """

    chunk: Chunk
    score: float
    dense_rank: int | None
    lexical_rank: int | None
    why: str


class Retriever:
    """Searches an index. Keeps the words of its texts in memory; safe for threads."""

    def __init__(self, index: Index, fusion: Fusion | None = None) -> None:
        self._index = index
        self._fusion = fusion or Fusion()
        self._lock = Lock()
        self._rows: Mapping[str, Chunk] = {}
        self._lexicon = Lexicon()
        self._slots: dict[str, int] = {}

    def search(self, query: Query) -> list[Hit]:
        """Return the best chunks for a query, the best first.

        Raises:
            InputError: the text is empty or `k` is out of bounds.
            IndexStale: the index is damaged or was made by another embedder.
        """
        if not query.text.strip():
            raise InputError("The search text is empty.", hint="Say in a few words what to look for.")
        if not 1 <= query.k <= MAX_K:
            raise InputError(f"{query.k} results were asked for.", hint=f"Ask for 1 to {MAX_K}.")
        depth = max(_MIN_DEPTH, 2 * query.k)
        with self._lock:
            self._refresh()
            rows = self._rows
            candidates = _candidates(rows, query)
            slots = {self._slots[key]: key for key in candidates}
            matches = self._lexicon.search(query.text, list(slots), depth)
        matches.sort(key=lambda match: (-match.score, slots[match.slot]))
        by_words = {slots[match.slot]: match for match in matches}
        by_meaning = [key for key, _ in self._index.dense(query.text, depth, candidates)]
        return self._fuse(rows, by_meaning, by_words)[: query.k]

    def _refresh(self) -> None:
        """Take in what was written to the index since the last search."""
        rows = self._index.rows()
        if rows is self._rows:
            return
        if len(self._lexicon) > 2 * len(rows) + _MIN_DEPTH:
            self._rows, self._lexicon, self._slots = {}, Lexicon(), {}
        for key in self._rows.keys() - rows.keys():
            del self._slots[key]
        for key, chunk in rows.items():
            if key not in self._slots or self._rows[key].text != chunk.text:
                self._slots[key] = self._lexicon.add(chunk.text)
        self._rows = rows

    def _fuse(
        self, rows: Mapping[str, Chunk], by_meaning: Sequence[str], by_words: Mapping[str, WordMatch]
    ) -> list[Hit]:
        dense = {key: rank for rank, key in enumerate(by_meaning, start=1)}
        lexical = {key: rank for rank, key in enumerate(by_words, start=1)}
        hits = []
        for key in dense.keys() | lexical.keys():
            score = 0.0
            if key in dense:
                score += self._fusion.dense / (self._fusion.constant + dense[key])
            if key in lexical:
                score += self._fusion.lexical / (self._fusion.constant + lexical[key])
            why = _why(dense.get(key), lexical.get(key), by_words[key].words if key in by_words else ())
            hits.append(Hit(rows[key], score, dense.get(key), lexical.get(key), why))
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))


def _candidates(rows: Mapping[str, Chunk], query: Query) -> list[str]:
    """Return the ids that pass the filters; both rankings are made of these and nothing else."""
    admitted = frozenset(query.admitted)
    present = {_folded(name) for name in query.characters}
    place = None if query.place is None else _folded(query.place)
    return [
        key
        for key, chunk in rows.items()
        if chunk.draft_id in admitted
        and (query.kinds is None or chunk.kind in query.kinds)
        and (query.episodes is None or chunk.episode in query.episodes)
        and (place is None or (chunk.place is not None and _folded(chunk.place) == place))
        and (not present or not present.isdisjoint(map(_folded, chunk.characters)))
    ]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _why(dense: int | None, lexical: int | None, words: Sequence[str]) -> str:
    parts = [f"dense #{dense}"] if dense else []
    if lexical:
        parts.append(f"words #{lexical}: {', '.join(words[:_SHOWN_WORDS])}")
    return ", ".join(parts)
