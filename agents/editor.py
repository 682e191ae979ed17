"""The editor: logic, dialogue, character; in scenes, and in plans."""

import asyncio

from storyroom.agents.critic import ModelCritic
from storyroom.agents.desk import Desk
from storyroom.agents.phrases import PAPER_OBJECTIONS
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper
from storyroom.story.turn import Stage
from storyroom.story.voice.slips import voice_slips


class Editor(ModelCritic):
    """Fills the editor's seat."""

    role = Role.EDITOR
    template = "review_editor"
    kinds = ("dialogue", "logic", "character")

    async def review(self, desk: Desk, draft: SceneDraft) -> list[Objection]:
        """Object to lines that do not sound like who speaks, and to what the model finds."""
        slips = (await asyncio.to_thread(_out_of_voice, desk, draft))[: desk.effort.objections]
        if slips and desk.guided:
            return slips
        known = {one.line for one in slips}
        return [*slips, *(one for one in await super().review(desk, draft) if one.line not in known)]

    async def review_paper(self, desk: Desk, paper: Paper) -> list[Objection]:
        """Object to lines of the pitches or of the outline."""
        # A small model's outline is made of the idea's own sentences, all of them, in order.
        if desk.guided and desk.task.stage is Stage.OUTLINE:
            return []
        usual = PAPER_OBJECTIONS[desk.language]
        kinds = tuple(dict.fromkeys(usual.values()))
        return await self._objections(desk, "review_paper", paper.lines, kinds, usual)


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
