"""From what a human asks for to an order: checked against the bible, completed from its room settings."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

from storyroom.errors import InputError, ModelRefused
from storyroom.models.spec import ModelSpec
from storyroom.settings import settings
from storyroom.story.bible import Bible, nearest
from storyroom.story.plan import Depth, Gate, Order

N = TypeVar("N", int, float)

LONGEST_IDEA = 20_000
_DEFAULT_SCENES = 8
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
) -> Order:
    """Return the order for an episode. What is not given comes from the bible, then from the settings.

    Args:
        anyway: let a model write a language that it is known not to write.

    Raises:
        InputError: the idea is empty or too long, or somebody is not in the cast.
        ModelRefused: the model does not write the language.
    """
    room = bible.room
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
    if any(ord(c) < 32 and c not in "\n\t\r" for c in text):
        raise InputError("The idea holds control characters.", hint="Give it as plain text in UTF-8.")
    everybody = {**room.models, **(models or {})}
    spec = str(ModelSpec.parse(model or room.model or settings().model))
    wanted = scenes or room.scenes or _DEFAULT_SCENES
    spoken = language or bible.language
    if spoken not in ("en", "zh"):
        raise InputError(f"No prompts are there for the language {spoken!r}.", hint="Use en or zh.")
    if spoken != "en" and not anyway:
        _refuse_english_only([spec, *everybody.values()])
    return Order(
        idea=text,
        episode=episode,
        scenes=_within("scenes", wanted, 1, 400),
        pages=_within("pages", pages or room.pages or float(wanted), 0.1, 400),
        depth=depth or room.depth,
        seed=seed if seed is not None else room.seed if room.seed is not None else new_seed(),
        model=spec,
        models={role: str(ModelSpec.parse(one)) for role, one in everybody.items()},
        gates=tuple(gates if gates is not None else room.gates),
        language="zh" if spoken == "zh" else "en",
        cast=tuple(_cast_name(bible, name) for name in cast),
        lock=lock,
    )


def new_seed() -> int:
    """Draw a seed for a session."""
    return random.randrange(2**31)


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
