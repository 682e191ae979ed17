"""Scenes on the torch runtime: noise under a form is still a scene of its cast."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage
from tiny_model import make_tiny_model

from storyroom.agents.scene_text import elements_of
from storyroom.errors import GrammarRefused
from storyroom.models import open_model
from storyroom.models.ask import Request, complete
from storyroom.models.cues import cue_text
from storyroom.models.grammar import scene_elements, scene_grammar, scene_schema
from storyroom.story.script import Element, Kind

NAMES = {
    "en": st.text("ABCDEFGHIJKLMabcdefghijklméÅ0123456789'- ", min_size=1, max_size=9),
    "zh": st.text("林夏周岚陈一二三老王内外", min_size=1, max_size=4),
}
SCENE = {Kind.ACTION, Kind.CUE, Kind.PARENTHETICAL, Kind.DIALOGUE}
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tiny model with room for a scene, in float32; on one thread, which is faster for so few numbers."""
    folder = make_tiny_model(tmp_path_factory.mktemp("tiny"), context=4096)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield open_model(f"transformers:{folder}", device="cpu", dtype="float32")
    torch.set_num_threads(threads)


def casts(language):
    """Names as a bible could hold them."""
    return st.lists(NAMES[language].filter(str.strip), min_size=1, max_size=3)


def plain(names):
    """Names as they are compared: in small letters, their blanks single."""
    return {" ".join(name.split()).casefold() for name in names}


@pytest.mark.parametrize("language", ["en", "zh"])
@FEW
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_under_a_grammar_noise_gives_no_word_to_a_stranger(model, language, data, seed):
    """Whatever the cast and the seed, what the room reads holds speakers of the cast, or it reads nothing."""
    cast = data.draw(casts(language))
    grammar = scene_grammar(cast, language=language, min_blocks=1, max_blocks=1, cue_written=True)
    begun = (
        Element(kind=Kind.ACTION, text="灯亮着。" if language == "zh" else "The lamp is lit."),
        Element(kind=Kind.CUE, text=cast[0].strip(), forced=cue_text(cast[0]).startswith("@")),
    )
    answer = model.invoke("Go on.", grammar=grammar, seed=seed, max_tokens=250)
    try:
        elements = elements_of(begun, answer.text)
    except ValueError:
        return
    assert {element.kind for element in elements} <= SCENE
    assert plain(element.text for element in elements if element.kind is Kind.CUE) <= plain(cast)


@pytest.mark.parametrize("language", ["en", "zh"])
@FEW
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_under_a_schema_noise_gives_no_word_to_a_stranger(model, language, data, seed):
    """The schema form says the same as the grammar, for the same tree."""
    cast = data.draw(casts(language))
    schema = scene_schema(cast, language=language, min_blocks=1, max_blocks=1)
    answer = model.invoke("Go on.", json_schema=schema, seed=seed, max_tokens=250)
    try:
        elements = scene_elements(answer.text)
    except ValueError:
        assert answer.response_metadata["finish_reason"] == "length"
        return
    assert {element.kind for element in elements} <= SCENE
    assert plain(element.text for element in elements if element.kind is Kind.CUE) <= plain(cast)


def test_a_grammar_that_is_refused_says_why_and_the_schema_form_serves(model):
    """A backend that does not understand a grammar can be asked for the same scene by schema."""
    with pytest.raises(GrammarRefused, match="xgrammar cannot compile"):
        model.invoke("Go on.", grammar='root ::= "a" [')
    assert model.invoke("Go on.", grammar=scene_grammar(["Mara", "林夏"]), max_tokens=30).text
    schema = scene_schema(["Mara"], min_blocks=1, max_blocks=1, parentheticals=False)
    written = model.invoke("Go on.", json_schema=schema, max_tokens=2000, seed=1)
    assert {one.text for one in scene_elements(written.text) if one.kind is Kind.CUE} <= {"Mara"}


@pytest.mark.parametrize("grammar", ['root ::= "a" [', "root ::= nowhere", "nothing"])
async def test_a_call_under_a_refused_grammar_says_so_and_the_next_call_is_answered(model, grammar):
    """The room's own way to ask raises what the writing of scenes waits for, whatever is wrong with it."""
    with pytest.raises(GrammarRefused):
        await complete(model, Request(messages=[HumanMessage("Go on.")], grammar=grammar, max_tokens=5))
    good = Request(messages=[HumanMessage("Go on.")], grammar='root ::= "a" "b"', max_tokens=5)
    assert (await complete(model, good)).text == "ab"


def test_grammar_and_schema_read_back_as_the_same_tree(model):
    """One scene, written in either form, is the same elements."""
    told = '{"elements": [{"kind": "speech", "speaker": "Mara", "extension": "V.O.", "parenthetical": "low", '
    by_schema = scene_elements(told + '"text": "No."}]}')
    begun = (Element(kind=Kind.CUE, text="Tom"), Element(kind=Kind.DIALOGUE, text="So."))
    text = model.invoke("Go on.", grammar='root ::= "MARA (V.O.)\\n(low)\\nNo.\\n"', max_tokens=99).text
    read = elements_of((Element(kind=Kind.CUE, text="Tom"),), f"So.\n\n{text}")[len(begun) :]
    assert [(e.kind, e.text.casefold(), e.extension) for e in read] == [
        (e.kind, e.text.casefold(), e.extension) for e in by_schema
    ]


def test_there_is_nobody_who_is_asked_twice(model):
    """A name that stands twice in a cast is one speaker, and needs nobody beside them."""
    grammar = scene_grammar(["Mara", "MARA"], min_blocks=1)
    assert " ^" not in grammar
    assert model.invoke([HumanMessage("Go on.")], grammar=grammar, max_tokens=30).text
