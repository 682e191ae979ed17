"""The graph as a host meets it: its shape, its small state, a checkpointer and a crew of one's own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Command
from room_kit import IDEA, MODEL, a_series, an_order, draft, open_room, rows

from storyroom.agents.crew import Crew, Critic, Polisher
from storyroom.agents.desk import Desk
from storyroom.errors import SessionError
from storyroom.graphs.build import build_graph
from storyroom.memory.credits import credits
from storyroom.room import Room
from storyroom.running import config_of
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.script import Kind
from storyroom.story.turn import TurnKind


async def run_in(room: Room, graph: Any, entry: Any, thread: str) -> Any:
    """Run a compiled graph as a host does, and return its last state."""
    async for _ in graph.astream(entry, config_of(thread), context=room.context(), durability="sync"):
        pass
    return await graph.aget_state(config_of(thread))


async def test_a_host_compiles_the_graph_with_a_checkpointer_of_its_own(tmp_path: Path):
    """The builder is public: compiled elsewhere and run with the room's context, it drafts the episode."""
    with open_room(a_series(tmp_path)) as room:
        record = room.ledger.sessions.begin(an_order(room), room.bible)
        graph = build_graph().compile(checkpointer=InMemorySaver())
        state = await run_in(room, graph, {"session": record.id}, "host")
        assert state.values["finished"] is True
        session = room.session(record.id)
        assert session.status == "finished"
        assert session.head == state.values["head"]


async def test_a_host_can_begin_with_an_idea(tmp_path: Path):
    """A run that is given an idea and no session begins one, with what the series says."""
    folder = a_series(tmp_path)
    file = folder / "series.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("  scenes: 4", f"  scenes: 1\n  model: {MODEL}.yaml"),
        encoding="utf-8",
    )
    with open_room(folder) as room:
        room.models[f"{MODEL}.yaml"] = room.models[MODEL]
        graph = build_graph().compile(checkpointer=InMemorySaver())
        await run_in(room, graph, {"idea": IDEA}, "host")
        (session,) = room.sessions()
        assert session.order.idea == IDEA
        assert session.status == "finished"


async def test_a_host_answers_a_gate_with_the_id_of_an_answer(tmp_path: Path):
    """The interrupt names the gate and its task; what the graph is resumed with is an id, not a text."""
    with open_room(a_series(tmp_path)) as room:
        record = room.ledger.sessions.begin(an_order(room, gates=["outline"]), room.bible)
        graph = build_graph().compile(checkpointer=InMemorySaver())
        state = await run_in(room, graph, {"session": record.id}, "host")
        (waiting,) = state.interrupts
        assert waiting.value["gate"] == "outline"
        answer = room.answer(record.id, "approve")
        state = await run_in(room, graph, Command(resume={waiting.id: answer.id}), "host")
        assert state.values["finished"] is True


async def test_without_a_context_the_graph_says_what_is_missing():
    """A host that forgets the context is told so."""
    from storyroom.graphs import context

    context._default.clear()
    graph = build_graph().compile()
    with pytest.raises(SessionError, match="without its context") as caught:
        await graph.ainvoke({"session": "x"})
    assert "room.context()" in caught.value.hint


def test_the_graph_is_flat_and_can_be_drawn():
    """Every stage is a node of the one graph, none is a graph of its own."""
    graph = build_graph().compile()
    assert list(graph.get_subgraphs()) == []
    drawn = graph.get_graph().draw_mermaid()
    for stage in ("brief", "pitch", "choose", "outline", "draft", "review", "debate", "table_read", "lock"):
        assert stage in drawn


def test_the_state_is_small_and_holds_no_text(tmp_path: Path):
    """No checkpoint holds a word of the idea or of the script, nor grows with the number of scenes."""
    sizes: dict[int, int] = {}
    serde = JsonPlusSerializer()
    for scenes in (2, 6):
        with open_room(a_series(tmp_path / str(scenes))) as room:
            session = draft(room, scenes=scenes, pages=float(scenes))
            said = [line.text for scene in session.manuscript.scenes.values() for line in scene.lines]
            secrets = [IDEA[:40].encode(), *(text[:30].encode() for text in said)]
            states = rows(room.series.checkpoints, "SELECT type, checkpoint FROM checkpoints")
            writes = rows(room.series.checkpoints, "SELECT type, value FROM writes")
            assert len(states) > 5 * scenes
            for _type, blob in [*states, *writes]:
                assert not any(secret in blob for secret in secrets)
            for kind, blob in writes:
                _plain(serde.loads_typed((kind, blob)))
            sizes[scenes] = max(len(blob) for _type, blob in states)
    assert sizes[6] < 4_000
    assert sizes[6] - sizes[2] < 100


def _plain(value: Any) -> None:
    """Check that a value is made of what every version of LangGraph can read back."""
    if isinstance(value, dict):
        for inner in value.values():
            _plain(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _plain(inner)
    elif type(value).__name__ == "Send":
        _plain(value.arg)
    elif type(value).__name__ != "Interrupt":
        assert value is None or type(value) in (str, int, bool), repr(value)


class Stickler:
    """A critic that objects to the first speech of every scene, once."""

    role = "stickler"

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Object."""
        line = next(one for one in draft.lines if one.kind is Kind.DIALOGUE)
        return [
            Objection(line=line.id, quote=line.text, kind="note", gravity="serious", says="No.", certain=True)
        ]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Be content with any change."""
        return before != after, "It was changed."


def test_a_critic_of_ones_own_reviews_every_scene(tmp_path: Path):
    """Its objection is met by a revision and verified by itself, like any other's."""
    stickler = Stickler()
    assert isinstance(stickler, Critic)
    with open_room(a_series(tmp_path), crew=Crew.default().with_critic(stickler)) as room:
        session = draft(room)
        mine = [turn for turn in session.turns if turn.role == "stickler" and turn.task.pass_ == 1]
        kinds = [turn.kind for turn in mine if turn.scene == 1]
        assert kinds == [TurnKind.REVIEW, TurnKind.OBJECTION, TurnKind.VERIFICATION]
        objection = next(turn for turn in mine if turn.kind is TurnKind.OBJECTION)
        assert str(objection.actor) == "code"
        verdict = next(turn for turn in mine if turn.kind is TurnKind.VERIFICATION)
        assert verdict.body == {"objection": objection.id, "met": True, "reason": "It was changed."}


def test_certain_objections_are_answered_first(tmp_path: Path):
    """With room for one answer, the writer takes the certain objection, whoever was quicker to object."""
    with open_room(a_series(tmp_path), crew=Crew.default().with_critic(Stickler())) as room:
        session = draft(room)
        by_id = {turn.id: turn for turn in session.turns}
        for turn in session.turns:
            if turn.kind in (TurnKind.ACCEPTANCE, TurnKind.REBUTTAL) and turn.scene is not None:
                assert by_id[turn.body["objection"]].body["certain"] is True
                assert turn.kind is TurnKind.ACCEPTANCE


class PunchUp:
    """A polisher that gives the last speech of every scene another end."""

    role = "punch_up"

    async def polish(self, desk: Desk, draft: SceneDraft) -> SceneDraft:
        """Reword one line."""
        line = next(one for one in reversed(draft.lines) if one.kind is Kind.DIALOGUE)
        return draft.with_line(line.id, f"Ha! {line.text}")


def test_a_polisher_of_ones_own_rewords_every_scene(tmp_path: Path):
    """Its version stands, is a turn of its own, is credited, and reads the notes to its role."""
    folder = a_series(tmp_path)
    file = folder / "series.yaml"
    text = file.read_text(encoding="utf-8").replace("room:\n", "room:\n  extra_roles: [punch_up]\n")
    file.write_text(text, encoding="utf-8")
    polisher = PunchUp()
    assert isinstance(polisher, Polisher)
    with open_room(folder, crew=Crew.default().with_polisher(polisher)) as room:
        note = room.note("Funnier.", member="Rosa", roles=["punch_up"])
        session = draft(room)
        assert session.head
        for scene in session.manuscript.scenes.values():
            assert sum(line.text.startswith("Ha! ") for line in scene.lines) == 1
        mine = [turn for turn in session.turns if turn.role == "punch_up"]
        assert {turn.kind for turn in mine} == {TurnKind.REVISION}
        reading = room.ledger.turns.reading(mine[0].task)
        assert reading is not None
        assert reading.notes == (note.id,)
        shares = {credit.role: credit for credit in credits(room.ledger, session.head)}
        assert shares["punch_up"].changed == 2
