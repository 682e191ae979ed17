"""What stands beside a mark: the words for a mood, and texts cut to the room there is."""

from __future__ import annotations

from collections.abc import Mapping

from storyroom.emotion.mood import Mood
from storyroom.story.measure import columns


def feeling_words(mood: Mood, words: Mapping[str, str]) -> str:
    """Return what a mood is called, with a question mark where it is weak."""
    return words[mood.label] + ("?" if mood.weak else "")


def cut(text: str, wide: int) -> str:
    """Return a text that takes at most so many columns, cut with an ellipsis."""
    if columns(text) <= wide:
        return text
    taken = ""
    for one in text:
        if columns(taken + one) > wide - 1:
            break
        taken += one
    return taken.rstrip() + "…"
