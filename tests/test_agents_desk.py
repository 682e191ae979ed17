"""The desk: asks until the checks are content, records every call at once, and pays for none twice."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel
from room_kit import a_series, an_order, open_room

from storyroom.agents.desk import Desk, Form
from storyroom.agents.effort import Effort
from storyroom.agents.events import Called, Event, Spoken
from storyroom.errors import ModelRefused
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Answer, Rule, ScriptedModel
from storyroom.prompts import Text
from storyroom.room import Room
from storyroom.story.turn import Stage, Task

QUESTION = Text("## Say a word about {{ thing }}\n")


class Word(BaseModel):
    """An answer of one word."""

    word: Literal["kettle", "lamp", "rope"]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A room with a session in it."""
    with open_room(a_series(tmp_path)) as room:
        room.ledger.sessions.begin(an_order(room), room.bible, session_id="e01-desk")
        yield room  # type: ignore[misc]


def desk(room: Room, *answers: Answer, told: list[Event] | None = None, **about: object) -> Desk:
    """Return a desk at which a model gives these answers, attempt by attempt."""
    context = about.pop("context", 100_000)
    model = ScriptedModel(
        rules=(Rule("*", answers),),
        capabilities=Capabilities(grammar=True, json_schema=True, prefill=True, context_length=context),  # type: ignore[arg-type]
    )
    return Desk(
        task=Task(session="e01-desk", head=None, stage=Stage.BRIEF, role="showrunner"),
        bible=room.bible,
        order=room.ledger.sessions.get("e01-desk").order,
        manuscript=Manuscript(),
        reading=Reading(),
        model=model,
        ledger=room.ledger,
        effort=Effort.of("quick"),
        emit=told.append if told is not None else lambda _event: None,
        **about,  # type: ignore[arg-type]
    )


def not_a_lamp(answer: Word) -> Sequence[str]:
    """Find fault with lamps."""
    return ["no lamps"] if answer.word == "lamp" else []


async def test_it_asks_again_while_checks_find_faults(room: Room):
    """The first answer without a fault is taken, and every answer is recorded with what was wrong with it."""
    asked = desk(room, {"word": "lamp"}, {"word": "rope"}, {"word": "kettle"})
    answer = await asked.ask(QUESTION, Word, checks=not_a_lamp, thing="tea")
    assert answer.word == "rope"
    calls = room.ledger.calls.made(task=asked.task.id)
    assert [(call.attempt, call.faults) for call in calls] == [(1, ("no lamps",)), (2, ())]
    assert calls[0].label == "brief.showrunner.p1.r0.1.1#1"
    assert "## Say a word about tea" in "".join(room.ledger.calls.texts(calls[0]))
    assert len({call.options["seed"] for call in calls}) == 2


async def test_the_answer_with_the_fewest_faults_is_taken_when_none_will_do(room: Room):
    """After the last attempt the best of the bad is returned, the earlier of two that are as bad."""
    faults = {"lamp": ["a", "b"], "rope": ["a"], "kettle": ["b"]}
    asked = desk(room, {"word": "lamp"}, {"word": "rope"}, {"word": "kettle"})
    answer = await asked.ask(QUESTION, Word, checks=lambda one: faults[one.word], thing="tea")
    assert answer.word == "rope"
    assert len(room.ledger.calls.made(task=asked.task.id)) == Effort.of("quick").attempts


async def test_an_answer_that_cannot_be_read_is_a_fault_and_never_taken(room: Room):
    """Broken JSON and a value outside the form are recorded, and the next attempt is taken."""
    asked = desk(room, '{"word": "la', {"word": "anchor"}, {"word": "rope"})
    assert (await asked.ask(QUESTION, Word, thing="tea")).word == "rope"
    calls = room.ledger.calls.made(task=asked.task.id)
    assert [call.faults[:1] and call.faults[0].startswith("unreadable") for call in calls] == [True, True, ()]


async def test_no_readable_answer_at_all_is_a_clear_error(room: Room):
    """The error names model and task and says what to do; the calls are recorded all the same."""
    asked = desk(room, "noise")
    with pytest.raises(ModelRefused, match=r"no usable answer for brief\.showrunner") as caught:
        await asked.ask(QUESTION, Word, thing="tea")
    assert "--model" in caught.value.hint
    assert len(room.ledger.calls.made(task=asked.task.id)) == Effort.of("quick").attempts


async def test_a_second_run_of_a_task_finds_its_answers(room: Room):
    """The same task with the same prompt reads the recorded calls, whatever the model would say now."""
    told: list[Event] = []
    first = desk(room, {"word": "lamp"}, {"word": "rope"})
    second = desk(room, {"word": "kettle"}, told=told)
    one = await first.ask(QUESTION, Word, checks=not_a_lamp, thing="tea")
    two = await second.ask(QUESTION, Word, checks=not_a_lamp, thing="tea")
    assert one == two
    assert [event.fresh for event in told if isinstance(event, Called)] == [False, False]
    assert not any(isinstance(event, Spoken) for event in told)
    assert len(room.ledger.calls.made(task=first.task.id)) == 2


async def test_another_prompt_is_another_call(room: Room):
    """Where the question changed, a recorded answer is no answer to it."""
    await desk(room, {"word": "rope"}).ask(QUESTION, Word, thing="tea")
    again = await desk(room, {"word": "kettle"}).ask(QUESTION, Word, thing="coffee")
    assert again.word == "kettle"


async def test_the_same_question_twice_in_one_task_is_two_calls(room: Room):
    """A task may ask the same again and get another answer; a second run finds both, in their order."""
    for _run in range(2):
        asked = desk(room, {"word": "rope"})
        assert (await asked.ask(QUESTION, Word, thing="tea")).word == "rope"
        assert (await asked.ask(QUESTION, Word, thing="tea")).word == "rope"
        assert len(room.ledger.calls.made(task=asked.task.id)) == 2


async def test_a_text_goes_on_from_its_prefill(room: Room):
    """What the model adds is read; the beginning is sent and recorded, and is no part of the answer."""
    asked = desk(room, "sings.\n")
    form = Form("line", {"grammar": 'root ::= "sings." "\\n"'}, 20)
    text = await asked.write(QUESTION, prefill="The kettle ", form=form, read=str.strip, thing="tea")
    assert text == "sings."
    (call,) = room.ledger.calls.made(task=asked.task.id)
    assert room.ledger.calls.texts(call)[-1] == "The kettle "
    assert call.answer == "sings.\n"


async def test_what_was_left_out_is_recorded(room: Room):
    """When memory does not fit, it goes before all else, and the call says so."""
    memory = tuple((1, n, "The kettle sang. " * 400) for n in (1, 2, 3))
    asked = desk(room, {"word": "rope"}, context=3_000, memory=memory, notes=("Rosa: more tea",))
    await asked.ask(QUESTION, Word, thing="tea")
    (call,) = room.ledger.calls.made(task=asked.task.id)
    assert call.options["left_out"][-1] == "memory 3"
    assert "more tea" in "".join(room.ledger.calls.texts(call))


async def test_a_model_with_too_little_room_is_refused(room: Room):
    """The bible alone is longer than the context: the error counts, and nothing is sent."""
    asked = desk(room, {"word": "rope"}, context=600)
    with pytest.raises(ModelRefused, match="has room for") as caught:
        await asked.ask(QUESTION, Word, thing="tea")
    assert "longer context" in caught.value.hint
    assert room.ledger.calls.made(task=asked.task.id) == []


async def test_whoever_watches_is_told_every_word(room: Room):
    """The pieces of text add up to the answer, and the call comes after them."""
    told: list[Event] = []
    await desk(room, {"word": "rope"}, told=told).ask(QUESTION, Word, thing="tea")
    assert "".join(event.text for event in told if isinstance(event, Spoken)) == '{"word": "rope"}'
    assert isinstance(told[-1], Called)
    assert told[-1].fresh
