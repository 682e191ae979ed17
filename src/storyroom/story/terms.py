"""Where a text uses a term: whole words in English, and in Chinese no piece of two other words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from storyroom.story.han import HAN

_HAN = re.compile(f"[{HAN}]")


def uses(text: str, term: str, *, inflected: bool = False) -> Iterator[re.Match[str]]:
    """Yield where a text uses a term, whatever its case.

    Args:
        inflected: whether a Latin word may go on behind the term, as ``flares`` does behind ``flare``.
    """
    han = bool(_HAN.search(term))
    edges = _edges(text) if han else frozenset()
    for found in _pattern(term, inflected).finditer(text):
        if not han or (found.start() in edges and found.end() in edges):
            yield found


def first_use(text: str, terms: tuple[str, ...], *, inflected: bool = False) -> re.Match[str] | None:
    """Return the first place in a text that uses one of the terms."""
    found = [one for term in terms for one in uses(text, term, inflected=inflected)]
    return min(found, key=lambda one: one.start(), default=None)


@lru_cache(maxsize=2048)
def _pattern(term: str, inflected: bool) -> re.Pattern[str]:
    words = unicodedata.normalize("NFKC", term).split()
    joined = r"[\s\-–]+".join(re.escape(word).replace("'", "['’]") for word in words)
    if _HAN.search(term):
        return re.compile(joined, re.IGNORECASE)
    return re.compile(rf"(?<!\w){joined}" + ("" if inflected else r"(?!\w)"), re.IGNORECASE)


@lru_cache(maxsize=4096)
def _edges(text: str) -> frozenset[int]:
    """Return where a word begins or ends in Chinese text, as a dictionary divides it."""
    import rjieba

    # Without guessing at new words: what the dictionary does not know stays in single characters.
    edges, place = {0}, 0
    for word in rjieba.cut(text, False):
        place += len(word)
        edges.add(place)
    return frozenset(edges)
