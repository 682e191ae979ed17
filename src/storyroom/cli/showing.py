"""`storyroom show`: what stands in a session, and what was said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from storyroom.cli.options import AsJson, SeriesFolder, SessionName, command, open_room
from storyroom.cli.output import show as put
from storyroom.cli.output import show_json, show_table
from storyroom.errors import InputError, SessionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storyroom.session import Session
    from storyroom.story.draft import SceneDraft

What = Literal["overview", "brief", "pitches", "outline", "scene", "script", "turns"]
Shown = tuple[Any, str]


def show(
    session: SessionName,
    what: Annotated[What, typer.Argument(help="What to show.")] = "overview",
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="Number of the scene.")] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Show where a session stands: its brief, pitches, outline, a scene, the script, or every turn."""
    with open_room(series) as room:
        one = room.session(session)
        if number is not None and what not in ("scene", "turns"):
            raise InputError(f"{what} takes no number.", hint="Numbers go with scene and turns.")
        if what == "turns":
            _turns(one, number, as_json)
            return
        if what == "overview":
            value, text = _overview(one, series)
        elif what == "scene":
            value, text = _scene(one, number)
        else:
            value, text = _VIEWS[what](one)
        if as_json:
            show_json(value)
        else:
            put(text)


def _overview(one: Session, series: Path | None) -> Shown:
    from storyroom.memory.rechecking import rechecks
    from storyroom.waiting import waits

    order = one.order
    outline = one.manuscript.outline
    facts = {
        "session": one.id,
        "episode": order.episode,
        "title": outline.title if outline else None,
        "status": one.status,
        "scenes_done": len(one.approved),
        "scenes": order.scenes,
        "model": order.model,
        "depth": order.depth,
        "seed": order.seed,
        "gates": list(order.gates),
        "parent": one.record.parent,
        "forked_at": one.record.start_at,
        "created": one.record.created,
        "turns": len(one.turns),
        "recheck": [again.scene for again in rechecks(one.ledger, one.bible, one.record)],
        "idea": order.idea,
    }
    lines = [f"{name.replace('_', ' '):12} {_said(value)}" for name, value in facts.items() if value]
    lines += ["", *_ways_on(one, series)]
    return {**facts, "waits_for": [wait.what for wait in waits(one)]}, "\n".join(lines)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else " ".join(str(value).split())


def _ways_on(one: Session, series: Path | None) -> list[str]:
    if one.status == "paused":
        from storyroom.waiting import waits

        return [f"It waits for {wait.what}: {command(series, *wait.answer)}" for wait in waits(one)]
    if one.status == "unfinished":
        return [f"Go on: {command(series, 'resume', one.id)}"]
    return [f"Read it: {command(series, 'show', one.id, 'script')}"]


def _brief(one: Session) -> Shown:
    brief = _there(one, one.manuscript.brief, "brief")
    lines = [brief.premise, "", f"Theme: {brief.theme}", ""]
    lines += [f"{story.letter}  {story.lead}: {story.line}" for story in brief.stories]
    lines += ["", f"Arc: {', '.join(brief.arc)}", f"Length: {brief.scenes} scenes, {brief.pages:g} pages"]
    return brief.model_dump(mode="json"), "\n".join(lines)


def _pitches(one: Session) -> Shown:
    from storyroom.cli.table import pitches_of

    shown: Shown = _there(one, pitches_of(one), "pitches")
    return shown


def _outline(one: Session) -> Shown:
    outline = _there(one, one.manuscript.outline, "outline")
    lines = [outline.title, ""]
    for scene in outline.scenes:
        told = (
            ", ".join(scene.cast),
            scene.beat,
            f"→ {scene.change}" if scene.change else "",
            ", ".join(f"{name}: {feeling}" for name, feeling in scene.emotions.items()),
        )
        lines.append(f"{scene.number}. {scene.heading}   [{scene.act}, story {scene.story}]")
        lines += [*(f"   {one}" for one in told if one), ""]
    return outline.model_dump(mode="json"), "\n".join(lines).strip()


def _scene(one: Session, number: int | None) -> Shown:
    from storyroom.cli.page import typeset

    scenes = one.manuscript.scenes
    if number is None:
        raise InputError("It is not said which scene.", hint=f"For example: storyroom show {one.id} scene 1")
    if number not in scenes:
        raise SessionError(
            f"Session {one.id} has no scene {number}.",
            hint=f"It has: {', '.join(map(str, sorted(scenes))) or 'none yet'}.",
        )
    return _scene_facts(one, scenes[number]), typeset(scenes[number].elements)


def _script(one: Session) -> Shown:
    from storyroom.cli.page import typeset

    manuscript = one.manuscript
    _there(one, manuscript.scenes or None, "script")
    facts = [_scene_facts(one, draft) for _, draft in sorted(manuscript.scenes.items())]
    return facts, typeset(manuscript.script().elements())


def _scene_facts(one: Session, draft: SceneDraft) -> dict[str, Any]:
    plan = one.manuscript.plan(draft.number)
    return {
        "draft": one.manuscript.slots[f"scene:{draft.number}"],
        "approved": draft.number in one.approved,
        "plan": plan.model_dump(mode="json"),
        **draft.model_dump(mode="json"),
        "words": draft.scene.words,
    }


def _turns(one: Session, scene: int | None, as_json: bool) -> None:
    from functools import partial

    from storyroom.cli.live import words_of
    from storyroom.cli.words import place, summary, who

    turns = [turn for turn in one.turns if scene is None or turn.scene == scene]
    if as_json:
        show_json([turn.model_dump(mode="json") for turn in turns])
        return
    words = partial(words_of, one.ledger)
    rows = [
        (
            str(turn.seq),
            place(turn.task, one.order.scenes),
            who(turn),
            str(turn.kind),
            f"{turn.seconds:.1f}s" if turn.seconds >= 0.05 else "",
            summary(turn, words),
        )
        for turn in turns
    ]
    show_table(("turn", "at", "who", "kind", "took", "said"), rows, empty="Nothing was said yet.")


def _there(one: Session, value: Any, what: str) -> Any:
    if value is None:
        raise SessionError(
            f"Session {one.id} has no {what} yet.", hint=f"Go on with it first: storyroom resume {one.id}"
        )
    return value


_VIEWS: dict[str, Callable[[Session], Shown]] = {
    "brief": _brief,
    "pitches": _pitches,
    "outline": _outline,
    "script": _script,
}
