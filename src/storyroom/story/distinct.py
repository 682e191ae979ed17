"""How far apart pitches are, and when one nearly repeats another.

Two measures: the distance of embeddings (1 less their cosine), which sees the same matter, and the share of
phrases in common, which sees the same sentences whatever the encoder makes of them. `benchmarks/distinct.py`
measures both, in English and in Chinese: the bound of the first lies in the middle of the gap between pitches
that were reworded and pitches that differ. A story told again without a word of the first is beyond both.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from storyroom.story.plan import Pitch
from storyroom.story.wording import phrases

TOO_NEAR = 0.2
"""Below this distance one pitch repeats another."""

TOO_MUCH = 0.4
"""Above this share of phrases one pitch repeats another: more than one sentence of three is the same."""

Distances = Sequence[Sequence[float]]
"""The distance of each pitch from each, in the order of the table; empty for fewer than two."""


def mean_distance(distances: Distances) -> float | None:
    """Return the mean distance of two different pitches; None where there are no two."""
    pairs = list(itertools.combinations(range(len(distances)), 2))
    return round(sum(distances[a][b] for a, b in pairs) / len(pairs), 3) if pairs else None


def in_common(one: Pitch, other: Pitch) -> float:
    """Return the share of phrases, three words each, that two pitches have in common (Dice), from 0 to 1."""
    ours, theirs = phrases(one.told), phrases(other.told)
    both = len(ours) + len(theirs)
    return 2 * len(ours & theirs) / both if both else float(one.told == other.told)


def nearly_repeats(one: Pitch, other: Pitch, distance: float) -> bool:
    """Tell whether two pitches are nearly the same."""
    return distance < TOO_NEAR or in_common(one, other) > TOO_MUCH


def repeated(number: int, pitches: Sequence[Pitch], distances: Distances, among: Sequence[int]) -> int | None:
    """Return the number of the pitch that a pitch nearly repeats, the nearest one.

    Args:
        number: of the pitch, from 1.
        among: numbers of those that it may not repeat.
    """
    near = [
        other
        for other in among
        if nearly_repeats(pitches[number - 1], pitches[other - 1], distances[number - 1][other - 1])
    ]
    return min(near, key=lambda other: distances[number - 1][other - 1], default=None)
