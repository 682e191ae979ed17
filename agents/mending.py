"""A scene that went back is mended: the lines that were objected to are worded anew, all others stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storyroom.agents.desk import Desk
from storyroom.agents.scene_text import struck
from storyroom.agents.scene_writing import written_scene
from storyroom.story.checks import line_form
from storyroom.story.draft import SceneDraft, named
from storyroom.story.measure import pages
from storyroom.story.objection import LENGTH, Objection
from storyroom.story.script import Element, Kind

_WORDED = frozenset({Kind.ACTION, Kind.DIALOGUE, Kind.LYRIC, Kind.PARENTHETICAL})


class Rewriter(Protocol):
    """Who can word one line anew."""

    async def rewrite(self, desk: Desk, draft: SceneDraft, objection: Objection) -> str:
        """Return a new wording for the line that an objection is about; the old one if none is found."""
        ...


async def mended(
    writer: Rewriter, desk: Desk, draft: SceneDraft, objections: Sequence[Objection]
) -> SceneDraft:
    """Return a scene in which objections are answered.

    A line that was reworded since it was objected to is left as it is: somebody has answered already. So is
    what a member's note asks for, which is argued about in the debate that follows.
    """
    for objection in objections:
        line = draft.line(objection.line)
        if objection.kind == "note" or line is None or line.text != objection.quote:
            continue
        if objection.finding == LENGTH and _too_short(desk):
            draft = await _longer(desk, draft)
        elif line.kind is Kind.SCENE_HEADING:
            draft = draft.with_line(line.id, desk.manuscript.plan(draft.number).heading)
        elif line.kind in _WORDED:
            draft = draft.with_line(line.id, await writer.rewrite(desk, draft, objection))
    return draft


def _too_short(desk: Desk) -> bool:
    scenes = desk.manuscript.scenes.values()
    return sum(pages(one.elements) for one in scenes) < desk.order.pages


async def _longer(desk: Desk, draft: SceneDraft) -> SceneDraft:
    """Let the writer go on where a scene ends."""
    plan = desk.manuscript.plan(draft.number)
    last = next((one.text.casefold() for one in reversed(draft.elements) if one.kind is Kind.CUE), "")
    speaker = next((name for name in plan.cast if name.casefold() != last), plan.cast[0])
    begun = (*draft.elements, Element(kind=Kind.CUE, text=speaker.upper()))
    elements = await written_scene(desk, plan, begun, attempts=2)
    standing = draft.elements
    if [one.text for one in elements[: len(standing)]] != [one.text for one in standing]:
        # What members typed need not read back as it was written; nothing of it is worth losing.
        return draft
    said = {line_form(one.text) for scene in desk.manuscript.scenes.values() for one in scene.lines}
    more, _ = struck(elements[len(standing) :], said)
    return draft.model_copy(update={"elements": named((*standing, *more), desk.task.id)})
