"""Whether a story leans on a pitch: it has words that carry the pitch's meaning."""

from __future__ import annotations

from collections.abc import Sequence

from storyroom.story.checks import key_terms, mentions
from storyroom.story.plan import Pitch

_FEW_TERMS = 4


def own_terms(pitch: Pitch, names: Sequence[str]) -> frozenset[str]:
    """Return the words that carry a pitch's meaning.

    Names of the cast stand in every story, and tell nothing of where it comes from.
    """
    every = key_terms(pitch.told)
    return every - key_terms(" ".join(names)) or every


def leans_on(text: str, pitch: Pitch, names: Sequence[str]) -> bool:
    """Tell whether a text has words that carry the pitch's meaning: one of a few, two of many."""
    terms = own_terms(pitch, names)
    wanted = min(1 if len(terms) <= _FEW_TERMS else 2, len(terms))
    return len(mentions(text, terms)) >= wanted
