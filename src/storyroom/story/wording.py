"""Words: how alike two texts are, and which words of one became which of the other.

A Han character is a word, as writers count. Likeness is the Dice coefficient of the pieces of words: three
letters each in alphabets, so that an ending or a slip of the pen counts for little; in Chinese each character
and each two that stand side by side.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from storyroom.story.han import HAN
from storyroom.story.script import count_words
from storyroom.story.sequences import common

_WORD = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)*")
_TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)*|\s+|.", re.DOTALL)
_IS_HAN = re.compile(f"[{HAN}]")

ALIKE = 0.4
"""From this likeness on, one text is taken for a rewording of the other."""

_HARDLY = 0.25


class Words(NamedTuple):
    """A stretch of a text that was reworded; a kept one is in both."""

    state: Literal["kept", "removed", "added"]
    text: str


@lru_cache(maxsize=1 << 15)
def pieces(text: str) -> frozenset[str]:
    """Return the pieces of a text's words; one that comes again is told from the first by its number."""
    counts: Counter[str] = Counter()
    for found in _WORD.finditer(text.casefold()):
        word = found[0]
        if _IS_HAN.match(word):
            counts.update(word)
            counts.update(map("".join, pairwise(word)))
        else:
            padded = f" {word} "
            counts.update(map("".join, zip(padded, padded[1:], padded[2:], strict=False)))
    return frozenset(f"{piece}{n or ''}" for piece, count in counts.items() for n in range(count))


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are: 1 for the same words, 0 for none in common."""
    if one == other:
        return 1.0
    ours, theirs = pieces(one), pieces(other)
    both = len(ours) + len(theirs)
    return 2 * len(ours & theirs) / both if both else 0.0


def phrases(text: str) -> set[str]:
    """Return what a text says three words at a time."""
    words = [token for token in _TOKEN.findall(text.casefold()) if token[0].isalnum()]
    return set(map(" ".join, zip(words, words[1:], words[2:], strict=False)))


def words_changed(old: str, new: str) -> list[Words]:
    """Return the words of both texts in order: kept, removed, added.

    The kept and the removed ones are `old`, the kept and the added ones are `new`. Where hardly a word was
    kept, the whole text is told as removed and added, because a line of shreds cannot be read.

    >>> words_changed("You stopped on ninety.", "You stopped on eighty.")[1:3]
    [Words(state='removed', text='ninety'), Words(state='added', text='eighty')]
    """
    ours, theirs = _TOKEN.findall(old), _TOKEN.findall(new)
    told: list[Words] = []
    i = j = 0
    for at, to in [*common(ours, theirs), (len(ours), len(theirs))]:
        told += [Words("removed", token) for token in ours[i:at]]
        told += [Words("added", token) for token in theirs[j:to]]
        told += [Words("kept", token) for token in ours[at : at + 1]]
        i, j = at + 1, to + 1
    kept = sum(len(token.strip()) for state, token in told if state == "kept")
    if kept < _HARDLY * min(len(old), len(new)):
        told = [Words("removed", old), Words("added", new)]
    return _joined(told)


def kept(old: str, new: str) -> float:
    """Return how much of a text still stands in another: 1 for every word of it, 0 for none.

    >>> kept("I counted every one.", "I counted every one. Twice.")
    1.0
    """
    words = count_words(old)
    if not words:
        return float(old.strip() == new.strip())
    return sum(count_words(part.text) for part in words_changed(old, new) if part.state == "kept") / words


def _joined(told: list[Words]) -> list[Words]:
    """Join what is told alike; a gap without a word between two changes is part of them."""
    runs = [(kept, list(run)) for kept, run in groupby(told, lambda one: one.state == "kept")]
    joined: list[Words] = []
    changes: list[Words] = []
    for place, (kept, run) in enumerate(runs):
        text = "".join(one.text for one in run)
        if not kept:
            changes += run
        elif 0 < place < len(runs) - 1 and not any(map(str.isalnum, text)):
            changes += [Words("removed", text), Words("added", text)]
        else:
            joined += [*_parted(changes), Words("kept", text)]
            changes = []
    return [*joined, *_parted(changes)]


def _parted(changes: list[Words]) -> list[Words]:
    """Return what went before what came."""
    found = []
    for state in ("removed", "added"):
        if text := "".join(one.text for one in changes if one.state == state):
            found.append(Words(state, text))
    return found
