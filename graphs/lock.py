"""The last stage: the episode is written out, with its credits; it becomes canon only when asked to."""

from __future__ import annotations

from collections.abc import Sequence

from langgraph.runtime import Runtime

from storyroom.graphs.context import RoomContext
from storyroom.graphs.edits import take_in
from storyroom.graphs.state import State
from storyroom.graphs.step import record
from storyroom.memory.ledger import Said
from storyroom.memory.publish import lock_episode, write_out
from storyroom.story.bible import Role
from storyroom.story.turn import Actor, Stage, Task, TurnKind


async def lock(state: State, runtime: Runtime[RoomContext]) -> State:
    """Write the episode out, and lock it if the order says so."""
    head = await take_in(state, runtime)
    assert head is not None, "an episode is written out after its scenes"

    def work(context: RoomContext) -> Sequence[Said]:
        session = context.session(state["session"])
        files = write_out(context.ledger, context.bible_of(session), session, head, context.written)
        body = {"files": [path.name for path in files], "locked": session.order.lock}
        if session.order.lock:
            body["episode"] = lock_episode(context.ledger, session, head)
        return [Said(TurnKind.LOCK, Actor(kind="code"), body=body)]

    task = Task(session=state["session"], head=head, stage=Stage.LOCK, role=Role.SCRIPT_COORDINATOR)
    await record(runtime, task, work)
    return {"head": head, "finished": True}
