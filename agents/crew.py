"""The crew: who does which job in the room. Pass one of your own to `Room.open` to change it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from storyroom.agents.critic import Critic, EpisodeCritic
from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.agents.editor import Editor
from storyroom.agents.emotion_critic import EmotionCritic
from storyroom.agents.plot_writer import PlotWriter
from storyroom.agents.script_coordinator import ScriptCoordinator
from storyroom.agents.showrunner import Showrunner
from storyroom.agents.standards import Standards
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft


@runtime_checkable
class Polisher(Protocol):
    """A role that rewords a scene after its debate, such as a punch-up writer.

    Attributes:
        role: its slug, unique in the room; also what notes and models name it by.
    """

    @property
    def role(self) -> str: ...  # noqa: D102

    async def polish(self, desk: Desk, draft: SceneDraft) -> SceneDraft:
        """Return the scene with some lines reworded (`SceneDraft.with_line`), or the very same draft."""
        ...


@dataclass(frozen=True)
class Crew:
    """The roles and who fills them.

    Attributes:
        critics: review every scene, blind to each other.
        polishers: reword every scene after its debate, one after the other.
    """

    showrunner: Showrunner = field(default_factory=Showrunner)
    plot_writer: PlotWriter = field(default_factory=PlotWriter)
    dialogue_writer: DialogueWriter = field(default_factory=DialogueWriter)
    coordinator: ScriptCoordinator = field(default_factory=ScriptCoordinator)
    emotion_critic: EmotionCritic = field(default_factory=EmotionCritic)
    critics: tuple[Critic, ...] = ()
    polishers: tuple[Polisher, ...] = ()

    @classmethod
    def default(cls) -> Crew:
        """Return the six roles that Storyroom brings."""
        crew = cls()
        return replace(crew, critics=(Editor(), crew.emotion_critic, crew.coordinator))

    def with_critic(self, critic: Critic) -> Crew:
        """Return a crew in which one more role reviews every scene."""
        return replace(self, critics=(*self.critics, critic))

    def with_standards(self) -> Crew:
        """Return a crew in which standards & practices reviews every scene."""
        seated = any(critic.role == Role.STANDARDS for critic in self.critics)
        return self if seated else self.with_critic(Standards())

    def with_polisher(self, polisher: Polisher) -> Crew:
        """Return a crew in which one more role rewords every scene."""
        return replace(self, polishers=(*self.polishers, polisher))

    def critic(self, role: str) -> Critic:
        """Return the critic of that role."""
        everybody = (*self.critics, self.emotion_critic, self.coordinator)
        return next(one for one in everybody if one.role == role)

    @property
    def readers(self) -> tuple[EpisodeCritic, ...]:
        """Who reads the whole episode at the table read, beside the emotion critic and the coordinator."""
        known = (self.emotion_critic.role, self.coordinator.role)
        return tuple(one for one in self.critics if isinstance(one, EpisodeCritic) and one.role not in known)

    def polisher(self, role: str) -> Polisher:
        """Return the polisher of that role."""
        return next(one for one in self.polishers if one.role == role)
