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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1 = 1.5
B = 0.75

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+(?:['’][^\W_{_CJK}]+)*)")

_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about am an and any are as at be been but by can could did do does for from had has have he her
        him his how i if in into is it its just me my no not of on or our out she so some than that the
        their them then there they this to up us was we were what when where which who whom whose why will
        with would you your
        """,
    )
)
_STOP_CHARACTERS = frozenset("的了是在和与也都就吗呢吧啊着过把被我你他她它们这那个谁么")


def tokenize(text: str) -> list[str]:
    """Return the terms of a text, in order, with repetitions.

    Latin words are folded to lower case and singular form. A run of Chinese characters gives its characters
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
                yield _singular(word)


def _singular(word: str) -> str:
    """Strip the plural: the "S" stemmer of Harman, "How effective is suffixing?", JASIS 42(1), 1991."""
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    if word[-2] not in "us":
        return word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A text that holds words of the query: its slot, its BM25 score, the words, the weightiest first."""

    slot: int
    score: float
    words: tuple[str, ...]


@dataclass(slots=True)
class _Postings:
    slots: array[int] = field(default_factory=lambda: array("i"))
    counts: array[int] = field(default_factory=lambda: array("i"))


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

    def search(self, query: str, admitted: Sequence[int], limit: int) -> list[WordMatch]:
        """Return the best of the admitted slots that hold a word of the query, the best first.

        BM25 as in Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
        Lucene's idf, which is never negative. Equal scores keep the order of the slots.
        """
        import numpy as np

        terms = Counter(tokenize(query))
        if not terms or not admitted:
            return []
        mask = np.zeros(len(self), dtype=bool)
        mask[np.asarray(admitted, dtype=np.intp)] = True
        lengths = np.array(self._lengths, dtype=np.float64)
        mean_length = max(float(lengths[mask].mean()), 1.0)
        scores = np.zeros(len(self))
        parts: dict[str, NDArray[np.float64]] = {}
        for term, repeated in terms.items():
            slots, weights = self._weigh(term, mask, lengths / mean_length)
            parts[term] = np.zeros(len(self))
            parts[term][slots] = repeated * weights
            scores += parts[term]
        matching = np.flatnonzero(scores)
        best = matching[np.argsort(-scores[matching], kind="stable")][:limit].tolist()
        return [
            WordMatch(
                slot, float(scores[slot]), _words({term: float(part[slot]) for term, part in parts.items()})
            )
            for slot in best
        ]

    def _weigh(
        self, term: str, mask: NDArray[np.bool_], relative: NDArray[np.float64]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the admitted slots that hold the term and what the term adds to the score of each."""
        import numpy as np

        postings = self._postings.get(term, _Postings())
        slots = np.array(postings.slots, dtype=np.intp)
        seen = mask[slots]
        slots, counts = slots[seen], np.array(postings.counts, dtype=np.float64)[seen]
        rarity = math.log(1 + (int(mask.sum()) - len(slots) + 0.5) / (len(slots) + 0.5))
        return slots, rarity * counts / (counts + K1 * (1 - B + B * relative[slots]))


def _words(weights: dict[str, float]) -> tuple[str, ...]:
    """Return the matched terms, the weightiest first, less the characters that a matched pair shows."""
    matched = sorted((term for term, weight in weights.items() if weight), key=lambda t: (-weights[t], t))
    pairs = " ".join(term for term in matched if len(term) > 1)
    return tuple(term for term in matched if len(term) > 1 or term.isascii() or term not in pairs)
