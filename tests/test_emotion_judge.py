"""A local language model as a source of feelings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from storyroom.emotion import open_source, score
from storyroom.emotion.judge import Judge
from storyroom.errors import InputError, ModelRefused
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Call, Rule, ScriptedModel


def judged(feeling: str, sure: str = "high", **changes: Any) -> dict[str, Any]:
    """One line as a model judges it."""
    said = {"reason": "She says it in so many words.", "feeling": feeling, "strength": 7, "pleasant": -6}
    return {**said, "sure": sure, **changes}


def judge(*rules: Rule, small: bool = False) -> Judge:
    """A judge whose model answers by rules."""
    model = ScriptedModel(rules=rules, spec="scripted:judge")
    if small:
        model.capabilities = Capabilities(
            grammar=True, json_schema=True, prefill=True, context_length=4096, small=True
        )
    return Judge(model)


def each(call: Call) -> str:
    """Judge every line that is asked about as angry."""
    fields = call.options["json_schema"]["properties"]
    return json.dumps({name: judged("anger") for name in fields})


def test_each_line_gets_a_feeling_with_a_reason_and_the_source() -> None:
    """Strength and pleasantness are brought to 0 … 1 and -1 … 1; the source names the model."""
    answer = {"line_1": judged("anger"), "line_2": judged("joy", "medium", pleasant=8)}
    felt = score(["You sold the boat!", "It's a girl."], judge(Rule("feelings", (answer,))))
    assert [one.label for one in felt] == ["anger", "joy"]
    assert (felt[0].intensity, felt[0].valence, felt[1].valence) == (0.7, -0.6, 0.8)
    assert felt[0].confidence > felt[1].confidence
    assert felt[0].reason == "She says it in so many words."
    assert felt[0].source == "judge:scripted:judge (its own word)"
    assert sum(felt[0].shares) == pytest.approx(1, abs=0.01)


def test_many_lines_are_asked_about_a_few_at_a_time_and_none_is_lost() -> None:
    """Lines without a word are not asked about and hold no confidence."""
    lines = [f"Line number {number} of many." for number in range(15)]
    felt = score([*lines[:7], "…", *lines[7:]], judge(Rule("feelings", (each,))))
    assert [one.label for one in felt] == ["anger"] * 7 + ["neutral"] + ["anger"] * 8
    assert (felt[7].confidence, felt[7].doubt) == (0.0, "no words")


def test_a_guess_is_shown_as_weak_and_so_is_all_that_a_small_model_says() -> None:
    """The word of a model that the room would guide is never held as firm."""
    answer = {"line_1": judged("fear", "low")}
    assert score(["Who is there?"], judge(Rule("feelings", (answer,))))[0].weak
    (small,) = score(["Who is there?"], judge(Rule("feelings", ({"line_1": judged("fear")},)), small=True))
    assert small.weak
    assert small.doubt == "small model"


def test_an_answer_that_cannot_be_read_is_asked_for_again_and_refused_in_the_end() -> None:
    """The second attempt counts; after the third there is an error that says what to do."""
    (felt,) = score(["Stay."], judge(Rule("feelings", ("no json", {"line_1": judged("fear")}))))
    assert felt.label == "fear"
    with pytest.raises(ModelRefused) as refused:
        score(["Stay."], judge(Rule("feelings", ("no json",))))
    assert "stronger model" in refused.value.hint


def test_chinese_lines_are_asked_about_in_chinese() -> None:
    """The prompt is in the language of the lines."""
    seen: list[str] = []

    def answer(call: Call) -> str:
        seen.append(call.messages[-1].text)
        return each(call)

    score(["别过来！", "你把船卖了？"], judge(Rule("feelings", (answer,))))
    assert "任务" in seen[0]
    assert "别过来！" in seen[0]


def test_a_judge_is_named_by_its_model() -> None:
    """`judge:` takes the spec of any model; without one it names nothing."""
    with pytest.raises(InputError, match="names no source"):
        open_source("judge:")
    with pytest.raises(InputError, match="names no model"):
        open_source("judge:nothing")


@pytest.mark.real_model
def test_the_embedded_model_answers_in_form() -> None:
    """Even a tiny model gives one readable, weak feeling for each line."""
    felt = score(["You sold my father's boat!", "Pass the salt."], open_source("judge:embedded"))
    assert all(one.weak and one.reason for one in felt)
