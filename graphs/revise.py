"""The debate on a scene: the writer answers each objection, the objector verifies, the showrunner rules."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from langgraph.runtime import Runtime

from storyroom.agents.desk import Desk
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.scene import scene_body, scene_task, slot
from storyroom.graphs.state import State
from storyroom.graphs.step import head_after, manuscript_at, perform, record
from storyroom.memory.ledger import Said
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection, StopReason
from storyroom.story.turn import Actor, Stage, Turn, TurnKind

Open = tuple[Turn, Objection]


async def revise(state: State, runtime: Runtime[RoomContext]) -> State:
    """Hold one round of the debate, and record why it stopped."""
    objections = await asyncio.to_thread(_objections, here(runtime), state)
    if not objections:
        await _stop(state, runtime, "agreed")
        return {}
    head = state["head"]
    answered = await perform(
        runtime,
        scene_task(state, Role.DIALOGUE_WRITER, round=1),
        lambda desk: _answer(desk, state, objections, runtime),
    )
    head = head_after(answered, head)
    after: State = {**state, "head": head}
    accepted = {turn.body["objection"] for turn in answered if turn.kind is TurnKind.ACCEPTANCE}
    rebutted = {turn.body["objection"] for turn in answered if turn.kind is TurnKind.REBUTTAL}
    met = await _verify(
        after, runtime, [one for one in objections if one[0].id in accepted | rebutted], state
    )
    left = [one for one in objections if one[0].id in accepted | rebutted and not met[one[0].id]]
    if left:
        ruled = await _rule(after, runtime, left, state)
        head = head_after(ruled, head)
        after = {**state, "head": head}
    unanswered = len(objections) - len(accepted) - len(rebutted)
    reason: StopReason = "round_limit" if unanswered else "ruling" if left else "agreed"
    if head == state["head"] and reason == "agreed":
        reason = "no_material_change"
    await _stop(after, runtime, reason, unanswered)
    return {"head": head}


async def _answer(
    desk: Desk, state: State, objections: Sequence[Open], runtime: Runtime[RoomContext]
) -> Sequence[Said]:
    """Accept or rebut the gravest objections, and reword the lines of those that are accepted."""
    writer = here(runtime).crew.dialogue_writer
    scene = desk.manuscript.scenes[state["scene"]]
    about = desk.manuscript.slots[slot(state)]
    said: list[Said] = []
    changed: list[str] = []
    for turn, objection in objections[: desk.effort.answered]:
        line = scene.line(objection.line)
        if line is None or (objection.certain and objection.kind == "about"):
            continue
        accept, reason = True, ""
        if not objection.certain:
            accept, reason = await writer.reply(desk, scene, objection)
        body = {"objection": turn.id, "reason": reason}
        if accept:
            text = await writer.rewrite(desk, scene, objection)
            if text != line.text:
                scene = scene.with_line(line.id, text)
                changed.append(line.id)
        kind = TurnKind.ACCEPTANCE if accept else TurnKind.REBUTTAL
        said.append(Said(kind, desk.actor, body=body, about=about))
    revision = Said(TurnKind.REVISION, desk.actor, body={"changed": changed}, about=about)
    if changed:
        revision = Said(
            TurnKind.REVISION,
            desk.actor,
            body={"changed": changed},
            about=about,
            draft=("scene", scene_body(scene)),
            slot=slot(state),
        )
    return [revision, *said]


async def _verify(
    after: State, runtime: Runtime[RoomContext], answered: Sequence[Open], before: State
) -> dict[str, bool]:
    """Ask each objector whether the objection is met; return the answer by the objection's turn."""
    old, new = await _scenes(before, after, runtime)
    met: dict[str, bool] = {}
    for ordinal, (turn, objection) in enumerate(answered, 1):

        async def work(desk: Desk, turn: Turn = turn, objection: Objection = objection) -> Sequence[Said]:
            critic = here(runtime).crew.critic(turn.role)
            was, now = _wordings(old, new, objection)
            ok, reason = await critic.verify(desk, objection, was, now)
            body = {"objection": turn.id, "met": ok, "reason": reason}
            return [Said(TurnKind.VERIFICATION, turn.actor, body=body)]

        task = scene_task(after, turn.role, round=2, ordinal=ordinal)
        turns = await perform(runtime, task, work)
        met[turn.id] = bool(turns[0].body["met"])
    return met


async def _rule(
    after: State, runtime: Runtime[RoomContext], left: Sequence[Open], before: State
) -> list[Turn]:
    """Let the showrunner say which wording of a contested line stands."""
    old, new = await _scenes(before, after, runtime)

    async def work(desk: Desk) -> Sequence[Said]:
        scene, said, undone = new, [], False
        for turn, objection in left:
            was, now = _wordings(old, new, objection)
            keep_old, reason = await here(runtime).crew.showrunner.rule(desk, objection, was, now)
            if keep_old and was != now:
                scene, undone = scene.with_line(objection.line, was), True
            body = {"objection": turn.id, "keep": "old" if keep_old else "new", "reason": reason}
            said.append(Said(TurnKind.RULING, desk.actor, body=body))
        if undone:
            last = said[-1]
            said[-1] = Said(
                last.kind, last.actor, body=last.body, draft=("scene", scene_body(scene)), slot=slot(after)
            )
        return said

    return await perform(runtime, scene_task(after, Role.SHOWRUNNER, round=3), work)


async def _stop(state: State, runtime: Runtime[RoomContext], reason: StopReason, unanswered: int = 0) -> None:
    body = {"reason": reason, **({"unanswered": unanswered} if unanswered else {})}
    said = Said(TurnKind.STOP, Actor(kind="code"), body=body)
    await record(runtime, scene_task(state, Role.SHOWRUNNER, round=4), lambda _context: [said])


async def _scenes(
    before: State, after: State, runtime: Runtime[RoomContext]
) -> tuple[SceneDraft, SceneDraft]:
    number = before["scene"]
    old = await manuscript_at(runtime, before["head"])
    new = await manuscript_at(runtime, after["head"])
    return old.scenes[number], new.scenes[number]


def _wordings(old: SceneDraft, new: SceneDraft, objection: Objection) -> tuple[str, str]:
    was, now = old.line(objection.line), new.line(objection.line)
    return (was.text if was else ""), (now.text if now else "")


def _objections(context: RoomContext, state: State) -> list[Open]:
    """Return the objections to the draft at work: certain ones first, then the grave, then in order."""
    turns = context.ledger.turns.said(
        state["session"],
        stage=Stage.SCENE,
        scene=state["scene"],
        pass_=state["pass_"],
        kinds=[TurnKind.OBJECTION],
    )
    # Critics run side by side, so the order in which they were recorded is an accident: their roles are not.
    roles = [critic.role for critic in context.crew.critics]
    found = [(turn, Objection.model_validate(turn.body)) for turn in turns if turn.task.head == state["head"]]
    found.sort(
        key=lambda one: (
            not one[1].certain,
            one[1].gravity != "serious",
            roles.index(one[0].role) if one[0].role in roles else len(roles),
            one[0].id,
        )
    )
    return found
