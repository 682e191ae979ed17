"""How people of a kind speak, and what a situation brings with it: for those of whom little is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from storyroom.story.bible import Language

Setting = Literal["int", "ext", "both"]


class Voice(NamedTuple):
    """A way of speaking: the words for people who have it, its style, and lines in it."""

    words: tuple[str, ...]
    style: str
    lines: tuple[str, ...]


class Occasion(NamedTuple):
    """A kind of situation: the words for it, where it happens, and what lies about there."""

    words: tuple[str, ...]
    setting: Setting
    place: str
    things: tuple[str, ...]


class Stock(NamedTuple):
    """What there is in one language.

    Attributes:
        plain: lines that anybody could say.
        place: setting, place and things of any other situation.
        beat: the first action of a scene whose situation is only named.
        there: the sentence that brings things in.
        feeling: how a wanted feeling is asked for, of `everybody` or a `person`.
        emotions: the seven emotions as they are called.
        speaking: what tells that a trait is one of speech.
    """

    voices: tuple[Voice, ...]
    plain: tuple[str, ...]
    occasions: tuple[Occasion, ...]
    place: tuple[Setting, str, tuple[str, ...]]
    time: str
    act: str
    beat: str
    there: str
    feeling: str
    everybody: str
    person: str
    emotions: Mapping[str, str]
    speaking: tuple[str, ...]

    def voices_of(self, text: str) -> list[Voice]:
        """Return the ways of speaking that a text names."""
        return [voice for voice in self.voices if any(_names(text, word) for word in voice.words)]

    def occasion_of(self, text: str) -> Occasion:
        """Return the kind of situation that a text names, or the one for all others."""
        found = (one for one in self.occasions if any(_names(text, word) for word in one.words))
        return next(found, Occasion((), *self.place))


def stock(language: Language) -> Stock:
    """Return the stock of a language."""
    from storyroom.tools import voices_en, voices_zh

    return {"en": voices_en.STOCK, "zh": voices_zh.STOCK}[language]


def _names(text: str, word: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE) is not None
