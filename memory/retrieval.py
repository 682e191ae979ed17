"""Hybrid retrieval: what the series has already said about a question.

Every admitted chunk is scored twice, by meaning (vectors) and by words (BM25). Both scores are brought to the
range from 0 to 1 among the admitted chunks, and added with weights.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from storyroom.errors import InputError
from storyroom.memory.chunks import Chunk, ChunkKind, tokens
from storyroom.memory.index import Index
from storyroom.memory.lexical import Lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_K = 200
_SPARE_SLOTS = 50
_TRIED = 4  # times k: how far down is looked for what the budget still holds
_SHOWN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Fusion:
    """How much each score counts in a convex combination of the two.

    Scores say more than ranks do: how far the first is ahead of the second (Bruch, Gai & Ingber, "An
    Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 42(1), 2023).

    Attributes:
        dense: the weight of meaning, 0 … 1; words have the rest. Chosen on the tune half of
            benchmarks/retrieval, for both languages and all embedders: where it is not the best, it is
            within the error of the best.
    """

    dense: float = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the memory. Filters that are left out admit everything.

    Attributes:
        text: the question, a logline, a list of names: any text.
        k: how many chunks to return at most, 1 … 200.
        budget: how many tokens they may have in all, as `chunks.tokens` estimates them; a chunk that is too
            long is passed over. None: no bound.
        admitted: the drafts that may be seen; nothing of any other draft is returned or counted.
        characters: at least one of them is present.
        place: where it happens.
        episodes: numbers of episodes; leaves the bible out.
        kinds: what the chunks are about.
    """

    text: str
    admitted: Collection[str]
    k: int = 8
    budget: int | None = None
    characters: Collection[str] = ()
    place: str | None = None
    episodes: Collection[int] | None = None
    kinds: Collection[ChunkKind] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found.

    Attributes:
        chunk: what was found.
        score: of the fusion, 0 … 1; comparable within one search only.
        dense_rank: its place by meaning, from 1.
        lexical_rank: its place by words, from 1; None if it holds no word of the query.
        why: both, for people: ``dense #1, words #3: lamp, storm``.
    """

    chunk: Chunk
    score: float
    dense_rank: int
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
        self._slots_of_rows: NDArray[np.intp]

    def search(self, query: Query) -> list[Hit]:
        """Return the best chunks for a query, the best first.

        Raises:
            InputError: the text is empty, or `k` or the budget is out of bounds.
            IndexStale: the index is damaged or was made by another embedder.
        """
        import numpy as np

        if not query.text.strip():
            raise InputError("The search text is empty.", hint="Say in a few words what to look for.")
        if not 1 <= query.k <= MAX_K:
            raise InputError(f"{query.k} results were asked for.", hint=f"Ask for 1 to {MAX_K}.")
        if query.budget is not None and query.budget < 1:
            raise InputError(
                f"The budget is {query.budget} tokens.", hint="Give at least one, or none at all."
            )
        rows, near = self._index.near(query.text)
        chunks = list(rows.values())
        admitted = np.array(_admitted(chunks, query), dtype=np.intp)
        if not len(admitted):
            return []
        with self._lock:
            self._take_in(rows)
            slots = self._slots_of_rows[admitted]
            words = self._lexicon.search(query.text, slots)
        dense, lexical = near[admitted].astype(np.float64), words.scores[slots]
        weight = self._fusion.dense
        fused = weight * _scaled(dense, float(dense.min())) + (1 - weight) * _scaled(lexical, 0.0)
        hits: list[Hit] = []
        left = query.budget
        for at in np.argsort(-fused, kind="stable")[: _TRIED * query.k].tolist():
            chunk = chunks[admitted[at]]
            if left is not None and tokens(chunk.text) > left:
                continue
            left = None if left is None else left - tokens(chunk.text)
            ranks = _rank(dense, at), _rank(lexical, at) if lexical[at] else None
            why = _why(*ranks, words.words(int(slots[at])))
            hits.append(Hit(chunk, float(fused[at]), *ranks, why))
            if len(hits) == query.k:
                break
        return hits

    def _take_in(self, rows: Mapping[str, Chunk]) -> None:
        """Take in what was written to the index since the last search."""
        import numpy as np

        if rows is self._rows:
            return
        if len(self._lexicon) > 2 * len(rows) + _SPARE_SLOTS:
            self._rows, self._lexicon, self._slots = {}, Lexicon(), {}
        for key in self._rows.keys() - rows.keys():
            del self._slots[key]
        for key, chunk in rows.items():
            if key not in self._slots or self._rows[key].text != chunk.text:
                self._slots[key] = self._lexicon.add(chunk.text)
        self._rows = rows
        self._slots_of_rows = np.array([self._slots[key] for key in rows], dtype=np.intp)


def _admitted(chunks: Sequence[Chunk], query: Query) -> list[int]:
    """Return which chunks pass the filters; both scores are made of these and nothing else."""
    admitted = frozenset(query.admitted)
    rows = [row for row, chunk in enumerate(chunks) if chunk.draft_id in admitted]
    if query.kinds is not None:
        rows = [row for row in rows if chunks[row].kind in query.kinds]
    if query.episodes is not None:
        rows = [row for row in rows if chunks[row].episode in query.episodes]
    if query.place is not None:
        place = _folded(query.place)
        rows = [row for row in rows if _folded(chunks[row].place or "") == place]
    if query.characters:
        present = {_folded(name) for name in query.characters}
        rows = [row for row in rows if any(_folded(name) in present for name in chunks[row].characters)]
    return rows


@lru_cache(maxsize=1 << 14)
def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _scaled(scores: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """Bring scores to the range from 0 (`least`) to 1 (the highest); all 0 where they do not differ."""
    span = float(scores.max()) - least
    return (scores - least) / span if span > 0 else scores * 0.0


def _rank(scores: NDArray[np.float64], at: int) -> int:
    """Return the place of one among all, from 1; equal scores share a place."""
    return 1 + int((scores > scores[at]).sum())


def _why(dense: int, lexical: int | None, words: Sequence[str]) -> str:
    if lexical is None:
        return f"dense #{dense}"
    return f"dense #{dense}, words #{lexical}: {', '.join(words[:_SHOWN_WORDS])}"
