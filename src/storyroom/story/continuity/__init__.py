"""Checks of a script against the show, its canon and itself."""

from storyroom.story.continuity.checker import CERTAIN, KINDS, LIKELY, check
from storyroom.story.continuity.finding import CertainKind, Finding, FindingKind, LikelyKind, Line
from storyroom.story.continuity.show import CastMember, Show

__all__ = [
    "CERTAIN",
    "KINDS",
    "LIKELY",
    "CastMember",
    "CertainKind",
    "Finding",
    "FindingKind",
    "LikelyKind",
    "Line",
    "Show",
    "check",
]
