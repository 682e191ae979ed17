"""Spellings of names that could mean somebody else than they say; what only a human can settle.

Nothing is merged here. A name that the bible does not know is compared with those that are known, and what
it resembles is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from storyroom.story.asides import printed
from storyroom.story.headings import cue_name
from storyroom.story.numerals import number_of
from storyroom.story.people import People
from storyroom.story.script import Element, Kind

_HAN = re.compile(r"[\u3400-\u9fff]")
_TITLES = frozenset(
    re.findall(
        r"\w+",
        """
        mr mrs ms miss dr doctor prof professor sir lady captain capt sergeant sgt officer detective det nurse
        father sister brother aunt uncle old young little the
        """,
    )
)
_LEAST_LATIN, _LONG_LATIN = 4, 6
_LEAST_HAN, _LEAST_GIVEN = 3, 2
_YEARS_APART = 4
_AGE = r"\s*[,，(（]\s*(?:(?P<age>\d{1,3})(?!\w)|(?P<years>\d{1,3}|[一二两三四五六七八九十百零]{1,5})\s*岁)"


class Place(NamedTuple):
    """A scene of an episode, both by number."""

    episode: int
    scene: int

    def __str__(self) -> str:
        return f"episode {self.episode}, scene {self.scene}"


@dataclass(frozen=True, slots=True)
class Question:
    """A name that a human has to look at.

    Attributes:
        kind: `near`: it is spelled almost as another, or is a part of it; `fits`: it could be several of the
            cast; `twice`: one name is given to two people of different age.
        spelling: the name as a cue or an action line writes it.
        speeches: how many speeches stand under it.
        places: where it first stands, one scene or two.
        candidates: whom it could mean, by name.
        ages: the ages that `twice` found.
    """

    kind: Literal["near", "fits", "twice"]
    spelling: str
    speeches: int
    places: tuple[Place, ...]
    candidates: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()

    def __str__(self) -> str:
        first = self.places[0]
        if self.kind == "twice":
            young, old = self.ages
            return f"{self.spelling} is {young} in {first} and {old} in {self.places[1]}: one person or two?"
        who = " or ".join(self.candidates)
        return f"{self.spelling} ({first}) is not in the bible: is this {who}, or somebody else?"


@dataclass(slots=True)
class _Seen:
    spelling: str
    first: Place
    order: int
    speeches: int = 0
    places: set[Place] = field(default_factory=set)


Scenes = Iterable[tuple[Place, Sequence[Element]]]


def find_questions(scenes: Scenes, people: People, strangers: Iterable[str] = ()) -> list[Question]:
    """Return what a human should look at in these scenes.

    Args:
        scenes: scenes with their places, in order.
        people: who is known, and what was settled; spellings that were are not asked about again.
        strangers: names of earlier episodes that the bible does not know.
    """
    scenes = list(scenes)
    seen = _unknown(scenes, people)
    known_strangers = {cue_name(name): name for name in strangers}
    questions = []
    for key, one in seen.items():
        if key in known_strangers:
            continue
        found = _cast_like(key, people) or _strangers_like(key, one, seen, known_strangers)
        if found:
            kind: Literal["near", "fits"] = "near" if len(found) == 1 else "fits"
            questions.append(Question(kind, one.spelling, one.speeches, (one.first,), tuple(found)))
    return questions + _twice(scenes, people)


def _unknown(scenes: Scenes, people: People) -> dict[str, _Seen]:
    """Return the speakers that neither the bible nor a settlement knows, by the keys of their names."""
    seen: dict[str, _Seen] = {}
    for place, elements in scenes:
        for element in elements:
            if element.kind is not Kind.CUE or cue_name(element.text) in people.settled:
                continue
            for who in people.everyone(element.text):
                if not who.known:
                    one = seen.setdefault(cue_name(who.name), _Seen(who.name, place, len(seen)))
                    one.speeches += 1
                    one.places.add(place)
    return seen


def _cast_like(key: str, people: People) -> list[str]:
    """Return who of the cast a name could mean: almost so spelled, else one of whose names it is a part."""
    close = [one.name for one in people.cast if any(_near(key, cue_name(name)) for name in one.names)]
    parts = [one.name for one in people.cast if any(_part(key, cue_name(name)) for name in one.names)]
    return list(dict.fromkeys(close + parts))


def _strangers_like(key: str, one: _Seen, seen: dict[str, _Seen], earlier: dict[str, str]) -> list[str]:
    """Return the more frequent spelling of a name that the bible does not know under any."""
    for other, name in earlier.items():
        if _near(key, other):
            return [name]
    likes = [
        other
        for other in seen
        if other != key
        and _near(key, other)
        and (seen[other].speeches, -seen[other].order) > (one.speeches, -one.order)
        and not (
            _HAN.search(key) and seen[other].places & one.places
        )  # brothers share two of three characters
    ]
    best = max(likes, key=lambda other: seen[other].speeches, default=None)
    return [seen[best].spelling] if best else []


def _near(one: str, other: str) -> bool:
    """Whether two names are spelled almost alike; numbered ones (``GUARD 1``, ``GUARD 2``) are not."""
    a, b = (re.sub(r"[\W_]+", "", name) for name in (one, other))
    if a == b:
        return True
    if not a or not b or re.sub(r"\d", "", a) == re.sub(r"\d", "", b) or _lettered(one, other):
        return False
    if _HAN.search(a) or _HAN.search(b):
        differing = sum(x != y for x, y in zip(a, b, strict=False))
        return len(a) == len(b) >= _LEAST_HAN and a[0] == b[0] and differing == 1
    shorter = min(len(a), len(b))
    if shorter < _LEAST_LATIN or a[0] != b[0]:
        return False
    return _distance(a, b) <= (1 if shorter < _LONG_LATIN else 2)


def _lettered(one: str, other: str) -> bool:
    """Whether two names differ in one letter that stands alone: ``COP A``, ``COP B``."""
    pairs = list(zip(one.split(), other.split(), strict=False))
    differing = [(a, b) for a, b in pairs if a != b]
    return len(one.split()) == len(other.split()) and len(differing) == 1 and max(map(len, differing[0])) == 1


def _part(key: str, name: str) -> bool:
    """Whether one name is a part of the other: ``PRYCE`` of Silas Pryce, ``知遥`` of 许知遥, ``DR. MARA``."""
    if _HAN.search(key):
        return len(key) >= _LEAST_GIVEN and key != name and name.endswith(key)
    mine, theirs = _words(key), _words(name)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _words(name: str) -> frozenset[str]:
    words = re.sub(r"['’]s\b", "", name).replace(".", " ").split()
    return frozenset(words) - _TITLES


def _distance(a: str, b: str) -> int:
    """Count the insertions, deletions, exchanges and swaps of neighbours that make one text of another."""
    before, row = [0] * (len(b) + 1), list(range(len(b) + 1))
    last = ""
    for i, x in enumerate(a, 1):
        before, above, row = row, before, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and last == y:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        last = x
    return row[-1]


def _twice(scenes: Scenes, people: People) -> list[Question]:
    """Find names that are introduced with ages too far apart for one person."""
    names = {name: one.name for one in people.cast for name in one.names}
    for _, elements in scenes:
        for element in elements:
            if element.kind is Kind.CUE and (who := people.who(element.text)).name:
                names.setdefault(who.name, who.name)
    if not names:
        return []
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?P<name>{listed}){_AGE}", re.IGNORECASE)
    ages: dict[str, list[tuple[int, Place]]] = {}
    spelled = {cue_name(name): who for name, who in names.items()}
    for place, elements in scenes:
        for element in elements:
            if element.kind is Kind.ACTION:
                for found in pattern.finditer(printed(element.text)):
                    age = number_of(found["age"] or found["years"])
                    ages.setdefault(spelled[cue_name(found["name"])], []).append((age, place))
    questions = []
    for name, told in ages.items():
        for (young, first), (old, second) in pairwise(sorted(told)):
            if old - young >= _YEARS_APART:
                questions.append(Question("twice", name, 0, (first, second), (name,), (young, old)))
    return questions
