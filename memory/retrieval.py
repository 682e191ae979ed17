"""Hybrid retrieval: what the series has already said about a question.

Every admitted chunk is scored twice, by meaning (vectors) and by words (BM25). Both scores are brought to the
range from 0 to 1 among the admitted chunks, and added with weights. The best are looked at more closely, word
by word (`closeness`), which adds to their score.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from storyroom.errors import InputError
from storyroom.memory.chunks import Chunk, ChunkKind, tokens
from storyroom.memory.closeness import Closeness
from storyroom.memory.embeddings import MINILM, Embedder, Wordwise
from storyroom.memory.index import Index
from storyroom.memory.lexical import Lexicon, WordScores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_K = 200
LOOKED_AT = 100
"""How many of the best by meaning and words are looked at closely."""

_SPARE_SLOTS = 50
_TRIED = 4  # times k: how far down is looked for what the budget still holds
_SHOWN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Fusion:
    """How much each score counts in a convex combination.

    Scores say more than ranks do: how far the first is ahead of the second (Bruch, Gai & Ingber, "An
    Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 42(1), 2023).

    Attributes:
        dense: the weight of meaning.
        words: of BM25.
        kindred: of words that mean nearly the same.
        order: of words that follow each other as they do in the question.
    """

    dense: float = 0.4
    words: float = 0.6
    kindred: float = 0.0
    order: float = 0.0

    @classmethod
    def learned(cls, embedder: Embedder) -> Fusion:
        """Return the weights that fit an embedder; the default ones where none were learned."""
        return _LEARNED.get(embedder.name, cls()) if isinstance(embedder, Wordwise) else cls()


# By benchmarks/retrieval/learn.py, on the half of the questions that is there to tune.
_LEARNED = {
    MINILM: Fusion(dense=0.31, words=0.13, kindred=0.29, order=0.27),
}


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
        scores: what was fused, each 0 … 1, in the order of `Fusion`: meaning, words, kindred words, order.
        dense_rank: its place by meaning, from 1.
        lexical_rank: its place by words, from 1; None if it holds no word of the query.
        why: all of it, for people: ``dense #1, words #3: lamp, storm; kindred words 0.71, word order 0.40``.
    """

    chunk: Chunk
    score: float
    scores: tuple[float, float, float, float]
    dense_rank: int
    lexical_rank: int | None
    why: str


class Retriever:
    """Searches an index. Keeps the words of its texts in memory; safe for threads."""

    def __init__(self, index: Index, fusion: Fusion | None = None) -> None:
        self._index = index
        self._fusion = fusion or Fusion.learned(index.embedder)
        embedder = index.embedder
        self._closeness = Closeness(embedder) if isinstance(embedder, Wordwise) else None
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
        dense = near[admitted].astype(np.float64)
        with self._lock:
            self._take_in(rows)
            slots = self._slots_of_rows[admitted]
            words = self._lexicon.search(query.text, slots)
            lexical = words.scores[slots]
            scores = np.zeros((len(admitted), 4))
            scores[:, 0], scores[:, 1] = _scaled(dense, float(dense.min())), _scaled(lexical, 0.0)
            self._look_closely(query.text, scores, slots, words)
        fused = scores @ np.array(astuple(self._fusion))
        hits: list[Hit] = []
        left = query.budget
        for at in np.argsort(-fused, kind="stable")[: _TRIED * query.k].tolist():
            chunk = chunks[admitted[at]]
            if left is not None and tokens(chunk.text) > left:
                continue
            left = None if left is None else left - tokens(chunk.text)
            ranks = _rank(dense, at), _rank(lexical, at) if lexical[at] else None
            of = tuple(scores[at].tolist())
            why = _why(*ranks, words.words(int(slots[at])), *of[2:])
            hits.append(Hit(chunk, float(fused[at]), of, *ranks, why))
            if len(hits) == query.k:
                break
        return hits

    def _look_closely(
        self, text: str, scores: NDArray[np.float64], slots: NDArray[np.intp], words: WordScores
    ) -> None:
        """Fill in how close the best so far are to the question, word by word."""
        import numpy as np

        weights = np.array(astuple(self._fusion))
        if self._closeness is None or not weights[2:].any():
            return
        best = np.argsort(-(scores @ weights), kind="stable")[:LOOKED_AT]
        kindred, order = self._closeness.scores(text, self._lexicon, slots[best].tolist(), words.rarity)
        scores[best, 2], scores[best, 3] = kindred, order

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


def _why(dense: int, lexical: int | None, words: Sequence[str], kindred: float, order: float) -> str:
    why = f"dense #{dense}"
    if lexical is not None:
        why += f", words #{lexical}: {', '.join(words[:_SHOWN_WORDS])}"
    closely = {"kindred words": kindred, "word order": order}
    told = ", ".join(f"{name} {score:.2f}" for name, score in closely.items() if round(score, 2))
    return f"{why}; {told}" if told else why
