"""Whose the words of a line are, and who changed it: followed word by word through its wordings.

A word that a new wording keeps stays with whoever put it there, one that it adds is its maker's, and one that
comes back from an earlier wording is again whoever's it was. Nothing is estimated: which words were kept is
told by the same comparison that shows a change (`storyroom.story.wording`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storyroom.memory.history import History, Wording
from storyroom.story.asides import printed
from storyroom.story.script import UNPRINTED, word_spans
from storyroom.story.wording import words_changed

Who = tuple[str, str]
"""An actor (``agent:MODEL``, ``member:NAME``, ``code``) and the role whose work it was."""


@dataclass(frozen=True)
class Authorship:
    """Who made a line what it is.

    Attributes:
        writer: who wrote it first.
        changed: everybody else who reworded it since, were it by one word, and was not taken back.
        words: how many of its words as it stands are whose.
    """

    writer: Who
    changed: tuple[Who, ...]
    words: Counter[Who]

    @property
    def worded(self) -> Counter[str]:
        """How many of its words are whose, in whatever role, the most first."""
        found: Counter[str] = Counter()
        for (actor, _), count in self.words.items():
            found[actor] += count
        return Counter(dict(found.most_common()))


def authorship(history: History) -> Authorship:
    """Return who made a line what it is; a wording that was taken back again made nothing of it."""
    led = _that_led_here(history.wordings)
    makers = [_who(one) for one in led]
    last = led[-1].element
    words: Counter[Who] = Counter()
    if last.kind not in UNPRINTED:
        texts = [printed(one.element.text) for one in led]
        owners = _owners(texts, makers)
        for start, end in word_spans(texts[-1]):
            # "well-lit" is one word, and "lit" alone may be new in it.
            words[Counter(owners[start:end]).most_common(1)[0][0]] += 1
    writer, *changed = dict.fromkeys(makers)
    return Authorship(writer, tuple(changed), words)


def _that_led_here(wordings: Iterable[Wording]) -> list[Wording]:
    """Return the wordings without those that were taken back: where one came again, what lay between."""
    led: list[Wording] = []
    for wording in wordings:
        content = wording.element.content
        back = next((at for at, one in enumerate(led) if one.element.content == content), None)
        if back is None:
            led.append(wording)
        else:
            del led[back + 1 :]
    return led


def _owners(texts: Sequence[str], makers: Sequence[Who]) -> list[Who]:
    """Return whose each character of the last text is."""
    owned: list[list[Who]] = []
    for at, text in enumerate(texts):
        mine: list[Who | None] = [None] * len(text)
        # What the wording before does not have may come from one before that.
        for before in reversed(range(at)):
            for old, new in _kept(texts[before], text):
                mine[new] = mine[new] or owned[before][old]
        owned.append([who or makers[at] for who in mine])
    return owned[-1]


def _kept(old: str, new: str) -> Iterable[tuple[int, int]]:
    """Yield the places in both texts of each character that was kept."""
    i = j = 0
    for state, text in words_changed(old, new):
        if state == "kept":
            yield from zip(range(i, i + len(text)), range(j, j + len(text)), strict=True)
        i += len(text) * (state != "added")
        j += len(text) * (state != "removed")


def _who(wording: Wording) -> Who:
    return str(wording.maker), wording.turn.role
