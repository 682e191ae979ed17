"""The debate on a draft: the author answers each objection, the objector verifies, the showrunner rules.

A round is an answer and its verification. What an objector insists on goes into another round, as often as
the session's limits allow; what then stays open the showrunner rules on. Why a debate stopped is recorded,
and a limit that was reached never passes as agreement.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from langgraph.runtime import Runtime

from storyroom.agents.author import Author, Document
from storyroom.agents.desk import Desk
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.notes import raise_notes, settle_notes
from storyroom.graphs.returning import stood_by
from storyroom.graphs.revise import Open, answered_by
from storyroom.graphs.state import State
from storyroom.graphs.step import CODE, head_after, manuscript_at, perform, record
from storyroom.graphs.subject import RULING, STOP, Subject, subject_of
from storyroom.graphs.verdicts import ruled_by, verified_by
from storyroom.memory.ledger import Said
from storyroom.story.bible import Role
from storyroom.story.objection import Objection, StopReason
from storyroom.story.turn import Stage, Turn, TurnKind


@dataclass
class Standing:
    """Where a debate stands.

    Attributes:
        fresh: objections that were not answered yet, the gravest first.
        insisted: objections that were answered and that their objector still holds.
        ruled: objections that the showrunner decided.
        granted: of a table read, objections that send their scenes back.
        why: why an objector insists, by the objection's turn.
    """

    fresh: list[Open]
    insisted: list[Open] = field(default_factory=list)
    ruled: list[Open] = field(default_factory=list)
    granted: list[Open] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    rounds: int = 0


async def debate_pitches(state: State, runtime: Runtime[RoomContext]) -> State:
    """Argue about the pitches."""
    return await debate(subject_of(state, Stage.PITCH), state, runtime)


async def debate_outline(state: State, runtime: Runtime[RoomContext]) -> State:
    """Argue about the outline."""
    return await debate(subject_of(state, Stage.OUTLINE), state, runtime)


async def debate_scene(state: State, runtime: Runtime[RoomContext]) -> State:
    """Argue about the scene."""
    return await debate(subject_of(state, Stage.SCENE), state, runtime)


async def debate(subject: Subject, state: State, runtime: Runtime[RoomContext]) -> State:
    """Hold the debate on a draft, and record why it stopped."""
    await raise_notes(state, runtime, subject)
    now, standing, cut_off = await argue(subject, state, runtime)
    reason = cut_off or _reason(standing, changed=now["head"] != state["head"])
    await _stop(subject, now, runtime, reason, standing)
    await settle_notes(state, now, runtime, subject)
    return {"head": now["head"]}


async def argue(
    subject: Subject, state: State, runtime: Runtime[RoomContext]
) -> tuple[State, Standing, StopReason | None]:
    """Hold the rounds of a debate, and let the showrunner rule on what is then open.

    Returns:
        The state with the head that they leave, where all objections stand, and what cut the debate off.
    """
    standing = Standing(await asyncio.to_thread(_objections, here(runtime), state, subject))
    now: State = state
    limits = here(runtime).session(state["session"]).order.limits
    reason: StopReason | None = None
    while (standing.fresh or standing.insisted) and standing.rounds < limits.rounds:
        if standing.rounds and await asyncio.to_thread(_spent, here(runtime), state, subject):
            reason = "budget_spent"
            break
        standing.rounds += 1
        before, answered = await _round(subject, now, runtime, standing)
        now = {**now, "head": head_after(answered, now["head"])}
        if not before:
            break
        if subject.stage is Stage.TABLE_READ:
            before = _rebutted(before, answered, standing)
        await verify(subject, now, state, runtime, before, standing)
    if reason is None and standing.insisted:
        ruled = await _rule(subject, now, state, runtime, standing)
        now = {**now, "head": head_after(ruled, now["head"])}
        if subject.stage is Stage.TABLE_READ:
            back = {turn.body["objection"] for turn in ruled if turn.body["keep"] == "new"}
            standing.granted += [one for one in standing.ruled if one[0].id in back]
    return now, standing, reason


def _rebutted(heard: Sequence[Open], answered: Sequence[Turn], standing: Standing) -> list[Open]:
    """Keep what the author grants for when its scenes were mended; return the rest, to be verified now."""
    granted = {turn.body["objection"] for turn in answered if turn.kind is TurnKind.ACCEPTANCE}
    standing.granted += [one for one in heard if one[0].id in granted]
    return [one for one in heard if one[0].id not in granted]


async def _round(
    subject: Subject, now: State, runtime: Runtime[RoomContext], standing: Standing
) -> tuple[list[Open], list[Turn]]:
    """Let the author answer what is insisted on, and the gravest of what is new."""
    wanted = [*standing.insisted, *standing.fresh]
    insisted = dict(standing.why)

    async def work(desk: Desk) -> Sequence[Said]:
        if subject.stage is Stage.TABLE_READ:
            return await stood_by(here(runtime).crew.dialogue_writer, desk, subject, wanted, insisted)
        return await answered_by(_author(subject, runtime), desk, subject, wanted, insisted)

    answered = await perform(runtime, subject.task(now, subject.author, round=standing.rounds), work)
    heard = {turn.body["objection"] for turn in answered if "objection" in turn.body}
    before = [one for one in wanted if one[0].id in heard]
    standing.fresh = [one for one in standing.fresh if one[0].id not in heard]
    return before, answered


async def verify(
    subject: Subject,
    now: State,
    start: State,
    runtime: Runtime[RoomContext],
    answered: Sequence[Open],
    standing: Standing,
) -> None:
    """Ask each objector whether the objection is met; keep those who insist, with their reasons."""
    old, new = await _documents(subject, start, now, runtime)
    heard: dict[str, Turn] = {}
    for ordinal, (turn, _) in enumerate(answered, 1):
        if turn.id in heard:
            continue
        mine = [one for one in answered[ordinal - 1 :] if one[0].role == turn.role]

        async def work(desk: Desk, mine: Sequence[Open] = mine) -> Sequence[Said]:
            return await verified_by(here(runtime).crew.critic(mine[0][0].role), desk, mine, old, new)

        task = subject.task(now, turn.role, round=standing.rounds, ordinal=ordinal)
        heard |= {said.body["objection"]: said for said in await perform(runtime, task, work)}
    standing.insisted = [one for one in answered if not heard[one[0].id].body["met"]]
    standing.why |= {turn.id: heard[turn.id].body["reason"] for turn, _ in standing.insisted}


async def _rule(
    subject: Subject, now: State, start: State, runtime: Runtime[RoomContext], standing: Standing
) -> list[Turn]:
    """Let the showrunner say which wording of a contested line stands."""
    old, new = await _documents(subject, start, now, runtime)

    async def work(desk: Desk) -> Sequence[Said]:
        ruled, document = await ruled_by(
            here(runtime).crew.showrunner, desk, standing.insisted, standing.why, old, new
        )
        if document != new:
            draft = subject.draft(document, desk.manuscript)
            ruled[-1] = replace(ruled[-1], draft=draft, slot=subject.slot)
        return ruled

    turns = await perform(runtime, subject.task(now, Role.SHOWRUNNER, round=RULING), work)
    standing.ruled, standing.insisted = standing.insisted, []
    return turns


async def _stop(
    subject: Subject, now: State, runtime: Runtime[RoomContext], reason: StopReason, standing: Standing
) -> None:
    dissent = [turn.id for turn, _ in (*standing.ruled, *standing.insisted, *standing.fresh)]
    body = {"reason": reason, "rounds": standing.rounds, "unanswered": len(standing.fresh), "open": dissent}
    said = Said(TurnKind.STOP, CODE, body=body)
    await record(runtime, subject.task(now, Role.SHOWRUNNER, round=STOP), lambda _context: [said])


def _reason(standing: Standing, *, changed: bool) -> StopReason:
    if standing.fresh:
        return "round_limit"
    if standing.ruled:
        return "ruling"
    return "agreed" if changed or not standing.rounds else "no_material_change"


def _author(subject: Subject, runtime: Runtime[RoomContext]) -> Author:
    crew = here(runtime).crew
    return crew.dialogue_writer if subject.stage is Stage.SCENE else crew.plot_writer


async def _documents(
    subject: Subject, start: State, now: State, runtime: Runtime[RoomContext]
) -> tuple[Document, Document]:
    old = await manuscript_at(runtime, start["head"])
    new = await manuscript_at(runtime, now["head"])
    return subject.document(old), subject.document(new)


def _spent(context: RoomContext, state: State, subject: Subject) -> bool:
    """Tell whether the models have used up what one debate may cost."""
    order = context.session(state["session"]).order
    if order.limits.tokens is None and order.limits.seconds is None:
        return False
    tasks = {turn.task.id for turn in _said(context, state, subject) if turn.kind not in _BEFORE}
    calls = [call for task in tasks for call in context.ledger.calls.made(task=task)]
    tokens, seconds = sum(call.new_tokens for call in calls), sum(call.seconds for call in calls)
    return tokens >= (order.limits.tokens or tokens + 1) or seconds >= (order.limits.seconds or seconds + 1)


_BEFORE = frozenset({TurnKind.PITCH, TurnKind.PITCHES, TurnKind.OUTLINE, TurnKind.DRAFT, TurnKind.RECALL})


def _said(context: RoomContext, state: State, subject: Subject) -> list[Turn]:
    return context.ledger.turns.said(
        state["session"], stage=subject.stage, scene=subject.scene, pass_=subject.pass_
    )


def _objections(context: RoomContext, state: State, subject: Subject) -> list[Open]:
    """Return the objections to the draft at work: certain ones first, then the grave, then in order."""
    turns = [turn for turn in _said(context, state, subject) if turn.task.head == state["head"]]
    rejected = {turn.body["objection"] for turn in turns if turn.kind is TurnKind.REJECTION}
    # Critics run side by side, so the order in which they were recorded is an accident: their roles are not.
    roles = [critic.role for critic in context.crew.critics]
    found = [
        (turn, Objection.model_validate(turn.body))
        for turn in turns
        if turn.kind is TurnKind.OBJECTION and turn.id not in rejected
    ]
    found.sort(
        key=lambda one: (
            not one[1].certain,
            not one[1].note,
            one[1].gravity != "serious",
            roles.index(one[0].role) if one[0].role in roles else len(roles),
            one[0].id,
        )
    )
    return found
