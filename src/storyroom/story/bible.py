"""The bible: what the humans decided about a series before the room drafts a line.

Every field says what it means to a writer. `contradictions` holds the rules that no single field can
check: names that mean two people, relations with nobody, roles that do not exist.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from storyroom.story.headings import heading_parts
from storyroom.story.plan import Depth, Gate
from storyroom.story.typed import Line, Name, Prose, Slug, Spec

Language = Literal["en", "zh"]
Format = Literal["short", "half_hour", "one_hour"]

PAGES: Mapping[Format, int] = {"short": 12, "half_hour": 30, "one_hour": 55}
"""Usual length of an episode, in screenplay pages."""


class Role(StrEnum):
    """The jobs in the room that Storyroom brings an agent for; `standards` works where it is asked to."""

    SHOWRUNNER = "showrunner"
    PLOT_WRITER = "plot_writer"
    DIALOGUE_WRITER = "dialogue_writer"
    EDITOR = "editor"
    EMOTION_CRITIC = "emotion_critic"
    SCRIPT_COORDINATOR = "script_coordinator"
    STANDARDS = "standards"


def _listed(value: object) -> object:
    """Take one text where a list of texts is asked for."""
    return [value] if isinstance(value, str) else value


class Record(BaseModel):
    """The base of the bible's parts: immutable, and strict about what it knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Voice(Record):
    """How a character speaks."""

    style: Line = Field(description="rhythm, words, what is left unsaid")
    samples: tuple[Line, ...] = Field(
        min_length=1, max_length=3, description="lines the character could say; writers imitate them"
    )


class Character(Record):
    """One of the cast."""

    name: Name = Field(description="the name that cues carry")
    aliases: tuple[Name, ...] = Field(
        default=(), max_length=8, description="other names that mean the same person"
    )
    role: Line = Field(description="who the character is in the story")
    traits: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = Field(
        min_length=1, max_length=8, description="what others notice first"
    )
    voice: Voice = Field(description="how the character speaks")
    want: Line = Field(description="what the character is after, all season long")
    relations: dict[str, Line] = Field(
        default_factory=dict, max_length=40, description="name of another of the cast: what is between them"
    )
    status: Literal["alive", "dead", "away"] = Field(
        default="alive", description="as the next episode begins; the dead and the absent do not speak in it"
    )
    attributes: dict[Name, Line] = Field(
        default_factory=dict,
        max_length=20,
        description="what never changes by itself, in a word or two: ``eyes: blue``",
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases."""
        return (self.name, *self.aliases)


class Location(Record):
    """A place that scenes can be set in."""

    name: Name = Field(description="the place as scene headings write it")
    setting: Literal["int", "ext", "both"] = Field(description="indoors, outdoors, or a place that has both")
    description: Line = Field(description="what a camera sees there, and what is kept there")


class Member(Record):
    """A human on the team."""

    name: Name = Field(description="how the room addresses them and credits them")
    roles: tuple[Slug, ...] = Field(
        min_length=1, max_length=12, description="roles they guide: a note of theirs goes to these by default"
    )


class DebateSettings(Record):
    """When a debate ends, whatever is still open."""

    rounds: int | None = Field(
        default=None,
        ge=1,
        le=9,
        description="answers to an objector who insists; the depth decides if absent",
    )
    tokens: int | None = Field(
        default=None, ge=1, description="most tokens the models may write in one debate"
    )
    seconds: float | None = Field(default=None, gt=0, description="most seconds they may work on one debate")


class RoomSettings(Record):
    """How the room works unless a draft is asked for otherwise."""

    model: Spec | None = Field(
        default=None, description="model of every role: embedded, llama.cpp:…, openai:…"
    )
    models: dict[Slug, Spec] = Field(default_factory=dict, description="role: a model of its own")
    extra_roles: tuple[Slug, ...] = Field(
        default=(), max_length=20, description="roles of your own, added in Python"
    )
    depth: Depth = Field(default="standard", description="how hard the room works on each scene")
    pitches: int = Field(default=3, ge=1, le=9, description="how many storylines are pitched for an episode")
    scenes: int | None = Field(default=None, ge=1, le=400, description="scenes of an episode")
    pages: float | None = Field(default=None, gt=0, le=400, description="screenplay pages of an episode")
    gates: tuple[Gate, ...] = Field(default=(), description="stages after which the room waits for a human")
    debate: DebateSettings = Field(default_factory=DebateSettings, description="when a debate ends")
    standards: bool = Field(default=False, description="whether standards & practices reviews every scene")
    seed: int | None = Field(
        default=None, ge=0, lt=2**31, description="start of all randomness; drawn if not given"
    )


class Bible(Record):
    """What the humans decided: `series.yaml`."""

    title: Line = Field(description="the name of the show")
    logline: Prose = Field(description="the show in a sentence or two")
    genre: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = Field(
        min_length=1, max_length=6, description="one or several"
    )
    tone: Line = Field(description="how it feels to watch")
    language: Language = Field(default="en", description="language of the scripts: en or zh")
    rating: Line | None = Field(default=None, description="who may watch, in your market's words")
    format: Format = Field(default="one_hour", description="short, half_hour or one_hour")
    arcs: tuple[Line, ...] = Field(
        default=(), max_length=12, description="threads that run through the season"
    )
    cast: tuple[Character, ...] = Field(min_length=1, max_length=60, description="who can speak")
    locations: tuple[Location, ...] = Field(min_length=1, max_length=80, description="where scenes are set")
    rules: tuple[Line, ...] = Field(
        default=(), max_length=40, description="what is always true in this world"
    )
    team: tuple[Member, ...] = Field(default=(), max_length=40, description="the humans in the room")
    room: RoomSettings = Field(default_factory=RoomSettings, description="how the room works")

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Bible:
        problems = list(contradictions(self))
        if problems:
            text = "; ".join(problem.message for problem in problems)
            raise PydanticCustomError("contradiction", "{text}", {"text": text, "problems": problems})
        return self

    @property
    def pages(self) -> float:
        """Length of an episode in screenplay pages: the room's own, or what its format usually has."""
        return self.room.pages or PAGES[self.format]

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles of the room, the series' own ones last."""
        return (*Role, *self.room.extra_roles)

    @property
    def working_roles(self) -> tuple[str, ...]:
        """The roles that do anything in this room: all of them, but standards only where it is on."""
        return tuple(role for role in self.roles if role != Role.STANDARDS or self.room.standards)

    def character(self, name: str) -> Character | None:
        """Return who is meant by a name or an alias, whatever its case, or None."""
        wanted = same_name(name)
        return next((c for c in self.cast if wanted in map(same_name, c.names)), None)

    def location(self, name: str) -> Location | None:
        """Return the place of that name, whatever its case, or None."""
        wanted = same_name(name)
        return next((place for place in self.locations if same_name(place.name) == wanted), None)


class Contradiction(NamedTuple):
    """Two things in a bible that cannot both hold; `where` leads to the field, as in pydantic's `loc`."""

    where: tuple[str | int, ...]
    message: str


def same_name(name: str) -> str:
    """Return the form in which two spellings of one name are equal: case, width and spacing put aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean …?)`` when one of the known words is close, otherwise an empty text."""
    by_form = {same_name(k): k for k in known}
    found = get_close_matches(same_name(word), by_form, n=1)
    return f" (did you mean {by_form[found[0]]}?)" if found else ""


def contradictions(bible: Bible) -> Iterator[Contradiction]:
    """Yield what is wrong between fields that are each right by themselves."""
    yield from _named_twice(
        [(("cast", i, "name"), c.name) for i, c in enumerate(bible.cast)]
        + [(("cast", i, "aliases", k), a) for i, c in enumerate(bible.cast) for k, a in enumerate(c.aliases)]
    )
    yield from _named_twice([(("locations", i, "name"), p.name) for i, p in enumerate(bible.locations)])
    yield from _named_twice([(("team", i, "name"), m.name) for i, m in enumerate(bible.team)])
    yield from _unreadable_places(bible)
    yield from _lost_relations(bible)
    yield from _unknown_roles(bible)


def _named_twice(named: list[tuple[tuple[str | int, ...], str]]) -> Iterator[Contradiction]:
    first: dict[str, str] = {}
    for where, name in named:
        other = first.setdefault(same_name(name), path_text(where))
        if other != path_text(where):
            yield Contradiction(where, f"{name!r} is already taken by {other}")


def _unreadable_places(bible: Bible) -> Iterator[Contradiction]:
    heading = "内景 {} 夜" if bible.language == "zh" else "INT. {} - NIGHT"
    for i, place in enumerate(bible.locations):
        read = heading_parts(heading.format(place.name)).place
        if same_name(read) != same_name(place.name):
            yield Contradiction(("locations", i, "name"), f"a scene heading would read it as {read!r}")


def _lost_relations(bible: Bible) -> Iterator[Contradiction]:
    names = [name for character in bible.cast for name in character.names]
    for i, character in enumerate(bible.cast):
        for name in character.relations:
            where = ("cast", i, "relations", name)
            other = bible.character(name)
            if other is None:
                yield Contradiction(where, f"nobody in the cast is called {name!r}{nearest(name, names)}")
            elif other is character:
                yield Contradiction(where, f"{name!r} is the character itself")


def _unknown_roles(bible: Bible) -> Iterator[Contradiction]:
    used: list[tuple[tuple[str | int, ...], str]] = [
        (("team", i, "roles", k), role) for i, m in enumerate(bible.team) for k, role in enumerate(m.roles)
    ]
    used += [(("room", "models", role), role) for role in bible.room.models]
    for where, role in used:
        if role not in bible.roles:
            known = nearest(role, bible.roles) or f"; the room has {', '.join(bible.roles)}"
            yield Contradiction(where, f"there is no role {role!r}{known}")


def path_text(where: Iterable[str | int]) -> str:
    """Write the way to a field as people do: ``cast[2].name``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return text.removeprefix(".")
