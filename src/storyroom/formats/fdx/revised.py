"""Which words of a paragraph a revision changed: Final Draft marks them, not the paragraph."""

import re
from collections.abc import Iterator
from itertools import pairwise

from storyroom.story.wording import Words, words_changed

_WORD = re.compile(r"[㐀-鿿]|[^\s㐀-鿿]+")
_END = Words("kept", "")


def stretches(old: str, new: str) -> list[tuple[int, int, bool]]:
    """Part a text into what a revision changed and what it left as it was.

    Where words were only taken out, the word behind them is marked, at the end of the text the one before.
    A text that says what it said, in other styles, is marked whole.

    Returns:
        Where each stretch of the new text begins and ends, and whether it is marked.
    """
    parted: list[tuple[int, int, bool]] = []
    position = 0
    for start, end in [*(_marked(old, new) if old != new else [(0, len(new))]), (len(new), len(new))]:
        start = max(start, position)
        parted += [(position, start, False), (start, end, True)]
        position = max(position, end)
    return [one for one in parted if one[0] < one[1]]


def _marked(old: str, new: str) -> Iterator[tuple[int, int]]:
    position = 0
    for (state, text), following in pairwise([*words_changed(old, new), _END]):
        if state == "added":
            yield position, position + len(text)
        elif state == "removed" and following.state == "kept":
            yield _word_beside(new, position)
        position += len(text) if state != "removed" else 0


def _word_beside(text: str, position: int) -> tuple[int, int]:
    if behind := _WORD.search(text, position):
        return behind.span()
    *_, last = [(position, position), *(word.span() for word in _WORD.finditer(text, 0, position))]
    return last
