"""The fifth stage, once for each scene: recall, draft, blind reviews, revision, polish, approval."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Send

from storyroom.agents.desk import Desk
from storyroom.graphs.brief import CODE, MEMORY, recalled
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.state import Reviewing, State
from storyroom.graphs.step import head_after, manuscript_at, perform, record
from storyroom.memory.indexing import chunks_of
from storyroom.memory.ledger import Said
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import Actor, Stage, Task, TurnKind


def scene_task(state: State, role: str, *, round: int = 0, ordinal: int = 1) -> Task:
    """Return the task of a role on the scene at work."""
    return Task(
        session=state["session"],
        head=state["head"],
        stage=Stage.SCENE,
        scene=state["scene"],
        pass_=state["pass_"],
        round=round,
        role=role,
        ordinal=ordinal,
    )


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
    """Write the scene."""

    async def work(desk: Desk) -> Sequence[Said]:
        written = await here(runtime).crew.dialogue_writer.draft(desk)
        body: dict[str, Any] = {"struck": written.struck} if written.struck else {}
        scene = ("scene", scene_body(written.draft))
        return [Said(TurnKind.DRAFT, desk.actor, body=body, draft=scene, slot=slot(state))]

    turns = await perform(runtime, scene_task(state, Role.DIALOGUE_WRITER), work)
    return {"head": head_after(turns, state["head"])}


def seat_critics(state: State, runtime: Runtime[RoomContext]) -> list[Send]:
    """Give each critic a task of its own; none sees another's review."""
    return [
        Send("review", Reviewing(**state, role=str(critic.role))) for critic in here(runtime).crew.critics
    ]


async def review(state: Reviewing, runtime: Runtime[RoomContext]) -> State:
    """Read the scene as one critic, and object."""
    critic = here(runtime).crew.critic(state["role"])

    async def work(desk: Desk) -> Sequence[Said]:
        scene = desk.manuscript.scenes[state["scene"]]
        about = desk.manuscript.slots[slot(state)]
        objections = await critic.review(desk, scene)
        certain = bool(objections) and all(one.certain for one in objections)
        by = CODE if certain or critic.role == Role.SCRIPT_COORDINATOR else desk.actor
        return [
            Said(TurnKind.REVIEW, by, body={"objections": len(objections)}, about=about),
            *(
                Said(TurnKind.OBJECTION, by, body=one.model_dump(mode="json"), about=about)
                for one in objections
            ),
        ]

    await perform(runtime, scene_task(state, critic.role), work)
    return {}


async def polish(state: State, runtime: Runtime[RoomContext]) -> State:
    """Let each polisher reword the scene, one after the other."""
    head = state["head"]
    for polisher in here(runtime).crew.polishers:

        async def work(desk: Desk) -> Sequence[Said]:
            before = desk.manuscript.scenes[state["scene"]]
            after = await here(runtime).crew.polisher(desk.task.role).polish(desk, before)
            changed = [one.id for one, old in zip(after.elements, before.elements, strict=True) if one != old]
            about = desk.manuscript.slots[slot(state)]
            if not changed:
                return [Said(TurnKind.REVISION, desk.actor, body={"changed": []}, about=about)]
            return [
                Said(
                    TurnKind.REVISION,
                    desk.actor,
                    body={"changed": changed},
                    about=about,
                    draft=("scene", scene_body(after)),
                    slot=slot(state),
                )
            ]

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

    said = Said(TurnKind.APPROVAL, Actor(kind="code"), about=draft_id)
    await record(runtime, scene_task(state, Role.SHOWRUNNER, round=9), lambda _context: [said])
    await asyncio.to_thread(index)
    return {}
