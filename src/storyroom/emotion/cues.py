"""Pieces of a line, with a sign for each that often goes with an emotion.

A few thousand lines show a head too few words: it may never have met `trembling`. The sign `@fear en` is
shared by all words of the list, so what was learnt of one is known of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from storyroom.emotion.cue_words import CUES
from storyroom.emotion.pieces import pieces, single_pieces


def pieces_and_cues(text: str) -> list[str]:
    """Return the pieces of a line, and the sign of each emotion for every piece that often goes with it."""
    found, signs = pieces(text), _signs()
    return [*found, *(sign for piece in found for sign in signs.get(piece, ()))]


@cache
def _signs() -> dict[str, list[str]]:
    signs: dict[str, list[str]] = {}
    for (emotion, language), listed in CUES.items():
        run = {
            form for cue in listed.split() for form in _forms(single_pieces(cue.replace("_", " ")), language)
        }
        for piece in run:
            signs.setdefault(piece, []).append(f"@{emotion} {language}")
    return signs


def _forms(run: list[str], language: str) -> Iterator[str]:
    """Yield a run as `pieces` writes it, and a lone English word in its other forms, right or wrong."""
    yield " ".join(run)
    if language == "en" and len(run) == 1 and (word := run[0]).isalpha():
        stem = word.removesuffix("e")
        yield from (word + ending for ending in ("s", "es", "ed", "ing"))
        yield from (stem + ending for ending in ("ed", "ing"))
        yield from (word + word[-1] + ending for ending in ("ed", "ing"))
