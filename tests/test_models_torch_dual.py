"""Dual dialogue and extensions on the torch runtime: noise chooses among the cues of the cast alone."""

import re
from itertools import pairwise

import pytest
import torch
from tiny_model import make_tiny_model

from storyroom.agents.scene_text import elements_of
from storyroom.models import open_model
from storyroom.models.grammar import scene_grammar
from storyroom.story.script import Element, Kind

CASTS = {"en": ["Mara", "Tomas Reyes", "José"], "zh": ["林夏", "周岚", "Old 陈"]}
SPOKEN = {"en": "No.", "zh": "不。"}
SEEDS = range(24)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tiny model in float32, on one thread, which is faster for so few numbers."""
    folder = make_tiny_model(tmp_path_factory.mktemp("tiny"), context=2048)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield open_model(f"transformers:{folder}", device="cpu", dtype="float32")
    torch.set_num_threads(threads)


def short(grammar, language):
    """The grammar with one thing to say: all of the noise then goes into who says it, and how."""
    said = SPOKEN[language]
    return re.sub(r"(?m)^(said|action) ::= .*$", rf'\1 ::= "{said}"', grammar)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_noise_in_dual_dialogue_and_extensions_keeps_to_the_cast(model, language):
    """Whatever stands beside or behind a name, it is one of the cast, and nobody speaks beside themselves."""
    cast = CASTS[language]
    grammar = scene_grammar(cast, language=language, min_blocks=4, max_blocks=4, cue_written=True)
    begun = (Element(kind=Kind.CUE, text=cast[0], forced=language == "zh"),)
    dual, extended, speakers = 0, 0, set()
    for seed in SEEDS:
        answer = model.invoke("Go on.", grammar=short(grammar, language), seed=seed, max_tokens=900)
        assert answer.response_metadata["finish_reason"] == "stop"
        cues = [one for one in elements_of(begun, answer.text) if one.kind is Kind.CUE]
        speakers |= {one.text.casefold() for one in cues}
        extended += sum(bool(one.extension) for one in cues)
        dual += sum(one.dual for one in cues)
        for before, cue in pairwise(cues):
            assert not cue.dual or (cue.text != before.text and not before.dual)
    assert speakers == {name.casefold() for name in cast}
    assert dual
    assert extended
