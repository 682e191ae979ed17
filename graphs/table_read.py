"""The sixth stage: the episode is read whole, argued about, and what must be mended goes back once.

First come blind reviews: by code, the emotion critic and, with larger models, other readers of the crew. What
they object to, the author accepts or rebuts, the objector withdraws or insists on, the showrunner rules on:
the debate of `debate.py`, in which nothing is reworded. Scenes with accepted or sustained objections go back.
The second read says of each of these objections whether it is met; whatever else it finds stays on record.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from langgraph.runtime import Runtime

from storyroom.agents.critic import EpisodeCritic
from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.seated import seated
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.debate import Standing, argue, verify
from storyroom.graphs.edits import take_in
from storyroom.graphs.returning import sent_back
from storyroom.graphs.revise import Open
from storyroom.graphs.state import State
from storyroom.graphs.step import CODE, perform, record
from storyroom.graphs.subject import STOP, Subject, subject_of
from storyroom.memory.ledger import Said
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.note_lives import unanswered
from storyroom.story.bible import Role
from storyroom.story.measure import pages
from storyroom.story.objection import Objection, StopReason
from storyroom.story.turn import Stage, Turn, TurnKind


async def table_read(state: State, runtime: Runtime[RoomContext]) -> State:
    """Hold a table read. The first may send scenes back; a later one verifies, and sends nothing back."""
    subject = subject_of(state, Stage.TABLE_READ)
    first = subject.task(state, Role.EMOTION_CRITIC)
    # A read that waited for somebody goes on with the script that it began with.
    if await asyncio.to_thread(here(runtime).ledger.turns.reading, first) is None:
        state = {**state, "head": await take_in(state, runtime)}
    felt = await _felt(subject, state, runtime)
    if felt[0].kind is TurnKind.TABLE_READ:
        # Read by a release that held no debate at the table: what it decided stands.
        return {"head": state["head"], "reads": state["reads"] + 1, "again": felt[0].body["again"]}
    crew = here(runtime).crew
    said = [*felt, *await _reviewed(crew.coordinator, subject, state, runtime)]
    for reader in crew.readers:
        said += await _reviewed(reader, subject, state, runtime)
    if state["reads"] == 0:
        ended = await _argued(subject, state, runtime)
    else:
        ended = await _verified(subject, state, runtime, said)
    await _report(subject, state, runtime, felt[0], said, ended)
    return {"head": state["head"], "reads": state["reads"] + 1, "again": ended["again"]}


async def _felt(subject: Subject, state: State, runtime: Runtime[RoomContext]) -> list[Turn]:
    """Let the emotion critic read every scene blind, and code measure the whole."""
    critic = here(runtime).crew.emotion_critic

    async def work(desk: Desk) -> Sequence[Said]:
        scenes: list[dict[str, Any]] = []
        for number, draft in sorted(desk.manuscript.scenes.items()):
            felt, why = await seated(critic, desk).feeling(desk, draft)
            mood = await critic.measured(desk, draft)
            scenes.append(
                {
                    "scene": number,
                    "pages": round(pages(draft.elements), 2),
                    "planned": sorted(set(desk.manuscript.plan(number).emotions.values())),
                    "measured": mood and {"label": mood.label, "confidence": mood.confidence},
                    "felt": felt,
                    "why": why,
                }
            )
        said = await _objected(critic, desk, subject)
        said[0].body["scenes"] = scenes
        return said

    return await perform(runtime, subject.task(state, critic.role), work)


async def _reviewed(
    critic: EpisodeCritic, subject: Subject, state: State, runtime: Runtime[RoomContext]
) -> list[Turn]:
    async def work(desk: Desk) -> Sequence[Said]:
        plain = critic.role == Role.SCRIPT_COORDINATOR
        return await _objected(critic if plain else seated(critic, desk), desk, subject)

    return await perform(runtime, subject.task(state, critic.role), work)


async def _objected(critic: EpisodeCritic, desk: Desk, subject: Subject) -> list[Said]:
    """Let a critic read the episode, and object; what an earlier read settled is not raised again."""
    found = [_placed(one, desk.manuscript) for one in await critic.review_episode(desk)]
    settled = await asyncio.to_thread(_settled_before, desk)
    found = [one for one in found if one.matter not in settled]
    by_code = critic.role == Role.SCRIPT_COORDINATOR and desk.member is None
    said = [Said(TurnKind.REVIEW, CODE if by_code else desk.actor, body={"objections": len(found)})]
    for one in found:
        by = CODE if one.certain or one.finding else desk.actor
        about = desk.manuscript.slots[subject.slot_of(one)]
        said.append(Said(TurnKind.OBJECTION, by, body=one.model_dump(mode="json"), about=about))
    return said


def _settled_before(desk: Desk) -> set[tuple[object, ...]]:
    """Return what earlier reads settled: it was withdrawn or ruled on, or it went back and is verified.

    What they left open because of a limit is raised again if it still holds.
    """
    kinds = [TurnKind.OBJECTION, TurnKind.RULING, TurnKind.STOP]
    said = desk.ledger.turns.said(desk.task.session, stage=Stage.TABLE_READ, kinds=kinds)
    before = [turn for turn in said if turn.task.pass_ < desk.task.pass_]
    ruled = {turn.body["objection"] for turn in before if turn.kind is TurnKind.RULING}
    left = {one for turn in before if turn.kind is TurnKind.STOP for one in turn.body["open"]} - ruled
    raised = (turn for turn in before if turn.kind is TurnKind.OBJECTION and turn.id not in left)
    return {Objection.model_validate(turn.body).matter for turn in raised}


def _placed(objection: Objection, manuscript: Manuscript) -> Objection:
    """Return an objection with the number of its scene."""
    if objection.scene is not None:
        return objection
    number = next(n for n, draft in manuscript.scenes.items() if draft.line(objection.line))
    return objection.model_copy(update={"scene": number})


async def _argued(subject: Subject, state: State, runtime: Runtime[RoomContext]) -> dict[str, Any]:
    """Hold the debate, and say which scenes go back, as the body of the turn that stops it."""
    _, standing, cut_off = await argue(subject, state, runtime)
    order = here(runtime).session(state["session"]).order
    again = _back(standing.granted, Effort.of(order.depth).rereads)
    back = [turn.id for turn, one in standing.granted if one.scene in again]
    late = [turn.id for turn, one in standing.granted if one.scene not in again]
    overruled = [one for one in standing.ruled if one not in standing.granted]
    left = [turn.id for turn, _ in (*overruled, *standing.insisted, *standing.fresh)]
    return {
        "reason": cut_off or _reason(standing, again, late),
        "rounds": standing.rounds,
        "unanswered": len(standing.fresh),
        "open": [*left, *late],
        "back": back,
        "again": again,
    }


def _reason(standing: Standing, again: Sequence[int], late: Sequence[str]) -> StopReason:
    if standing.fresh or late:
        return "round_limit"
    if standing.ruled:
        return "ruling"
    if again:
        return "sent_back"
    return "no_material_change" if standing.rounds else "agreed"


def _back(granted: Iterable[Open], most: int) -> list[int]:
    """Return the scenes that go back: those with the most against them, in the order of the script."""
    against = Counter(one.scene for _, one in granted if one.scene is not None)
    return sorted(sorted(against, key=lambda scene: (-against[scene], scene))[:most])


async def _verified(
    subject: Subject, state: State, runtime: Runtime[RoomContext], said: Sequence[Turn]
) -> dict[str, Any]:
    """Let each objector say whether what went back is mended, as the body of the turn that stops the read."""
    turns = await asyncio.to_thread(sent_back, here(runtime).ledger, state["session"], state["head"])
    returned = [(turn, Objection.model_validate(turn.body)) for turn in turns]
    standing = Standing([], rounds=1)
    if returned:
        start: State = {**state, "head": turns[0].task.head}
        await verify(subject, state, start, runtime, returned, standing)
    found = [turn.id for turn in said if turn.kind is TurnKind.OBJECTION]
    left = [*(turn.id for turn, _ in standing.insisted), *found]
    reason: StopReason = "round_limit" if left else "agreed"
    return {"reason": reason, "rounds": 0, "unanswered": len(found), "open": left, "back": [], "again": []}


async def _report(
    subject: Subject,
    state: State,
    runtime: Runtime[RoomContext],
    felt: Turn,
    said: Sequence[Turn],
    ended: dict[str, Any],
) -> None:
    """Record what was read, and why the debate stopped."""

    def work(context: RoomContext) -> Sequence[Said]:
        session = context.session(state["session"])
        raised = [Objection.model_validate(one.body) for one in said if one.kind is TurnKind.OBJECTION]
        scenes = [
            {**one, "faults": [_shown(it) for it in raised if it.scene == one["scene"]]}
            for one in felt.body["scenes"]
        ]
        body = {
            "scenes": scenes,
            "pages": round(sum(one["pages"] for one in scenes), 2),
            "wanted": session.order.pages,
            "again": ended["again"],
            "unanswered": unanswered(context.ledger, session.id),
        }
        stop = {key: value for key, value in ended.items() if key != "again"}
        return [Said(TurnKind.TABLE_READ, CODE, body=body), Said(TurnKind.STOP, CODE, body=stop)]

    await record(runtime, subject.task(state, Role.EMOTION_CRITIC, round=STOP), work)


def _shown(objection: Objection) -> dict[str, str]:
    return {"line": objection.line, "kind": objection.kind, "says": objection.says}


async def take_up(state: State, runtime: Runtime[RoomContext]) -> State:
    """Turn to the next scene: the next of the outline, or the next that was sent back."""
    state = {**state, "head": await take_in(state, runtime)}
    if state["reads"] == 0:
        return {"head": state["head"], "scene": state["scene"] + 1, "pass_": 1}
    scene, *rest = state["again"]
    written = await asyncio.to_thread(_passes, here(runtime), state, scene)
    return {"head": state["head"], "scene": scene, "again": rest, "pass_": written + 1}


def _passes(context: RoomContext, state: State, scene: int) -> int:
    """Return how often a scene was written on the way to the head at hand.

    What was written after it does not count: a session that comes by again must find the same pass.
    """
    line = {version.id for version in context.ledger.drafts.line(state["head"])}
    turns = context.ledger.turns.said(
        state["session"], stage=Stage.SCENE, scene=scene, kinds=[TurnKind.DRAFT]
    )
    return max((turn.task.pass_ for turn in turns if turn.new_head in line), default=0)
