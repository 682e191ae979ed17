"""The showrunner: says what the episode is to be, chooses among the pitches, rules on what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from storyroom.agents.answers import NONE, brief_answer, choice_answer, one_of, ruling_answer
from storyroom.agents.checking import about, apart, sound
from storyroom.agents.company import company_of
from storyroom.agents.desk import Desk
from storyroom.agents.idea import line_of, one_text, own_words
from storyroom.agents.merging import merge
from storyroom.agents.phrases import THEMES
from storyroom.story.bible import Role
from storyroom.story.objection import Objection
from storyroom.story.plan import Brief, Choice, Pitch, Story
from storyroom.story.text import Sentence
from storyroom.story.turn import Stage


class Showrunner:
    """Fills the showrunner's seat."""

    role: str = Role.SHOWRUNNER

    async def brief(self, desk: Desk) -> Brief:
        """Turn the idea into a brief."""
        names = company_of(desk.bible, desk.order)
        idea = desk.order.idea

        def faults(answer: Any) -> list[str]:
            lines = [answer.a.line, answer.b.line, answer.c.line]
            if desk.guided:
                return []
            return [
                *about(answer.premise, idea, least=3),
                *about(" ".join(lines), idea, least=4),
                *sound(answer.premise, answer.theme, *lines),
                *apart(answer.premise, *lines),
            ]

        answer: Any = await desk.ask(
            "brief",
            brief_answer(
                names, line_of(desk, names), _theme(desk), [line_of(desk, names, part) for part in range(3)]
            ),
            checks=faults,
            max_tokens=480,
            names=names,
        )
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
            own_words=own_words(idea, answer.premise, answer.a.line, answer.b.line, answer.c.line),
        )

    async def choose(self, desk: Desk, pitches: Sequence[Pitch]) -> Choice:
        """Choose the storyline to go on with, or make one of two; of all, where the order wants that."""
        numbered = dict(enumerate(pitches, 1))
        if len(pitches) == 1:
            return Choice(pitches=(1,), reason="", story=pitches[0])
        if desk.order.merge:
            return await merge(desk, numbered)
        answer: Any = await desk.ask(
            "choice",
            choice_answer(len(pitches), desk.language, guided=desk.guided),
            checks=lambda given: sound(given.reason),
            max_tokens=100,
            pitches=pitches,
        )
        number = int(answer.pitch)
        if answer.merge_with in (NONE, answer.pitch):
            return Choice(pitches=(number,), reason=answer.reason, story=numbered[number])
        chosen = (number, int(answer.merge_with))
        made = await merge(desk, {one: numbered[one] for one in chosen})
        return made.model_copy(update={"reason": one_text((answer.reason, made.reason))})

    async def rule(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Decide whether the old wording of a line comes back, and say why; at a table read, what stays."""
        answer: Any = await desk.ask(
            "ruling_read" if desk.task.stage is Stage.TABLE_READ else "ruling",
            ruling_answer(desk.language, guided=desk.guided),
            checks=lambda given: sound(given.reason),
            max_tokens=80,
            attempts=2,
            objection=objection,
            before=before,
            after=after,
        )
        return answer.keep == "old", answer.reason


def _theme(desk: Desk) -> Any:
    return one_of(THEMES[desk.language]) if desk.guided else Annotated[str, Sentence(20, 90)]
