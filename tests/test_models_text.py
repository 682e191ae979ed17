import json
from typing import Annotated, Literal

import pytest
import xgrammar
from pydantic import BaseModel, Field, ValidationError
from xgrammar.testing import _is_grammar_accept_string as accepts

from storyroom.models.schema import (
    LONGEST_ARRAY,
    LONGEST_STRING,
    bounded_schema,
    line_schema,
    scene_elements,
    scene_schema,
)
from storyroom.models.schema_check import misfit
from storyroom.story.script import Kind
from storyroom.story.text import Phrase, Sentence

GOOD_SENTENCES = [
    "Mara keeps the lighthouse.",
    "Tomas — who sold the boat — is back!",
    "第三天，他回来了！",
    "林夏守着灯塔，等哥哥回来。",
]
BAD_SENTENCES = [
    "no capital here at all.",
    "Cut off in the",
    "Mara says\nnothing at all.",
    "# Heading of a page.",
    "",
    'He said "No" and left.',
    "Word " * 200 + "end.",
]


class Line(BaseModel):
    text: Annotated[str, Sentence(10, 120)]


def grammar_of(schema):
    """The grammar that xgrammar makes of a schema."""
    return xgrammar.Grammar.from_json_schema(json.dumps(schema, ensure_ascii=False), any_whitespace=False)


@pytest.mark.parametrize("text", GOOD_SENTENCES)
def test_a_sentence_passes_pydantic_and_grammar(text):
    """What a model may write under the grammar is what the type takes, in both languages."""
    assert Line(text=text).text == text
    assert accepts(grammar_of(bounded_schema(Line)), json.dumps({"text": text}, ensure_ascii=False))


@pytest.mark.parametrize("text", BAD_SENTENCES)
def test_what_is_no_sentence_passes_neither(text):
    """A fragment, a second line, a mark of Markdown or endless text fails in both places."""
    with pytest.raises(ValidationError):
        Line(text=text)
    assert not accepts(grammar_of(bounded_schema(Line)), json.dumps({"text": text}, ensure_ascii=False))


@pytest.mark.parametrize(
    ("text", "good"),
    [("The Last Light", True), ("最后的灯", True), ("Salt & Iron", True), ("The end.", False), ("x", False)],
)
def test_a_phrase_has_no_end_mark(text, good):
    """A title starts with a capital (or is Chinese) and ends with a letter."""

    class Titled(BaseModel):
        title: Annotated[str, Phrase(2, 40)]

    assert (
        accepts(grammar_of(bounded_schema(Titled)), json.dumps({"title": text}, ensure_ascii=False)) is good
    )
    if good:
        assert Titled(title=text).title == text
    else:
        with pytest.raises(ValidationError):
            Titled(title=text)


def test_bounds_that_contradict_are_an_error():
    """Nothing is at least ten and at most five characters long."""
    with pytest.raises(ValueError, match="bounds"):
        Sentence(10, 5).check("Yes.")


class Beat(BaseModel):
    place: Literal["lighthouse", "harbour"]
    what: Annotated[str, Sentence(10, 80)]


class Plan(BaseModel):
    beats: list[Beat] = Field(min_length=1, max_length=2)
    tags: list[str]
    number: int = Field(default=1, ge=1, le=9, description="of the scene")


def test_a_schema_is_closed_inlined_and_bounded():
    """No references, no optional or further properties, no string or list without an end."""
    schema = bounded_schema(Plan)
    assert "$ref" not in json.dumps(schema)
    assert schema["required"] == ["beats", "tags", "number"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["tags"] == {
        "type": "array",
        "items": {"type": "string", "maxLength": LONGEST_STRING},
        "maxItems": LONGEST_ARRAY,
    }
    assert schema["properties"]["number"] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert schema["properties"]["beats"]["items"]["properties"]["place"]["enum"] == ["lighthouse", "harbour"]


def test_a_field_called_title_survives():
    """`title` is dropped as a word of JSON Schema, and kept as the name of a field."""

    class Book(BaseModel):
        title: str

    assert list(bounded_schema(Book)["properties"]) == ["title"]


class Tree(BaseModel):
    children: list["Tree"]


def test_a_type_without_end_is_refused():
    """A type that contains itself has no bounded schema."""
    with pytest.raises(ValueError, match="contains itself"):
        bounded_schema(Tree)


def test_a_scene_under_the_schema_has_only_its_cast():
    """The JSON form of a scene locks the cast as the grammar does, and gives the same elements."""
    schema = grammar_of(scene_schema(["Mara"], min_blocks=1, max_blocks=4))
    action = {"kind": "action", "text": "Rain beats on the old glass."}
    speech = {
        "kind": "speech",
        "speaker": "Mara",
        "extension": "O.S.",
        "parenthetical": "",
        "text": "Who is there?",
    }
    whole = json.dumps({"elements": [action, speech]})
    assert accepts(schema, whole)
    assert not accepts(schema, whole.replace("Mara", "Jane"))
    assert [(e.kind, e.text, e.extension) for e in scene_elements(whole)] == [
        (Kind.ACTION, "Rain beats on the old glass.", None),
        (Kind.CUE, "Mara", "O.S."),
        (Kind.DIALOGUE, "Who is there?", None),
    ]


def test_two_may_speak_at_once_under_the_schema_as_under_the_grammar():
    """The second cue stands beside the first, and nobody stands beside themselves."""
    schema = scene_schema(["Mara", "Tom", "MARA"], min_blocks=1, max_blocks=2, parentheticals=False)
    said = {"extension": "", "text": "No."}
    beside = {"speaker": "Tom", "extension": "V.O.", "text": "Yes."}
    both = json.dumps({"elements": [{"kind": "dual", "speaker": "Mara", **said, "beside": beside}]})
    assert accepts(grammar_of(schema), both)
    assert [(e.kind, e.text, e.extension, e.dual) for e in scene_elements(both)] == [
        (Kind.CUE, "Mara", None, False),
        (Kind.DIALOGUE, "No.", None, False),
        (Kind.CUE, "Tom", "V.O.", True),
        (Kind.DIALOGUE, "Yes.", None, False),
    ]
    for wrong in ("Mara", "MARA", "Jane"):
        alone = both.replace('"Tom"', f'"{wrong}"')
        assert misfit(json.loads(alone), schema)
        assert not accepts(grammar_of(schema), alone)
    assert "beside" not in json.dumps(scene_schema(["Mara", "Tom"], dual=False))
    assert "beside" not in json.dumps(scene_schema(["Mara"]))


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", '{"elements": [{}]}', '{"elements": [{"kind": "speech"}]}']
)
def test_a_broken_scene_is_a_value_error(answer):
    """An answer that was cut off can be asked for again, and is no crash."""
    with pytest.raises(ValueError):
        scene_elements(answer)


def test_a_line_keeps_to_its_language():
    """An English line admits no Chinese, and the other way round."""
    english = grammar_of(line_schema(Kind.DIALOGUE, language="en"))
    chinese = grammar_of(line_schema(Kind.DIALOGUE, language="zh"))
    assert accepts(english, '{"line": "I never left."}')
    assert not accepts(english, '{"line": "我没有走。"}')
    assert accepts(chinese, '{"line": "我没有走。"}')
    assert not accepts(chinese, '{"line": "I never left."}')
