"""The editor: logic, dialogue, format."""

from storyroom.agents.critic import ModelCritic
from storyroom.story.bible import Role


class Editor(ModelCritic):
    """Fills the editor's seat."""

    role = Role.EDITOR
    template = "review_editor"
    kinds = ("dialogue", "logic", "character")
