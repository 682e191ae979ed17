"""The plot writer: pitches a storyline, and breaks the chosen one into scenes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from operator import eq
from typing import Annotated, Any, get_args

from storyroom.agents.answers import (
    Led,
    line_answer,
    one_of,
    pitch_answer,
    reply_answer,
    scene_plan_answer,
)
from storyroom.agents.author import Document, Reply
from storyroom.agents.checking import about, apart, likeness, sound
from storyroom.agents.company import TIMES, acts, company_of, heading, places_of
from storyroom.agents.desk import Checks, Desk, no_checks
from storyroom.agents.idea import (
    ground,
    line_of,
    own_words,
    sentences,
    shared_out,
    title_of,
    told_by_members,
)
from storyroom.agents.phrases import REASONS, SAYS_NO
from storyroom.story.bible import Role
from storyroom.story.checks import key_terms
from storyroom.story.distinct import TOO_MUCH, in_common
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper, PaperLine
from storyroom.story.plan import Letter, Outline, Pitch, ScenePlan
from storyroom.story.text import Phrase
from storyroom.story.things import things
from storyroom.story.turn import Stage

_SPEAKERS = 3


class PlotWriter:
    """Fills a plot writer's seat; several sit side by side and pitch without seeing each other."""

    role: str = Role.PLOT_WRITER

    async def pitch(self, desk: Desk) -> Pitch:
        """Pitch one storyline. Each writer tells it from another of the company's side."""
        names = company_of(desk.bible, desk.order)
        return await self._pitched(desk, "pitch", [line_of(desk, names, part) for part in range(3)])

    async def pitch_again(self, desk: Desk, mine: Pitch, other: Pitch, table: Sequence[Pitch] = ()) -> Pitch:
        """Tell a storyline anew because it nearly repeats another one.

        A small model chooses among the idea's sentences again, and keeps to its pitch where none are left.

        Args:
            other: the pitch that it repeats, which the writer is shown.
            table: all pitches, which a small model is kept from telling again.
        """
        names = company_of(desk.bible, desk.order)
        lines = [line_of(desk, names, part) for part in range(3)]
        if not desk.guided:

            def repeats(answer: Any) -> list[str]:
                again = in_common(Pitch(**answer.model_dump()), other) > TOO_MUCH
                return ["nearly repeats the other pitch"] if again else []

            return await self._pitched(desk, "pitch_again", lines, repeats, mine=mine, other=other)
        ways = _other_ways(ground(desk), [get_args(line) for line in lines], other, table)
        if not ways:
            return mine
        lines = [one_of(dict.fromkeys(part)) for part in zip(*ways, strict=True)]
        told = await self._pitched(desk, "pitch_again", lines, mine=mine, other=other)
        conflict, turn, ending = max(ways, key=lambda way: sum(map(eq, way, told.lines)))
        return Pitch(title=told.title, conflict=conflict, turn=turn, ending=ending)

    async def _pitched(
        self, desk: Desk, template: str, lines: Sequence[Any], more: Checks[Any] = no_checks, **variables: Any
    ) -> Pitch:
        names = company_of(desk.bible, desk.order)
        idea = desk.order.idea

        def faults(answer: Any) -> list[str]:
            told = (answer.conflict, answer.turn, answer.ending)
            found = [*more(answer), *apart(*told)]
            return found if desk.guided else [*about(" ".join(told), idea, least=4), *sound(*told), *found]

        answer: Any = await desk.ask(
            template,
            pitch_answer(_title(desk), lines),
            checks=faults,
            max_tokens=320,
            attempts=2 if desk.guided else None,
            warm=True,
            lead=names[(desk.task.ordinal - 1) % len(names)],
            names=names,
            **variables,
        )
        return Pitch(**answer.model_dump())

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Accept an objection to a pitch or to the outline and put its sentence anew, or rebut it."""
        assert isinstance(document, Paper), "the plot writer answers for plans"
        line = document.line(objection.line)
        assert line is not None, "an objection is about a line"
        if _is_members(desk, line):
            return Reply(accept=False, reason=REASONS[desk.language]["member"][0])
        form = reworded(desk, document, line)
        if form is None:
            return Reply(accept=False, reason=REASONS[desk.language]["idea"][0])
        accept, reason = True, ""
        if not objection.certain:
            given: Any = await desk.ask(
                "reply_paper",
                reply_answer(desk.language, guided=desk.guided, occasion="reply_paper"),
                checks=lambda given: sound(given.reason),
                max_tokens=70,
                attempts=2,
                warm=True,
                objection=objection,
                line=line,
                insisted=insisted,
            )
            accept = given.reason not in SAYS_NO if desk.guided else given.answer == "accept"
            reason = given.reason
        if not accept:
            return Reply(accept=False, reason=reason)
        # A small model's pitches share the idea's few sentences; it only may not say one twice in a pitch.
        known = _said_beside(document, line) if desk.guided else {one.text for one in document.lines}
        written: Any = await desk.ask(
            "rewrite_paper",
            line_answer(form),
            checks=lambda given: [
                *sound(given.text),
                *(["stands there already"] if given.text in known else []),
            ],
            max_tokens=120,
            attempts=3,
            warm=True,
            objection=objection,
            line=line,
            lines=document.lines,
        )
        return Reply(accept=True, reason=reason, text=None if written.text in known else written.text)

    async def outline(self, desk: Desk) -> Outline:
        """Break the chosen story into scenes, one after the other, each seeing those before it."""
        choice = desk.manuscript.choice
        assert choice is not None, "the outline follows the choice"
        names = company_of(desk.bible, desk.order)
        if told := told_by_members(desk, choice):
            shares = shared_out(told, (), desk.order.scenes)
        else:
            told = ground(desk) if desk.guided else sentences(desk.order.idea)
            shares = shared_out(told, choice.story.lines, desk.order.scenes)
        act_names = acts(desk.order.scenes, desk.language)
        scenes: list[ScenePlan] = []
        for number, share in enumerate(shares, 1):
            scenes.append(await self._scene(desk, names, number, act_names[number - 1], share, scenes))
        title = choice.story.title or title_of(choice.story.told, names, desk.language)
        return Outline(title=title, scenes=tuple(scenes))

    async def _scene(
        self, desk: Desk, names: tuple[str, ...], number: int, act: str, share: str, so_far: list[ScenePlan]
    ) -> ScenePlan:
        times = TIMES[desk.language]
        here = tuple(name for name in names if name in share) or names
        line = None if desk.guided else Annotated[str, Led(names=here, language=desk.language)]
        form = scene_plan_answer(here, _places(desk, share, so_far), times, _SPEAKERS, line)

        def faults(answer: Any) -> list[str]:
            if desk.guided:
                return []
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
            names=here,
        )
        beat, change = (share, "") if desk.guided else (answer.beat, answer.change)
        cast = _cast(f"{beat} {change}", answer.cast, names)
        return ScenePlan(
            number=number,
            act=act,
            heading=heading(desk.bible, desk.language, answer.place, answer.time),
            place=answer.place,
            time=answer.time,
            story=_letter(number, desk.order.scenes),
            cast=cast,
            beat=beat,
            change=change,
            emotions=dict.fromkeys(cast, answer.feeling),
            own_words=own_words(desk.order.idea, beat, change),
            plants=() if desk.guided else tuple(dict.fromkeys(answer.plants)),
        )


def reworded(desk: Desk, paper: Paper, line: PaperLine) -> Any | None:
    """Return the form of a new wording for a line of a plan; None if there is no other.

    A small model chooses among the idea's sentences that this plan does not use yet. The scenes of an outline
    share them all out, so there is nothing left to choose.
    """
    names = company_of(desk.bible, desk.order)
    if not desk.guided:
        return Annotated[str, Led(names=names, language=desk.language)]
    if desk.task.stage is Stage.OUTLINE:
        return None
    used = _said_beside(paper, line)
    free = [said for said in ground(desk) if said not in used]
    return one_of(free) if free else None


def _other_ways(
    said: Sequence[str], options: Sequence[Sequence[str]], other: Pitch, table: Sequence[Pitch]
) -> list[tuple[str, ...]]:
    """Return the storylines in the idea's own sentences that have least in common with another.

    Args:
        said: the sentences, in the idea's order, which a storyline keeps.
        options: those that can be the conflict, the turn and the ending.
    """
    taken = {one.lines for one in table}
    ways = [
        way
        for way in itertools.product(*options)
        if said.index(way[0]) < said.index(way[1]) < said.index(way[2]) and way not in taken
    ]
    shared = {way: len({*way} & {*other.lines}) for way in ways}
    return [way for way in ways if shared[way] == min(shared.values())]


def _is_members(desk: Desk, line: PaperLine) -> bool:
    """Tell whether a line is of a pitch that a member made; only they reword it."""
    if desk.task.stage is not Stage.PITCH or desk.manuscript.pitches is None:
        return False
    return desk.manuscript.pitches.pitches[int(line.id.partition(".")[0]) - 1].is_members


def _said_beside(paper: Paper, line: PaperLine) -> set[str]:
    """Return all that the plan of a line says, the line itself included."""
    own = line.id.partition(".")[0]
    return {one.text for one in paper.lines if one.id.partition(".")[0] == own}


def _places(desk: Desk, share: str, so_far: Sequence[ScenePlan]) -> Sequence[str]:
    """Return the places to choose from: all, or for a small model those that the share names.

    A small model also stays where it is unless it is made to move.
    """
    if not desk.guided:
        return [place.name for place in desk.bible.locations]
    places = places_of(desk.bible, share)
    return [place for place in places if not so_far or place != so_far[-1].place] or places


def _letter(number: int, scenes: int) -> Letter:
    """Return the line of story that a scene serves: the A story opens and closes, the others take turns."""
    if number == scenes:
        return "A"
    letters: tuple[Letter, ...] = ("A", "B", "A", "C")
    return letters[(number - 1) % len(letters)]


def _cast(told: str, listed: Sequence[str], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return who is in the scene: those whom it names and those who are listed, two at the least."""
    cast = list(dict.fromkeys([*(name for name in names if name in told), *listed, *names[:1], *names[1:2]]))
    named = sum(name in told for name in names)
    return tuple(cast[: max(2, named, min(_SPEAKERS, len(set(listed))))])


def _title(desk: Desk) -> Any:
    """Return the form of a title; a small model chooses among the things of the idea."""
    named = things(desk.order.idea, [who.name for who in desk.bible.cast]) if desk.guided else ()
    if not named:
        return Annotated[str, Phrase(4, 36)]
    return one_of(" ".join(word[0].upper() + word[1:] for word in thing.split()) for thing in named)
