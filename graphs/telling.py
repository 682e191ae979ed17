"""What a task on a scene is told of the canon."""

from __future__ import annotations

from storyroom.graphs.context import RoomContext
from storyroom.memory.manuscript import read_manuscript
from storyroom.memory.telling import Telling, facts_to_tell, setups_to_tell, setups_told, telling
from storyroom.memory.turns import Reading
from storyroom.story.turn import Stage, Task

_PLANNING = (Stage.BRIEF, Stage.OUTLINE)


def facts_for(context: RoomContext, task: Task) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the facts that bear on a task: those that were approved, and the likely ones.

    On a scene it is what its cast knows, and a small model is told of that what humans approved, and no more.
    Who plans an episode is told of the set-ups that are open.
    """
    session = context.session(task.session)
    if task.stage in _PLANNING:
        bible = context.bible_of(session)
        return setups_to_tell(context.ledger, bible, session, task.head), ()
    cast = _cast(context, task)
    if task.scene is None or not cast:
        return (), ()
    small = context.model_of(session, task.role).capabilities.small
    bible = context.bible_of(session)
    return facts_to_tell(context.ledger, bible, session, task.head, task.scene, cast, likely=not small)


def told_to(context: RoomContext, task: Task, reading: Reading) -> Telling | None:
    """Return what a task's reading list has it told of the canon."""
    if not (reading.facts or reading.likely):
        return None
    session = context.session(task.session)
    if task.scene is None:
        return setups_told(context.ledger, session, reading.facts)
    bible, cast = context.bible_of(session), _cast(context, task)
    facts, likely = reading.facts, reading.likely
    return telling(context.ledger, bible, session, task.head, task.scene, cast, facts, likely)


def _cast(context: RoomContext, task: Task) -> tuple[str, ...]:
    """Return who is in the scene that a task is about."""
    manuscript = read_manuscript(context.ledger, task.head)
    if task.scene is None or manuscript.outline is None:
        return ()
    return manuscript.plan(task.scene).cast
