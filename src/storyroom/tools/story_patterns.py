"""Story patterns, and the people of each genre: what a small model chooses from and fills in.

A pattern is four sentences with slots. Code fills `{…}`: names and pronouns, the keywords (`first`,
`second`), the time there is (`clock`). A model chooses one of a list for `[role]` and `[other_role]`, and
writes `<…>`: a few words, in Chinese one of a list too. A keyword stands only where any noun can.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from storyroom.story.bible import Format, Language


class Pattern(NamedTuple):
    """A way for a story to go; the title is one of those that can be chosen."""

    name: str
    title: str
    premise: str
    conflict: str
    turn: str
    ending: str


class Genre(NamedTuple):
    """A genre: the words that name it, and who one meets in it, as leads and on the other side."""

    words: tuple[str, ...]
    roles: tuple[str, ...]
    others: tuple[str, ...]


class Stock(NamedTuple):
    """What there is in one language.

    Attributes:
        clocks: how much time the people have, in an episode of that length.
        names: names, each with its pronoun; two neighbours have different ones.
        openings: how a premise begins when there are more than two keywords.
        genres: by name; the last one is for stories that name none.
        pieces: what a small model chooses from where it cannot write.
    """

    clocks: Mapping[Format, str]
    names: tuple[tuple[str, str], ...]
    openings: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    genres: Mapping[str, Genre]
    pieces: Mapping[str, tuple[str, ...]] = {}


def stock(language: Language) -> Stock:
    """Return the stock of a language."""
    from storyroom.tools import stories_en, stories_zh

    return {"en": stories_en.STOCK, "zh": stories_zh.STOCK}[language]
