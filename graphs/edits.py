"""Edits from outside, taken in between two steps, so that what comes next starts from them."""

from __future__ import annotations

import asyncio

from langgraph.runtime import Runtime

from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.state import State
from storyroom.graphs.step import head_after, manuscript_at, record
from storyroom.memory.edits import edit_said, edit_task, edits_to_take
from storyroom.memory.indexing import chunks_of
from storyroom.memory.ledger import Said


async def take_in(state: State, runtime: Runtime[RoomContext]) -> str | None:
    """Put what members changed in exported scripts into the script, and return the head that this leaves."""
    context, head = here(runtime), state["head"]
    for edit, number in await asyncio.to_thread(edits_to_take, context.ledger, state["session"], head):
        manuscript = await manuscript_at(runtime, head)
        said = await asyncio.to_thread(edit_said, context.ledger, edit, number, manuscript)
        task = edit_task(state["session"], head, edit, number)

        def taken(_context: RoomContext, said: Said = said) -> list[Said]:
            return [said]

        turns = await record(runtime, task, taken)
        head = head_after(turns, head)
        if said.draft is not None:
            await asyncio.to_thread(_index, context, state["session"], head, number)
    return head


def _index(context: RoomContext, session_id: str, head: str | None, scene: int) -> None:
    session = context.session(session_id)
    draft_id = context.ledger.drafts.script(head)[f"scene:{scene}"]
    bible = context.bible_of(session)
    context.index().add(chunks_of(context.ledger, bible, draft_id, session.episode, scene))
