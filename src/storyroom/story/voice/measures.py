"""How someone speaks, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from storyroom.story.voice.words import (
    BREAKS,
    TRAILS,
    hedges,
    is_chinese,
    particles,
    sentences,
    short_forms,
    words,
)

WINDOW = 50
"""Words over which variety is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How someone speaks. In Chinese each character is a word.

    Attributes:
        speeches, words: how many there are.
        mean, spread: words per speech, and their standard deviation.
        longest: words of the longest speech.
        sentence: words per sentence.
        variety: different words in `WINDOW` words on end, as a share, the mean over all such stretches: the
            moving-average type-token ratio (Covington and McFall, Journal of Quantitative Linguistics 17,
            2010), which does not fall as a text grows. None for fewer words than that.
        questions, exclamations: share of sentences that end so.
        hedges: such as *maybe*, *I suppose*, 也许, per 100 words.
        short_forms: *don't*, *it's* …, per 100 words; None in Chinese.
        particles: 吗, 呢, 吧 …, per 100 characters; None in English.
        trails, breaks: share of speeches with an ellipsis, and with a dash.
    """

    speeches: int
    words: int
    mean: float
    spread: float
    longest: int
    sentence: float
    variety: float | None
    questions: float
    exclamations: float
    hedges: float
    short_forms: float | None
    particles: float | None
    trails: float
    breaks: float


def measure(texts: Sequence[str]) -> Measures | None:
    """Measure some speeches; None if there is no word in them."""
    spoken = [said for said in map(words, texts) if said]
    total = sum(map(len, spoken))
    if not total:
        return None
    lengths = [len(said) for said in spoken]
    told = [sentence for text in texts for sentence in sentences(text)]
    chinese = is_chinese(texts)

    def share(marks: str) -> float:
        return sum(any(mark in one for mark in marks) for one in told) / len(told)

    def per_hundred(counts: Sequence[int]) -> float:
        return 100 * sum(counts) / total

    return Measures(
        speeches=len(spoken),
        words=total,
        mean=fmean(lengths),
        spread=pstdev(lengths),
        longest=max(lengths),
        sentence=total / len(told),
        variety=variety([word for said in spoken for word in said]),
        questions=share("?？"),
        exclamations=share("!！"),
        hedges=per_hundred([hedges(text) for text in texts]),
        short_forms=None if chinese else per_hundred([short_forms(text) for text in texts]),
        particles=per_hundred([particles(text) for text in texts]) if chinese else None,
        trails=fmean(bool(TRAILS.search(text)) for text in texts),
        breaks=fmean(bool(BREAKS.search(text)) for text in texts),
    )


def variety(tokens: Sequence[str], window: int = WINDOW) -> float | None:
    """Return the mean share of different tokens in a moving window; None for fewer tokens than that.

    >>> variety(["a", "b", "a", "b"], window=2)
    1.0
    """
    if len(tokens) < window:
        return None
    counts: dict[str, int] = {}
    total = 0
    for place, token in enumerate(tokens):
        counts[token] = counts.get(token, 0) + 1
        if place >= window:
            gone = tokens[place - window]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
        if place >= window - 1:
            total += len(counts)
    return total / (len(tokens) - window + 1) / window
