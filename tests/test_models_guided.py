"""The closer grammar that a small model writes scenes under."""

import itertools
import random

import pytest
import xgrammar
from hypothesis import given, settings
from hypothesis import strategies as st

from storyroom.formats.fountain import parse_elements
from storyroom.models.guided import guided_line_grammar, guided_scene_grammar
from storyroom.story.script import Kind

CAST = ["Mara", "Bea", "Tomas"]
THINGS = ["the red cone", "Pell's tin box", "the Lamp Room"]
VOCABULARY = [
    *(chr(code) for code in range(32, 127)),
    *(
        "\n",
        "\n\n",
        " ",
        ". ",
        " the",
        " lamp",
        " Silas",
        " Mara",
        "MARA",
        "BEA",
        "TOMAS",
        "SILAS",
        "You",
        "It",
    ),
    *(f" {thing}" for thing in THINGS),
    "</s>",
]
TOKENS = xgrammar.TokenizerInfo(
    VOCABULARY, vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[len(VOCABULARY) - 1]
)
COMPILER = xgrammar.GrammarCompiler(TOKENS, max_threads=1)


def walk(grammar: str, seed: int) -> str:
    """Return what a model that knows nothing writes under a grammar."""
    chance = random.Random(seed)
    matcher = xgrammar.GrammarMatcher(COMPILER.compile_grammar(grammar))
    mask = xgrammar.allocate_token_bitmask(1, TOKENS.vocab_size)
    text = ""
    while True:
        matcher.fill_next_token_bitmask(mask)
        words = mask[0].tolist()
        allowed = [n for n in range(len(VOCABULARY)) if words[n // 32] >> (n % 32) & 1]
        token = chance.choice(allowed)
        if VOCABULARY[token] == "</s>":
            return text
        assert matcher.accept_token(token)
        text += VOCABULARY[token]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), cast=st.integers(1, 3), speeches=st.integers(2, 6))
def test_nobody_but_the_cast_speaks_and_nobody_twice_running(seed: int, cast: int, speeches: int) -> None:
    """Random text under the grammar is a scene: as many speeches as asked for, by the cast, in turns."""
    people = CAST[:cast]
    grammar = guided_scene_grammar(people, names=[*CAST, "Silas"], things=THINGS, speeches=speeches)
    elements = parse_elements(f"{people[0].upper()}\n{walk(grammar, seed)}")
    speakers = [one.text for one in elements if one.kind is Kind.CUE]
    assert len(speakers) == speeches
    assert set(speakers) <= {name.upper() for name in people}
    if cast > 1:
        assert all(a != b for a, b in itertools.pairwise(speakers))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_second_speech_names_a_thing(seed: int) -> None:
    """The scene cannot leave its matter: the first, third and fifth speech name one of the things."""
    grammar = guided_scene_grammar(CAST[:2], names=CAST, things=THINGS, speeches=5)
    elements = parse_elements(f"MARA\n{walk(grammar, seed)}")
    said = [one.text for one in elements if one.kind is Kind.DIALOGUE]
    for speech in said[::2]:
        assert any(thing in speech for thing in THINGS)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_only_those_who_are_there_act(seed: int) -> None:
    """A paragraph of action begins with one of the scene's cast; the dead may be spoken of only."""
    grammar = guided_scene_grammar(CAST[:2], names=[*CAST, "Silas"], things=THINGS, speeches=4)
    actions = [e.text for e in parse_elements(f"MARA\n{walk(grammar, seed)}") if e.kind is Kind.ACTION]
    assert len(actions) == 1
    assert actions[0].startswith(("Mara ", "Bea "))


@pytest.mark.parametrize(("kind", "holds"), [(Kind.DIALOGUE, THINGS), (Kind.ACTION, CAST[:2])])
def test_one_line_has_a_grammar_of_its_own(kind: Kind, holds: list[str]) -> None:
    """A reworded speech names a thing, a reworded action somebody who is there."""
    for seed in range(10):
        text = walk(guided_line_grammar(kind, CAST[:2], names=CAST, things=THINGS), seed)
        assert any(one in text for one in holds)
        assert text[-1] in ".!?"


def test_without_things_speeches_are_free() -> None:
    """An idea that names no thing still gives a scene."""
    text = walk(guided_scene_grammar(CAST[:2], names=CAST, things=[], speeches=3), 1)
    assert len([one for one in parse_elements(f"MARA\n{text}") if one.kind is Kind.CUE]) == 3
