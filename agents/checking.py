"""The checks that several roles run on answers, as lists of faults."""

from __future__ import annotations

from collections.abc import Iterable

from storyroom.story.checks import key_terms, mentions, noise, unfinished

_TOO_ALIKE = 0.6


def about(text: str, idea: str, *, least: int) -> list[str]:
    """Find fault with a text that does not use enough of the idea's own words."""
    terms = key_terms(idea)
    wanted = min(least, len(terms))
    found = mentions(text, terms)
    if len(found) >= wanted:
        return []
    return [f"off the idea: {len(found)} of its words, {wanted} wanted"]


def sound(*texts: str) -> list[str]:
    """Find fault with noise and with sentences that stop half-way."""
    faults = [fault for text in texts for fault in noise(text)]
    return faults + [f"stops in mid-sentence: {text[-30:]}" for text in texts if text and unfinished(text)]


def apart(*texts: str) -> list[str]:
    """Find fault with texts that say nearly the same."""
    forms = [key_terms(text) for text in texts]
    faults: list[str] = []
    for i, one in enumerate(forms):
        for other in forms[:i]:
            if likeness(one, other) > _TOO_ALIKE:
                faults.append("two of them are nearly the same")
    return faults


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the share of words that two texts have in common (Jaccard index), from 0 to 1."""
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a | b else 0.0
