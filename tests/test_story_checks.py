"""Checks that need no model, in English and in Chinese."""

import pytest
from room_kit import EXAMPLES

from storyroom.series import load_bible
from storyroom.story.checks import key_terms, line_form, mentions, noise, outside_cast, repeated, unfinished
from storyroom.story.script import Element, Kind


def speech(text: str) -> Element:
    """Return a speech."""
    return Element(kind=Kind.DIALOGUE, text=text)


def cue(text: str) -> Element:
    """Return a cue."""
    return Element(kind=Kind.CUE, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "I know.",
        "Do you?",
        "Go!",
        "I thought…",
        'He said "no."',
        "And then—",
        "走吧。",
        "你知道？",
        "他说：“走！”",
        "*Go.*",
    ],
)
def test_whole_lines_are_whole(text: str):
    """Every mark that ends a sentence is an end, within emphasis and quotes too."""
    assert not unfinished(text)


@pytest.mark.parametrize("text", ["I know that", "The lamp,", "你知道", "走，", "", "and the"])
def test_lines_that_stop_are_told(text: str):
    """A line without an end mark stops in mid-sentence."""
    assert unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        "the lamp lamp is out.",
        "We go to the lamp and we go to the lamp and we go.",
        "Supercalifragilisticexpialidocious.",
        "… — !",
        "老渡口的大桥老渡口的大桥老渡口的大桥。",
    ],
)
def test_noise_is_found(text: str):
    """A stammer, a loop, a word that is none, nothing at all."""
    assert list(noise(text))


@pytest.mark.parametrize(
    "text",
    [
        "I wrote down every night for six years. One page is gone.",
        "A hundred and twelve steps. You stopped on ninety.",
        "我把每一夜都写了下来，写了六年。少了一页。",
    ],
)
def test_lines_of_people_are_no_noise(text: str):
    """What a writer would write passes."""
    assert list(noise(text)) == []


@pytest.mark.parametrize("name", ["the-last-light", "the-long-river"])
def test_the_voices_of_the_examples_are_whole(name: str):
    """No sample line of the example bibles is taken to stop in mid-sentence."""
    for who in load_bible(EXAMPLES / name).cast:
        for line in who.voice.samples:
            assert not unfinished(line), line


def test_a_text_mentions_terms_whatever_their_ending():
    """Plurals and verb endings do not matter, common words are no terms, Chinese goes by pairs."""
    terms = key_terms("Mara carries the lanterns")
    assert terms == {"mara", "carries", "lanterns"}
    assert mentions("She carried one lantern.", terms) == {"carries", "lanterns"}
    assert mentions("灯塔灭了。", key_terms("灯塔")) == {"灯塔"}
    assert mentions("Nothing.", terms) == set()


def test_a_line_is_repeated_whatever_its_marks():
    """Case and punctuation do not make another line of it; earlier scenes count."""
    lines = [speech("Light the lamp!"), cue("MARA"), speech("light the lamp."), speech("Sit down.")]
    assert list(repeated(lines)) == [lines[2]]
    assert list(repeated(lines, {line_form("Sit down")})) == [lines[2], lines[3]]
    assert list(repeated([cue("MARA"), cue("MARA")])) == []
    assert line_form("走吧！") == line_form("走吧。") != line_form("走。")


def test_only_the_cast_speaks():
    """Names and aliases of the cast pass in any case, everybody else is told."""
    bible = load_bible(EXAMPLES / "the-last-light")
    cues = [cue(name) for name in ("MARA", "Mara Quill", "BEATRICE", "TOMAS", "A VOICE")]
    assert list(outside_cast(cues, ["Mara", "Bea"], bible)) == cues[3:]
