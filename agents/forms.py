"""The forms that members fill in: the fields below the comments of a sheet, blank and as they are read.

A text stands below its field, in a YAML block, so that it may hold any character.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import indent
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from storyroom.agents.fields import (
    BESIDE,
    Felt,
    Line,
    Name,
    Numbers,
    Paragraph,
    Sentence,
    answered,
    filled_in,
    letter,
    line_number,
    listed,
    word,
)
from storyroom.story.objection import Gravity
from storyroom.story.plan import Letter

_MOST_OBJECTIONS = 40


class Form(BaseModel):
    """The base of all forms: strict about what it knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StoryLine(Form):
    """One of the lines of story."""

    lead: Name
    line: Sentence


class Brief(Form):
    """What the episode is to be."""

    premise: Sentence
    theme: Sentence
    a: StoryLine
    b: StoryLine
    c: StoryLine
    arc: Annotated[tuple[Felt, ...], BeforeValidator(listed), Field(min_length=1, max_length=9)]


class Pitch(Form):
    """A storyline."""

    title: Sentence
    conflict: Sentence
    turn: Sentence
    ending: Sentence


class OwnStory(Form):
    """A storyline, or what is different in it."""

    title: Line = ""
    conflict: Line = ""
    turn: Line = ""
    ending: Line = ""


class Takes(Form):
    """From which pitches each line of a story comes."""

    title: Numbers = ()
    conflict: Numbers = ()
    turn: Numbers = ()
    ending: Numbers = ()


class Choice(Form):
    """Which pitches, why, and what comes of them."""

    pitches: Annotated[Numbers, Field(min_length=1)]
    reason: Sentence
    story: OwnStory = OwnStory()
    takes: Takes = Takes()


class Scene(Form):
    """One scene of an outline."""

    place: Name
    time: Name
    story: Annotated[Letter, BeforeValidator(letter)] = "A"
    cast: Annotated[tuple[Sentence, ...], BeforeValidator(listed), Field(min_length=1)]
    beat: Sentence
    change: Line = ""
    plants: Annotated[tuple[Sentence, ...], BeforeValidator(listed)] = ()
    feeling: Felt


class Outline(Form):
    """An outline."""

    title: Sentence
    scenes: tuple[Scene, ...] = Field(min_length=1)


class Stand(Form):
    """An answer to an objection that is mended later."""

    answer: Annotated[Literal["accept", "rebut"], BeforeValidator(word)]
    reason: Sentence


class Reply(Stand):
    """An answer to an objection."""

    text: Paragraph = ""


class Objection(Form):
    """An objection to a numbered line."""

    line: Annotated[str, BeforeValidator(line_number)]
    kind: Annotated[
        Literal[
            "continuity",
            "character",
            "emotion",
            "logic",
            "dialogue",
            "format",
            "repetition",
            "about",
            "stereotype",
            "person",
            "rating",
        ],
        BeforeValidator(word),
    ]
    gravity: Annotated[Gravity, BeforeValidator(lambda value: word(value) or "minor")] = "minor"
    says: Sentence


class Review(Form):
    """Objections, or an empty list."""

    objections: Annotated[
        tuple[Objection, ...], BeforeValidator(answered), Field(max_length=_MOST_OBJECTIONS)
    ]


class Verify(Form):
    """Whether an objection was met."""

    met: Annotated[Literal["yes", "no"], BeforeValidator(word)]
    reason: Sentence


class Ruling(Form):
    """Which wording stands."""

    keep: Annotated[Literal["old", "new"], BeforeValidator(word)]
    reason: Sentence


class Replies(RootModel[Annotated[dict[int, Reply], BeforeValidator(filled_in)]]):
    """Answers to objections, by the number of the objection; what is left empty is not among them."""


class Verifications(RootModel[Annotated[dict[int, Verify], BeforeValidator(filled_in)]]):
    """Whether objections were met."""


class Rulings(RootModel[Annotated[dict[int, Ruling], BeforeValidator(filled_in)]]):
    """Which wordings stand."""


class Feeling(Form):
    """What is felt."""

    feeling: Felt
    reason: Sentence


def blank(form: type[Form], given: Mapping[str, Any] | None = None) -> str:
    """Return a form to fill in, as YAML: each text below its field, what is chosen beside it.

    Args:
        given: what is filled in already.
    """
    lines = []
    for name, field in form.model_fields.items():
        value = (given or {}).get(name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, Form):
            lines.append(f"{name}:\n{deeper(blank(field.annotation, value))}")
        elif field.annotation is str and BESIDE not in field.metadata:
            lines.append(block(name, value or ""))
        else:
            said = "" if value is None else f" {json.dumps(value, ensure_ascii=False)}"
            lines.append(f"{name}:{said}\n")
    return "".join(lines)


def numbered(number: int, form: type[Form]) -> str:
    """Return a blank form as one of several blocks."""
    return f"{number}:\n{deeper(blank(form))}"


def deeper(form: str) -> str:
    """Return a form as a part of another; blank lines go deeper too, because texts are typed there."""
    return indent(form, "  ", lambda _line: True)


def block(name: str, text: str = "") -> str:
    """Return a field with a text below it."""
    return f"{name}: |\n{indent(text, '  ') or '  '}\n"
