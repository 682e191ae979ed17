"""One step: a task is done once, however often it is run.

A step first looks whether the ledger has the task's turns already. If not, it writes down what the task will
read, sets a desk, lets the agent work, and commits all that came of it at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.events import Began, Event, Turned
from storyroom.agents.note_check import objection_of
from storyroom.agents.seat import Seat
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.returning import reasons_at_the_gate, sent_back
from storyroom.graphs.telling import CanonOfTask
from storyroom.memory.ledger import Ledger, Said
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.memory.notes import standing
from storyroom.memory.seats import holder
from storyroom.memory.turns import AGENT, Reading
from storyroom.story.bible import Role
from storyroom.story.objection import Objection
from storyroom.story.turn import Actor, Stage, Task, Turn, TurnKind

CODE = Actor(kind="code")
"""Decides without model and human."""

Work = Callable[[Desk], Awaitable[Sequence[Said]]]


async def perform(runtime: Runtime[RoomContext], task: Task, work: Work) -> list[Turn]:
    """Do a task with an agent, or find that it was done, and return its turns."""
    context = here(runtime)
    done = await asyncio.to_thread(context.ledger.turns.of_task, task.id)
    emit = runtime.stream_writer
    if not done:
        emit(Began(task=task))
        desk = await asyncio.to_thread(_set_desk, context, task, emit)
        started = time.perf_counter()
        said = await work(desk)
        return await _commit(context, task, said, time.perf_counter() - started, emit)
    return _told(done, emit)


async def record(
    runtime: Runtime[RoomContext], task: Task, work: Callable[[RoomContext], Sequence[Said]]
) -> list[Turn]:
    """Do a task that needs no agent, or find that it was done, and return its turns."""
    context = here(runtime)
    emit = runtime.stream_writer
    done = await asyncio.to_thread(context.ledger.turns.of_task, task.id)
    if not done:
        started = time.perf_counter()
        said = await asyncio.to_thread(work, context)
        return await _commit(context, task, said, time.perf_counter() - started, emit)
    return _told(done, emit)


async def manuscript_at(runtime: Runtime[RoomContext], head: str | None) -> Manuscript:
    """Read the script version that a step starts from."""
    return await asyncio.to_thread(read_manuscript, here(runtime).ledger, head)


def head_after(turns: Sequence[Turn], head: str | None) -> str | None:
    """Return the script version that turns leave behind."""
    return next((turn.new_head for turn in reversed(turns) if turn.new_head), head)


async def _commit(
    context: RoomContext, task: Task, said: Sequence[Said], seconds: float, emit: Callable[[Event], None]
) -> list[Turn]:
    timed = [replace(said[0], seconds=seconds), *said[1:]]
    turns = await asyncio.to_thread(context.ledger.commit, task, timed)
    for turn in turns:
        emit(Turned(turn=turn, fresh=True))
    return turns


def _told(turns: list[Turn], emit: Callable[[Event], None]) -> list[Turn]:
    for turn in turns:
        emit(Turned(turn=turn, fresh=False))
    return turns


def _set_desk(context: RoomContext, task: Task, emit: Callable[[Event], None]) -> Desk:
    """Write the task's reading list, or find it written, and lay out what it names."""
    ledger = context.ledger
    session = context.session(task.session)
    recalled = _recalled(context, task)
    canon = CanonOfTask(context, task)
    reading = ledger.turns.reading(task)
    if reading is None:
        facts, likely = canon.facts()
        found = Reading(
            facts=facts,
            likely=likely,
            notes=tuple(note.id for note in standing(ledger, session.id, role=task.role, scene=task.scene)),
            memory=tuple(hit["chunk"] for hit in recalled),
            canon=tuple(episode.id for episode in ledger.episodes.canon()),
            seat=_seat(ledger, task),
        )
        reading = ledger.turns.begin(task, found)
    return Desk(
        task=task,
        bible=context.bible_of(session),
        order=session.order,
        manuscript=read_manuscript(ledger, task.head),
        reading=reading,
        model=context.model_of(session, task.role),
        ledger=ledger,
        effort=Effort.of(session.order.depth),
        emit=emit,
        memory=tuple((hit["episode"], hit["scene"], hit["text"]) for hit in recalled),
        telling=canon.told(reading),
        notes=tuple(f"{note.member}: {note.text}" for note in ledger.inbox.notes_by_id(reading.notes)),
        objections=_sent_back(context, task),
        measure=context.measure,
        seat=None if reading.seat == AGENT else Seat(reading.seat, task, ledger, interrupt),
    )


def _seat(ledger: Ledger, task: Task) -> str:
    """Return who does a task: the member in the role's seat, or the agent."""
    # Of several blind pitches a member makes one; the others are the agents'.
    if task.stage is Stage.PITCH and task.role == Role.PLOT_WRITER and task.ordinal > 1:
        return AGENT
    return holder(ledger, task.session, task.role) or AGENT


def _sent_back(context: RoomContext, task: Task) -> tuple[Objection, ...]:
    """Return what the table read, or a human after it, held against a scene that went back to its writer."""
    if task.stage is not Stage.SCENE or task.round or task.pass_ == 1 or task.role != Role.DIALOGUE_WRITER:
        return ()
    found = sent_back(context.ledger, task.session, task.head)
    raised = [Objection.model_validate(turn.body) for turn in found if turn.body["scene"] == task.scene]
    assert task.scene is not None, "a scene's task names its scene"
    reasons = reasons_at_the_gate(context.ledger, task.session, task.head, task.scene)
    session = context.session(task.session)
    draft = read_manuscript(context.ledger, task.head).scenes[task.scene]
    raised += [
        objection_of(note, context.bible_of(session), draft, session.order.language) for note in reasons
    ]
    return tuple(raised)


def _recalled(context: RoomContext, task: Task) -> list[dict[str, Any]]:
    """Return what the recall for this scene, or for the whole episode, found."""
    found = context.ledger.turns.said(
        task.session,
        stage=Stage.SCENE if task.scene is not None else Stage.BRIEF,
        scene=task.scene,
        pass_=task.pass_ if task.scene is not None else None,
        kinds=[TurnKind.RECALL],
        order="newest",
    )
    return list(found[0].body["hits"]) if found else []
