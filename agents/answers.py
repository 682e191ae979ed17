"""The forms that models answer in: bounded sentences, and names from the bible as enums.

They are made per task, because who and where may be named depends on the series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, create_model

from storyroom.story.plan import EMOTIONS
from storyroom.story.text import HAN, LATIN, Bounded, Phrase, Sentence


@dataclass(frozen=True)
class Led(Bounded):
    """A sentence that begins with one of some names, so that it cannot be about nobody."""

    low: int = 40
    high: int = 160
    names: tuple[str, ...] = ()
    wanted: ClassVar[str] = "a sentence that begins with a name of the cast"

    @cached_property
    def pattern(self) -> str:
        """The regular expression, anchored."""
        names = "|".join(re.escape(name) for name in self.names)
        few, many = self.low // 6, self.high // 6
        latin = f"( [{LATIN}-]{{1,20}}){{{few},{many}}}[.!?]"
        han = f"[{HAN}]{{{self.low // 4},{self.high // 3}}}[。！？]"
        return f"^({names})({latin}|{han})$"


def one_of(values: Iterable[str]) -> Any:
    """Return the type that admits only these values."""
    return Literal[tuple(values)]


def _answer(name: str, **fields: Any) -> type[BaseModel]:
    required: dict[str, Any] = {key: (form, ...) for key, form in fields.items()}
    return create_model(name, **required)


def brief_answer(cast_names: Sequence[str]) -> type[BaseModel]:
    """premise, theme, three stories with their leads, the planned arc of feeling."""
    lead = one_of(cast_names)
    led = Annotated[str, Led(names=tuple(cast_names))]
    story = _answer("Story", lead=lead, line=led)
    return _answer(
        "Brief",
        premise=Annotated[str, Led(low=60, high=200, names=tuple(cast_names))],
        theme=Annotated[str, Sentence(20, 90)],
        a=story,
        b=story,
        c=story,
        arc=Annotated[list[one_of(EMOTIONS)], Field(min_length=3, max_length=4)],  # type: ignore[misc]
    )


def pitch_answer(cast_names: Sequence[str]) -> type[BaseModel]:
    """title, conflict, turn, ending."""
    led = Annotated[str, Led(names=tuple(cast_names))]
    return _answer("Pitch", title=Annotated[str, Phrase(4, 36)], conflict=led, turn=led, ending=led)


def choice_answer(pitches: int) -> type[BaseModel]:
    """Which pitch, and why."""
    numbers = one_of(str(n) for n in range(1, pitches + 1))
    return _answer("Choice", pitch=numbers, reason=Annotated[str, Sentence(30, 140)])


def scene_plan_answer(
    cast_names: Sequence[str], places: Sequence[str], times: Sequence[str], most: int
) -> type[BaseModel]:
    """Place, time, cast, beat, change, and what each of the cast is meant to feel."""
    names = tuple(cast_names)
    person = one_of(names)
    return _answer(
        "ScenePlan",
        place=one_of(places),
        time=one_of(times),
        cast=Annotated[list[person], Field(min_length=min(2, len(names)), max_length=min(most, len(names)))],  # type: ignore[valid-type]
        beat=Annotated[str, Led(low=50, high=170, names=names)],
        change=Annotated[str, Led(low=30, high=120, names=names)],
        feeling=one_of(EMOTIONS),
    )


def review_answer(lines: int, kinds: Sequence[str], most: int) -> type[BaseModel]:
    """Objections, each to one numbered line."""
    objection = _answer(
        "Objection",
        line=one_of(str(n) for n in range(1, lines + 1)),
        kind=one_of(kinds),
        gravity=one_of(("minor", "serious")),
        says=Annotated[str, Sentence(20, 120)],
    )
    return _answer("Review", objections=Annotated[list[objection], Field(max_length=most)])  # type: ignore[valid-type]


class ReplyAnswer(BaseModel):
    """The writer's answer to an objection."""

    answer: Literal["accept", "rebut"]
    reason: Annotated[str, Sentence(15, 110)]


class VerifyAnswer(BaseModel):
    """The objector's answer to a revision or a rebuttal."""

    met: Literal["yes", "no"]
    reason: Annotated[str, Sentence(15, 110)]


class RulingAnswer(BaseModel):
    """The showrunner's word on what stayed open."""

    keep: Literal["old", "new"]
    reason: Annotated[str, Sentence(15, 110)]


class FeelingAnswer(BaseModel):
    """What a scene makes one feel, as the critic reads it."""

    feeling: Literal["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]
    reason: Annotated[str, Sentence(15, 110)]
