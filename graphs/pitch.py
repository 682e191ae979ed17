"""The second and third stage: blind pitches side by side, laid on the table, then the showrunner's choice.

On the table the agents' pitches come first, then those of members of the team, in the order they were made.
One that nearly repeats another goes back to its plot writer once, with the other one named; if it still does,
it stays and says so. What a member pitched is nobody's to send back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Send

from storyroom.agents.desk import Desk
from storyroom.agents.pitched import read_pitch
from storyroom.agents.seated import seated
from storyroom.errors import SessionError
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.state import Pitching, State
from storyroom.graphs.step import CODE, head_after, manuscript_at, perform, record
from storyroom.memory.inbox import MemberPitch
from storyroom.memory.ledger import Said
from storyroom.memory.pitches import standing_pitches
from storyroom.memory.turns import Reading
from storyroom.story.bible import Role
from storyroom.story.distinct import mean_distance, repeated
from storyroom.story.plan import PITCH_FIELDS, Choice, Pitch, Pitched, Pitches, Taken
from storyroom.story.turn import Actor, Stage, Task, Turn, TurnKind


def seat_writers(state: State) -> list[Send]:
    """Give each plot writer a task of its own; none sees another's pitch."""
    return [Send("pitch", Pitching(**state, ordinal=n)) for n in range(1, state["pitches"] + 1)]


async def pitch(state: Pitching, runtime: Runtime[RoomContext]) -> State:
    """Pitch one storyline."""

    async def work(desk: Desk) -> Sequence[Said]:
        return [_pitch_said(desk.actor, await seated(here(runtime).crew.plot_writer, desk).pitch(desk))]

    await perform(runtime, _task(state, state["ordinal"]), work)
    return {}


async def gather(state: State, runtime: Runtime[RoomContext]) -> State:
    """Lay the pitches on the table, the members' beside the agents', and send near repeats back once."""
    head = state["head"]
    task = Task(session=state["session"], head=head, stage=Stage.PITCH, role=Role.SHOWRUNNER)
    for number, item in enumerate(await _members(runtime, state, task), state["pitches"] + 1):
        said = _pitch_said(Actor(kind="member", name=item.member), read_pitch(item.text))
        await record(runtime, _task(state, number), partial(_only, said))
    sent_back = await _send_back(state, runtime)

    def work(context: RoomContext) -> Sequence[Said]:
        turns = pitches_of(context, state)
        pitches = [Pitch.model_validate(turn.body) for turn in turns]
        distances = _distances(context, pitches)
        table = Pitches(
            pitches=tuple(
                Pitched(
                    by=str(turn.actor),
                    pitch=one,
                    repeats=repeated(number, pitches, distances, _before(number, turns)),
                )
                for number, (turn, one) in enumerate(zip(turns, pitches, strict=True), 1)
            )
        )
        laid = [
            {"by": one.by, "role": turn.role, **one.pitch.model_dump(mode="json")}
            for one, turn in zip(table.pitches, turns, strict=True)
        ]
        body = {**_measured(distances), "sent_back": sent_back, "pitches": laid}
        draft = ("pitches", table.model_dump(mode="json"))
        return [Said(TurnKind.PITCHES, CODE, body=body, draft=draft, slot="pitches")]

    return {"head": head_after(await record(runtime, task, work), head)}


async def choose(state: State, runtime: Runtime[RoomContext]) -> State:
    """Let the showrunner choose among the pitches or merge them; the others stay in the ledger."""
    context = here(runtime)
    table = (await manuscript_at(runtime, state["head"])).pitches
    assert table is not None, "pitches lie on the table before one is chosen"
    pitches = [one.pitch for one in table.pitches]

    async def work(desk: Desk) -> Sequence[Said]:
        choice = traced(await seated(context.crew.showrunner, desk).choose(desk, pitches), table)
        distances = await asyncio.to_thread(_distances, context, pitches)
        body = choice.model_dump(mode="json")
        return [
            Said(
                TurnKind.CHOICE,
                desk.actor,
                body={**body, **_measured(distances)},
                about=desk.manuscript.slots["pitches"],
                draft=("choice", body),
                slot="story",
            )
        ]

    task = choice_task(state["session"], state["head"], state["pass_"])
    return {"head": head_after(await perform(runtime, task, work), state["head"])}


def choice_task(session: str, head: str | None, pass_: int = 1) -> Task:
    """Return the task of choosing among the pitches."""
    return Task(session=session, head=head, stage=Stage.CHOICE, pass_=pass_, role=Role.SHOWRUNNER)


def pitches_of(context: RoomContext, state: State) -> list[Turn]:
    """Return the pitch turns of this session in the order of the table, each writer's last one."""
    found = context.ledger.turns.said(state["session"], stage=Stage.PITCH, kinds=[TurnKind.PITCH])
    last = {turn.task.ordinal: turn for turn in sorted(found, key=lambda turn: turn.task.round)}
    return [turn for _, turn in sorted(last.items())]


async def _members(runtime: Runtime[RoomContext], state: State, task: Task) -> list[MemberPitch]:
    """Return the members' pitches that stood when the table was first laid; the reading list keeps them."""
    context = here(runtime)

    def read() -> list[MemberPitch]:
        ledger = context.ledger
        reading = ledger.turns.reading(task)
        if reading is None:
            standing = standing_pitches(ledger, context.session(state["session"]))
            reading = ledger.turns.begin(task, Reading(pitches=tuple(one.id for one in standing)))
        found = [ledger.inbox.get(MemberPitch, one) for one in reading.pitches]
        if not found and not state["pitches"]:
            raise SessionError(
                f"Nobody has pitched anything for session {state['session']}.",
                hint=f'Pitch a storyline: storyroom pitch "…" --from NAME --session {state["session"]}',
            )
        return [one for one in found if one is not None]

    return await asyncio.to_thread(read)


async def _send_back(state: State, runtime: Runtime[RoomContext]) -> list[int]:
    """Let each agent that nearly repeats an earlier or a member's pitch tell another; return who did."""
    context = here(runtime)
    sent_back: list[int] = []
    for number in range(1, state["pitches"] + 1):
        turns = await asyncio.to_thread(pitches_of, context, state)
        turn = turns[number - 1]
        if turn.task.round:
            sent_back.append(number)
            continue
        if turn.actor.kind == "member":
            continue
        pitches = [Pitch.model_validate(one.body) for one in turns]
        distances = await asyncio.to_thread(_distances, context, pitches)
        other = repeated(number, pitches, distances, _before(number, turns))
        if other is not None:
            mine, theirs = pitches[number - 1], pitches[other - 1]

            async def work(
                desk: Desk, mine: Pitch = mine, theirs: Pitch = theirs, table: Sequence[Pitch] = pitches
            ) -> Sequence[Said]:
                writer = context.crew.plot_writer
                if desk.member is not None:
                    return [_pitch_said(desk.actor, await seated(writer, desk).pitch(desk))]
                return [_pitch_said(desk.actor, await writer.pitch_again(desk, mine, theirs, table))]

            await perform(runtime, _task(state, number, round=1), work)
            sent_back.append(number)
    return sent_back


def _before(number: int, turns: Sequence[Turn]) -> list[int]:
    """Return the numbers that a pitch may not repeat: the earlier ones, and for an agent all members'."""
    agents = turns[number - 1].actor.kind == "agent"
    members = {n for n, turn in enumerate(turns, 1) if agents and turn.actor.kind == "member"}
    return sorted({*range(1, number), *members} - {number})


def _only(said: Said, _context: RoomContext) -> Sequence[Said]:
    return [said]


def _pitch_said(who: Actor, pitch: Pitch) -> Said:
    body = pitch.model_dump(mode="json")
    return Said(TurnKind.PITCH, who, body=body, draft=("pitch", body))


def _task(state: State, ordinal: int, *, round: int = 0) -> Task:
    return Task(
        session=state["session"],
        head=state["head"],
        stage=Stage.PITCH,
        round=round,
        role=Role.PLOT_WRITER,
        ordinal=ordinal,
    )


def traced(choice: Choice, table: Pitches) -> Choice:
    """Return a choice that says of each field of its story which pitch it leans on, and whose that is.

    What the choice says itself stands. Any other field leans on the chosen pitch that has it word for word.
    """
    given = {one.field for one in choice.takes}
    found = list(choice.takes)
    for name in PITCH_FIELDS:
        text = getattr(choice.story, name)
        if text and name not in given:
            found += [
                Taken(field=name, pitch=number)
                for number in choice.pitches
                if 1 <= number <= len(table.pitches)
                and getattr(table.pitches[number - 1].pitch, name) == text
            ]
    owned = (one.model_copy(update={"by": table.pitches[one.pitch - 1].by}) for one in found)
    return choice.model_copy(update={"takes": tuple(owned)})


def _measured(distances: list[list[float]]) -> dict[str, Any]:
    return {"distances": distances, "mean": mean_distance(distances)}


def _distances(context: RoomContext, pitches: Sequence[Pitch]) -> list[list[float]]:
    """Return how far apart the pitches are: 1 less the cosine of their embeddings, for each pair."""
    if len(pitches) < 2:
        return []
    vectors = context.embed([one.told for one in pitches])
    return [[round(float(1 - a @ b), 3) for b in vectors] for a in vectors]
