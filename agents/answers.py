"""The forms that models answer in: bounded sentences, and names from the bible as enums.

They are made per task, because who and where may be named depends on the series. A form that is guided, for a
small model, has it choose where a larger one writes: among the idea's own sentences, among the usual reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, create_model

from storyroom.agents.phrases import REASONS, Occasion
from storyroom.story.plan import EMOTIONS, Language
from storyroom.story.text import HAN, Bounded, Sentence

_WORD = "([A-Z]+|[A-Za-zÀ-ɏ][a-zß-ɏ'’-]*)"
_SPACED = f"(,? {_WORD})"
# A sentence that reaches its bound is cut, so the bound is wide and the answer's tokens are what ends it.
_MOST_WORDS = 45
_MOST_PLANTS = 2


@dataclass(frozen=True)
class Led(Bounded):
    """A sentence that begins with one of some names, so that it cannot be about nobody.

    Attributes:
        names: one of these begins it.
        language: of the sentence.
    """

    low: int = 40
    high: int = 160
    names: tuple[str, ...] = ()
    language: Language = "en"
    wanted: ClassVar[str] = "a sentence that begins with a name of the cast"

    @cached_property
    def pattern(self) -> str:
        """The regular expression, anchored."""
        start = f"^({_either(self.names)})"
        if self.language == "zh":
            return f"{start}[{HAN}]{{{self.low // 5},{self.high // 2}}}[。！？]$"
        return f"{start}{_SPACED}{{{self.low // 6},{_MOST_WORDS}}}[.!?]$"


@dataclass(frozen=True)
class Term(Bounded):
    """A word or two that name a thing, in English or Chinese."""

    low: int = 2
    high: int = 40
    wanted: ClassVar[str] = "a word or two"

    @property
    def pattern(self) -> str:
        """The regular expression, anchored."""
        word = "[A-Za-z0-9À-ɏ'’-]"
        return f"^({word}{{2,20}}( {word}{{1,20}}){{0,2}}|[一-鿿A-Za-z0-9]{{2,10}})$"


def _either(texts: Iterable[str]) -> str:
    return "|".join(re.escape(text).replace("\\ ", " ").replace("\\-", "-") for text in texts)


def one_of(values: Iterable[str]) -> Any:
    """Return the type that admits only these values."""
    return Literal[tuple(values)]


def reason(occasion: Occasion, language: Language, *, guided: bool, high: int = 110) -> Any:
    """Return the type of a reason: a sentence, or one of the usual ones for a guided model."""
    return one_of(REASONS[language][occasion]) if guided else Annotated[str, Sentence(15, high)]


def _answer(name: str, **fields: Any) -> type[BaseModel]:
    required: dict[str, Any] = {key: (form, ...) for key, form in fields.items()}
    return create_model(name, **required)


def brief_answer(names: Sequence[str], premise: Any, theme: Any, lines: Sequence[Any]) -> type[BaseModel]:
    """premise, theme, three stories with their leads, the planned arc of feeling."""
    a, b, c = (_answer("Story", lead=one_of(names), line=line) for line in lines)
    feeling = one_of(EMOTIONS)
    return _answer(
        "Brief",
        premise=premise,
        theme=theme,
        a=a,
        b=b,
        c=c,
        arc=Annotated[list[feeling], Field(min_length=3, max_length=4)],  # type: ignore[valid-type]
    )


def pitch_answer(title: Any, lines: Sequence[Any]) -> type[BaseModel]:
    """title, conflict, turn, ending."""
    conflict, turn, ending = lines
    return _answer("Pitch", title=title, conflict=conflict, turn=turn, ending=ending)


NONE = "none"
"""What a choice names when it merges nothing."""


def choice_answer(pitches: int, language: Language, *, guided: bool) -> type[BaseModel]:
    """Which pitch, which other one is told with it, and why."""
    numbers = [str(n) for n in range(1, pitches + 1)]
    return _answer(
        "Choice",
        pitch=one_of(numbers),
        merge_with=one_of((NONE, *numbers)),
        reason=reason("choice", language, guided=guided, high=140),
    )


def merge_answer(pitches: int, language: Language, title: Any, line: Any) -> type[BaseModel]:
    """One story of several pitches: each line with the pitches that it leans on, and what they give."""
    number = one_of(str(n) for n in range(1, pitches + 1))
    takes = Annotated[list[number], Field(min_length=1, max_length=pitches)]  # type: ignore[valid-type]
    conflict, turn, ending = (_answer("Told", takes=takes, text=line) for _ in range(3))
    why = reason("choice", language, guided=False, high=160)
    return _answer("Merge", title=title, conflict=conflict, turn=turn, ending=ending, reason=why)


def join_answer(pitches: int, language: Language) -> type[BaseModel]:
    """For a small model: from which pitch each line of the story comes."""
    number = one_of(str(n) for n in range(1, pitches + 1))
    why = reason("merge", language, guided=True)
    return _answer("Join", conflict=number, turn=number, ending=number, reason=why)


def meeting_answer(pitches: int, names: Sequence[str], language: Language) -> type[BaseModel]:
    """For a small model: which idea opens the story, who has it, and whom the next one comes upon."""
    number = one_of(str(n) for n in range(1, pitches + 1))
    why = reason("merge", language, guided=True)
    return _answer("Meeting", opens=number, lead=one_of(names), other=one_of(names), reason=why)


def scene_plan_answer(
    cast: Sequence[str], places: Sequence[str], times: Sequence[str], most: int, line: Any | None
) -> type[BaseModel]:
    """Place, time, cast, the audience's feeling; with a form for a line, beat, change, set-ups."""
    person = one_of(cast)
    few, many = min(2, len(cast)), min(most, len(cast))
    planned = _answer(
        "ScenePlan",
        place=one_of(places),
        time=one_of(times),
        cast=Annotated[list[person], Field(min_length=few, max_length=many)],  # type: ignore[valid-type]
        **({} if line is None else {"beat": line, "change": line}),
        feeling=one_of(EMOTIONS),
    )
    if line is None:
        return planned
    plants = Annotated[list[Annotated[str, Term()]], Field(max_length=_MOST_PLANTS)]
    return create_model("ScenePlan", __base__=planned, plants=(plants, []))


def review_answer(
    lines: int, kinds: Sequence[str], most: int, usual: Sequence[str], *, guided: bool
) -> type[BaseModel]:
    """Objections, each to one numbered line; a guided model chooses among the usual ones."""
    objection = _answer(
        "Objection",
        line=one_of(str(n) for n in range(1, lines + 1)),
        kind=one_of(kinds),
        gravity=one_of(("minor", "serious")),
        says=one_of(usual) if guided and usual else Annotated[str, Sentence(20, 120)],
    )
    return _answer("Review", objections=Annotated[list[objection], Field(max_length=most)])  # type: ignore[valid-type]


def line_answer(form: Any) -> type[BaseModel]:
    """One line of a plan, put anew."""
    return _answer("Line", text=form)


def reply_answer(
    language: Language, *, guided: bool, occasion: Literal["reply", "reply_paper"] = "reply"
) -> type[BaseModel]:
    """The writer's answer to an objection to a scene, or to a plan: accept or rebut."""
    return _answer(
        "Reply", answer=one_of(("accept", "rebut")), reason=reason(occasion, language, guided=guided)
    )


def verify_answer(language: Language, *, guided: bool) -> type[BaseModel]:
    """The objector's answer to a revision or a rebuttal: met or not."""
    return _answer("Verify", met=one_of(("yes", "no")), reason=reason("verify", language, guided=guided))


def note_answer(lines: int, language: Language, *, guided: bool) -> type[BaseModel]:
    """Whether a draft follows a note, and the line that this is about."""
    return _answer(
        "NoteCheck",
        met=one_of(("yes", "no")),
        line=one_of(str(n) for n in range(1, lines + 1)),
        reason=reason("note", language, guided=guided),
    )


def ruling_answer(language: Language, *, guided: bool) -> type[BaseModel]:
    """The showrunner's word on what stayed open: the old line or the new."""
    return _answer("Ruling", keep=one_of(("old", "new")), reason=reason("ruling", language, guided=guided))


def feeling_answer(language: Language, *, guided: bool) -> type[BaseModel]:
    """What a scene makes one feel, as the critic reads it."""
    return _answer("Feeling", feeling=one_of(EMOTIONS), reason=reason("feeling", language, guided=guided))
