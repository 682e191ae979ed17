"""The editor: logic, dialogue, character; in scenes, and in plans."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from storyroom.agents.continuity import clashes
from storyroom.agents.critic import ModelCritic, reviewed
from storyroom.agents.desk import Desk
from storyroom.agents.phrases import PAPER_OBJECTIONS
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper, PaperLine
from storyroom.story.turn import Stage
from storyroom.story.voice.slips import voice_slips


class Editor(ModelCritic):
    """Fills the editor's seat."""

    role = Role.EDITOR
    template = "review_editor"
    kinds = ("dialogue", "logic", "character")

    async def review(self, desk: Desk, draft: SceneDraft) -> list[Objection]:
        """Object to lines that do not sound like who speaks, to what the model finds, and to contradictions.

        Whether the scene goes together with what memory found for it, a small model is not asked.
        """
        slips = (await asyncio.to_thread(_out_of_voice, desk, draft))[: desk.effort.objections]
        if slips and desk.guided:
            return slips
        known = {one.line for one in slips}
        found = [*slips, *(one for one in await super().review(desk, draft) if one.line not in known)]
        if desk.guided or not desk.effort.reads_whole:
            return found
        known = {one.line for one in found}
        return [*found, *(one for one in await clashes(desk, draft) if one.line not in known)]

    async def review_episode(self, desk: Desk) -> list[Objection]:
        """Object to how scenes begin and end, read one after the other; a small model is not asked."""
        if desk.guided or not desk.effort.reads_whole:
            return []
        scene_of = {line.id: scene for scene, line in _joints(desk)}
        lines = [line for _, line in _joints(desk)]
        found = await self._objections(desk, "review_episode", lines, self.kinds, {})
        return [one.model_copy(update={"scene": scene_of[one.line]}) for one in found]

    async def review_paper(self, desk: Desk, paper: Paper) -> list[Objection]:
        """Object to lines of the pitches or of the outline."""
        # A small model's outline is made of the idea's own sentences, all of them, in order.
        if desk.guided and desk.task.stage is Stage.OUTLINE:
            return []
        usual = PAPER_OBJECTIONS[desk.language]
        kinds = tuple(dict.fromkeys(usual.values()))
        return await self._objections(desk, "review_paper", paper.lines, kinds, usual)


def _joints(desk: Desk) -> Iterator[tuple[int, PaperLine]]:
    """Yield the first and the last line of each scene, with its number: there an episode comes apart."""
    for number, draft in sorted(desk.manuscript.scenes.items()):
        lines = reviewed(draft)
        for line in lines[:1] + lines[1:][-1:]:
            who = draft.speaker_of(line.id)
            yield number, PaperLine(line.id, f"{number}" + (f", {who}" if who else ""), line.text)


def _out_of_voice(desk: Desk, draft: SceneDraft) -> list[Objection]:
    """Return the lines that are unlike all that the character said in the canon and in this script."""
    canon = [episode for episode in desk.ledger.episodes.canon() if episode.id in desk.reading.canon]
    drafts = [desk.ledger.drafts.get(one, SceneDraft) for episode in canon for one in episode.scenes.values()]
    earlier = [one.elements for one in (*drafts, *desk.manuscript.before(draft.number))]
    return [
        Objection(line=slip.line, quote=line.text, kind="character", gravity="minor", says=slip.reason)
        for slip in voice_slips(draft, earlier, desk.bible)
        if (line := draft.line(slip.line)) is not None
    ]
