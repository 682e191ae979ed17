"""What one line feels like: how much of each emotion, how strong, how pleasant, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from storyroom.story.plan import EMOTIONS

__all__ = ["EMOTIONS", "WEAK", "Feeling"]

WEAK = 0.5
"""Below this confidence a label is more likely wrong than right, and is shown as weak."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """What a line feels like, as one source says it.

    Attributes:
        shares: the probability of each of `EMOTIONS`, in their order; they add up to 1.
        intensity: how strong it is, from 0 to 1.
        valence: how pleasant the moment is for who speaks or acts, from -1 to 1.
        confidence: how likely the label is right, from 0 to 1; 0 where there was nothing to go on.
        source: what said so, such as `head:en-zh v2`.
        doubt: why the confidence was lowered: `no words`, `one word`, `few known words`, or nothing.
        reason: why it feels so, from sources that give reasons.
    """

    shares: tuple[float, ...]
    intensity: float
    valence: float
    confidence: float
    source: str
    doubt: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        """The likeliest emotion; neutral where there was nothing to go on."""
        if not self.confidence:
            return "neutral"
        return EMOTIONS[max(range(len(EMOTIONS)), key=self.shares.__getitem__)]

    @property
    def distribution(self) -> dict[str, float]:
        """The probability of each emotion by its name."""
        return dict(zip(EMOTIONS, self.shares, strict=True))

    @property
    def weak(self) -> bool:
        """Whether the label is more likely wrong than right."""
        return self.confidence < WEAK


def unfelt(source: str, doubt: str) -> Feeling:
    """Return the feeling of a line that gives nothing to go on."""
    share = round(1 / len(EMOTIONS), 4)
    return Feeling((share,) * len(EMOTIONS), 0.0, 0.0, 0.0, source, doubt)
