"""The first stage: what memory knows of the idea, then the showrunner's brief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime

from storyroom.agents.desk import Desk
from storyroom.agents.seated import seated
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.state import State
from storyroom.graphs.step import CODE, head_after, perform, record
from storyroom.memory.indexing import admitted
from storyroom.memory.ledger import Said
from storyroom.memory.retrieval import Query
from storyroom.story.bible import Role
from storyroom.story.turn import Stage, Task, TurnKind

MEMORY = "memory"
_HITS = 3


async def brief(state: State, runtime: Runtime[RoomContext]) -> State:
    """Recall what earlier episodes have to do with the idea, and write the brief."""
    session = here(runtime).session(state["session"])
    head = state.get("head")
    recall = Task(session=session.id, head=head, stage=Stage.BRIEF, role=MEMORY)
    await record(
        runtime, recall, lambda context: [recalled(context, recall, session.order.idea, session.order.cast)]
    )

    async def work(desk: Desk) -> Sequence[Said]:
        made = await seated(here(runtime).crew.showrunner, desk).brief(desk)
        body = made.model_dump(mode="json")
        return [Said(TurnKind.BRIEF, desk.actor, body=body, draft=("brief", body), slot="brief")]

    task = Task(session=session.id, head=head, stage=Stage.BRIEF, role=Role.SHOWRUNNER)
    turns = await perform(runtime, task, work)
    return {"head": head_after(turns, head)}


def recalled(context: RoomContext, task: Task, question: str, characters: Sequence[str] = ()) -> Said:
    """Ask the memory, and return what it found as a turn, with the reason for each hit."""
    session = context.session(task.session)
    bible = context.bible_of(session)
    hits = context.retriever.search(
        Query(
            text=question,
            admitted=admitted(context.ledger, bible, task.head, session.episode),
            k=_HITS,
            characters=characters,
            kinds=["scene"],
        )
    )
    body: dict[str, Any] = {
        "question": question,
        "hits": [
            {
                "chunk": hit.chunk.id,
                "draft": hit.chunk.draft_id,
                "episode": hit.chunk.episode,
                "scene": hit.chunk.scene,
                "why": hit.why,
                "text": hit.chunk.text,
            }
            for hit in hits
        ],
    }
    return Said(TurnKind.RECALL, CODE, body=body)
