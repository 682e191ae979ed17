"""A close look at the few texts that a search is about to return.

BM25 does not see, and the vector of a whole text blurs, that another word means nearly the same, and that
words of the question stand together in the text as they do in the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from storyroom.memory.embeddings import Wordwise
from storyroom.memory.lexical import Lexicon, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]  # one for each text, 0 … 1

_REACH = 2  # words on: one may come between
_Word = tuple[str, str]  # as written, and its term


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts one after another, each word of which is looked at once.

    Attributes:
        words: the different ones.
        places: which of `words` stands at each place of all texts.
        starts: at which place each text begins.
    """

    words: Sequence[_Word]
    places: NDArray[np.intp]
    starts: NDArray[np.intp]


class Closeness:
    """Compares a question with texts word by word. Not safe for use by several threads at once."""

    def __init__(self, embedder: Wordwise) -> None:
        self._embedder = embedder
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def scores(
        self, query: str, lexicon: Lexicon, slots: Sequence[int], rarity: Mapping[str, float]
    ) -> tuple[Scores, Scores]:
        """Score texts by their kindred words and by the order of their words.

        Args:
            query: the question.
            lexicon: holds the texts.
            slots: which of them to look at.
            rarity: the idf of each term of the question.

        Returns:
            Two arrays in the order of `slots`, each of scores from 0 to 1.
        """
        import numpy as np

        asked = list(dict.fromkeys(words(query)))
        sequences = [lexicon.sequence(slot) for slot in slots]
        if not asked or not sequences:
            return np.zeros(len(slots)), np.zeros(len(slots))
        # Each text ends in a word that is none, so that nothing reaches from one into the next.
        ended = [np.concatenate([sequence, np.full(_REACH, -1, np.int32)]) for sequence in sequences]
        starts = np.cumsum([0, *map(len, ended)])[:-1]
        numbers, places = np.unique(np.concatenate(ended), return_inverse=True)
        vocabulary = lexicon.vocabulary
        found = [("", "") if number < 0 else vocabulary[number] for number in numbers.tolist()]
        texts = _Texts(found, places, starts)
        return self._kindred(asked, texts, rarity), _in_order(words(query), texts, rarity)

    def _kindred(self, asked: Sequence[_Word], texts: _Texts, rarity: Mapping[str, float]) -> Scores:
        """Look for the nearest in meaning to each word asked, and weigh how near it is by the word's rarity.

        The late interaction of Khattab & Zaharia, "ColBERT" (SIGIR 2020), over vectors without context.
        """
        import numpy as np

        near = np.einsum("qd,wd->qw", self._vectors_of(asked), self._vectors_of(texts.words)).clip(0.0, 1.0)
        nearest = np.maximum.reduceat(near[:, texts.places], texts.starts, axis=1)
        weights = np.array([rarity[term] for _, term in asked])
        scores: Scores = weights @ nearest.astype(np.float64) / weights.sum()
        return scores

    def _vectors_of(self, of: Sequence[_Word]) -> NDArray[np.float32]:
        import numpy as np

        if new := [word for word, _ in of if word not in self._vectors]:
            self._vectors |= dict(zip(new, self._embedder.word_vectors(new), strict=True))
        return np.stack([self._vectors[word] for word, _ in of])


def _in_order(asked: Sequence[_Word], texts: _Texts, rarity: Mapping[str, float]) -> Scores:
    """Look for neighbours of the question that follow each other in the text, the rarer the weightier.

    The ordered pairs of Metzler & Croft, "A Markov Random Field Model for Term Dependencies" (SIGIR 2005).
    """
    import numpy as np

    pairs = dict.fromkeys(pairwise(term for _, term in asked))
    scores, total = np.zeros(len(texts.starts)), 0.0
    terms = [term for _, term in texts.words]
    for first, second in pairs:
        weight = min(rarity[first], rarity[second])
        total += weight
        if first not in terms or second not in terms:
            continue
        begins = np.array([term == first for term in terms])[texts.places]
        follows = np.array([term == second for term in terms])[texts.places]
        together = np.zeros_like(begins)
        for step in range(1, _REACH + 1):
            together[:-step] |= begins[:-step] & follows[step:]
        scores += weight * np.logical_or.reduceat(together, texts.starts)
    return scores / total if total else scores
