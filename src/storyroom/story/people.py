"""Who is who: the people of a series by their names, and who is present in a scene.

Told by structure alone: cues say who speaks, action lines name who is there. What somebody says of others
makes nobody present.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from pydantic import BaseModel

from storyroom.story.asides import printed
from storyroom.story.bible import same_name
from storyroom.story.headings import cue_name, split_cue
from storyroom.story.script import SPOKEN, Element, Kind
from storyroom.story.turn import short_hash

_TOGETHER = re.compile(
    r"\s+(?:and|AND|And)\s+|\s*[&/／＆、+]\s*|(?<=[\u4e00-\u9fff])\s*[和与與]\s*(?=[\u4e00-\u9fff])"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
# Raised whenever more is read of who is in a scene: what was recorded before is then read anew.
_LOOKED_FOR = "2: who is there"
_LEAST_HAN = 2  # one character of Chinese is a word as often as a name


class Named(Protocol):
    """Somebody with a name and other names that mean the same."""

    @property
    def name(self) -> str:
        """The name that cues carry."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases."""


class Company(Protocol):
    """What has a cast: a bible, or what else knows people by their names."""

    @property
    def cast(self) -> Sequence[Named]:
        """Who can speak."""


class Who(NamedTuple):
    """Somebody.

    Attributes:
        name: of the bible where it knows them; else as the script writes it.
        known: whether the bible knows them.
    """

    name: str
    known: bool


class Appearance(BaseModel, frozen=True):
    """What somebody does in a scene.

    Attributes:
        name: who; see `Who`.
        known: whether the bible knows them.
        cues: the spellings of their name on cues, in order of appearance.
        speeches: how many speeches are theirs.
        words: how many words they say.
        named: whether action names them.
        there: whether they are there, and not only heard over the picture or shown in one; see
            `storyroom.story.presence.appearing`.
    """

    name: str
    known: bool
    cues: tuple[str, ...] = ()
    speeches: int = 0
    words: int = 0
    named: bool = False
    there: bool = True


class People:
    """The people of a series: the bible's cast, and what humans settled about spellings.

    Args:
        bible: its cast with aliases.
        settled: a spelling (as `cue_name` gives it) to the name that it means; a name of its own where it is
            somebody else than those it looks like.
    """

    def __init__(self, bible: Company, settled: Mapping[str, str] | None = None) -> None:
        self.cast: Sequence[Named] = bible.cast
        self.settled = dict(settled or {})
        self._by_name = {same_name(name): one.name for one in bible.cast for name in one.names}

    @cached_property
    def digest(self) -> str:
        """The same for people who are told apart, and looked for in scenes, in the same way."""
        return short_hash(
            _LOOKED_FOR, *([one.name, *one.names] for one in self.cast), sorted(self.settled.items())
        )

    def who(self, cue: str) -> Who:
        """Return who is meant by a cue, without its extension."""
        key = cue_name(cue)
        name = self._settled(key)
        known = self._by_name.get(cue_name(name)) if name else self._by_name.get(key)
        return (
            Who(known, True) if known else Who(name or printed(split_cue(cue)[0]).strip().lstrip("@"), False)
        )

    def everyone(self, cue: str) -> list[Who]:
        """Return all who speak under a cue: ``PIP AND GERALD`` are two if the bible knows both."""
        one = self.who(cue)
        if one.known or cue_name(cue) in self.settled:
            return [one]
        parts = [self.who(part) for part in _TOGETHER.split(split_cue(cue)[0]) if part.strip()]
        return parts if len(parts) > 1 and all(part.known for part in parts) else [one]

    def named_in(self, text: str) -> list[str]:
        """Return who of the cast a text names, in the order of the bible."""
        return [name for name, pattern in self._patterns if pattern.search(text)]

    def _settled(self, key: str) -> str | None:
        seen: set[str] = set()
        name: str | None = None
        while key in self.settled and key not in seen:
            seen.add(key)
            name = self.settled[key]
            key = cue_name(name)
        return name

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        spellings: dict[str, list[str]] = {one.name: list(one.names) for one in self.cast}
        for key in self.settled:
            who = self.who(key)
            if who.known:
                spellings[who.name].append(key)
        found = []
        for name, names in spellings.items():
            if parts := [_whole(one) for one in names if not _HAN.search(one) or len(one) >= _LEAST_HAN]:
                found.append((name, re.compile("|".join(parts), re.IGNORECASE)))
        return found


def _whole(name: str) -> str:
    """Return a pattern for a name that is no part of another word."""
    pattern = re.escape(name).replace(r"\ ", r"\s+")
    return pattern if _HAN.search(name) else rf"(?<!\w){pattern}(?!\w)"


def appearances(elements: Iterable[Element], people: People) -> list[Appearance]:
    """Return who is present in a scene: speakers in order of appearance, then those whom action names."""
    cues: dict[Who, list[str]] = {}
    speeches: dict[Who, int] = {}
    words: dict[Who, int] = {}
    told: list[str] = []
    speaking: list[Who] = []
    for element in elements:
        if element.kind is Kind.CUE:
            speaking = people.everyone(element.text)
            for who in speaking:
                spelled = printed(element.text).strip()
                if spelled not in cues.setdefault(who, []):
                    cues[who].append(spelled)
                speeches[who] = speeches.get(who, 0) + 1
        elif element.kind in (Kind.DIALOGUE, Kind.LYRIC):
            for who in speaking:
                words[who] = words.get(who, 0) + element.words
        elif element.kind not in SPOKEN:
            speaking = []
            if element.kind in (Kind.ACTION, Kind.CENTERED):
                told.append(printed(element.text))
    named = people.named_in("\n".join(told))
    found = [
        Appearance(
            name=who.name,
            known=who.known,
            cues=tuple(spelled),
            speeches=speeches[who],
            words=words.get(who, 0),
            named=who.known and who.name in named,
        )
        for who, spelled in cues.items()
    ]
    speakers = {one.name for one in found if one.known}
    return found + [Appearance(name=name, known=True, named=True) for name in named if name not in speakers]
