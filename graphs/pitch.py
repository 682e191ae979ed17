"""The second and third stage: blind pitches side by side, laid on the table, then the showrunner's choice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from langgraph.runtime import Runtime
from langgraph.types import Send

from storyroom.agents.desk import Desk
from storyroom.agents.seated import seated
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.state import Pitching, State
from storyroom.graphs.step import CODE, head_after, manuscript_at, perform, record
from storyroom.memory.ledger import Said
from storyroom.story.bible import Role
from storyroom.story.plan import Pitch, Pitched, Pitches
from storyroom.story.turn import Stage, Task, Turn, TurnKind


def seat_writers(state: State) -> list[Send]:
    """Give each plot writer a task of its own; none sees another's pitch."""
    return [Send("pitch", Pitching(**state, ordinal=n)) for n in range(1, state["pitches"] + 1)]


async def pitch(state: Pitching, runtime: Runtime[RoomContext]) -> State:
    """Pitch one storyline."""

    async def work(desk: Desk) -> Sequence[Said]:
        body = (await seated(here(runtime).crew.plot_writer, desk).pitch(desk)).model_dump(mode="json")
        return [Said(TurnKind.PITCH, desk.actor, body=body, draft=("pitch", body))]

    await perform(runtime, _task(state, state["ordinal"]), work)
    return {}


async def gather(state: State, runtime: Runtime[RoomContext]) -> State:
    """Lay the pitches on the table, for all to read."""
    head = state["head"]
    task = Task(session=state["session"], head=head, stage=Stage.PITCH, role=Role.SHOWRUNNER)

    def work(context: RoomContext) -> Sequence[Said]:
        turns = pitches_of(context, state)
        table = Pitches(
            pitches=tuple(
                Pitched(by=str(turn.actor), pitch=Pitch.model_validate(turn.body)) for turn in turns
            )
        )
        body = {"distances": _distances(context, [one.pitch for one in table.pitches])}
        draft = ("pitches", table.model_dump(mode="json"))
        return [Said(TurnKind.PITCHES, CODE, body=body, draft=draft, slot="pitches")]

    return {"head": head_after(await record(runtime, task, work), head)}


async def choose(state: State, runtime: Runtime[RoomContext]) -> State:
    """Let the showrunner choose among the pitches; the others stay in the ledger."""
    context = here(runtime)
    table = (await manuscript_at(runtime, state["head"])).pitches
    assert table is not None, "pitches lie on the table before one is chosen"
    pitches = [one.pitch for one in table.pitches]

    async def work(desk: Desk) -> Sequence[Said]:
        choice = await seated(context.crew.showrunner, desk).choose(desk, pitches)
        distances = await asyncio.to_thread(_distances, context, pitches)
        body = choice.model_dump(mode="json")
        return [
            Said(
                TurnKind.CHOICE,
                desk.actor,
                body={**body, "distances": distances},
                about=desk.manuscript.slots["pitches"],
                draft=("choice", body),
                slot="story",
            )
        ]

    head = state["head"]
    task = Task(
        session=state["session"], head=head, stage=Stage.CHOICE, pass_=state["pass_"], role=Role.SHOWRUNNER
    )
    return {"head": head_after(await perform(runtime, task, work), head)}


def pitches_of(context: RoomContext, state: State) -> list[Turn]:
    """Return the pitch turns of this session, in the writers' order."""
    found = context.ledger.turns.said(state["session"], stage=Stage.PITCH, kinds=[TurnKind.PITCH])
    return sorted(found, key=lambda turn: turn.task.ordinal)


def _task(state: State, ordinal: int) -> Task:
    return Task(
        session=state["session"],
        head=state["head"],
        stage=Stage.PITCH,
        role=Role.PLOT_WRITER,
        ordinal=ordinal,
    )


def _distances(context: RoomContext, pitches: Sequence[Pitch]) -> list[list[float]]:
    """Return how far apart the pitches are: 1 less the cosine of their embeddings, for each pair."""
    if len(pitches) < 2:
        return []
    vectors = context.embed([" ".join((one.title, one.conflict, one.turn, one.ending)) for one in pitches])
    return [[round(float(1 - a @ b), 3) for b in vectors] for a in vectors]
