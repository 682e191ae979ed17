"""The fourth stage: the chosen story, broken into scenes."""

from __future__ import annotations

from collections.abc import Sequence

from langgraph.runtime import Runtime

from storyroom.agents.desk import Desk
from storyroom.agents.seated import seated
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.state import State
from storyroom.graphs.step import head_after, perform
from storyroom.memory.ledger import Said
from storyroom.story.bible import Role
from storyroom.story.turn import Stage, Task, TurnKind


async def outline(state: State, runtime: Runtime[RoomContext]) -> State:
    """Break the story, and set out for the first scene."""

    async def work(desk: Desk) -> Sequence[Said]:
        body = (await seated(here(runtime).crew.plot_writer, desk).outline(desk)).model_dump(mode="json")
        return [Said(TurnKind.OUTLINE, desk.actor, body=body, draft=("outline", body), slot="outline")]

    head = state["head"]
    task = Task(
        session=state["session"],
        head=head,
        stage=Stage.OUTLINE,
        pass_=state["pass_"],
        role=Role.PLOT_WRITER,
    )
    turns = await perform(runtime, task, work)
    scenes = len(turns[-1].body["scenes"])
    return {"head": head_after(turns, head), "scenes": scenes}
