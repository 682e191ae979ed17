"""A scene is written under a grammar, or by schema where that is refused; only its cast ever speaks."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from room_kit import a_series, an_order, open_room

from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import opening
from storyroom.agents.effort import Effort
from storyroom.agents.scene_form import scene_form, scene_form_by_schema
from storyroom.agents.scene_writing import written_line, written_scene
from storyroom.errors import GrammarRefused, ModelRefused
from storyroom.formats.fountain import parse_elements, write
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models import grammar, guided, open_model
from storyroom.models.base import Capabilities
from storyroom.models.fetch import pull
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.room import Room
from storyroom.story.objection import Objection
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Kind, Script
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


def desk(room: Room, answer: Callable[[Call], str], *, knows_grammars: bool = True) -> Desk:
    """Return a desk at which a model answers by a function."""
    model = ScriptedModel(
        rules=(Rule("*", (answer,)),),
        capabilities=Capabilities(
            grammar=knows_grammars, json_schema=True, prefill=True, context_length=100_000
        ),
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


def test_the_schema_form_is_sampled_as_the_grammar_is(room: Room) -> None:
    """What keeps a model from repeating itself under a grammar does so under the schema, too."""
    at = desk(room, refusing(SCENE))
    by_grammar = scene_form(at, PLAN, opening(PLAN)).form.options
    by_schema = scene_form_by_schema(at, PLAN, opening(PLAN)).form.options
    assert by_grammar.keys() ^ by_schema.keys() == {"grammar", "json_schema"}
    assert all(by_schema[name] == by_grammar[name] for name in by_schema.keys() & by_grammar.keys())


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


@pytest.mark.real_model
@pytest.mark.parametrize("kind", ["embedded", "transformers"])
async def test_a_grammar_that_a_real_runtime_refuses_gives_way_to_the_schema(
    room: Room, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """llama.cpp and xgrammar each say in their own words that they cannot read it; the line still comes."""
    file = pull()
    monkeypatch.setattr(grammar, "line_grammar", lambda *_args, **_options: 'root ::= "a" [')
    monkeypatch.setattr(guided, "guided_line_grammar", lambda *_args, **_options: "root ::= nowhere")
    model = open_model("embedded" if kind == "embedded" else f"transformers:{file}")
    at = replace(desk(room, lambda _call: ""), model=model)
    objection = Objection(
        line="L1", quote="The lamp.", kind="dialogue", gravity="minor", says="It says too little."
    )
    text = await written_line(
        at, PLAN, Kind.DIALOGUE, before="MARA\n", objection=objection, speaker="Mara", text="MARA\nThe lamp."
    )
    assert text
    assert "\n" not in text
    form = room.ledger.calls.made(task=at.task.id)[0].options["form"]
    assert form == "line schema (the grammar was refused)"


STRANGER = {"elements": [{**SPEECHES[0], "speaker": "Tomas"}, *SCENE["elements"]]}
BROKEN_LINE = {"elements": [{**SPEECHES[0], "text": "Go.\n\nTOMAS\nI am here."}, *SCENE["elements"]]}
PROSE = f"Here it is:\n```json\n{json.dumps(SCENE)}\n```"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("You came back.\n\nTOMAS\nSo did I.\n\nINES\nI never left.\n", "Tomas"),
        ("You came back.\n\nINES (V.O.)\nYes.\n\nTOMAS REYES (O.S.) ^\nSo did I.\n", "Tomas Reyes"),
        ("You came back.\n\n@王五（画外音）\n我也是。\n", "王五"),
        ("You came back.\n\n@Tomas\nSo did I.\n", "Tomas"),
        ("You came back.\n\nEXT. QUAY - DAY\n\nThe tide turns.\n", "another scene"),
    ],
)
async def test_a_server_that_passes_over_the_grammar_lets_no_other_speak(
    room: Room, said: str, why: str
) -> None:
    """Cues, extensions, dual dialogue, forced cues: who is not in the cast is a fault, and never taken."""
    at = desk(room, lambda _call: said)
    with pytest.raises(ModelRefused, match="no usable answer"):
        await written_scene(at, PLAN, opening(PLAN), attempts=2)
    faults = [call.faults for call in room.ledger.calls.made(task=at.task.id)]
    assert len(faults) == 2
    assert all(why.casefold() in fault.casefold() for (fault,) in faults)


NAMES = st.sampled_from(["MARA", "Ines", "TOMAS", "BEA", "JANE", "@王五", "@林夏", "@Mara", "DR. NO"])
EXTENSIONS = st.sampled_from(["", " (V.O.)", "（画外音）", " (O.S.)"])
CUES = st.tuples(NAMES, EXTENSIONS, st.sampled_from(["", " ^"])).map("".join)
SAID = st.sampled_from(
    ["You came back.", "(low)\nNo.", "我也是。", "（低声）\n不。", "It is", "MARA", "> Go. <"]
)
SPEECH = st.tuples(CUES, SAID).map("\n".join)
OTHER = st.sampled_from(["She waits by the door.", "INT. QUAY - DAY", "CUT TO:", "TOMAS", "[[note]]", "~la"])
SCREENPLAY = st.tuples(SAID, st.lists(SPEECH | OTHER, max_size=6)).map(lambda one: [one[0], *one[1]])


@pytest.mark.parametrize("end", ["\n", ""])
def test_whatever_a_model_writes_nobody_but_the_cast_speaks(room: Room, end: str) -> None:
    """Random screenplay under no grammar: what the room takes is of the cast, also when it is read again."""
    known = {name.casefold() for one in PLAN.cast for name in room.bible.character(one).names}
    number, taken = itertools.count(), []

    @settings(max_examples=120, deadline=None, database=None, derandomize=True)
    @given(said=SCREENPLAY)
    def try_one(said: list[str]) -> None:
        at = desk(room, lambda _call: "\n\n".join(said) + end)
        at.task = at.task.model_copy(update={"round": next(number)})
        try:
            elements = asyncio.run(written_scene(at, PLAN, opening(PLAN), attempts=1))
        except ModelRefused:
            return
        taken.append(elements)
        for read in (elements, parse_elements(write(Script.of(elements)))):
            assert {one.text.casefold() for one in read if one.kind is Kind.CUE} <= known

    try_one()
    assert len(taken) > 10


async def test_a_line_under_a_grammar_that_is_passed_over_lets_no_other_speak(room: Room) -> None:
    """A line stays one line."""
    at = desk(room, lambda _call: "Go.\n\nTOMAS\nI am here.\n")
    objection = Objection(
        line="L1", quote="The lamp.", kind="dialogue", gravity="minor", says="It says too little."
    )
    with pytest.raises(ModelRefused, match="more than one line"):
        await written_line(
            at,
            PLAN,
            Kind.DIALOGUE,
            before="MARA\n",
            objection=objection,
            speaker="Mara",
            text="MARA\nThe lamp.",
        )


@pytest.mark.parametrize(
    "said", [json.dumps(STRANGER), json.dumps(BROKEN_LINE), PROSE, "{", "[]", '{"elements": 3}']
)
async def test_a_model_that_nothing_holds_cannot_let_others_speak(room: Room, said: str) -> None:
    """What does not fit the schema is a fault, JSON is not looked for in prose, and the error is clear."""
    at = desk(room, lambda _call: said, knows_grammars=False)
    with pytest.raises(ModelRefused, match="no usable answer") as caught:
        await written_scene(at, PLAN, opening(PLAN), attempts=2)
    assert "stronger model" in caught.value.hint
    calls = room.ledger.calls.made(task=at.task.id)
    assert len(calls) == 2
    assert all(call.faults[0].startswith("unreadable") for call in calls)
