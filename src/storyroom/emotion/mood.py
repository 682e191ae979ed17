"""What several lines feel like together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyroom.emotion.feeling import EMOTIONS, Feeling

_BASE = 0.1
_FEWEST_LINES = 3
_LEAST_CONFIDENCE = 0.4
_LEAST_LEAD = 0.05


@dataclass(frozen=True, slots=True)
class Mood:
    """What some lines feel like together.

    Attributes:
        shares: how much of each of `EMOTIONS` there is, in their order; they add up to 1. A line counts by
            its confidence and its intensity, so that one outburst outweighs the small talk around it.
        intensity: their mean, weighted by confidence.
        valence: their mean, weighted by confidence.
        confidence: the mean of the lines', weighted as the shares.
        lines: how many lines there are.
        sure: how many of them gave anything to go on.
    """

    shares: tuple[float, ...]
    intensity: float
    valence: float
    confidence: float
    lines: int
    sure: int

    @property
    def dominant(self) -> tuple[str, ...]:
        """The emotions that are there, the largest share first: the first one, and others near it."""
        ranked = sorted(zip(self.shares, EMOTIONS, strict=True), reverse=True)
        return tuple(label for share, label in ranked if share > 0.75 * ranked[0][0])[:3]

    @property
    def label(self) -> str:
        """The emotion with the largest share; neutral where no line gave anything to go on."""
        return self.dominant[0] if self.sure else "neutral"

    @property
    def distribution(self) -> dict[str, float]:
        """The share of each emotion by its name."""
        return dict(zip(EMOTIONS, self.shares, strict=True))

    @property
    def weak(self) -> bool:
        """Whether the label should not be leant on: few lines, low confidence, or another one close by."""
        first, second = sorted(self.shares, reverse=True)[:2]
        return (
            self.sure < _FEWEST_LINES or self.confidence < _LEAST_CONFIDENCE or first - second < _LEAST_LEAD
        )


def mood_of(feelings: Sequence[Feeling]) -> Mood | None:
    """Return what lines feel like together; None for no lines."""
    if not feelings:
        return None
    trusted = sum(one.confidence for one in feelings)
    weights = [one.confidence * (_BASE + one.intensity) for one in feelings]
    whole = sum(weights)
    shares = (
        [sum(w * one.shares[n] for w, one in zip(weights, feelings, strict=True)) / whole for n in _PLACES]
        if whole
        else [1 / len(EMOTIONS)] * len(EMOTIONS)
    )
    return Mood(
        shares=tuple(round(share, 4) for share in shares),
        intensity=_mean([one.confidence * one.intensity for one in feelings], trusted),
        valence=_mean([one.confidence * one.valence for one in feelings], trusted),
        confidence=_mean([w * one.confidence for w, one in zip(weights, feelings, strict=True)], whole),
        lines=len(feelings),
        sure=sum(one.confidence > 0 for one in feelings),
    )


_PLACES = range(len(EMOTIONS))


def _mean(weighted: Sequence[float], whole: float) -> float:
    return round(sum(weighted) / whole, 4) if whole else 0.0
