"""The emotion critic: whether a scene makes one feel what was planned."""

from storyroom.agents.answers import FeelingAnswer
from storyroom.agents.checking import sound
from storyroom.agents.critic import ModelCritic
from storyroom.agents.desk import Desk
from storyroom.agents.layout import scene_text
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft


class EmotionCritic(ModelCritic):
    """Fills the emotion critic's seat."""

    role = Role.EMOTION_CRITIC
    template = "review_emotion"
    kinds = ("emotion",)

    async def feeling(self, desk: Desk, draft: SceneDraft) -> FeelingAnswer:
        """Say what the scene as written makes one feel, without being told what was planned."""
        return await desk.ask(
            "feeling",
            FeelingAnswer,
            checks=lambda answer: sound(answer.reason),
            max_tokens=70,
            attempts=2,
            text=scene_text(draft),
        )
