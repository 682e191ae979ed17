"""Putting wrapped lines together again."""

from __future__ import annotations

import re

from storyroom.formats.pages.columns import NO_START, has_han, width_of

_SENTENCE_END = re.compile(r"[.!?。！？…](?:[\"'”’」』）)]*)$")
_SPACED = re.compile(r"[A-Za-z0-9] [\u4e00-\u9fff]|[\u4e00-\u9fff] [A-Za-z0-9]")
_SLACK = 0.5
_CHINESE_SLACK = 2.5


def joint(before: str, end: float, after: str, limit: float) -> str:
    r"""Return what stood between two lines before they were broken: a space, nothing, or ``\n``.

    A line was broken by its writer, not for want of room, if the beginning of the next one would have fitted.

    Args:
        before: the upper line.
        end: the column at which it ends.
        after: the lower line.
        limit: the column at which lines of the kind end at the latest.
    """
    chinese = (
        has_han(before[-1:]) or has_han(after[:1]) or before[-1:] in NO_START or after[:1] in "“‘（《「『"
    )
    close = _closed_up(before, after, chinese=chinese)
    needed = _first_width(after) + (0 if close else 1)
    slack = _CHINESE_SLACK if chinese else _SLACK
    if end + needed <= limit - slack:
        return "\n"
    return "" if close else " "


def ends_sentence(text: str) -> bool:
    """Whether a line ends a sentence."""
    return bool(_SENTENCE_END.search(text))


def _closed_up(before: str, after: str, *, chinese: bool) -> bool:
    """Whether no space belongs between two halves."""
    if chinese:
        mixed = before[-1:].isascii() != after[:1].isascii() and (before[-1:] + after[:1]).isalnum()
        return not (mixed and _SPACED.search(f"{before}\n{after}"))
    if before.endswith("--"):
        return False
    if before[-1:] in "-‐":
        return before[-2:-1].isalnum() and after[:1].isalnum()
    return before[-1:] in "–—" and not before[-2:-1].isspace() and after[:1].islower()


def _first_width(text: str) -> float:
    """Columns of the least beginning of a text that can stand on a line."""
    if has_han(text[:1]) or not text[:1].isascii():
        count = 1
        while count < len(text) and text[count] in NO_START:
            count += 1
        return sum(2 if width_of(c) == 2 else 1 for c in text[:count])
    found = re.match(r"[^\s-]+(?:-(?=\w))?", text)
    return sum(map(width_of, found[0])) if found else 1
