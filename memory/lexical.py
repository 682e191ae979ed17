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
from collections.abc import Iterator, Mapping, Sequence
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
    return [term for term, _ in _terms(text)]


def words(text: str) -> list[tuple[str, str]]:
    """Return what a reader would count as words, in order: each as it is written, and as a term.

    These are the terms of `tokenize` less the pairs, which only say what stands side by side.
    """
    return [(word, term) for term, word in _terms(text) if word]


def _terms(text: str) -> Iterator[tuple[str, str]]:
    """Yield each term with the word that it stands for; a pair stands for none."""
    for match in _RUN.finditer(unicodedata.normalize("NFKC", text)):
        if match["cjk"]:
            run = match["cjk"]
            yield from ((character, character) for character in run if character not in _STOP_CHARACTERS)
            pairs = (run[i : i + 2] for i in range(len(run) - 1))
            yield from ((pair, "") for pair in pairs if not _STOP_CHARACTERS.issuperset(pair))
        else:
            word = match["word"].lower().replace("’", "'").removesuffix("'s")
            if word not in _STOP_WORDS:
                yield _stem(word), word


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
        rarity: the idf of each term of the query among the admitted texts.
    """

    scores: NDArray[np.float64]
    parts: Mapping[str, tuple[NDArray[np.intp], NDArray[np.float64]]]
    rarity: Mapping[str, float]

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
        self._vocabulary: dict[tuple[str, str], int] = {}
        self._sequences: list[array[int]] = []

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, text: str) -> int:
        """Add a text and return its slot."""
        slot = len(self._lengths)
        terms = list(_terms(text))
        counts = Counter(term for term, _ in terms)
        for term, count in counts.items():
            postings = self._postings.setdefault(term, _Postings())
            postings.slots.append(slot)
            postings.counts.append(count)
        self._lengths.append(counts.total())
        known = self._vocabulary
        pairs = ((word, term) for term, word in terms if word)
        self._sequences.append(array("i", (known.setdefault(pair, len(known)) for pair in pairs)))
        return slot

    @property
    def vocabulary(self) -> Sequence[tuple[str, str]]:
        """What was ever added, as `words` gives it, by its number."""
        return tuple(self._vocabulary)

    def sequence(self, slot: int) -> NDArray[np.int32]:
        """Return the words of a text, in order, as numbers in the vocabulary."""
        import numpy as np

        return np.frombuffer(self._sequences[slot], dtype=np.int32)

    def search(self, query: str, admitted: NDArray[np.intp]) -> WordScores:
        """Score the texts in the admitted slots.

        BM25 as in Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
        Lucene's idf, which is never negative.
        """
        import numpy as np

        scores = np.zeros(len(self))
        parts: dict[str, tuple[NDArray[np.intp], NDArray[np.float64]]] = {}
        rarities: dict[str, float] = {}
        if not len(admitted):
            return WordScores(scores, parts, rarities)
        mask = np.zeros(len(self), dtype=bool)
        mask[admitted] = True
        lengths = np.array(self._lengths, dtype=np.float64)
        norms = K1 * (1 - B + B * lengths / max(float(lengths[admitted].mean()), 1.0))
        for term, repeated in Counter(tokenize(query)).items():
            if (postings := self._postings.get(term)) is None:
                rarities[term] = _rarity(0, len(admitted))
                continue
            slots = np.array(postings.slots, dtype=np.intp)
            seen = mask[slots]
            slots, counts = slots[seen], np.array(postings.counts, dtype=np.float64)[seen]
            rarities[term] = _rarity(len(slots), len(admitted))
            added = repeated * rarities[term] * counts / (counts + norms[slots])
            scores[slots] += added
            parts[term] = slots, added
        return WordScores(scores, parts, rarities)


def _rarity(holding: int, of: int) -> float:
    return math.log(1 + (of - holding + 0.5) / (holding + 0.5))
