import random

import pytest
import xgrammar
from hypothesis import given, settings
from hypothesis import strategies as st
from xgrammar.testing import _is_grammar_accept_string as accepts

from storyroom.errors import InputError
from storyroom.formats.fountain import parse_elements
from storyroom.models.cues import cue_text
from storyroom.models.grammar import line_grammar, scene_grammar
from storyroom.story.script import Kind

CAST = {"en": ["Mara", "Tomas Reyes"], "zh": ["林夏", "周岚"]}
# Single characters, and tokens that would break a scene if the grammar let them.
VOCABULARY = [
    "<s>",
    "</s>",
    *map(chr, range(32, 127)),
    *"\n，。！（）画外音林夏周岚你好内外景é…—",
    *[
        "MARA",
        "Mara",
        "JANE\n",
        "@林夏",
        "@王五\n",
        "INT. ",
        "Int ",
        "Ext",
        "\n\n",
        "CUT TO:",
        " the",
        " walks",
    ],
]
TOKENS = xgrammar.TokenizerInfo(VOCABULARY, vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[1])
COMPILER = xgrammar.GrammarCompiler(TOKENS, max_threads=1)


def walk(grammar: str, seed: int, longest: int = 6000) -> str:
    """What a model that knows nothing writes under a grammar."""
    chance = random.Random(seed)
    matcher = xgrammar.GrammarMatcher(COMPILER.compile_grammar(grammar))
    mask = xgrammar.allocate_token_bitmask(1, TOKENS.vocab_size)
    text = ""
    while len(text) < longest:
        matcher.fill_next_token_bitmask(mask)
        words = mask[0].tolist()
        allowed = [token for token in range(len(VOCABULARY)) if words[token // 32] >> (token % 32) & 1]
        token = chance.choice(allowed)
        if token == 1:
            return text
        assert matcher.accept_token(token)
        text += VOCABULARY[token]
    raise AssertionError("the grammar has no end")


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_written_is_a_scene_of_the_cast(language, seed):
    """Random text under the grammar reads back as action and speeches, and only the cast speaks."""
    text = walk(scene_grammar(CAST[language], language=language, min_blocks=2, max_blocks=4), seed)
    elements = parse_elements(text)
    assert {e.kind for e in elements} <= {Kind.ACTION, Kind.CUE, Kind.PARENTHETICAL, Kind.DIALOGUE}
    speakers = [e.text for e in elements if e.kind is Kind.CUE]
    assert {name.casefold() for name in speakers} <= {name.casefold() for name in CAST[language]}
    beside = [e.dual for e in elements if e.kind is Kind.CUE]
    assert 2 <= beside.count(False) <= 4
    assert not beside[0]
    # Nobody speaks beside themselves, nor a third beside two.
    for before, (name, dual) in zip(
        range(len(speakers)), list(zip(speakers, beside, strict=True))[1:], strict=False
    ):
        assert not dual or (name != speakers[before] and not beside[before])
    assert all(e.text[-1] in ".!?…。！？" for e in elements if e.kind in {Kind.ACTION, Kind.DIALOGUE})


LETTERS = {
    "en": st.text(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'-. ", min_size=1, max_size=12
    ),
    "zh": st.text("林夏周岚你好内外景A1", min_size=1, max_size=5),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=25, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_whatever_the_cast_is_called_nobody_else_speaks(language, data, seed):
    """Any names that can stand in a cue make a grammar under which random text reads back as that cast."""
    names = data.draw(st.lists(LETTERS[language].filter(str.strip), min_size=1, max_size=4))
    text = walk(scene_grammar(names, language=language, min_blocks=1, max_blocks=2), seed)
    speakers = {e.text.casefold() for e in parse_elements(text) if e.kind is Kind.CUE}
    assert speakers <= {" ".join(name.split()).casefold() for name in names}
    assert speakers


def english(**options):
    """The grammar of a scene with the English cast."""
    return xgrammar.Grammar.from_ebnf(scene_grammar(CAST["en"], min_blocks=1, **options))


GOOD = [
    "A storm beats the glass. Mara climbs.\n\nMARA\nYou came back.\n",
    "MARA\nNo!\n\nTOMAS REYES (O.S.)\n(quietly, then loud)\nI sold it -- the boat... All of it?!\n",
    "Interior lights come on now.\n\nMARA\nNo.\n\nExit signs glow over both doors.\n",
    "MARA\nStop!\n\nTOMAS REYES (O.S.) ^\n(loud)\nGo on!\n\nMARA\nNo.\n",
    "In the house they wait.\n\nEstella's dog sleeps by the fire.\n\nMARA\nHere, boy.\n",
]
BAD = [
    "JANE\nYes.\n",  # not in the cast
    "MARA\nYes\n",  # no end
    "A BIG RED CAR STOPS HERE.\n\nMARA\nYes.\n",  # looks like a cue
    "Int the big house walks.\n\nMARA\nNo.\n",  # a heading, in any case
    "Est the big house walks.\n\nMARA\nNo.\n",
    "**Mara** waits by the door.\n\nMARA\nNo.\n",
    "> Mara waits by the door.\n\nMARA\nNo.\n",
    "Mara waits by the door.\n",  # nobody speaks
    "MARA (LAUGHING)\nNo.\n",
    "MARA\n\nNo.\n",
    "MARA ^\nNo.\n",  # beside nobody
    "MARA\nNo.\n\nMARA ^\nYes.\n",  # beside herself
    "MARA\nNo.\n\nJANE ^\nYes.\n",
    "MARA\nNo.\n\nA storm beats the glass.\n\nTOMAS REYES ^\nYes.\n",
]


@pytest.mark.parametrize("text", GOOD)
def test_screenplay_is_admitted(text):
    """What a writer would write passes."""
    assert accepts(english(), text)


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_not(text):
    """Other speakers, open ends and other kinds of paragraph do not."""
    assert not accepts(english(), text)


def test_chinese_has_its_own_marks():
    """Cues are forced, parentheses and full stops are full-width, and no action opens a heading."""
    grammar = xgrammar.Grammar.from_ebnf(scene_grammar(CAST["zh"], language="zh", min_blocks=1))
    assert accepts(
        grammar, "雨打在玻璃上，灯还亮着。\n\n@林夏（画外音）\n（低声）\n你终于回来了！我等了十年。\n"
    )
    assert accepts(grammar, "@林夏\n不！\n\n@周岚（画外音） ^\n（高声）\n走吧。\n")
    assert not accepts(grammar, "@王五\n你好。\n")
    assert not accepts(grammar, "@林夏\n不！\n\n@王五 ^\n走吧。\n")
    assert not accepts(grammar, "内景，灯塔很暗。\n\n@林夏\n你回来了。\n")


def test_a_scene_can_go_on_below_a_cue():
    """With the cue written already, the text begins with what is said."""
    grammar = english(cue_written=True, max_blocks=2)
    assert accepts(grammar, "(softly)\nYou came back.\n\nTOMAS REYES\nI did.\n")
    assert not accepts(grammar, "MARA\nYou came back.\n")


def test_extensions_parentheticals_and_dual_dialogue_can_be_left_out():
    """What is not wanted cannot be written."""
    bare = english(extensions=(), parentheticals=False, dual=False)
    assert not accepts(bare, "MARA\nNo.\n\nTOMAS REYES ^\nYes.\n")
    assert accepts(bare, "MARA\nNo.\n")
    assert not accepts(bare, "MARA (V.O.)\nNo.\n")
    assert not accepts(bare, "MARA\n(softly)\nNo.\n")


def test_without_a_cast_there_is_action_only():
    """A scene in which nobody speaks has no cue at all."""
    grammar = xgrammar.Grammar.from_ebnf(scene_grammar([], min_blocks=1))
    assert accepts(grammar, "The lamp goes out at last.\n")
    assert not accepts(grammar, "MARA\nNo.\n")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [(Kind.DIALOGUE, "No.", "no"), (Kind.ACTION, "The lamp goes out at last.", "No.")],
)
def test_one_line_has_a_grammar_of_its_own(kind, good, bad):
    """A paragraph that is written anew keeps to the form of its kind."""
    grammar = xgrammar.Grammar.from_ebnf(line_grammar(kind))
    assert accepts(grammar, good)
    assert not accepts(grammar, bad)


def test_names_with_quotes_and_accents_stand_in_cues():
    """A name is written as a cue that reads back as that name."""
    for name in [
        "José",
        "O'Brien",
        'Jack "Ace" Hill',
        "林夏",
        "R2-D2",
        "007",
        "Ext",
        "Int. Ray",
        "A林",
        ".5",
    ]:
        grammar = xgrammar.Grammar.from_ebnf(scene_grammar([name], min_blocks=1))
        text = f"{cue_text(name)}\nYes.\n"
        assert accepts(grammar, text)
        assert parse_elements(text)[0].text.casefold() == name.casefold()


@pytest.mark.parametrize("name", ["", " ", "Mara (old)", "Mara\nTomas", "Mara^", "*Mara*", "@Mara"])
def test_names_that_would_break_a_cue_are_refused(name):
    """A cue is a line of its own, and some marks in it mean something else."""
    with pytest.raises(InputError):
        scene_grammar([name])


def test_bounds_must_make_sense():
    """No scene has at least nine and at most three speeches."""
    with pytest.raises(InputError):
        scene_grammar(["Mara"], min_blocks=9, max_blocks=3)
