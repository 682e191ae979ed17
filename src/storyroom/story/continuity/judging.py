"""Where somebody who can read is asked about two lines: a model, or a human."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storyroom.story.continuity.finding import FindingKind, Line


@dataclass(frozen=True)
class Pair:
    """Two lines that may contradict each other.

    Attributes:
        kind: in which way.
        earlier: the line that was first, with what stands around it.
        later: the line that may not go together with it.
        suspicion: what code found, in a sentence.
    """

    kind: FindingKind
    earlier: Line
    later: Line
    suspicion: str


@dataclass(frozen=True)
class Verdict:
    """What was judged, and the reason in a sentence."""

    contradicts: bool
    reason: str


class Judge(Protocol):
    """Somebody who can read two lines and tell whether both can be true."""

    @property
    def name(self) -> str:
        """Who judges: the spec of a model."""

    def judge(self, pair: Pair) -> Verdict:
        """Tell whether two lines contradict each other."""
