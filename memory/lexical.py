"""Ranking by words: BM25 in memory, for English, Chinese and lines that mix both.

Statistics (how rare a word is, how long a text is on average) are taken over the texts that a search admits,
not over all that were ever added. The branches of an episode lie in one index, and a branch's ranking must
not depend on what its sibling says; a library that fixes its statistics when it builds an index would have to
build one for each branch, and again after each scene.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Chosen on the tune half of benchmarks/retrieval, in both languages: scenes are short, so length says little.
K1 = 1.2
B = 0.4

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+(?:['’][^\W_{_CJK}]+)*)")

# No more than these: "who", "her" and "not" tell one scene from another, rare as they are among scenes.
_STOP_WORDS = frozenset({"a", "an", "and", "in", "is", "of", "the", "to"})
_STOP_CHARACTERS = frozenset("的了是在和与也都就吗呢吧啊着过把被我你他她它们这那个谁么")

_stemming = Lock()  # the stemmer keeps the word that it works on


def tokenize(text: str) -> list[str]:
    """Return the terms of a text, in order, with repetitions.

    Latin words are folded to lower case and to their stems. A run of Chinese characters gives its characters
    and their overlapping pairs, as Lucene's CJK analyser does: pairs carry most of the meaning and no
    dictionary has to know the name of a lighthouse. Common function words and characters are left out.
    """
    return list(_terms(unicodedata.normalize("NFKC", text)))


def _terms(text: str) -> Iterator[str]:
    for match in _RUN.finditer(text):
        if match["cjk"]:
            run = match["cjk"]
            yield from (character for character in run if character not in _STOP_CHARACTERS)
            yield from (
                run[i : i + 2] for i in range(len(run) - 1) if not _STOP_CHARACTERS.issuperset(run[i : i + 2])
            )
        else:
            word = match["word"].lower().replace("’", "'").removesuffix("'s")
            if word not in _STOP_WORDS:
                yield _stem(word)


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """Return the stem (Porter, "Snowball: A language for stemming algorithms", 2001)."""
    with _stemming:
        return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    import snowballstemmer  # type: ignore[import-untyped]

    return snowballstemmer.stemmer("english")


@dataclass(slots=True)
class _Postings:
    slots: array[int] = field(default_factory=lambda: array("i"))
    counts: array[int] = field(default_factory=lambda: array("i"))


@dataclass(frozen=True, slots=True)
class WordScores:
    """How well texts fit a query by their words.

    Attributes:
        scores: BM25 by slot, shape ``(texts ever added,)``; 0 where no word of the query is, or not admitted.
        parts: for each word of the query that occurs: the admitted slots that hold it, ascending, and what it
            adds to the score of each.
    """

    scores: NDArray[np.float64]
    parts: Mapping[str, tuple[NDArray[np.intp], NDArray[np.float64]]]

    def words(self, slot: int) -> tuple[str, ...]:
        """Return the words of the query in a text, the weightiest first, less what a matched pair shows."""
        weights: dict[str, float] = {}
        for term, (slots, added) in self.parts.items():
            at = int(slots.searchsorted(slot))
            if at < len(slots) and slots[at] == slot:
                weights[term] = float(added[at])
        matched = sorted(weights, key=lambda term: (-weights[term], term))
        pairs = " ".join(term for term in matched if len(term) > 1)
        return tuple(term for term in matched if len(term) > 1 or term.isascii() or term not in pairs)


class Lexicon:
    """Texts by their words. A text that was added has a slot, a number from 0, and stays for good.

    Not safe for use by several threads at once.
    """

    def __init__(self) -> None:
        self._postings: dict[str, _Postings] = {}
        self._lengths = array("i")

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, text: str) -> int:
        """Add a text and return its slot."""
        slot = len(self._lengths)
        counts = Counter(tokenize(text))
        for term, count in counts.items():
            postings = self._postings.setdefault(term, _Postings())
            postings.slots.append(slot)
            postings.counts.append(count)
        self._lengths.append(counts.total())
        return slot

    def search(self, query: str, admitted: NDArray[np.intp]) -> WordScores:
        """Score the texts in the admitted slots.

        BM25 as in Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
        Lucene's idf, which is never negative.
        """
        import numpy as np

        scores = np.zeros(len(self))
        parts: dict[str, tuple[NDArray[np.intp], NDArray[np.float64]]] = {}
        if not len(admitted):
            return WordScores(scores, parts)
        mask = np.zeros(len(self), dtype=bool)
        mask[admitted] = True
        lengths = np.array(self._lengths, dtype=np.float64)
        norms = K1 * (1 - B + B * lengths / max(float(lengths[admitted].mean()), 1.0))
        for term, repeated in Counter(tokenize(query)).items():
            if (postings := self._postings.get(term)) is None:
                continue
            slots = np.array(postings.slots, dtype=np.intp)
            seen = mask[slots]
            slots, counts = slots[seen], np.array(postings.counts, dtype=np.float64)[seen]
            rarity = math.log(1 + (len(admitted) - len(slots) + 0.5) / (len(slots) + 0.5))
            added = repeated * rarity * counts / (counts + norms[slots])
            scores[slots] += added
            parts[term] = slots, added
        return WordScores(scores, parts)
