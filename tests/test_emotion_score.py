"""The head that ships: what it says, how sure it is, and what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hash_embedder import HashEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from storyroom.emotion import EMOTIONS, open_source, score
from storyroom.emotion.cues import pieces_and_cues
from storyroom.emotion.head import NAME, SHIPPED, Head, shipped_head
from storyroom.emotion.pieces import pieces, words
from storyroom.errors import InputError, ModelAbsent, ModelRefused
from storyroom.files import sha256

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "emotion"


@pytest.fixture(scope="module")
def labelled():
    """The reader of the labelled lines, from the benchmark's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARK))
        import lines

        yield lines
        sys.modules.pop("lines")


def test_a_line_gets_a_whole_feeling() -> None:
    """Shares add up, numbers keep to their ranges, and the source is named."""
    for felt in score(["Who's there? Don't come any closer.", "录取通知书到了！我考上了！"]):
        assert sum(felt.shares) == pytest.approx(1, abs=0.001)
        assert set(felt.distribution) == set(EMOTIONS)
        assert felt.confidence == max(felt.shares)
        assert 0 <= felt.intensity <= 1
        assert -1 <= felt.valence <= 1
        assert (felt.source, felt.doubt, felt.reason) == (NAME, "", "")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_it_has_never_seen(labelled, language: str) -> None:
    """On the test part it is right far more often than the majority, and surer where it is right."""
    lines = [line for line in labelled.read_lines("test") if line.language == language]
    felt = score(labelled.texts(lines))
    right = np.array([one.label == line.emotion for one, line in zip(felt, lines, strict=True)])
    sure = np.array([one.confidence for one in felt])
    assert right.mean() > 0.48
    assert sure[right].mean() > sure[~right].mean() + 0.1
    wanted = np.array([[line.intensity, line.valence] for line in lines]).T
    found = np.array([[one.intensity, one.valence] for one in felt]).T
    assert np.corrcoef(wanted[0], found[0])[0, 1] > 0.55
    assert np.corrcoef(wanted[1], found[1])[0, 1] > 0.4


@pytest.mark.parametrize(
    ("clear", "doubtful", "doubt"),
    [
        (
            "I am so happy that you came back to me!",
            "Je suis tellement heureuse que tu sois revenue !",
            "few",
        ),
        ("I am so afraid of the man behind the door.", "Ich habe solche Angst vor dem Mann dort.", "few"),
        ("I am so afraid of the man behind the door.", "Я так боюсь человека за дверью.", "few"),
        ("门外有人，我好害怕。", "ドアの外に誰かがいる。怖いよ。", "few"),
        ("The car is on the second floor.", "Qwxz vbnm plokij uhygt frdes wazsx.", "few"),
        ("Run! Run for your life, all of you!", "Run!", "one word"),
        ("救命啊！快来人，他掉到水里了！", "救命！", "one word"),
    ],
)
def test_confidence_falls_where_it_should(clear: str, doubtful: str, doubt: str) -> None:
    """Other languages, gibberish and single words are believed less than plain sentences."""
    sure, unsure = score([clear, doubtful])
    assert unsure.confidence < sure.confidence
    assert unsure.doubt.startswith(doubt)
    assert abs(unsure.valence) <= 0.5
    assert sure.doubt == ""


def test_another_language_is_always_weak() -> None:
    """However sure the head is of a sentence it cannot read, the label is shown as weak."""
    said = [
        "¡Te odio, te odio, te odio!",
        "Ti amo, ti amo, ti amo tanto!",
        "もうだめだ、おしまいだ。",
        "나는 너무 슬퍼.",
    ]
    assert all(felt.weak for felt in score(said))


@pytest.mark.parametrize("text", ["", "   ", "…", "?!?!", "😀😭", "42", "---", "。。。", "\x00", "\ud83d"])
def test_a_line_without_words_says_nothing(text: str) -> None:
    """It is neutral with confidence 0, weighs nothing, and the doubt is named."""
    (felt,) = score([text])
    assert (felt.label, felt.confidence, felt.valence, felt.doubt) == ("neutral", 0.0, 0.0, "no words")
    assert felt.weak


def test_no_lines() -> None:
    """Nothing asked, nothing said."""
    assert score([]) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_a_feeling(text: str) -> None:
    """No text breaks it."""
    (felt,) = score([text])
    assert felt.label in EMOTIONS
    assert 0 <= felt.confidence <= 1


def test_a_line_feels_the_same_in_any_company() -> None:
    """Lines are read alone: what is scored beside them, and in which thread, changes nothing."""
    alone = score(["You sold my mother's piano."])[0]
    among = score([f"Line {n}." for n in range(200)] + ["You sold my mother's piano."])[-1]
    assert among.shares == pytest.approx(alone.shares, abs=0.001)
    assert among.valence == pytest.approx(alone.valence, abs=0.001)


def test_pieces_are_words_characters_marks_and_runs() -> None:
    """English by words, Chinese by characters; width, case and curly quotes make no difference."""
    assert pieces("Don’t go!") == [
        *("don't", "go", "!"),
        *("^ don't", "don't go", "go !", "! $"),
        *("^ don't go", "don't go !", "go ! $"),
    ]
    assert pieces("别走！")[:3] == ["别", "走", "!"]
    assert pieces("ＧＯ") == pieces("go")
    assert words("3 dogs, 两只猫!") == ["dogs", "两", "只", "猫"]


def test_the_shipped_head_is_the_recorded_one(labelled) -> None:
    """It is small, holds no pickles, and its record names its bytes and the lines it has learnt from."""
    record = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    assert record["sha256"] == sha256(SHIPPED.read_bytes())
    assert record["data"] == labelled.fingerprint(), "the labelled lines changed: train the head again"
    assert record["lines"] == len(labelled.read_lines("training", "development"))
    assert SHIPPED.stat().st_size < 1_000_000
    with np.load(SHIPPED, allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_no_script_is_in_two_parts(labelled) -> None:
    """Training never sees the test part."""
    learnt = {line.script for line in labelled.read_lines("training", "development")}
    test = {line.script for line in labelled.read_lines("test")}
    assert learnt
    assert test
    assert learnt.isdisjoint(test)
    assert {one.split("/")[0] for one in test} == {"en", "zh"}


def test_the_head_is_opened_once() -> None:
    """Its weights are read at the first use and kept."""
    assert open_source() is open_source("head") is shipped_head()


def test_vectors_of_another_encoder_are_refused() -> None:
    """A head says nothing about vectors that it was not trained on, of whatever length."""

    class Shifted(HashEmbedder):
        dimension = 512

    for other in (HashEmbedder(), Shifted()):
        with pytest.raises(ModelRefused, match="another encoder"):
            Head(embedder=other)


def test_damaged_heads_are_refused(tmp_path: Path) -> None:
    """A file that is no head, one that lacks a part, and none at all."""
    path = tmp_path / "head.npz"
    with pytest.raises(ModelAbsent, match="cannot be read"):
        Head(path)
    path.write_bytes(SHIPPED.read_bytes()[:1000])
    with pytest.raises(ModelRefused, match="is no emotion head"):
        Head(path)
    np.savez(path, pieces=np.zeros(1, np.uint8))
    with pytest.raises(ModelRefused, match="lacks bias"):
        Head(path)


@pytest.mark.parametrize("spec", ["", "vader", "transformers:", "openai:x@http://localhost"])
def test_unknown_sources_are_refused(spec: str) -> None:
    """The hint says what can be written."""
    with pytest.raises(InputError, match="names no source") as refused:
        open_source(spec)
    assert "transformers:ID-OR-PATH" in refused.value.hint


@pytest.mark.parametrize(
    ("line", "felt"),
    [
        ("You lied to me! Shut up!", "anger"),
        ("How dare you! That was my mother's house!", "anger"),
        ("你骗我！你给我滚出去！", "anger"),
        ("凭什么打我！你再动一下试试！", "anger"),
        ("Don't open that door! Something's behind it!", "fear"),
        ("救命啊！别过来！", "fear"),
        ("I passed. They said yes. I can finally go home.", "joy"),
        ("考上了，通知书到了，妈，我考上了。", "joy"),
    ],
)
def test_a_mark_does_not_make_the_feeling(line: str, felt: str) -> None:
    """Shouted anger and fear are no joy, and joy needs no exclamation mark."""
    assert score([line])[0].label == felt


def test_a_cue_gives_its_sign() -> None:
    """Words that often go with an emotion share a sign, whatever their form; a word may have several."""
    assert "@fear en" in pieces_and_cues("Her hands are trembling.")
    assert "@anger zh" in pieces_and_cues("凭什么是我？")
    assert {"@fear en", "@sadness en"} <= set(pieces_and_cues("He's gone."))
    assert pieces_and_cues("A tractor passes.") == pieces("A tractor passes.")
