"""How many columns of the grid a text takes, and where its lines may break.

A Han character takes two columns, a letter one. Chinese lines break between any two characters, but no line
begins with a closing mark nor ends with an opening one, and a dash or an ellipsis of two characters stays
whole (W3C, Requirements for Chinese Text Layout, section 3.1) and with the word before it. Other lines break
after spaces and hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NO_START = frozenset("。，、；：？！．）」』】》〉〕〗〙〛］｝”’·・％‰℃～〜／ーゝゞヽヾ々")
"""Characters that never begin a line beside Chinese."""
NO_END = frozenset("（「『【《〈〔〖〘〚［｛“‘￥＄＃")
"""Characters that never end one."""

_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SHARED_MARKS = frozenset("“”‘’…—·")
_DASHES = frozenset("-‐–—")
_CLINGING = frozenset("—…─")


def has_han(text: str) -> bool:
    """Whether a text holds Chinese (or Japanese) characters."""
    return bool(_HAN.search(text))


def count_han(text: str) -> int:
    """Count Chinese (or Japanese) characters."""
    return len(_HAN.findall(text))


@lru_cache(maxsize=8192)
def width_of(character: str) -> int:
    """Return the columns a character takes by itself: 0 for combining marks, 2 for wide ones, else 1."""
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    breadth = unicodedata.east_asian_width(character)
    if breadth in "WF":
        return 2
    if breadth == "A" and not character.isalpha():  # ① ★ → are drawn as wide as Han characters
        return 1 if character in _SHARED_MARKS or _in_courier(character) else 2
    return 1


def _in_courier(character: str) -> bool:
    return bool(character.encode("cp1252", "ignore"))


def widths(text: str, *, chinese: bool) -> list[int]:
    """Return the columns of each character.

    Args:
        text: one line, or a paragraph.
        chinese: whether quotation marks, dashes and ellipses are full-width, as beside Han characters;
            an apostrophe within a Latin word never is.
    """
    if text.isascii():
        return [1] * len(text)
    columns = [width_of(character) for character in text]
    if chinese:
        for index, character in enumerate(text):
            if character in _SHARED_MARKS and not (character == "’" and _within_word(text, index)):
                columns[index] = 2
    return columns


def _within_word(text: str, index: int) -> bool:
    around = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return len(around) == 2 and all(c.isalnum() and width_of(c) == 1 for c in around)


def wrap(text: str, width: int, *, first: int | None = None, chinese: bool) -> list[tuple[int, int]]:
    r"""Break a text into lines.

    Args:
        text: ``\n`` in it always breaks; white space at a break belongs to no line.
        width: columns of a line.
        first: columns of the first line, if other.
        chinese: as for `widths`.

    Returns:
        Start and end of each line in the text; an empty line has both the same.
    """
    columns = widths(text, chinese=chinese)
    lines: list[tuple[int, int]] = []
    start, room = 0, width if first is None else first
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        begin = start
        while True:
            cut = _line_end(text, columns, begin, end, room)
            lines.append((begin, begin + len(text[begin:cut].rstrip())))
            room, begin = width, cut
            while begin < end and text[begin].isspace():
                begin += 1
            if begin >= end:
                break
        start = end + 1
    return lines


def _line_end(text: str, columns: list[int], start: int, end: int, room: int) -> int:
    """Where the line that begins at `start` ends: at the last place that may break, else where it is full."""
    used, last = 0, start
    for index in range(start, end):
        if index > start and _may_break(text, columns, index):
            last = index
        used += columns[index]
        if used > room and not text[index].isspace():
            while index > start + 1 and columns[index] == 0:  # a combining mark stays with its letter
                index -= 1
            return last if last > start else max(index, start + 1)
    return end


def _may_break(text: str, columns: list[int], index: int) -> bool:
    """Whether a line may end before the character at `index`."""
    before, behind = text[index - 1], text[index]
    if behind.isspace() or columns[index] == 0:
        return False
    chinese = columns[index - 1] == 2 or columns[index] == 2
    if before.isspace():
        return not (behind in NO_START and columns[index] == 2)
    if not chinese:
        after_word = index > 1 and not text[index - 2].isspace()
        return before in _DASHES and behind.isalnum() and after_word
    if behind in NO_START or behind in _CLINGING or before in NO_END:
        return False
    if columns[index] == 1:
        return behind.isalnum() or behind in "([{<"
    return columns[index - 1] != 1 or before not in "([{<\"'"
