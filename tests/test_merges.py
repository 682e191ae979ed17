"""The choice among pitches: one of them, or a story made of several that says what it took from whom."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pitch_kit import KETTLE, LEDGER, WHISTLE, answering, chosen, small_desk
from room_kit import a_series, begin, drive, open_room, resume

from storyroom.agents.showrunner import Showrunner
from storyroom.models.scripted import Answer, Call, ScriptedModel
from storyroom.story.plan import Pitch

MERGE = {
    "title": "Two Tides",
    "conflict": {
        "takes": ["1"],
        "text": "Mara carries the ledger across the island before the storm breaks.",
    },
    "turn": {
        "takes": ["1", "2"],
        "text": "Bea finds the whistle between the pages of the ledger and blows it.",
    },
    "ending": {"takes": ["2"], "text": "Bea explains the whistle to the whole village on the Quay at dawn."},
    "reason": "The ledger brings them there, and the whistle calls the village together.",
}


def choosing(answers: dict[str, Answer]) -> ScriptedModel:
    """Return a model that pitches three known stories and answers the choice as told."""
    three = enumerate((LEDGER, WHISTLE, KETTLE), 1)
    pitches = {f"pitch.plot_writer.p1.r0.{number}.*": pitch for number, pitch in three}
    return answering({**pitches, "pitch.editor*": {"objections": []}, **answers})


def test_a_merge_says_what_it_took_from_whom(tmp_path: Path) -> None:
    """The story's fields name the pitches that they lean on, by their numbers, and whose those are."""
    model = choosing(
        {
            "choice.showrunner.p1.r0.1.1": {"pitch": "1", "merge_with": "2", "reason": "It needs both."},
            "choice.showrunner.p1.r0.1.2": MERGE,
        }
    )
    with open_room(a_series(tmp_path), model=model) as room:
        choice = chosen(room).manuscript.choice
        assert choice is not None
        assert choice.pitches == (1, 2)
        assert choice.reason == f"It needs both. {MERGE['reason']}"
        assert choice.story.title == "Two Tides"
        leant = {(one.field, one.pitch) for one in choice.takes}
        assert leant == {("conflict", 1), ("turn", 1), ("turn", 2), ("ending", 2)}
        assert {one.by for one in choice.takes} == {"agent:scripted"}


def test_a_merge_that_leaves_a_pitch_out_is_put_together_by_code(tmp_path: Path) -> None:
    """However often a model forgets one of the two, the story in the end has sentences of both."""
    forgets = {
        **MERGE,
        "turn": {"takes": ["1"], "text": "Mara drops the ledger into the water near the rocks."},
    }
    forgets["ending"] = {"takes": ["1"], "text": "Mara explains the ledger to the whole village of Carrow."}
    model = choosing(
        {
            "choice.showrunner.p1.r0.1.1": {"pitch": "3", "merge_with": "2", "reason": "It needs both."},
            "choice.showrunner.p1.r0.1.2": forgets,
        }
    )
    with open_room(a_series(tmp_path), model=model) as room:
        choice = chosen(room).manuscript.choice
        assert choice is not None
        assert choice.pitches == (3, 2)
        assert {one.pitch for one in choice.takes} == {2, 3}
        assert "copper kettle" in choice.story.told
        assert "whistle" in choice.story.told
        assert "put together" in choice.reason


@pytest.mark.parametrize("other", ["none", "2"])
def test_a_choice_of_one_takes_all_of_it(tmp_path: Path, other: str) -> None:
    """Without another pitch, or with the chosen one named twice, the story is that pitch, field by field."""
    answer = {"pitch": "2", "merge_with": other, "reason": "It is the one that stays with us."}
    model = choosing({"choice.showrunner.p1.r0.1.1": answer})
    with open_room(a_series(tmp_path), model=model) as room:
        choice = chosen(room).manuscript.choice
        assert choice is not None
        assert choice.pitches == (2,)
        assert choice.story == Pitch(**WHISTLE)
        assert [(one.field, one.pitch) for one in choice.takes] == [
            (name, 2) for name in ("title", "conflict", "turn", "ending")
        ]


def test_what_a_human_rewords_at_the_gate_is_taken_from_nobody(tmp_path: Path) -> None:
    """The fields that an edit changed lose their origin; the others keep theirs."""
    answer = {"pitch": "2", "merge_with": "none", "reason": "It is the one that stays with us."}
    with open_room(a_series(tmp_path), model=choosing({"choice.*": answer})) as room:
        run = begin(room, gates=["pitches", "outline"])
        drive(run)
        choice = room.session(run.session.id).manuscript.choice
        assert choice is not None
        mine = choice.model_copy(update={"story": choice.story.model_copy(update={"turn": "Pell speaks."})})
        room.answer(run.session.id, "edit", text=mine.model_dump_json(), member="Rosa")
        resume(room, run.session.id)
        edited = room.session(run.session.id).manuscript.choice
        assert edited is not None
        assert edited.story.turn == "Pell speaks."
        assert [one.field for one in edited.takes] == ["title", "conflict", "ending"]


def test_a_small_model_chooses_the_lines_of_a_merge(tmp_path: Path) -> None:
    """Each line of the story is a line of a pitch, word for word, and one that was forgotten turns it."""

    def answer(call: Call) -> str:
        asked: dict[str, Any] = call.options["json_schema"]["properties"]
        if "merge_with" in asked:
            return json.dumps({"pitch": "1", "merge_with": "2", "reason": asked["reason"]["enum"][0]})
        numbers = dict.fromkeys(("conflict", "turn", "ending"), "1")
        return json.dumps({**numbers, "reason": asked["reason"]["enum"][0]})

    pitches = [Pitch(**LEDGER), Pitch(**WHISTLE)]
    with open_room(a_series(tmp_path)) as room:
        choice = asyncio.run(Showrunner().choose(small_desk(room, answer), pitches))
    assert choice.pitches == (1, 2)
    assert choice.story.conflict == pitches[0].conflict
    assert choice.story.turn == f"{pitches[0].turn} {pitches[1].turn}"
    assert {(one.field, one.pitch) for one in choice.takes} >= {("turn", 1), ("turn", 2), ("title", 1)}


def test_pitches_that_share_a_sentence_are_merged_without_saying_it_twice(tmp_path: Path) -> None:
    """A line that stands in the story already is taken from the other pitch, so that none of it is empty."""

    def answer(call: Call) -> str:
        asked: dict[str, Any] = call.options["json_schema"]["properties"]
        if "merge_with" in asked:
            return json.dumps({"pitch": "1", "merge_with": "2", "reason": asked["reason"]["enum"][0]})
        return json.dumps({"conflict": "1", "turn": "1", "ending": "2", "reason": asked["reason"]["enum"][0]})

    one = Pitch(**LEDGER)
    other = Pitch(title="Other", conflict=WHISTLE["conflict"], turn=WHISTLE["turn"], ending=one.turn)
    with open_room(a_series(tmp_path)) as room:
        choice = asyncio.run(Showrunner().choose(small_desk(room, answer), [one, other]))
    assert choice.story.conflict == one.conflict
    assert choice.story.turn == f"{one.turn} {other.turn}"
    assert choice.story.ending == one.ending
    assert {taken.pitch for taken in choice.takes} == {1, 2}
