"""An approved scene is read for facts by a larger model; patterns read it when somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from langgraph.runtime import Runtime

from storyroom.agents.desk import Desk
from storyroom.agents.fact_reader import FactReader
from storyroom.errors import ModelRefused
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.step import perform
from storyroom.memory.ledger import Said
from storyroom.memory.prose_facts import MODEL
from storyroom.story.canon import Fact, Moment
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import Actor, Task, TurnKind


async def read_facts(runtime: Runtime[RoomContext], task: Task, draft_id: str) -> None:
    """Keep what a model reads out of an approved scene; the turn says which facts, and how many were dropped.

    A quick session and a small model leave it to the patterns.
    """
    context = here(runtime)
    session = context.session(task.session)
    spec = session.order.models.get(task.role, session.order.model)
    if session.order.depth == "quick" or context.model_of(session, task.role).capabilities.small:
        return
    assert task.scene is not None, "facts are read out of a scene"
    at = Moment(session.episode, task.scene)

    async def work(desk: Desk) -> Sequence[Said]:
        draft = await asyncio.to_thread(context.ledger.drafts.get, draft_id, SceneDraft)
        body: dict[str, object]
        try:
            found, dropped = await FactReader().read(desk, draft, draft_id, at)
            body = {"facts": [fact.model_dump(mode="json") for fact in found], "dropped": dropped}
        except ModelRefused as error:
            # The scene stands without them, and the record says why there are none.
            body = {"facts": [], "dropped": 0, "refused": error.message}
        return [Said(TurnKind.FACTS, Actor(kind="agent", name=spec), body=body, about=draft_id)]

    (turn,) = await perform(runtime, task, work)
    facts = [Fact.model_validate(one) for one in turn.body["facts"]]
    await asyncio.to_thread(context.ledger.facts.keep, [(draft_id, (MODEL + spec)[:80], facts)])
