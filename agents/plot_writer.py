"""The plot writer: pitches a storyline, and breaks the chosen one into scenes."""

from __future__ import annotations

import itertools
import re
from typing import Any

from storyroom.agents.answers import pitch_answer, scene_plan_answer
from storyroom.agents.checking import about, apart, likeness, sound
from storyroom.agents.company import TIMES, acts, company_of, heading, places_of
from storyroom.agents.desk import Desk
from storyroom.story.bible import Role
from storyroom.story.checks import key_terms
from storyroom.story.plan import Letter, Outline, Pitch, ScenePlan

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_SPEAKERS = 3


class PlotWriter:
    """Fills a plot writer's seat; several sit side by side and pitch without seeing each other."""

    role: str = Role.PLOT_WRITER

    async def pitch(self, desk: Desk) -> Pitch:
        """Pitch one storyline. Each writer tells it from another of the company's side."""
        names = company_of(desk.bible, desk.order)
        lead = names[(desk.task.ordinal - 1) % len(names)]

        def faults(answer: Any) -> list[str]:
            told = (answer.conflict, answer.turn, answer.ending)
            return [*about(" ".join(told), desk.order.idea, least=4), *sound(*told), *apart(*told)]

        answer: Any = await desk.ask(
            "pitch", pitch_answer(names), checks=faults, max_tokens=260, lead=lead, names=names
        )
        return Pitch(title=answer.title, conflict=answer.conflict, turn=answer.turn, ending=answer.ending)

    async def outline(self, desk: Desk) -> Outline:
        """Break the chosen story into scenes, one after the other, each seeing those before it."""
        choice = desk.manuscript.choice
        assert choice is not None, "the outline follows the choice"
        names = company_of(desk.bible, desk.order)
        shares = shared_out(desk.order.idea, choice.story, desk.order.scenes)
        act_names = acts(desk.order.scenes, desk.language)
        scenes: list[ScenePlan] = []
        for number, share in enumerate(shares, 1):
            scenes.append(await self._scene(desk, names, number, act_names[number - 1], share, scenes))
        return Outline(title=choice.story.title, scenes=tuple(scenes))

    async def _scene(
        self, desk: Desk, names: tuple[str, ...], number: int, act: str, share: str, so_far: list[ScenePlan]
    ) -> ScenePlan:
        times = TIMES[desk.language]
        here = tuple(name for name in names if name in share)
        form = scene_plan_answer(here or names, places_of(desk.bible, share), times, _SPEAKERS)

        def faults(answer: Any) -> list[str]:
            told = key_terms(answer.beat)
            again = any(likeness(told, key_terms(plan.beat)) > 0.5 for plan in so_far)
            return [
                *about(answer.beat, share, least=3),
                *sound(answer.beat, answer.change),
                *apart(answer.beat, answer.change),
                *(["tells an earlier scene again"] if again else []),
            ]

        answer: Any = await desk.ask(
            "outline",
            form,
            checks=faults,
            max_tokens=240,
            number=number,
            act=act,
            share=share,
            so_far=so_far,
            names=here or names,
        )
        cast = _cast(answer, names)
        return ScenePlan(
            number=number,
            act=act,
            heading=heading(desk.bible, desk.language, answer.place, answer.time),
            place=answer.place,
            time=answer.time,
            story=_letter(number, desk.order.scenes),
            cast=cast,
            beat=answer.beat,
            change=answer.change,
            emotions=dict.fromkeys(cast, answer.feeling),
        )


def shared_out(idea: str, story: Pitch, scenes: int) -> list[str]:
    """Share the idea and the chosen story out over the scenes, in order, so that none is forgotten.

    With as many sentences as scenes, each scene has one; with more, neighbours share a scene; with fewer, the
    story's conflict, turn and ending come in, and what is still missing goes on from the last.
    """
    said = [part.strip() for part in _SENTENCE.split(idea.strip()) if part.strip()]
    if len(said) < scenes:
        said += [story.conflict, story.turn, story.ending][: scenes - len(said)]
    if len(said) >= scenes:
        cuts = [round(i * len(said) / scenes) for i in range(scenes + 1)]
        return [" ".join(said[a:b]) for a, b in itertools.pairwise(cuts)]
    return [said[i * len(said) // scenes] for i in range(scenes)]


def _letter(number: int, scenes: int) -> Letter:
    """Return the line of story that a scene serves: the A story opens and closes, the others take turns."""
    if number == scenes:
        return "A"
    letters: tuple[Letter, ...] = ("A", "B", "A", "C")
    return letters[(number - 1) % len(letters)]


def _cast(answer: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return who is in the scene: those the answer lists, and those its beat names."""
    told = f"{answer.beat} {answer.change}"
    cast = list(dict.fromkeys([*(name for name in names if name in told), *answer.cast]))
    return tuple(cast[: max(_SPEAKERS, sum(name in told for name in names))])
