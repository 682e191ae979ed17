"""A member in a seat: does the agent's tasks, as far as they do not hand them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from storyroom.agents import questions
from storyroom.agents.author import Document, Reply
from storyroom.agents.block_sheets import BlockSheet
from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import Written
from storyroom.agents.questions import Point
from storyroom.agents.sheet import Sheet
from storyroom.story.draft import SceneDraft, aligned
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper, episode_paper
from storyroom.story.plan import Brief, Choice, Outline, Pitch

A = TypeVar("A")


def seated(agent: A, desk: Desk) -> A:
    """Return who does the desk's task: the agent, or the member in its seat, who has the same methods."""
    return agent if desk.member is None else cast("A", Seated(agent))


class Seated:
    """Whoever sits in the seat of an agent.

    A task is put before the member as a sheet. If they hand it back, the agent does it. What a debate asks
    about each of several objections is asked on one sheet: see `replies`.
    """

    def __init__(self, agent: Any) -> None:
        self.agent = agent

    @property
    def role(self) -> str:
        """The role whose seat it is."""
        return str(self.agent.role)

    async def brief(self, desk: Desk) -> Brief:
        """Ask for the brief."""
        given = await _asked(desk, questions.ask_brief(desk))
        return await self.agent.brief(desk) if given is None else given

    async def pitch(self, desk: Desk) -> Pitch:
        """Ask for a pitch."""
        given = await _asked(desk, questions.ask_pitch(desk))
        return await self.agent.pitch(desk) if given is None else given

    async def choose(self, desk: Desk, pitches: Sequence[Pitch]) -> Choice:
        """Ask which pitch it is to be."""
        given = await _asked(desk, questions.ask_choice(desk, pitches))
        return await self.agent.choose(desk, pitches) if given is None else given

    async def outline(self, desk: Desk) -> Outline:
        """Ask for the outline."""
        given = await _asked(desk, questions.ask_outline(desk))
        return await self.agent.outline(desk) if given is None else given

    async def draft(self, desk: Desk) -> Written:
        """Ask for a scene; the lines of an earlier version that it keeps stay whose they were."""
        number = desk.task.scene
        assert number is not None, "a scene is drafted for a scene"
        elements = await _asked(desk, questions.ask_scene(desk, number))
        if elements is None:
            return cast("Written", await self.agent.draft(desk))
        before = desk.manuscript.scenes.get(number)
        own = aligned(before.elements if before else (), elements, desk.task.id)
        return Written(SceneDraft(number=number, elements=own), struck=())

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Ask what is wrong with a scene."""
        given = await _asked(desk, questions.ask_review(desk, draft))
        return await self.agent.review(desk, draft) if given is None else given

    async def review_paper(self, desk: Desk, paper: Paper) -> Sequence[Objection]:
        """Ask what is wrong with a plan."""
        given = await _asked(desk, questions.ask_review(desk, paper))
        return await self.agent.review_paper(desk, paper) if given is None else given

    async def review_episode(self, desk: Desk) -> Sequence[Objection]:
        """Ask what is wrong with the episode as a whole."""
        given = await _asked(desk, questions.ask_review(desk, episode_paper(desk.manuscript.scenes)))
        return await self.agent.review_episode(desk) if given is None else given

    async def feeling(self, desk: Desk, draft: SceneDraft) -> tuple[str, str]:
        """Ask what a scene makes one feel."""
        given = await _asked(desk, questions.ask_feeling(desk, draft))
        return await self.agent.feeling(desk, draft) if given is None else given


async def replies(desk: Desk, document: Document, points: Sequence[Point]) -> dict[int, Reply]:
    """Ask the member in the seat which objections they accept, all on one sheet.

    Returns:
        What they said on each, by its place among the points; the others are handed back to the agent.
    """
    return await _on_each(desk, questions.ask_replies, document, points)


async def verifications(
    desk: Desk, document: Document, points: Sequence[Point]
) -> dict[int, tuple[bool, str]]:
    """Ask the member in the seat which objections were met, and why, as `replies` does."""
    return await _on_each(desk, questions.ask_verifications, document, points)


async def rulings(desk: Desk, document: Document, points: Sequence[Point]) -> dict[int, tuple[bool, str]]:
    """Ask the member in the seat which old wordings stand, and why, as `replies` does."""
    return await _on_each(desk, questions.ask_rulings, document, points)


async def _on_each(
    desk: Desk,
    ask: Callable[[Desk, Document, Sequence[Point]], BlockSheet[A]],
    document: Document,
    points: Sequence[Point],
) -> dict[int, A]:
    if desk.seat is None or desk.member is None or not points:
        return {}
    given = await _asked(desk, ask(desk, document, points)) or {}
    # Whoever leaves a block empty leaves what is left of the task to the agent, who then signs for it.
    desk.seat.handed_back = len(given) < len(points)
    return {number - 1: one for number, one in given.items()}


async def _asked(desk: Desk, sheet: Sheet[A]) -> A | None:
    text = await desk.ask_member(sheet)
    return None if text is None else sheet.read(text)
