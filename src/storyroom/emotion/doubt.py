"""How far a line can be trusted to be what the head has learnt: English or Chinese words, and enough of them.

The bounds were set by hand. Of the development lines, one in a hundred has fewer than half of its words among
those the head knows; sentences in French, German, Spanish or Italian have a fifth at most.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from storyroom.emotion.pieces import is_han, words

_FOREIGN, _KNOWN = 0.2, 0.5
_LEAST_TRUST = 0.35
_ONE_WORD = 0.6


class Trust(NamedTuple):
    """How much of what was measured is kept, from 0 to 1, and why it is not all."""

    share: float
    doubt: str = ""


def trust(text: str, known: Container[str]) -> Trust:
    """Say how far a line can be trusted.

    Args:
        text: the line.
        known: the words of both languages that the head has learnt.
    """
    found = words(text)
    if not found:
        return Trust(0.0, "no words")
    share = sum(word in known for word in found) / len(found)
    trusted = min(1.0, max(0.0, (share - _FOREIGN) / (_KNOWN - _FOREIGN)))
    kept = _LEAST_TRUST + (1 - _LEAST_TRUST) * trusted
    if _length(found) <= 1:
        return Trust(min(kept, _ONE_WORD), "one word")
    return Trust(kept, "few known words" if kept < 1 else "")


def _length(found: Sequence[str]) -> float:
    """Count words; two Chinese characters make about one."""
    han = sum(map(is_han, found))
    return len(found) - han / 2
