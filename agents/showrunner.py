"""The showrunner: says what the episode is to be, chooses among the pitches, rules on what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storyroom.agents.answers import RulingAnswer, brief_answer, choice_answer
from storyroom.agents.checking import about, apart, sound
from storyroom.agents.company import company_of
from storyroom.agents.desk import Desk
from storyroom.story.bible import Role
from storyroom.story.objection import Objection
from storyroom.story.plan import Brief, Choice, Pitch, Story


class Showrunner:
    """Fills the showrunner's seat."""

    role: str = Role.SHOWRUNNER

    async def brief(self, desk: Desk) -> Brief:
        """Turn the idea into a brief."""
        names = company_of(desk.bible, desk.order)

        def faults(answer: Any) -> list[str]:
            lines = [answer.a.line, answer.b.line, answer.c.line]
            return [
                *about(answer.premise, desk.order.idea, least=3),
                *about(" ".join(lines), desk.order.idea, least=4),
                *sound(answer.premise, answer.theme, *lines),
                *apart(answer.premise, *lines),
            ]

        answer: Any = await desk.ask("brief", brief_answer(names), checks=faults, max_tokens=420, names=names)
        return Brief(
            premise=answer.premise,
            theme=answer.theme,
            stories=(
                Story(letter="A", lead=answer.a.lead, line=answer.a.line),
                Story(letter="B", lead=answer.b.lead, line=answer.b.line),
                Story(letter="C", lead=answer.c.lead, line=answer.c.line),
            ),
            arc=tuple(answer.arc),
            pages=desk.order.pages,
            scenes=desk.order.scenes,
        )

    async def choose(self, desk: Desk, pitches: Sequence[Pitch]) -> Choice:
        """Choose the storyline to go on with."""
        if len(pitches) == 1:
            return Choice(pitches=(1,), reason="", story=pitches[0])

        def faults(answer: Any) -> list[str]:
            return sound(answer.reason)

        answer: Any = await desk.ask(
            "choice", choice_answer(len(pitches)), checks=faults, max_tokens=90, pitches=pitches
        )
        number = int(answer.pitch)
        return Choice(pitches=(number,), reason=answer.reason, story=pitches[number - 1])

    async def rule(self, desk: Desk, objection: Objection, before: str, after: str) -> RulingAnswer:
        """Decide between the old and the new wording of a line that a critic still objects to."""
        return await desk.ask(
            "ruling",
            RulingAnswer,
            checks=lambda answer: sound(answer.reason),
            max_tokens=80,
            attempts=2,
            objection=objection,
            before=before,
            after=after,
        )
