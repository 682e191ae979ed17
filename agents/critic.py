"""What critics have in common: a blind review of one scene, and the word on whether an objection was met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from storyroom.agents.answers import review_answer, verify_answer
from storyroom.agents.checking import sound
from storyroom.agents.desk import Desk
from storyroom.agents.phrases import OBJECTIONS, SAYS_NO
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection, ObjectionKind
from storyroom.story.paper import Paper, PaperLine
from storyroom.story.roles import role_name
from storyroom.story.script import Element, Kind


@runtime_checkable
class Critic(Protocol):
    """A role that reads a scene and objects.

    Attributes:
        role: its slug, unique in the room.
    """

    @property
    def role(self) -> str: ...  # noqa: D102

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Read a draft without seeing what the other critics say, and return what is wrong with it."""
        ...

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Say whether a revision or a rebuttal meets the objection, and why."""
        ...


@runtime_checkable
class PaperCritic(Protocol):
    """A critic that also reads plans: the pitches, the outline."""

    async def review_paper(self, desk: Desk, paper: Paper) -> Sequence[Objection]:
        """Read a plan without seeing what other critics say, and return what is wrong with it."""
        ...


@runtime_checkable
class EpisodeCritic(Critic, Protocol):
    """A critic that also reads the episode as a whole, at the table read."""

    async def review_episode(self, desk: Desk) -> Sequence[Objection]:
        """Read all scenes without seeing what other critics say; each objection names its scene."""
        ...


def reviewed(draft: SceneDraft) -> list[Element]:
    """Return the lines of a scene that a model is shown by number, from 1: speech and action."""
    return [line for line in draft.lines if line.kind in (Kind.DIALOGUE, Kind.ACTION)]


class ModelCritic:
    """A critic that asks its model, under kinds of objection that are its own.

    Attributes:
        template: name of the prompt template of its review.
        kinds: what it may object to.
    """

    role: str
    template: str
    kinds: tuple[ObjectionKind, ...]

    async def review(self, desk: Desk, draft: SceneDraft) -> list[Objection]:
        """Ask for objections to numbered lines; a quote is taken from the draft, never from the model."""
        return await self._asked(desk, draft)

    async def _asked(self, desk: Desk, draft: SceneDraft, **variables: Any) -> list[Objection]:
        spoken = reviewed(draft)
        lines = [
            PaperLine(line.id, draft.speaker_of(line.id) or "", line.text.replace("\n", " "))
            for line in spoken
        ]
        plan = desk.manuscript.plan(draft.number)
        usual = OBJECTIONS[desk.language]
        found = await self._objections(desk, self.template, lines, self.kinds, usual, plan=plan, **variables)
        quotes = {line.id: line.text for line in spoken}
        return [one.model_copy(update={"quote": quotes[one.line]}) for one in found]

    async def _objections(
        self,
        desk: Desk,
        template: str,
        lines: Sequence[PaperLine],
        kinds: Sequence[ObjectionKind],
        usual: Mapping[str, ObjectionKind],
        **variables: Any,
    ) -> list[Objection]:
        if not lines:
            return []

        def faults(answer: Any) -> list[str]:
            return sound(*(one.says for one in answer.objections))

        says = [said for said, kind in usual.items() if kind in kinds]
        answer: Any = await desk.ask(
            template,
            review_answer(len(lines), kinds, desk.effort.objections, says, guided=desk.guided),
            checks=faults,
            max_tokens=40 + 90 * desk.effort.objections,
            attempts=2,
            warm=True,
            lines=[(number, line.label, line.text) for number, line in enumerate(lines, 1)],
            **variables,
        )
        return [
            Objection(
                line=lines[int(one.line) - 1].id,
                quote=lines[int(one.line) - 1].text,
                kind=usual.get(one.says, one.kind),
                gravity=one.gravity,
                says=one.says,
            )
            for one in answer.objections
            if not sound(one.says)
        ]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Ask whether the new wording meets the objection."""
        answer: Any = await desk.ask(
            "verify",
            verify_answer(desk.language, guided=desk.guided),
            checks=lambda given: sound(given.reason),
            max_tokens=70,
            attempts=2,
            role=role_name(self.role, desk.language),
            objection=objection,
            before=before,
            after=after,
        )
        met = answer.reason not in SAYS_NO if desk.guided else answer.met == "yes"
        return met, answer.reason
