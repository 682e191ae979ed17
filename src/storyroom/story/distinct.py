"""How far apart pitches are, and when one nearly repeats another.

Two measures, because each alone misses something: the distance of embeddings (1 less their cosine) sees the
same matter, and the likeness of words sees the same sentences. The bounds lie in the middle of the gaps that
`benchmarks/distinct.py` measures between reworded and different pitches, in English and in Chinese. A story that
is told again without a word of the first is beyond both measures.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from storyroom.story.plan import Pitch
from storyroom.story.wording import likeness

TOO_NEAR = 0.2
"""Below this distance one pitch repeats another."""

TOO_ALIKE = 0.5
"""Above this likeness of words one pitch repeats another."""

Distances = Sequence[Sequence[float]]
"""The distance of each pitch from each, in the order of the table; empty for fewer than two."""


def mean_distance(distances: Distances) -> float | None:
    """Return the mean distance of two different pitches; None where there are no two."""
    pairs = list(itertools.combinations(range(len(distances)), 2))
    return round(sum(distances[a][b] for a, b in pairs) / len(pairs), 3) if pairs else None


def nearly_repeats(one: Pitch, other: Pitch, distance: float) -> bool:
    """Tell whether two pitches are nearly the same."""
    return distance < TOO_NEAR or likeness(one.told, other.told) > TOO_ALIKE


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
