"""What a task on a scene is told of the canon."""

from __future__ import annotations

from storyroom.graphs.context import RoomContext
from storyroom.memory.manuscript import read_manuscript
from storyroom.memory.telling import Telling, facts_to_tell, telling
from storyroom.memory.turns import Reading
from storyroom.story.turn import Task


def facts_for(context: RoomContext, task: Task) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the facts that bear on a task: those that were approved, and the likely ones.

    A small model is told what humans approved, and no more.
    """
    cast = _cast(context, task)
    if task.scene is None or not cast:
        return (), ()
    session = context.session(task.session)
    small = context.model_of(session, task.role).capabilities.small
    bible = context.bible_of(session)
    return facts_to_tell(context.ledger, bible, session, task.head, task.scene, cast, likely=not small)


def told_to(context: RoomContext, task: Task, reading: Reading) -> Telling | None:
    """Return what a task's reading list has it told of the canon."""
    if task.scene is None or not (reading.facts or reading.likely):
        return None
    session = context.session(task.session)
    bible, cast = context.bible_of(session), _cast(context, task)
    facts, likely = reading.facts, reading.likely
    return telling(context.ledger, bible, session, task.head, task.scene, cast, facts, likely)


def _cast(context: RoomContext, task: Task) -> tuple[str, ...]:
    """Return who is in the scene that a task is about."""
    manuscript = read_manuscript(context.ledger, task.head)
    if task.scene is None or manuscript.outline is None:
        return ()
    return manuscript.plan(task.scene).cast
