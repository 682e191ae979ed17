"""The sixth stage: the episode is read whole, and what must be mended goes back to its scene once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime

from storyroom.agents.desk import Desk
from storyroom.agents.seated import seated
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.edits import take_in
from storyroom.graphs.state import State
from storyroom.graphs.step import CODE, perform, record
from storyroom.graphs.subject import STOP
from storyroom.memory.ledger import Said
from storyroom.memory.note_lives import unanswered
from storyroom.story.bible import Role
from storyroom.story.measure import pages
from storyroom.story.objection import Objection, StopReason
from storyroom.story.turn import Stage, Task, Turn, TurnKind


async def table_read(state: State, runtime: Runtime[RoomContext]) -> State:
    """Hold a table read. The first may send scenes back; a later one only reports."""
    state = {**state, "head": await take_in(state, runtime)}
    read = state["reads"] + 1
    crew = here(runtime).crew

    async def work(desk: Desk) -> Sequence[Said]:
        found: list[dict[str, Any]] = []
        said: list[Said] = []
        for number, draft in sorted(desk.manuscript.scenes.items()):
            plan = desk.manuscript.plan(number)
            objections = list(crew.coordinator.certain(desk, draft))
            felt, why = await seated(crew.emotion_critic, desk).feeling(desk, draft)
            mood = await crew.emotion_critic.measured(desk, draft)
            found.append(
                {
                    "scene": number,
                    "pages": round(pages(draft.elements), 2),
                    "planned": sorted(set(plan.emotions.values())),
                    "measured": mood and {"label": mood.label, "confidence": mood.confidence},
                    "felt": felt,
                    "why": why,
                    "faults": [_shown(one) for one in objections],
                }
            )
            about = desk.manuscript.slots[f"scene:{number}"]
            said += [
                Said(TurnKind.OBJECTION, CODE, body={**one.model_dump(), "scene": number}, about=about)
                for one in objections
            ]
        body = {
            "scenes": found,
            "pages": round(sum(one["pages"] for one in found), 2),
            "wanted": desk.order.pages,
            "again": _back(found, desk.effort.rereads) if read == 1 else [],
            "unanswered": await asyncio.to_thread(unanswered, desk.ledger, desk.task.session),
        }
        return [Said(TurnKind.TABLE_READ, desk.actor, body=body), *said]

    task = Task(
        session=state["session"],
        head=state["head"],
        stage=Stage.TABLE_READ,
        pass_=read,
        role=Role.EMOTION_CRITIC,
    )
    turns = await perform(runtime, task, work)
    again = list(turns[0].body["again"])
    await _stop(task, runtime, turns[1:], again)
    return {"head": state["head"], "reads": read, "again": again}


async def _stop(
    task: Task, runtime: Runtime[RoomContext], objections: Sequence[Turn], again: list[int]
) -> None:
    """Record what becomes of the objections: their scenes go back, or they stay as known faults."""
    left = [turn.id for turn in objections if turn.body["scene"] not in again]
    reason: StopReason = "round_limit" if left else "sent_back" if again else "agreed"
    body = {"reason": reason, "rounds": 0, "unanswered": len(left), "open": left}
    stop = task.model_copy(update={"role": str(Role.SHOWRUNNER), "round": STOP})
    await record(runtime, stop, lambda _context: [Said(TurnKind.STOP, CODE, body=body)])


async def take_up(state: State, runtime: Runtime[RoomContext]) -> State:
    """Turn to the next scene: the next of the outline, or the next that was sent back."""
    state = {**state, "head": await take_in(state, runtime)}
    if state["reads"] == 0:
        return {"head": state["head"], "scene": state["scene"] + 1, "pass_": 1}
    scene, *rest = state["again"]
    written = await asyncio.to_thread(_passes, here(runtime), state, scene)
    return {"head": state["head"], "scene": scene, "again": rest, "pass_": written + 1}


def _passes(context: RoomContext, state: State, scene: int) -> int:
    """Return how often a scene was written on the way to the head at hand.

    What was written after it does not count: a session that comes by again must find the same pass.
    """
    line = {version.id for version in context.ledger.drafts.line(state["head"])}
    turns = context.ledger.turns.said(
        state["session"], stage=Stage.SCENE, scene=scene, kinds=[TurnKind.DRAFT]
    )
    return max((turn.task.pass_ for turn in turns if turn.new_head in line), default=0)


def _back(found: Sequence[dict[str, Any]], most: int) -> list[int]:
    """Return the scenes that certain faults send back: those with the most, in the order of the script."""
    faulty = [one for one in found if one["faults"]]
    faulty.sort(key=lambda one: -len(one["faults"]))
    return sorted(int(one["scene"]) for one in faulty[:most])


def _shown(objection: Objection) -> dict[str, str]:
    return {"line": objection.line, "kind": objection.kind, "says": objection.says}
