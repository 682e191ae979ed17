"""Which speeches sound like one character, and how far that can be trusted.

A multinomial naive Bayes classifier over character n-grams, which tell authors apart better than words do
in short texts (Stamatatos, "A survey of modern authorship attribution methods", JASIST 60, 2009). The n-grams
of everybody are the prior of both sides, so that what is rare decides little. Each speech is judged by counts
that hold nothing of its own scene, so that neither it nor what the scene is about gives it away.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from storyroom.story.voice.speech import Speech
from storyroom.story.voice.words import is_chinese, names_in, without_names, words

LEAST_SPEECHES = 20
"""Speeches that a character, and the others together, must have before they are told apart."""

LEAST_WORDS = 4
"""Shorter speeches sound like anybody, and are not judged."""

_PRIOR = 2000.0
_SURE = 1.96  # of a normal distribution, two-sided 95 %


class Trust(NamedTuple):
    """What the judgements on a character are worth.

    Only speeches of the same scene are compared. Characters meet some places and matters more often than
    others, and a scene's matter alone would otherwise pass for a voice.

    Attributes:
        auc: given one speech of hers and one of another's in the same scene, how often hers is the one taken
            for hers; half the time by guessing (the area under the ROC curve).
        low, high: its 95 % interval: the wider of Hanley and McNeil's (Radiology 143, 1982) and of what the
            scenes differ by.
        hers, others: speeches that were compared.
    """

    auc: float
    low: float
    high: float
    hers: int
    others: int

    @property
    def beats_guessing(self) -> bool:
        """Whether the judgements are better than guesses, as far as so many speeches can show it."""
        return self.low > 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """A speech and how much it sounds like the character: above 0 more than like the others."""

    speech: Speech
    score: float


class Likeness:
    """How much speeches sound like one character.

    Attributes:
        who: the character.
        judged: all speeches of at least `LEAST_WORDS` words, each judged without its own scene.
    """

    def __init__(self, who: str, speeches: Sequence[Speech]) -> None:
        self.who = who
        self._names = names_in(one.speaker for one in speeches)
        self._lengths = (1, 2) if is_chinese(one.text for one in speeches) else (2, 4)
        bags = [self._bag(one.text) for one in speeches]
        self._sides = (Counter[str](), Counter[str]())
        scenes: dict[int, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
        for one, bag in zip(speeches, bags, strict=True):
            side = one.speaker != who
            self._sides[side].update(bag)
            scenes[one.scene][side].update(bag)
        self._sizes = tuple(side.total() for side in self._sides)
        self.judged = [
            Judged(one, self._score(bag, scenes[one.scene]))
            for one, bag in zip(speeches, bags, strict=True)
            if len(words(one.text)) >= LEAST_WORDS
        ]

    def judge(self, text: str) -> float:
        """Return how much a text that was not among the speeches sounds like the character."""
        return self._score(self._bag(text), (Counter(), Counter()))

    @property
    def trust(self) -> Trust:
        """What the judgements are worth."""
        scenes: dict[int, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
        for one in self.judged:
            scenes[one.speech.scene][one.speech.speaker != self.who].append(one.score)
        return trust_in([scores for scores in scenes.values() if all(scores)])

    def scores(self) -> tuple[list[float], list[float]]:
        """Return the scores of the character's speeches, and those of the others'."""
        hers = [one.score for one in self.judged if one.speech.speaker == self.who]
        others = [one.score for one in self.judged if one.speech.speaker != self.who]
        return hers, others

    def _bag(self, text: str) -> dict[str, int]:
        return _grams(without_names(text, self._names), *self._lengths)

    def _score(self, bag: dict[str, int], left_out: tuple[Counter[str], Counter[str]]) -> float:
        """Return the mean log-odds of a bag's n-grams, in nats, by what is not left out."""
        (ours, theirs), (less, fewer) = self._sides, left_out
        sizes = [whole - part.total() for whole, part in zip(self._sizes, left_out, strict=True)]
        both = sum(sizes) + len(bag)
        balance = math.log((sizes[1] + _PRIOR) / (sizes[0] + _PRIOR))
        score = 0.0
        for gram, times in bag.items():
            one, other = ours[gram] - less[gram], theirs[gram] - fewer[gram]
            prior = _PRIOR * (one + other + 1) / both
            score += times * (math.log((one + prior) / (other + prior)) + balance)
        return score / max(1, sum(bag.values()))


@lru_cache(maxsize=1 << 14)
def _grams(text: str, shortest: int, longest: int) -> dict[str, int]:
    """Return the character n-grams of a text, counted. The same dict is returned again: do not change it."""
    padded = f" {text} "
    return Counter(
        padded[i : i + n] for n in range(shortest, longest + 1) for i in range(len(padded) - n + 1)
    )


def trust_in(scenes: Sequence[tuple[Sequence[float], Sequence[float]]]) -> Trust:
    """Return how well two lists of scores are told apart, scene by scene.

    Args:
        scenes: of each, the scores of hers and of the others; neither is empty.
    """
    n, m = (sum(len(scene[side]) for scene in scenes) for side in (0, 1))
    if not scenes:
        return Trust(0.5, 0.0, 1.0, 0, 0)
    won = [_pairs_won(hers, others) for hers, others in scenes]
    pairs = [len(hers) * len(others) for hers, others in scenes]
    auc = sum(won) / sum(pairs)
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = (auc * (1 - auc) + (n - 1) * (q1 - auc * auc) + (m - 1) * (q2 - auc * auc)) / (n * m)
    apart = sum((one - auc * all_) ** 2 for one, all_ in zip(won, pairs, strict=True)) / sum(pairs) ** 2
    by_scene = apart * len(scenes) / max(1, len(scenes) - 1)
    # Where all were told apart neither formula has any spread; so few speeches do not prove that much.
    spread = _SURE * math.sqrt(max(variance, by_scene, 0.25 / (n * m)))
    return Trust(auc, max(0.0, auc - spread), min(1.0, auc + spread), n, m)


def _pairs_won(hers: Sequence[float], others: Sequence[float]) -> float:
    """Return in how many pairs hers is higher; equal ones count half."""
    ranked = sorted(others)
    return sum((bisect_left(ranked, one) + bisect_right(ranked, one)) / 2 for one in hers)


def sound_alike(likeness: Likeness, most: int) -> tuple[list[Judged], list[Judged]]:
    """Return speeches of others that sound like the character, and speeches of hers that do not.

    The first lie above the middle of hers, the second below the middle of the others'; the clearest first.
    """
    hers, others = likeness.scores()
    if not hers or not others:
        return [], []
    middle, their_middle = sorted(hers)[len(hers) // 2], sorted(others)[len(others) // 2]
    ranked = sorted(likeness.judged, key=lambda one: one.score)
    alike = [one for one in reversed(ranked) if one.speech.speaker != likeness.who and one.score > middle]
    unlike = [one for one in ranked if one.speech.speaker == likeness.who and one.score < their_middle]
    return alike[:most], unlike[:most]


def enough(who: str, speeches: Collection[Speech]) -> bool:
    """Whether there are speeches enough to tell a character from the others."""
    hers = sum(one.speaker == who for one in speeches)
    return min(hers, len(speeches) - hers) >= LEAST_SPEECHES
