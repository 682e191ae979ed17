"""How characters speak, in numbers: speeches, measures, favourite words, likeness, slips, surprise."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_model import make_tiny_model

from storyroom.bible_file import load_bible
from storyroom.errors import ModelRefused
from storyroom.formats.fountain import parse, read_file
from storyroom.models.open import open_model
from storyroom.models.scripted import ScriptedModel
from storyroom.models.surprise import written_out
from storyroom.story.bible import Bible
from storyroom.story.cliches import worn_phrases
from storyroom.story.draft import SceneDraft, named
from storyroom.story.surprise import TokenBits, bound_of, predictable, tokens_in
from storyroom.story.voice.favourites import favourites
from storyroom.story.voice.likeness import Likeness, enough, sound_alike, trust_in
from storyroom.story.voice.measures import measure, variety
from storyroom.story.voice.slips import voice_slips
from storyroom.story.voice.speech import Speech, naming, speeches_of
from storyroom.story.voice.words import hedges, is_chinese, particles, sentences, short_forms, terms, words

EXAMPLES = Path(__file__).parent.parent / "examples"
SPELLINGS = """INT. LAMP ROOM - NIGHT

MARA
One.

MARA QUILL (V.O.)
Two.

@mara
Three.

Mara.

ＭＡＲＡ (CONT'D)
Four.
(beat)
And a half.

MARA (O.S.) ^
[[cut?]] Five.
"""


def _bible(name: str = "the-last-light") -> Bible:
    return load_bible(EXAMPLES / name)


def _speeches(text: str, bible: Bible | None = None) -> list[Speech]:
    return list(speeches_of([parse(text).elements()], naming(bible)))


# Speeches


def test_one_character_under_five_spellings_is_one() -> None:
    """Alias, extension, forced cue, full width and dual mark all mean Mara, and she is called so."""
    found = _speeches(SPELLINGS, _bible())
    assert [(one.speaker, one.text) for one in found] == [
        ("Mara", "One."),
        ("Mara", "Two."),
        ("Mara", "Three."),
        ("Mara", "Four. And a half."),
        ("Mara", "Five."),
    ]


def test_without_a_bible_the_first_spelling_names_her() -> None:
    """A lone script knows no aliases: the full name is somebody else."""
    assert Counter(one.speaker for one in _speeches(SPELLINGS)) == {"MARA": 4, "MARA QUILL": 1}


def test_action_ends_a_speech_and_headings_count_scenes() -> None:
    """What stands below an action is nobody's; the scenes run on through all scripts."""
    text = "INT. A - DAY\n\nBEA\nHi.\n\nRain.\n\nINT. B - DAY\n\nBEA\nBye.\n"
    found = list(speeches_of([parse(text).elements(), parse(text).elements()], naming()))
    assert [(one.text, one.script) for one in found] == [("Hi.", 0), ("Bye.", 0), ("Hi.", 1), ("Bye.", 1)]
    assert len({one.scene for one in found}) == 4


# Words and measures


def test_words_in_both_languages() -> None:
    """A Han character is a word, an English short form is one, and marks are none."""
    assert words("I don’t know, 玛拉!") == ["i", "don't", "know", "玛", "拉"]
    assert sentences("No. 为什么？ …") == ["No.", " 为什么？"]
    assert hedges("Maybe. I suppose it's kind of late. 也许吧，大概。") == 5
    assert short_forms("It's late. I don’t care. The Board's letter.") == 2
    assert particles("你来吧，好吗？") == 2
    assert terms("灯塔里 OK") == ["ok", "灯塔", "塔里", "灯塔里"]


def test_the_language_is_that_of_most_letters() -> None:
    """A Chinese speech with an English name in it is Chinese."""
    assert is_chinese(["玛拉说OK，我们走。"])
    assert not is_chinese(["She calls it 灯塔, the tower of light."])


def test_measures_of_a_few_speeches() -> None:
    """Every number can be counted by hand."""
    found = measure(["Why? I don't know!", "Maybe -- well...", "…"])
    assert found is not None
    assert (found.speeches, found.words, found.longest) == (2, 6, 4)
    assert (found.mean, found.spread, found.sentence) == (3.0, 1.0, 2.0)
    assert (found.questions, found.exclamations) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert (found.hedges, found.short_forms) == (pytest.approx(200 / 6), pytest.approx(100 / 6))
    assert (found.trails, found.breaks) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert found.variety is None
    assert found.particles is None


def test_who_says_nothing_has_no_measures() -> None:
    """Silence is not a voice of length nought."""
    assert measure([]) is None
    assert measure(["…", "--"]) is None


@given(st.lists(st.sampled_from("abcd"), max_size=40), st.integers(1, 8))
def test_variety_is_the_mean_over_all_windows(tokens: list[str], window: int) -> None:
    """The quick count is the slow one, and does not depend on the length of the text alone."""
    slow = [len(set(tokens[i : i + window])) / window for i in range(len(tokens) - window + 1)]
    found = variety(tokens, window)
    assert found == (pytest.approx(sum(slow) / len(slow)) if slow else None)


def test_favourites_are_what_one_says_and_the_others_do_not() -> None:
    """A pet word wins over a common one; what comes twice is chance; of two pieces the longer is told."""
    ours = Counter({"dear": 8, "the": 40, "odd": 2, "何爷": 9, "何爷爷": 9})
    theirs = Counter({"the": 200, "salt": 30})
    found = favourites(ours, theirs)
    assert {one.word for one in found} == {"dear", "何爷爷"}
    assert all(one.z > 1.96 and one.others == 0 for one in found)


def test_nobody_else_to_compare_with() -> None:
    """A monologue has no favourites, and that is no error."""
    assert favourites(Counter({"rain": 10}), Counter()) == []


# Likeness


def _two_voices(scenes: int = 8) -> list[Speech]:
    formal = "I should be most grateful indeed, sir, were you to pass the salt{}."
    blunt = "nah mate gimme that salt{} yeah innit"
    return [
        Speech(who, form.format("" if n % 2 else " and the pepper"), scene=n)
        for n in range(scenes)
        for who, form in (("A", formal), ("B", blunt)) * 3
    ]


def test_two_plain_voices_are_told_apart() -> None:
    """Each speech is judged without its own scene, and still all of them come out right."""
    likeness = Likeness("A", _two_voices())
    assert likeness.trust.auc == 1.0
    assert likeness.trust.beats_guessing
    assert likeness.judge("I should be grateful, sir.") > 0 > likeness.judge("nah gimme that mate")


def test_a_line_in_the_wrong_mouth_heads_the_list() -> None:
    """A blunt line given to the formal one is the first of hers that do not sound like her."""
    odd = Speech("A", "nah mate gimme that yeah", scene=3)
    alike, unlike = sound_alike(Likeness("A", [*_two_voices(), odd]), 3)
    assert unlike[0].speech == odd
    assert all(one.speech.speaker == "B" for one in alike)


def test_one_voice_for_two_people_is_not_told_apart() -> None:
    """Where both speak alike, the judgement says of itself that it is worth nothing."""
    same = [
        Speech(who, f"The tide turns at {n} and the boat waits.", scene=n)
        for n in range(12)
        for who in "ABAB"
    ]
    assert not Likeness("A", same).trust.beats_guessing


def test_trust_compares_within_scenes_only() -> None:
    """Scores that differ from scene to scene alone prove nothing about the speaker."""
    found = trust_in([([9.0], [9.0]), ([1.0], [1.0])])
    assert found.auc == 0.5
    assert trust_in([]).auc == 0.5
    assert trust_in([([2.0, 3.0], [1.0]), ([0.5], [1.0, 1.5])]).auc == 0.5


@given(
    st.lists(
        st.tuples(
            st.lists(st.floats(-5, 5), min_size=1, max_size=5),
            st.lists(st.floats(-5, 5), min_size=1, max_size=5),
        ),
        max_size=6,
    )
)
def test_trust_is_a_share_with_its_bounds(scenes: list[tuple[list[float], list[float]]]) -> None:
    """Whatever the scores, the interval holds the share, and swapping sides turns it over."""
    found = trust_in(scenes)
    assert 0 <= found.low <= found.auc <= found.high <= 1
    assert trust_in([(b, a) for a, b in scenes]).auc == pytest.approx(1 - found.auc)


def test_too_few_speeches_are_not_enough() -> None:
    """Twenty on each side is the least."""
    assert enough("A", [Speech("A", "x")] * 20 + [Speech("B", "x")] * 20)
    assert not enough("A", [Speech("A", "x")] * 19 + [Speech("B", "x")] * 20)
    assert not enough("A", [Speech("A", "x")] * 90)


# Slips


def _draft(text: str) -> SceneDraft:
    return SceneDraft(number=9, elements=named(parse(text).elements(), "test"))


def _earlier(bible: str, mara: str, ines: str, times: int = 40) -> list[list[object]]:
    heading, one, other = (
        ("内景 灯塔 夜", "@何守渡", "@小满") if bible == "zh" else ("INT. LAMP ROOM - NIGHT", "MARA", "INES")
    )
    scene = f"{heading}\n\n{one}\n{mara}\n\n{other}\n{ines}\n"
    return [list(parse(scene).elements()) for _ in range(times)]


def test_what_she_never_does_is_a_slip_in_english() -> None:
    """Mara never exclaims and the others do: the first time she does, it is told, on her line."""
    earlier = _earlier("en", "The lamp is lit.", "Look at it burn!")
    draft = _draft("INT. LAMP ROOM - NIGHT\n\nMARA\nLook at it!\n\nINES\nLook!\n")
    slips = voice_slips(draft, earlier, _bible())  # type: ignore[arg-type]
    assert [draft.line(slip.line).text for slip in slips] == ["Look at it!"]  # type: ignore[union-attr]
    assert slips[0].reason == "Mara has not exclaimed in 40 speeches so far; of the others' speeches 100% do."


def test_what_she_never_does_is_a_slip_in_chinese() -> None:
    """The reason is told in the language of the series."""
    earlier = _earlier("zh", "开船。", "爷爷，你看！")
    draft = _draft("内景 渡口 日\n\n@何守渡\n快走！\n")
    slips = voice_slips(draft, earlier, _bible("the-long-river"))  # type: ignore[arg-type]
    assert [slip.reason for slip in slips] == ["何守渡此前40段台词里从没用过感叹号；别人的台词里有100%。"]


def test_what_nobody_does_is_no_slip() -> None:
    """That she never asked a question tells nothing where nobody else did either."""
    earlier = _earlier("en", "The lamp is lit.", "It burns.")
    draft = _draft("INT. LAMP ROOM - NIGHT\n\nMARA\nWhere is Bea?\n")
    assert voice_slips(draft, earlier, _bible()) == []  # type: ignore[arg-type]


def test_a_speech_far_longer_than_any_before_is_a_slip() -> None:
    """A terse character does not make speeches."""
    earlier = _earlier("en", "The lamp is lit.", "It burns.")
    draft = _draft(f"INT. LAMP ROOM - NIGHT\n\nMARA\n{'The lamp is lit and it burns. ' * 6}\n")
    (slip,) = voice_slips(draft, earlier, _bible())  # type: ignore[arg-type]
    assert "speaks 42 words here; the longest of 40 speeches before has 4" in slip.reason


def test_who_has_said_little_is_not_judged() -> None:
    """Nineteen speeches make no habit, nor does a draft without speech."""
    earlier = _earlier("en", "The lamp is lit.", "Look!", times=19)
    assert voice_slips(_draft("INT. A - DAY\n\nMARA\nLook!\n"), earlier, _bible()) == []  # type: ignore[arg-type]
    assert voice_slips(_draft("INT. A - DAY\n\nRain.\n"), earlier, _bible()) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("series", ["the-last-light", "the-long-river"])
def test_good_episodes_have_no_slips(series: str) -> None:
    """Each scene of the examples, judged by all the others, passes: an objection must not be noise."""
    bible = _bible(series)
    files = sorted((EXAMPLES / series / "episodes").glob("*.fountain"))
    scenes = [(one.heading, *one.elements) for file in files for one in read_file(file).scenes]
    found = [
        voice_slips(
            SceneDraft(number=n + 1, elements=named(scene, "x")), [*scenes[:n], *scenes[n + 1 :]], bible
        )
        for n, scene in enumerate(scenes)
    ]
    assert not any(found)
    assert len(found) > 10


# Worn phrases and surprise


def test_worn_phrases_in_both_languages() -> None:
    """They are found whole, whatever the apostrophe, and nothing that only looks alike is."""
    text = "We’re not so different, you and I. 我们回不去了。"
    assert [one.phrase for one in worn_phrases(text)] == ["We’re not so different, you and I", "我们回不去了"]
    assert worn_phrases("At the end of the day shift she sleeps. Your dead body is cold.") == [
        (0, 21, "At the end of the day")
    ]
    assert worn_phrases("") == []


def _line(*bits: float) -> list[TokenBits]:
    return [TokenBits(2 * n, 2 * n + 1, one) for n, one in enumerate(bits)]


def test_predictable_stretches_are_joined() -> None:
    """Four tokens below the bound are a stretch, and what overlaps is one; three are none."""
    line = _line(8, 0.1, 0.1, 0.1, 0.1, 0.1, 8, 0.1, 0.1, 0.1)
    (span,) = predictable(line, 1.0)
    assert (span.start, span.end, span.bits) == (2, 11, pytest.approx(0.1))
    assert predictable(_line(0.1, 0.1, 0.1), 1.0) == []
    assert predictable([], 1.0) == []


def test_the_bound_is_the_script_s_own_but_never_high() -> None:
    """In a script that is predictable throughout only the worst is told; in a fresh one nothing."""
    fresh = [_line(*[7.0] * 8)] * 100
    assert not any(predictable(line, bound_of(fresh)) for line in fresh)
    stale = [_line(*[0.5 + n / 1000] * 8) for n in range(100)]
    told = [line for line in stale if predictable(line, bound_of(stale))]
    assert 0 < len(told) < 5


def test_tokens_are_found_by_their_place() -> None:
    """Those that begin in a stretch are its own."""
    assert tokens_in(_line(1, 2, 3), 2, 5) == [TokenBits(2, 3, 2), TokenBits(4, 5, 3)]


def test_a_model_that_does_not_tell_says_so() -> None:
    """The error names the kinds that do."""
    model = ScriptedModel(rules=())
    assert not model.capabilities.surprise
    with pytest.raises(ModelRefused) as caught:
        model.surprise("The lamp.")
    assert "transformers" in caught.value.hint


def test_torch_tells_the_likelihood_of_each_token(tmp_path: Path) -> None:
    """The bits are those of the model's own softmax, also across windows; places are those of the text."""
    import torch

    model = open_model(f"transformers:{make_tiny_model(tmp_path, context=64)}", device="cpu", dtype="float32")
    text = "The lamp burns. 灯亮了。 " * 5
    found = model.surprise(text, "Night. ")
    assert [one.start for one in found[:3]] == [0, 1, 2]
    assert found[-1].end == len(text)
    engine = model._engine  # type: ignore[attr-defined]
    ids = engine.tokenizer("Night. The", add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        logits = torch.log_softmax(engine.model(torch.tensor([ids])).logits[0], dim=-1)
    wanted = [-float(logits[i - 1, ids[i]]) / math.log(2) for i in (7, 8, 9)]
    assert [one.bits for one in found[:3]] == pytest.approx(wanted, abs=1e-3)
    assert model.surprise("") == []


def _letters(text: str) -> list[dict[str, object]]:
    """Tokens of one byte each; those that are no whole character come as numbers, as llama.cpp gives them."""
    return [{"id": b, "piece": chr(b) if b < 128 else [b]} for b in text.encode()]


def test_a_server_is_made_to_write_the_text() -> None:
    """Its grammar admits one token at a place, and a character of several as itself; the places are right."""
    asked = []

    def post(path: str, body: dict[str, object]) -> dict[str, object]:
        if path == "/tokenize":
            return {"tokens": _letters(str(body["content"]))}
        asked.append(body)
        return {
            "completion_probabilities": [
                {"id": b, "bytes": [b], "logprob": -math.log(2) * 3} for b in "b灯c".encode()
            ]
        }

    found = written_out(post, "b灯c", "a", context=8192, spec="x")
    assert asked[0]["grammar"] == 'root ::= <[98]> "\\u706f" <[99]>'
    assert asked[0]["prompt"] == [97]
    assert [(one.start, one.end) for one in found] == [(0, 1), (1, 2), (1, 2), (1, 2), (2, 3)]
    assert {round(one.bits, 6) for one in found} == {3.0}


def test_a_server_that_writes_something_else_is_refused() -> None:
    """A server without grammars of tokens would give the likelihood of another text."""

    def post(path: str, body: dict[str, object]) -> dict[str, object]:
        return {"tokens": _letters(str(body["content"]))} if path == "/tokenize" else {"content": "no"}

    with pytest.raises(ModelRefused):
        written_out(post, "bc", "a", context=8192, spec="x")


@pytest.mark.real_model
def test_the_embedded_model_finds_a_proverb_less_surprising_than_nonsense() -> None:
    """Its likelihoods mean something, and come token by token."""
    model = open_model("embedded")
    worn = model.surprise(" louder than words.", "Actions speak")
    odd = model.surprise(" herring into ladders.", "Actions speak")
    assert sum(one.bits for one in worn) / len(worn) < 0.8 * sum(one.bits for one in odd) / len(odd)
    assert "".join(" louder than words."[one.start : one.end] for one in worn) == " louder than words."
