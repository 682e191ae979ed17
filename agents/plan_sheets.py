"""The sheets of plans: brief, pitch, choice, outline."""

from __future__ import annotations

from typing import Literal

from storyroom.agents import forms
from storyroom.agents.company import acts, heading
from storyroom.agents.idea import own_words
from storyroom.agents.reading import check_outline, no_place
from storyroom.agents.sheet import Sheet
from storyroom.errors import InputError
from storyroom.story.bible import Bible, nearest
from storyroom.story.headings import heading_parts
from storyroom.story.plan import Brief, Choice, Letter, Order, Outline, Pitch, ScenePlan, Story

_LETTERS: tuple[Letter, ...] = ("A", "B", "C")


class BriefSheet(Sheet[Brief], frozen=True):
    """What the episode is to be."""

    kind: Literal["brief"] = "brief"
    bible: Bible
    order: Order

    def _read(self, text: str) -> Brief:
        given = self._filled(forms.Brief, text)
        stories = zip(_LETTERS, (given.a, given.b, given.c), strict=True)
        lines = (given.premise, given.a.line, given.b.line, given.c.line)
        return Brief(
            premise=given.premise,
            theme=given.theme,
            stories=tuple(
                Story(letter=letter, lead=_person(self.bible, one.lead), line=one.line)
                for letter, one in stories
            ),
            arc=given.arc,
            pages=self.order.pages,
            scenes=self.order.scenes,
            own_words=own_words(self.order.idea, *lines),
        )


class PitchSheet(Sheet[Pitch], frozen=True):
    """A storyline."""

    kind: Literal["pitch"] = "pitch"

    def _read(self, text: str) -> Pitch:
        return Pitch(**self._filled(forms.Pitch, text).model_dump())


class ChoiceSheet(Sheet[Choice], frozen=True):
    """Which storyline it is to be; several make one."""

    kind: Literal["choice"] = "choice"
    pitches: tuple[Pitch, ...]

    def _read(self, text: str) -> Choice:
        given = self._filled(forms.Choice, text)
        chosen = tuple(dict.fromkeys(given.pitches))
        for number in chosen:
            if not 1 <= number <= len(self.pitches):
                raise InputError(
                    f"There is no pitch {number}.", hint=f"The pitches are numbered 1 to {len(self.pitches)}."
                )
        own = {name: said for name, said in given.story.model_dump().items() if said}
        if len(chosen) > 1 and len(own) < len(Pitch.model_fields):
            raise InputError(
                "Two pitches make a story of their own, and it is not all told.",
                hint="Fill in title, conflict, turn and ending under story.",
            )
        return Choice(
            pitches=chosen,
            reason=given.reason,
            story=self.pitches[chosen[0] - 1].model_copy(update=own),
        )


class OutlineSheet(Sheet[Outline], frozen=True):
    """The episode scene by scene."""

    kind: Literal["outline"] = "outline"
    bible: Bible
    order: Order

    def _read(self, text: str) -> Outline:
        given = self._filled(forms.Outline, text)
        named = acts(len(given.scenes), self.order.language)
        plans = (
            self._plan(number, act, scene)
            for number, (act, scene) in enumerate(zip(named, given.scenes, strict=True), 1)
        )
        outline = Outline(title=given.title, scenes=tuple(plans))
        check_outline(outline, self.bible, self.order.scenes)
        return outline

    def _plan(self, number: int, act: str, scene: forms.Scene) -> ScenePlan:
        place = self.bible.location(scene.place)
        if place is None:
            raise no_place(self.bible, scene.place)
        cast = tuple(dict.fromkeys(_person(self.bible, name) for name in scene.cast))
        line = heading(self.bible, self.order.language, place.name, scene.time)
        if self.bible.location(heading_parts(line).place) is not place:
            raise InputError(
                f"Scene {number}: {scene.time!r} makes no heading that can be read back.",
                hint="Give a time of day, such as NIGHT or 夜.",
            )
        return ScenePlan(
            number=number,
            act=act,
            heading=line,
            place=place.name,
            time=scene.time,
            story=scene.story,
            cast=cast,
            beat=scene.beat,
            change=scene.change,
            emotions=dict.fromkeys(cast, scene.feeling),
            own_words=own_words(self.order.idea, scene.beat, scene.change),
        )


def _person(bible: Bible, name: str) -> str:
    who = bible.character(name)
    if who is None:
        known = [one.name for one in bible.cast]
        raise InputError(
            f"Nobody in the cast is called {name!r}{nearest(name, known)}.",
            hint=f"The cast: {', '.join(known)}. New people go into series.yaml.",
        )
    return who.name
