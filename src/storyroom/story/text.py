"""Types for bounded text: what a small model can be held to while it writes.

A string field without bounds turns to noise in a small model, and a bound in characters alone cuts words in
two. Each type here is both a pydantic type, which checks, and a JSON schema with a `pattern`, which the
runtimes turn into a grammar. The patterns count words where a language has spaces and characters where it
has none, so one type serves English and Chinese. They keep to what llama.cpp, xgrammar and vLLM all
understand: anchors, classes, groups and counted repeats.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

ENDS = ".!?。！？…"
"""Marks that end a sentence."""

# Quotes, backslashes and control characters would need an escape in JSON, which a pattern cannot ask for;
# marks of Markdown and brackets are what small models drift into.
LATIN = "A-Za-zÀ-ɏ0-9$%&'‘’“”,;:—–"
HAN = "A-Za-z0-9一-鿿，、；：“”‘’《》·—"
_LATIN_NAME = "A-Za-zÀ-ɏ0-9&'’"
_HAN_NAME = "A-Za-z0-9一-鿿·"

# A word with its space takes about six characters; Chinese says as much in two fifths of the characters.
_PER_WORD = 6
_HAN_SHARE = 0.4
_LONGEST_WORD = 20


def sentence_pattern(low: int, high: int, language: Literal["en", "zh"] | None = None) -> str:
    """Return the pattern of text that starts with a capital or a Han character and ends as a sentence.

    Args:
        low: fewest characters of English that are expected.
        high: most of them. Both are approximate, because words are counted and not characters.
        language: the only one that is admitted; None admits both.
    """
    return _pattern(LATIN + ".!?…", HAN + ENDS, f"[{ENDS}]", low, high, language)


def phrase_pattern(low: int, high: int) -> str:
    """Return the pattern of a title or a name: it starts like a sentence and has no punctuation."""
    return _pattern(_LATIN_NAME, _HAN_NAME, "", low, high, None)


def _pattern(latin: str, han: str, end: str, low: int, high: int, language: str | None) -> str:
    if not 0 < low <= high:
        raise ValueError(f"bounds must be 0 < low <= high, not {low} and {high}")
    fewest, most = max(0, low // _PER_WORD - 1), max(1, round(high / _PER_WORD) - 1)
    shortest, longest = max(0, round(low * _HAN_SHARE) - 1), max(2, round(high * _HAN_SHARE))
    words = (
        f"[A-ZÀ-ÖØ-Þ0-9][{latin}-]{{0,{_LONGEST_WORD}}}( [{latin}-]{{1,{_LONGEST_WORD}}}){{{fewest},{most}}}"
    )
    characters = f"[一-鿿《“0-9][{han}-]{{{shortest},{longest}}}"
    either = {"en": words, "zh": characters, None: f"{words}|{characters}"}[language]
    return f"^({either}){end}$"


@dataclass(frozen=True)
class Bounded(ABC):
    """Metadata for `Annotated[str, …]`: text that matches a pattern in full.

    Attributes:
        low: fewest characters of English that are expected.
        high: most of them, about.
    """

    low: int
    high: int
    wanted: ClassVar[str] = "bounded text"

    @property
    @abstractmethod
    def pattern(self) -> str:
        """The regular expression, anchored."""

    def check(self, text: str) -> str:
        """Return the text, or raise ValueError when it does not fit."""
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"must be {self.wanted}, of about {self.low} to {self.high} characters")
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": self.pattern}


@dataclass(frozen=True)
class Sentence(Bounded):
    """A sentence, or a few: `premise: Annotated[str, Sentence(20, 160)]`."""

    low: int = 10
    high: int = 140
    wanted: ClassVar[str] = "a sentence that starts with a capital and ends with . ! ? or …"

    @property
    def pattern(self) -> str:
        """The regular expression, anchored."""
        return sentence_pattern(self.low, self.high)


@dataclass(frozen=True)
class Phrase(Bounded):
    """A title or a name: `title: Annotated[str, Phrase(2, 40)]`."""

    low: int = 2
    high: int = 48
    wanted: ClassVar[str] = "a phrase that starts with a capital and has no end mark"

    @property
    def pattern(self) -> str:
        """The regular expression, anchored."""
        return phrase_pattern(self.low, self.high)
