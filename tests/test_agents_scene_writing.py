"""A scene is written under a grammar, or by schema where that is refused; only its cast ever speaks."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from room_kit import a_series, an_order, open_room

from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import opening
from storyroom.agents.effort import Effort
from storyroom.agents.scene_writing import written_line, written_scene
from storyroom.errors import GrammarRefused, ModelRefused
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.room import Room
from storyroom.story.objection import Objection
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Kind
from storyroom.story.turn import Stage, Task

SPEECHES = [
    {"kind": "speech", "speaker": name, "extension": "", "parenthetical": "", "text": text}
    for name, text in [("Mara", "You came back."), ("Ines", "I never left."), ("Mara", "Then help me.")]
]
SCENE = {"elements": [*SPEECHES, {"kind": "action", "text": "Ines takes the lamp from her hands."}]}
PLAN = ScenePlan(
    number=1,
    act="1",
    heading="INT. LAMP ROOM - NIGHT",
    story="A",
    place="Lamp Room",
    time="NIGHT",
    cast=("Mara", "Ines"),
    beat="Mara lights the lamp.",
    change="It burns.",
    emotions={"Mara": "fear"},
)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room with a session in it."""
    with open_room(a_series(tmp_path)) as room:
        room.ledger.sessions.begin(an_order(room), room.bible, session_id="e01-scene")
        yield room


def desk(room: Room, answer: Callable[[Call], str], *, grammar: bool = True) -> Desk:
    """Return a desk at which a model answers by a function."""
    model = ScriptedModel(
        rules=(Rule("*", (answer,)),),
        capabilities=Capabilities(grammar=grammar, json_schema=True, prefill=True, context_length=100_000),
    )
    return Desk(
        task=Task(session="e01-scene", head=None, stage=Stage.SCENE, role="dialogue_writer", scene=1),
        bible=room.bible,
        order=room.ledger.sessions.get("e01-scene").order,
        manuscript=Manuscript(),
        reading=Reading(),
        model=model,
        ledger=room.ledger,
        effort=Effort.of("quick"),
        emit=lambda _event: None,
    )


def refusing(answer: Any) -> Callable[[Call], str]:
    """Answer calls by schema, and refuse all grammars."""

    def answered(call: Call) -> str:
        if call.options.get("grammar"):
            raise GrammarRefused("It cannot be compiled.", hint="Ask by schema.")
        return json.dumps(answer)

    return answered


async def test_a_refused_grammar_is_replaced_by_a_schema_and_the_record_says_so(room: Room) -> None:
    """The scene is whole, begins as it was to begin, and its call names the form and the reason."""
    at = desk(room, refusing(SCENE))
    elements = await written_scene(at, PLAN, opening(PLAN))
    assert elements[0].kind is Kind.SCENE_HEADING
    assert {one.text for one in elements if one.kind is Kind.CUE} == {"Mara", "Ines"}
    (call,) = room.ledger.calls.made(task=at.task.id)
    assert call.options["form"] == "scene schema (the grammar was refused)"


async def test_so_is_the_grammar_of_a_line(room: Room) -> None:
    """A line comes as an object with one field."""
    at = desk(room, refusing({"line": "The lamp is out again."}))
    objection = Objection(
        line="L1", quote="The lamp.", kind="dialogue", gravity="minor", says="It says too little."
    )
    text = await written_line(
        at, PLAN, Kind.DIALOGUE, before="MARA\n", objection=objection, speaker="Mara", text="MARA\nThe lamp."
    )
    assert text == "The lamp is out again."
    (call,) = room.ledger.calls.made(task=at.task.id)
    assert call.options["form"] == "line schema (the grammar was refused)"


STRANGER = {"elements": [{**SPEECHES[0], "speaker": "Tomas"}, *SCENE["elements"]]}
BROKEN_LINE = {"elements": [{**SPEECHES[0], "text": "Go.\n\nTOMAS\nI am here."}, *SCENE["elements"]]}
PROSE = f"Here it is:\n```json\n{json.dumps(SCENE)}\n```"


@pytest.mark.parametrize(
    "said", [json.dumps(STRANGER), json.dumps(BROKEN_LINE), PROSE, "{", "[]", '{"elements": 3}']
)
async def test_a_model_that_nothing_holds_cannot_let_others_speak(room: Room, said: str) -> None:
    """What does not fit the schema is a fault, JSON is not looked for in prose, and the error is clear."""
    at = desk(room, lambda _call: said, grammar=False)
    with pytest.raises(ModelRefused, match="no usable answer") as caught:
        await written_scene(at, PLAN, opening(PLAN), attempts=2)
    assert "stronger model" in caught.value.hint
    calls = room.ledger.calls.made(task=at.task.id)
    assert len(calls) == 2
    assert all(call.faults[0].startswith("unreadable") for call in calls)
