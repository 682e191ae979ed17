"""The fifth stage, once for each scene: recall, draft, polish, approval; reviews and debate lie between."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langgraph.runtime import Runtime

from storyroom.agents.desk import Desk
from storyroom.agents.seated import seated
from storyroom.graphs.brief import MEMORY, recalled
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.fact_reading import read_facts
from storyroom.graphs.returning import sent_back
from storyroom.graphs.state import State
from storyroom.graphs.step import CODE, head_after, manuscript_at, perform, record
from storyroom.graphs.subject import APPROVAL, subject_of
from storyroom.memory.indexing import chunks_of
from storyroom.memory.ledger import Said
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import Stage, Task, TurnKind


def scene_task(state: State, role: str, *, round: int = 0) -> Task:
    """Return the task of a role on the scene at work."""
    return subject_of(state, Stage.SCENE).task(state, role, round=round)


def slot(state: State) -> str:
    """Return the slot that the scene at work fills."""
    return f"scene:{state['scene']}"


def scene_body(draft: SceneDraft) -> dict[str, Any]:
    """Return a scene's draft as JSON."""
    return draft.model_dump(mode="json")


async def recall(state: State, runtime: Runtime[RoomContext]) -> State:
    """Ask the memory what earlier scenes have to do with this one."""
    plan = (await manuscript_at(runtime, state["head"])).plan(state["scene"])
    task = scene_task(state, MEMORY)
    question = f"{plan.beat} {plan.change} {plan.place}"
    await record(runtime, task, lambda context: [recalled(context, task, question, plan.cast)])
    return {}


async def draft(state: State, runtime: Runtime[RoomContext]) -> State:
    """Write the scene; one that the table read sent back is mended from what stands there now."""

    async def work(desk: Desk) -> Sequence[Said]:
        written = await seated(here(runtime).crew.dialogue_writer, desk).draft(desk)
        body: dict[str, Any] = {"struck": written.struck} if written.struck else {}
        if desk.objections:
            back = await asyncio.to_thread(sent_back, desk.ledger, desk.task.session, desk.task.head)
            body["mends"] = [turn.id for turn in back if turn.body["scene"] == state["scene"]]
        scene = ("scene", scene_body(written.draft))
        return [Said(TurnKind.DRAFT, desk.actor, body=body, draft=scene, slot=slot(state))]

    turns = await perform(runtime, scene_task(state, Role.DIALOGUE_WRITER), work)
    return {"head": head_after(turns, state["head"])}


async def polish(state: State, runtime: Runtime[RoomContext]) -> State:
    """Let each polisher reword the scene, one after the other."""
    head = state["head"]
    for polisher in here(runtime).crew.polishers:

        async def work(desk: Desk) -> Sequence[Said]:
            before = desk.manuscript.scenes[state["scene"]]
            after = await here(runtime).crew.polisher(desk.task.role).polish(desk, before)
            about = desk.manuscript.slots[slot(state)]
            unasked = [
                {"line": one.id, "was": old.text, "now": one.text}
                for one, old in zip(after.elements, before.elements, strict=True)
                if one != old
            ]
            said = Said(TurnKind.REVISION, desk.actor, body={"changed": []}, about=about)
            if not unasked:
                return [said]
            body = {"changed": [one["line"] for one in unasked], "unasked": unasked}
            return [replace(said, body=body, draft=("scene", scene_body(after)), slot=slot(state))]

        task = scene_task({**state, "head": head}, polisher.role)
        head = head_after(await perform(runtime, task, work), head)
    return {"head": head}


async def approve(state: State, runtime: Runtime[RoomContext]) -> State:
    """Close the scene: from here on it is part of what retrieval may show. Then turn to the next."""
    context = here(runtime)
    script = await asyncio.to_thread(context.ledger.drafts.script, state["head"])
    draft_id = script[slot(state)]

    def index() -> None:
        session = context.session(state["session"])
        context.index().add(
            chunks_of(context.ledger, context.bible_of(session), draft_id, session.episode, state["scene"])
        )

    said = Said(TurnKind.APPROVAL, CODE, about=draft_id)
    await record(runtime, scene_task(state, Role.SHOWRUNNER, round=APPROVAL), lambda _context: [said])
    await asyncio.to_thread(index)
    await read_facts(runtime, scene_task(state, Role.SCRIPT_COORDINATOR, round=APPROVAL), draft_id)
    return {}
