"""The pieces that a line is known by: words, Chinese characters, marks, and runs of two and three of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"  # compatibility characters are unified before
_KANA = r"\u3040-\u30ff"
_PIECE = re.compile(rf"[{_HAN}]|\d+|[^\W\d_{_HAN}]+(?:'[^\W\d_{_HAN}]+)*|[^\w\s]")
_WORD = re.compile(rf"[{_HAN}{_KANA}]|[^\W\d_{_HAN}{_KANA}]+(?:'[^\W\d_{_HAN}{_KANA}]+)*")
_PLAIN = str.maketrans("‘’“”", "''\"\"")


def pieces(text: str) -> list[str]:
    """Return the pieces of a line, with the runs that begin and end it marked as such."""
    single = single_pieces(text)
    if not single:
        return []
    run = ["^", *single, "$"]
    twos = [f"{a} {b}" for a, b in pairwise(run)]
    threes = [f"{a} {b} {c}" for a, b, c in zip(run, run[1:], run[2:], strict=False)]
    return [*single, *twos, *threes]


def single_pieces(text: str) -> list[str]:
    """Return the words, Chinese characters, numbers and marks of a line, in order."""
    return _PIECE.findall(_folded(text))


def words(text: str) -> list[str]:
    """Return the words of a line, and each of its Chinese or Japanese characters; no numbers or marks."""
    return _WORD.findall(_folded(text))


def is_han(word: str) -> bool:
    """Whether a word is a single Chinese character."""
    return "\u3400" <= word <= "\u4dbf" or "\u4e00" <= word <= "\u9fff"


def mostly_han(found: Sequence[str]) -> bool:
    """Whether words are Chinese for the most part; two characters make about one word."""
    han = sum(map(is_han, found))
    return han / 2 > len(found) - han


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
