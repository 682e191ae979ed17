"""How surprising a text is, token by token, and where it is all too predictable.

A language model reads the text and says how likely each token was, given all before it. Surprise is the
negative logarithm of that, in bits: 1 for the toss of a coin, 2.6 for that of a die. Bits of two models, or
of two languages, cannot be compared; bits of two passages under one model can.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean, quantiles
from typing import NamedTuple

TELLING = 4
"""Tokens on end that tell a worn phrase; fewer are predictable in any text."""

# Set by eye on the embedded model: "louder than words" has 0.1 bits a token, "at the end of the day" 1.1, and
# hardly anything in seven scripts of some invention lies below it.
_WORN = 1.2
_MANY = 200


class TokenBits(NamedTuple):
    """How surprising one token was.

    Attributes:
        start, end: the token is ``text[start:end]``.
        bits: minus its log-probability, to base 2.
    """

    start: int
    end: int
    bits: float


class Span(NamedTuple):
    """A stretch of a text, and the mean surprise of its tokens in bits."""

    start: int
    end: int
    bits: float


def mean_bits(tokens: Sequence[TokenBits], start: int, end: int) -> float | None:
    """Return the mean surprise of the tokens that begin in ``text[start:end]``; None if none does."""
    found = [one.bits for one in tokens if start <= one.start < end]
    return fmean(found) if found else None


def tokens_in(tokens: Sequence[TokenBits], start: int, end: int) -> list[TokenBits]:
    """Return the tokens that begin in ``text[start:end]``; they are in order, and so found quickly."""
    low = bisect_left(tokens, start, key=lambda one: one.start)
    return list(tokens[low : bisect_left(tokens, end, low, key=lambda one: one.start)])


def bound_of(lines: Iterable[Sequence[TokenBits]], k: int = TELLING) -> float:
    """Return the mean surprise below which a stretch of `k` tokens is all too predictable.

    Only one in a hundred of the script's own stretches lies below it, for a courtroom is not a farce; and it
    is never above `_WORN`, so that a fresh script has nothing to show.

    Args:
        lines: the tokens of each line; a stretch lies within one.
    """
    means = [bits for line in lines for bits in _means(line, k)]
    return min(_WORN, quantiles(means, n=100)[0]) if len(means) >= _MANY else _WORN


def predictable(line: Sequence[TokenBits], bound: float, k: int = TELLING) -> list[Span]:
    """Return the stretches of a line, of `k` tokens and more, all of whose parts of `k` are below a bound."""
    spans: list[Span] = []
    first: int | None = None
    for place, bits in enumerate([*_means(line, k), bound]):
        if bits < bound:
            first = place if first is None else first
        elif first is not None:
            run = line[first : place - 1 + k]
            spans.append(Span(run[0].start, run[-1].end, fmean(one.bits for one in run)))
            first = None
    return spans


def _means(line: Sequence[TokenBits], k: int) -> Iterator[float]:
    """Yield the mean surprise of each stretch of `k` tokens."""
    total = sum(one.bits for one in line[:k])
    for place in range(len(line) - k + 1):
        yield total / k
        if place + k < len(line):
            total += line[place + k].bits - line[place].bits
