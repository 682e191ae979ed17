"""The forms that members fill in: the fields below the comments of a sheet, blank and as they are read.

A text stands below its field, in a YAML block, so that it may hold any character. Words that are chosen are
taken in English and in Chinese.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from textwrap import indent
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel
from pydantic_core import PydanticCustomError

from storyroom.story.han import HAN
from storyroom.story.objection import Gravity
from storyroom.story.plan import EMOTIONS, Letter

_LONGEST_TEXT = 4_000
_MOST_OBJECTIONS = 40
_HAN = rf"{HAN}，。！？、；：）】」』”’…"
_FOLDED = re.compile(rf"(?<=[{_HAN}])\s*\n\s*(?=[{_HAN}])")
_MARKS_BETWEEN = re.compile(r"[,，、;；]")

_WORDS = {
    "接受": "accept",
    "反驳": "rebut",
    "是": "yes",
    "否": "no",
    "旧": "old",
    "新": "new",
    "小": "minor",
    "严重": "serious",
    "连续性": "continuity",
    "人物": "character",
    "情绪": "emotion",
    "逻辑": "logic",
    "对白": "dialogue",
    "格式": "format",
    "重复": "repetition",
    "愤怒": "anger",
    "厌恶": "disgust",
    "恐惧": "fear",
    "喜悦": "joy",
    "悲伤": "sadness",
    "惊讶": "surprise",
    "平静": "neutral",
}


def _word(value: Any) -> Any:
    """Take a word of either language for the one that is stored."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _WORDS.get(value.strip(), value.strip().lower()) if isinstance(value, str) else value or ""


def _text(value: Any) -> Any:
    return "" if value is None else str(value) if isinstance(value, (int, float)) else value


def _bounded(text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST_TEXT:
        raise PydanticCustomError(
            "long", "{n} characters, and at most {most} are read", {"n": len(text), "most": _LONGEST_TEXT}
        )
    return text


def _one_paragraph(text: str) -> str:
    if re.search(r"\n\s*\n", text):
        raise PydanticCustomError("paragraphs", "an empty line in it; it is one paragraph")
    return text


def _folded(text: str) -> str:
    """Put a sentence that was typed on several lines onto one."""
    return " ".join(_FOLDED.sub("", text).split())


def _not_empty(text: str) -> str:
    if not text:
        raise PydanticCustomError("empty", "nothing is written here")
    return text


def _listed(value: Any) -> Any:
    """Take `Mara, Bea` or a single number for a list."""
    if isinstance(value, str):
        return [part.strip() for part in _MARKS_BETWEEN.split(value) if part.strip()]
    return [] if value is None else value if isinstance(value, list) else [value]


def _letter(value: Any) -> Any:
    return str(value or "A").strip().upper()


def _answered(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("silent", "write [] if nothing is to be objected to")
    return value


def _line_number(value: Any) -> Any:
    if isinstance(value, float):
        # YAML takes 3.10 for 3.1, which is another line.
        raise PydanticCustomError("decimal", "write it with a colon, as in the draft above")
    return "" if value is None else str(value).strip()


def _filled_in(value: Any) -> Any:
    """Return the blocks that somebody wrote into."""
    if not isinstance(value, dict):
        return value
    return {key: block for key, block in value.items() if not _is_empty(block)}


def _is_empty(block: Any) -> bool:
    said = block.values() if isinstance(block, dict) else [block]
    return all(one is None or (isinstance(one, str) and not one.strip()) for one in said)


_BESIDE = "beside its field"

Text = Annotated[str, BeforeValidator(_text), AfterValidator(_bounded)]
"""A text that may be left empty."""
Paragraph = Annotated[Text, AfterValidator(_one_paragraph)]
Line = Annotated[Text, AfterValidator(_folded)]
"""A text of one line, however it was typed."""
Sentence = Annotated[Line, AfterValidator(_not_empty)]
Name = Annotated[Sentence, _BESIDE]
Felt = Annotated[Literal[EMOTIONS], BeforeValidator(_word)]  # type: ignore[valid-type]


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
    arc: Annotated[tuple[Felt, ...], BeforeValidator(_listed), Field(min_length=1, max_length=9)]


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


Numbers = Annotated[tuple[int, ...], BeforeValidator(_listed)]


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
    story: Annotated[Letter, BeforeValidator(_letter)] = "A"
    cast: Annotated[tuple[Sentence, ...], BeforeValidator(_listed), Field(min_length=1)]
    beat: Sentence
    change: Line = ""
    plants: Annotated[tuple[Sentence, ...], BeforeValidator(_listed)] = ()
    feeling: Felt


class Outline(Form):
    """An outline."""

    title: Sentence
    scenes: tuple[Scene, ...] = Field(min_length=1)


class Stand(Form):
    """An answer to an objection that is mended later."""

    answer: Annotated[Literal["accept", "rebut"], BeforeValidator(_word)]
    reason: Sentence


class Reply(Stand):
    """An answer to an objection."""

    text: Paragraph = ""


class Objection(Form):
    """An objection to a numbered line."""

    line: Annotated[str, BeforeValidator(_line_number)]
    kind: Annotated[
        Literal["continuity", "character", "emotion", "logic", "dialogue", "format", "repetition"],
        BeforeValidator(_word),
    ]
    gravity: Annotated[Gravity, BeforeValidator(lambda value: _word(value) or "minor")] = "minor"
    says: Sentence


class Review(Form):
    """Objections, or an empty list."""

    objections: Annotated[
        tuple[Objection, ...], BeforeValidator(_answered), Field(max_length=_MOST_OBJECTIONS)
    ]


class Verify(Form):
    """Whether an objection was met."""

    met: Annotated[Literal["yes", "no"], BeforeValidator(_word)]
    reason: Sentence


class Ruling(Form):
    """Which wording stands."""

    keep: Annotated[Literal["old", "new"], BeforeValidator(_word)]
    reason: Sentence


class Replies(RootModel[Annotated[dict[int, Reply], BeforeValidator(_filled_in)]]):
    """Answers to objections, by the number of the objection; what is left empty is not among them."""


class Verifications(RootModel[Annotated[dict[int, Verify], BeforeValidator(_filled_in)]]):
    """Whether objections were met."""


class Rulings(RootModel[Annotated[dict[int, Ruling], BeforeValidator(_filled_in)]]):
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
        elif field.annotation is str and _BESIDE not in field.metadata:
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
