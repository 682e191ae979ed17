"""Gates: where the session waits for a human, if it was asked to.

A gate writes down that it waits and then raises a LangGraph interrupt. The answer comes through the inbox:
what is resumed with is its id, so that the state still holds no text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from storyroom.errors import SessionError
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.edits import take_in
from storyroom.graphs.gate_edits import Edited, read_edit
from storyroom.graphs.scene import slot
from storyroom.graphs.state import State
from storyroom.graphs.step import head_after, record
from storyroom.memory.inbox import Answer
from storyroom.memory.ledger import Said
from storyroom.story.plan import Gate
from storyroom.story.turn import Actor, Stage, Task, TurnKind

GATE = "gate"
STAGES: dict[Gate, Stage] = {
    "pitches": Stage.CHOICE,
    "outline": Stage.OUTLINE,
    "scene": Stage.SCENE,
    "table_read": Stage.TABLE_READ,
}
SLOTS: dict[Gate, str] = {"pitches": "story", "outline": "outline"}


async def gate_pitches(state: State, runtime: Runtime[RoomContext]) -> State:
    """Wait after the showrunner's choice."""
    return await _wait("pitches", state, runtime)


async def gate_outline(state: State, runtime: Runtime[RoomContext]) -> State:
    """Wait after the outline."""
    return await _wait("outline", state, runtime)


async def gate_scene(state: State, runtime: Runtime[RoomContext]) -> State:
    """Wait after a scene, before it is approved."""
    return await _wait("scene", state, runtime)


async def gate_table_read(state: State, runtime: Runtime[RoomContext]) -> State:
    """Wait after the table read."""
    return await _wait("table_read", state, runtime)


async def _wait(gate: Gate, state: State, runtime: Runtime[RoomContext]) -> State:
    context = here(runtime)
    asked = gate_task(gate, state, round=0)
    script = await asyncio.to_thread(context.ledger.drafts.script, state["head"])
    about = script.get(slot(state) if gate == "scene" else SLOTS.get(gate, ""))
    await record(
        runtime,
        asked,
        lambda _context: [Said(TurnKind.GATE, Actor(kind="code"), body={"gate": gate}, about=about)],
    )
    # A session whose checkpoints were lost comes by again, and what was answered is not asked twice.
    answer = await asyncio.to_thread(context.ledger.inbox.answer_to, state["session"], asked.id)
    if answer is None:
        answer_id = interrupt({"gate": gate, "task": asked.id})
        answer = await asyncio.to_thread(context.ledger.inbox.get, Answer, str(answer_id))
    if answer is None:
        raise SessionError(
            f"The inbox holds no answer {answer_id}.", hint="Answer with `storyroom answer SESSION`."
        )
    turns = await record(
        runtime, gate_task(gate, state, round=1), lambda context: _taken(context, gate, state, answer, about)
    )
    after: State = {**state, "head": head_after(turns, state["head"])}
    return {**_way_on(gate, state, answer), "head": await take_in(after, runtime)}


def gate_task(gate: Gate, state: State, *, round: int) -> Task:
    """Return the task of a gate: round 0 asks, round 1 is answered."""
    return Task(
        session=state["session"],
        head=state["head"],
        stage=STAGES[gate],
        scene=state["scene"] if gate == "scene" else None,
        pass_=state["reads"] if gate == "table_read" else state["pass_"],
        round=round,
        role=GATE,
    )


def _taken(
    context: RoomContext, gate: Gate, state: State, answer: Answer, about: str | None
) -> Sequence[Said]:
    who = Actor(kind="member", name=answer.member)
    body = {"gate": gate, "verdict": answer.verdict, "reason": answer.reason}
    if answer.verdict != "edit":
        return [Said(TurnKind.GATE, who, body=body, about=about)]
    edited: Edited = read_edit(context, gate, state, answer.text)
    return [Said(TurnKind.GATE, who, body=body, about=about, draft=edited.draft, slot=edited.slot)]


def _way_on(gate: Gate, state: State, answer: Answer) -> State:
    """Return what the answer changes in the state; the routers do the rest."""
    back = answer.verdict == "send_back"
    if gate == "table_read":
        return {"again": list(answer.scenes) if back else []}
    if back:
        return {"sent_back": True, "pass_": state["pass_"] + 1}
    return {"sent_back": False} if gate == "scene" else {"sent_back": False, "pass_": 1}
