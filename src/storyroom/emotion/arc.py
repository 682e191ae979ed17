"""Arcs: valence and intensity along a script, smoothed over the lines around each point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from storyroom.emotion.feeling import Feeling

_MOST_POINTS = 240
_SPAN = 1 / 24  # standard deviation of the smoothing, as a part of the whole
_LEAST_SPAN = 1.0


@dataclass(frozen=True, slots=True)
class Arc:
    """How feeling moves along some lines.

    Attributes:
        at: numbers of lines, ascending; the middle of some where there are too many to show each.
        valence: at each of them, from -1 to 1.
        intensity: at each of them, from 0 to 1.
    """

    at: tuple[float, ...] = ()
    valence: tuple[float, ...] = ()
    intensity: tuple[float, ...] = ()


def arc_of(numbers: Sequence[int], feelings: Sequence[Feeling]) -> Arc:
    """Return the arc of some lines: a Gaussian mean, in which each line counts by its confidence.

    Args:
        numbers: the lines' places in the script, ascending.
        feelings: what each of them feels like.
    """
    if not feelings:
        return Arc()
    import numpy as np

    given = np.array([(one.confidence, one.valence, one.intensity) for one in feelings])
    groups = np.array_split(np.arange(len(feelings)), min(len(feelings), _MOST_POINTS))
    trust = np.array([given[group, 0].sum() for group in groups])
    sums = np.array([given[group, :1].T @ given[group, 1:] for group in groups])[:, 0]
    place = np.arange(len(groups))
    span = max(_LEAST_SPAN, len(groups) * _SPAN)
    near = np.exp(-0.5 * ((place[:, None] - place) / span) ** 2)
    smooth = (near @ sums) / np.maximum(near @ trust, 1e-9)[:, None]
    return Arc(
        at=tuple(float(np.mean([numbers[n] for n in (group[0], group[-1])])) for group in groups),
        valence=tuple(round(float(value), 4) for value in smooth[:, 0]),
        intensity=tuple(round(float(value), 4) for value in smooth[:, 1]),
    )


def resampled(values: Sequence[float], count: int) -> list[float]:
    """Return `count` values at even distances along these; as many as there are, if they are fewer."""
    if len(values) <= count:
        return list(values)
    size = len(values) / count
    cuts = [round(place * size) for place in range(count + 1)]
    return [sum(values[a:b]) / (b - a) for a, b in pairwise(cuts)]
