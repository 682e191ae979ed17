"""Where somebody who can read is asked about two lines: a model, or a human."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storyroom.story.canon.moment import Moment
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


@dataclass(frozen=True)
class Passage:
    """A piece of a scene: where it is, and what it says, the heading first."""

    at: Moment
    text: str


@dataclass(frozen=True)
class PassagePair:
    """A passage, and an earlier one that retrieval found to be about the same."""

    earlier: Passage
    later: Passage


@dataclass(frozen=True)
class Clash:
    """What two passages say that cannot both be true, quoted from each, and the reason in a sentence.

    Whoever reports one looks for the quotes in the script first: a model can make them up.
    """

    earlier: str
    later: str
    reason: str


class Judge(Protocol):
    """Somebody who can read, and tell whether two lines or two passages can both be true."""

    @property
    def name(self) -> str:
        """Who judges: the spec of a model."""

    def judge(self, pair: Pair) -> Verdict:
        """Tell whether two lines contradict each other."""

    def compare(self, pair: PassagePair) -> Clash | None:
        """Tell what in a passage contradicts an earlier one, if anything does."""
