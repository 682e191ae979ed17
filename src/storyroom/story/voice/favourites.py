"""Words that one uses more than the others: log-odds with an informative Dirichlet prior.

After Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16 (2008): what everybody says is the
prior of both sides, so that neither rare words nor common ones win by chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

_PRIOR = 500.0
_TELLING = 1.96
_LEAST_TIMES = 3


class Favourite(NamedTuple):
    """A word that one uses more than the others.

    Attributes:
        z: the log-odds in standard deviations. It is told from 1.96 on, which one of forty ordinary words
            reaches by chance.
        times, others: how often it is said by her, and by the others.
    """

    word: str
    z: float
    times: int
    others: int


def favourites(ours: Mapping[str, int], theirs: Mapping[str, int], most: int = 8) -> list[Favourite]:
    """Return the words that stand out most, each said at least three times, the clearest first.

    Of a word and a longer one that holds it and is said as often, the longer one is told.
    """
    n, m = sum(ours.values()), sum(theirs.values())
    # One word alone, on either side, has nothing to stand out from.
    if min(len(ours), len(theirs)) < 2:
        return []
    found = []
    for word, times in ours.items():
        if times < _LEAST_TIMES:
            continue
        others = theirs.get(word, 0)
        prior = _PRIOR * (times + others) / (n + m)
        delta = math.log((times + prior) / (n + _PRIOR - times - prior))
        delta -= math.log((others + prior) / (m + _PRIOR - others - prior))
        z = delta / math.sqrt(1 / (times + prior) + 1 / (others + prior))
        if z > _TELLING:
            found.append(Favourite(word, z, times, others))
    found.sort(key=lambda one: (-one.z, one.word))
    return [one for one in found if not _within_another(one, found)][:most]


def _within_another(one: Favourite, found: list[Favourite]) -> bool:
    return any(
        one.word in other.word and one.word != other.word and other.times == one.times for other in found
    )
