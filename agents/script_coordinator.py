"""The script coordinator: checks a scene against the bible and the script, without a model.

All that it finds is certain, because it is decided from headings, cues and the wording of lines alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from storyroom.agents.company import living
from storyroom.agents.continuity import contradictions
from storyroom.agents.desk import Desk
from storyroom.agents.episode_findings import findings
from storyroom.story.bible import Role
from storyroom.story.checks import key_terms, line_form, mentions, outside_cast, repeated, unfinished
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Gravity, Objection, ObjectionKind
from storyroom.story.paper import Paper
from storyroom.story.script import Element, Kind, count_words
from storyroom.story.turn import Stage

_LONGEST_SPEECH = 60


class ScriptCoordinator:
    """Fills the script coordinator's seat."""

    role: str = Role.SCRIPT_COORDINATOR

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Return everything certain that is wrong with a scene."""
        against = await asyncio.to_thread(lambda: list(contradictions(desk, draft)))
        return [*self.certain(desk, draft), *against]

    async def review_episode(self, desk: Desk) -> Sequence[Objection]:
        """Return everything certain that is wrong with any scene, and what else code finds in the whole."""
        scenes = sorted(desk.manuscript.scenes.items())
        certain = [
            one.model_copy(update={"scene": number})
            for number, draft in scenes
            for one in self.certain(desk, draft)
        ]
        return [*certain, *await asyncio.to_thread(findings, desk)]

    async def review_paper(self, desk: Desk, paper: Paper) -> Sequence[Objection]:
        """Return the lines of an outline that name somebody who is not in the scene's cast."""
        outline = desk.manuscript.outline
        if desk.task.stage is not Stage.OUTLINE or outline is None:
            return []
        casts = {str(scene.number): scene.cast for scene in outline.scenes}
        return [
            Objection(
                line=line.id,
                quote=line.text,
                kind="continuity",
                gravity="minor",
                says=f"{name} is named, and is not in the cast of scene {line.id.partition('.')[0]}.",
                certain=True,
            )
            for line in paper.lines
            for name in living(desk.bible, desk.order)
            if name in line.text and name not in casts[line.id.partition(".")[0]]
        ]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """A certain objection is met when its check would no longer find it."""
        if desk.task.stage is Stage.TABLE_READ:
            return all(one.matter != objection.matter for one in await self.review_episode(desk)), ""
        if line_form(before) == line_form(after) or unfinished(after):
            return False, ""
        return objection.kind != "dialogue" or count_words(after) <= _LONGEST_SPEECH, ""

    def certain(self, desk: Desk, draft: SceneDraft) -> Iterator[Objection]:
        """Yield the faults of a scene that need no judgement."""
        plan = desk.manuscript.plan(draft.number)
        earlier = {
            line_form(line.text) for scene in desk.manuscript.before(draft.number) for line in scene.lines
        }
        parts = draft.scene.parts
        if desk.bible.location(parts.place) is None:
            yield _objection(draft.elements[0], "continuity", f"The bible knows no place {parts.place!r}.")
        for cue in outside_cast(draft.elements, plan.cast, desk.bible):
            yield _objection(cue, "continuity", f"{cue.text} is not in this scene's cast.")
        here = set(living(desk.bible, desk.order))
        for cue in draft.elements:
            if cue.kind is Kind.CUE and (who := desk.bible.character(cue.text)) and who.name not in here:
                why = "not in this episode" if who.status == "alive" else who.status
                yield _objection(cue, "continuity", f"{who.name} is {why} and cannot speak here.")
        for line in repeated(draft.elements, earlier):
            yield _objection(line, "repetition", "This line was said before.")
        for line in draft.lines:
            if line.kind is Kind.DIALOGUE and unfinished(line.text):
                yield _objection(line, "format", "The speech stops in mid-sentence.")
            if line.kind is Kind.DIALOGUE and line.words > _LONGEST_SPEECH:
                yield _objection(line, "dialogue", f"The speech runs to {line.words} words.", "minor")
        told = " ".join(line.text for line in draft.lines)
        if not mentions(told, key_terms(plan.beat) - key_terms(" ".join(plan.cast))):
            yield _objection(draft.elements[-1], "about", "The scene says nothing of what its beat is about.")


def _objection(line: Element, kind: ObjectionKind, says: str, gravity: Gravity = "serious") -> Objection:
    return Objection(line=line.id, quote=line.text, kind=kind, gravity=gravity, says=says, certain=True)
