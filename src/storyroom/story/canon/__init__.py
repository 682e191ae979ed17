"""What is true in the story: facts, when they hold, who knows them, and where the script says so."""

from storyroom.story.canon.canon import Canon
from storyroom.story.canon.fact import Evidence, Fact, FactKind, FactOrigin, FactStatus
from storyroom.story.canon.moment import BIBLE, Moment

__all__ = ["BIBLE", "Canon", "Evidence", "Fact", "FactKind", "FactOrigin", "FactStatus", "Moment"]
