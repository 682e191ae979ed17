"""The emotion critic: whether a scene makes one feel what was planned."""

from typing import Any

from storyroom.agents.answers import feeling_answer
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

    async def feeling(self, desk: Desk, draft: SceneDraft) -> tuple[str, str]:
        """Say what the scene as written makes one feel, and why, without being told what was planned."""
        answer: Any = await desk.ask(
            "feeling",
            feeling_answer(desk.language, guided=desk.guided),
            checks=lambda given: sound(given.reason),
            max_tokens=70,
            attempts=2,
            text=scene_text(draft),
        )
        return answer.feeling, answer.reason
