"""Worn phrases that stand in no list: what a language model sees coming word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from storyroom.story.script import Kind
from storyroom.story.surprise import TokenBits, bound_of, predictable
from storyroom.tools.polish.change import Change, Polished, apart
from storyroom.tools.polish.finding import remark

_READ = frozenset({Kind.ACTION, Kind.DIALOGUE})
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LEAST_WORDS = 3
_LEAST_HAN = 4


def with_predictable(found: Polished, bits: Mapping[int, Sequence[TokenBits]]) -> Polished:
    """Add remarks on stretches that a model finds all too predictable.

    Args:
        bits: how surprising each line's tokens are, by the line's place, as `surprise_by_line` tells it.
    """
    remarks = list(_remarks(found, bits))
    changes, _ = apart([*found.changes, *remarks])
    return Polished(found.script, tuple(changes), found.refused, found.told)


def _remarks(found: Polished, bits: Mapping[int, Sequence[TokenBits]]) -> Iterator[Change]:
    lines = {place: tokens for place, tokens in bits.items() if found.elements[place].kind in _READ}
    worn = {one.place for one in found.changes if one.kind == "cliche"}
    bound = bound_of(lines.values())
    for place, tokens in lines.items():
        text = found.elements[place].text
        for span in predictable(tokens, bound):
            phrase = _whole_words(text, span.start, span.end)
            if place not in worn and _tells(phrase):
                reason = f"“{phrase}” is what anybody would say next ({span.bits:.1f} bits a token)."
                yield remark(place, "cliche", reason)


def _whole_words(text: str, start: int, end: int) -> str:
    """Return the words of which a stretch holds at least a part, but the first only whole."""
    words = [one for one in _WORDS.finditer(text) if one.end() > start and one.start() < end]
    words = [one for one in words if one.start() >= start] or words
    return text[words[0].start() : words[-1].end()] if words else ""


def _tells(phrase: str) -> bool:
    """Whether a phrase is long enough to be worn, within one sentence, and no name or number."""
    if any(mark in phrase for mark in ".!?。！？"):
        return False
    if not phrase.isascii():
        return sum("㐀" <= c <= "鿿" for c in phrase) >= _LEAST_HAN
    words = _WORDS.findall(phrase)
    small = sum(word.islower() for word in words)
    return len(words) >= _LEAST_WORDS and small >= len(words) - 1 and not any(map(str.isdigit, phrase))
