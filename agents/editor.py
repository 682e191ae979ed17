"""The editor: logic, dialogue, character; in scenes, and in plans."""

from storyroom.agents.critic import ModelCritic
from storyroom.agents.desk import Desk
from storyroom.agents.phrases import PAPER_OBJECTIONS
from storyroom.story.bible import Role
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper
from storyroom.story.turn import Stage


class Editor(ModelCritic):
    """Fills the editor's seat."""

    role = Role.EDITOR
    template = "review_editor"
    kinds = ("dialogue", "logic", "character")

    async def review_paper(self, desk: Desk, paper: Paper) -> list[Objection]:
        """Object to lines of the pitches or of the outline."""
        # A small model's outline is made of the idea's own sentences, all of them, in order.
        if desk.guided and desk.task.stage is Stage.OUTLINE:
            return []
        usual = PAPER_OBJECTIONS[desk.language]
        kinds = tuple(dict.fromkeys(usual.values()))
        return await self._objections(desk, "review_paper", paper.lines, kinds, usual)
