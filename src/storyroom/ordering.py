"""From what a human asks for to an order: checked against the bible, completed from its room settings."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from storyroom.errors import InputError, ModelRefused
from storyroom.models.spec import ModelSpec
from storyroom.story.bible import Bible, Language, nearest
from storyroom.story.plan import Depth, Gate, Limits, Order

N = TypeVar("N", int, float)
T = TypeVar("T")

LONGEST_IDEA = 20_000
_DEFAULT_SCENES = 8
_ROUNDS: Mapping[Depth, int] = {"quick": 1, "standard": 2, "deep": 3}
_SPEAKS_ENGLISH_ONLY = frozenset({"embedded"})


def make_order(
    bible: Bible,
    idea: str,
    *,
    episode: int,
    scenes: int | None = None,
    pages: float | None = None,
    depth: Depth | None = None,
    seed: int | None = None,
    model: str | None = None,
    models: Mapping[str, str] | None = None,
    gates: Sequence[Gate] | None = None,
    language: str | None = None,
    cast: Sequence[str] = (),
    lock: bool = False,
    anyway: bool = False,
    pitches: int | None = None,
    merge: bool = False,
) -> Order:
    """Return the order for an episode. What is not given comes from the bible, then from the settings.

    Args:
        anyway: let a model write a language that it is known not to write.
        pitches: how many storylines agents pitch; none when only members do.
        merge: whether all pitches become one story.

    Raises:
        InputError: something cannot be used: an idea that is empty or too long, a name that nobody has …
        ModelRefused: the model does not write the language.
    """
    from storyroom.settings import settings

    room = bible.room
    everybody = {**room.models, **(models or {})}
    spec = str(ModelSpec.parse(model or room.model or settings().model))
    wanted = _first(scenes, room.scenes, _DEFAULT_SCENES)
    spoken = _one_of("language", language or bible.language, get_args(Language))
    if spoken != "en" and not anyway:
        _refuse_english_only([spec, *everybody.values()])
    hard = _one_of("depth", depth or room.depth, get_args(Depth))
    return Order(
        idea=_idea(idea),
        episode=_numbered("episode", episode, 1, 9999),
        scenes=_within("scenes", wanted, 1, 400),
        pages=_within("pages", _first(pages, room.pages, float(wanted)), 0.1, 400),
        depth=hard,
        seed=_numbered("seed", _first(seed, room.seed, new_seed()), 0, 2**31 - 1),
        model=spec,
        models={_role(bible, role): str(ModelSpec.parse(one)) for role, one in everybody.items()},
        gates=tuple(_one_of("gate", gate, get_args(Gate)) for gate in _first(gates, None, room.gates)),
        language=spoken,
        cast=tuple(_cast_name(bible, name) for name in cast),
        lock=lock,
        pitches=pitches,
        merge=merge,
        limits=Limits(
            rounds=room.debate.rounds or _ROUNDS[hard], tokens=room.debate.tokens, seconds=room.debate.seconds
        ),
    )


def new_seed() -> int:
    """Draw a seed for a session."""
    return random.randrange(2**31)


def refuse_unseen(what: str, text: str) -> None:
    """Refuse a text with characters that cannot be seen or stored.

    Raises:
        InputError: it holds control characters, or half a character from a broken terminal.
    """
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t\r" for c in text):
        raise InputError(f"{what} holds control characters.", hint="Give it as plain text in UTF-8.")


def _idea(idea: str) -> str:
    text = idea.strip()
    if not text:
        raise InputError(
            "The idea is empty.", hint='Say in a few sentences what happens: storyroom draft "…".'
        )
    if len(text) > LONGEST_IDEA:
        raise InputError(
            f"The idea has {len(text):,} characters; at most {LONGEST_IDEA:,} are read.",
            hint="Give the idea in a page or two; earlier scripts are taken in by `storyroom remember`.",
        )
    refuse_unseen("The idea", text)
    return text


def _cast_name(bible: Bible, name: str) -> str:
    who = bible.character(name)
    if who is None:
        known = [one.name for one in bible.cast]
        raise InputError(
            f"Nobody in the cast is called {name!r}{nearest(name, known)}.",
            hint=f"The cast of {bible.title}: {', '.join(known)}. New people go into series.yaml first.",
        )
    if who.status != "alive":
        raise InputError(
            f"{who.name} is {who.status} and cannot carry the episode.",
            hint="Name somebody else, or change the status in series.yaml.",
        )
    return who.name


def _role(bible: Bible, role: str) -> str:
    if role not in bible.roles:
        raise InputError(
            f"There is no role {role!r}{nearest(role, bible.roles)}.",
            hint=f"Roles: {', '.join(bible.roles)}. Roles of your own are listed in series.yaml.",
        )
    return role


def _first(given: T | None, of_the_series: T | None, otherwise: T) -> T:
    return next((value for value in (given, of_the_series) if value is not None), otherwise)


def _one_of(what: str, value: str, known: Sequence[str]) -> Any:
    if value not in known:
        raise InputError(
            f"{value!r} is no {what}{nearest(value, known)}.", hint=f"Use one of: {', '.join(known)}."
        )
    return value


def _numbered(what: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise InputError(f"There is no {what} {value}.", hint=f"Give a number from {low} to {high}.")
    return value


def _within(what: str, value: N, low: N, high: N) -> N:
    if not low <= value <= high:
        raise InputError(f"{value} {what} were asked for.", hint=f"Ask for {low} to {high} {what}.")
    return value


def _refuse_english_only(specs: Sequence[str]) -> None:
    for spec in specs:
        if spec in _SPEAKS_ENGLISH_ONLY:
            raise ModelRefused(
                f"The model {spec!r} writes English only, and this script is to be Chinese.",
                hint="Name a model that writes Chinese with --model (a GGUF file: llama.cpp:PATH.gguf), "
                "or insist with --anyway.",
            )
