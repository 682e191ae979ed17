"""The sheets of plans: brief, pitch, choice, outline."""

from __future__ import annotations

from typing import Literal

from storyroom.agents import forms
from storyroom.agents.company import acts, heading
from storyroom.agents.idea import own_words
from storyroom.agents.leaning import leans_on, own_terms
from storyroom.agents.reading import check_outline, no_place
from storyroom.agents.sheet import Sheet
from storyroom.errors import InputError
from storyroom.story.bible import Bible, nearest
from storyroom.story.headings import heading_parts
from storyroom.story.plan import (
    PITCH_FIELDS,
    Brief,
    Choice,
    Letter,
    Order,
    Outline,
    Pitch,
    PitchField,
    ScenePlan,
    Story,
    Taken,
)

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
    """Which storyline it is to be; several make one.

    Attributes:
        merge: whether several must be taken.
        names: those of the company, which stand in every story.
    """

    kind: Literal["choice"] = "choice"
    pitches: tuple[Pitch, ...]
    merge: bool = False
    names: tuple[str, ...] = ()

    def _read(self, text: str) -> Choice:
        given = self._filled(forms.Choice, text)
        chosen = tuple(dict.fromkeys(given.pitches))
        for number in chosen:
            if not 1 <= number <= len(self.pitches):
                raise InputError(
                    f"There is no pitch {number}.", hint=f"The pitches are numbered 1 to {len(self.pitches)}."
                )
        if self.merge and len(chosen) < min(2, len(self.pitches)):
            raise InputError(
                "The order is for one story of several pitches, and one is chosen.",
                hint="Name two or more under pitches.",
            )
        takes = self._takes(given, chosen)
        story = self._story(given, chosen, takes)
        if len(chosen) > 1:
            self._none_left_out(story, chosen, takes)
        return Choice(
            pitches=chosen,
            reason=given.reason,
            story=story,
            takes=tuple(Taken(field=name, pitch=number) for name in PITCH_FIELDS for number in takes[name]),
        )

    def _takes(self, given: forms.Choice, chosen: tuple[int, ...]) -> dict[PitchField, tuple[int, ...]]:
        """Return the pitches that each line of the story is said to come from."""
        takes: dict[PitchField, tuple[int, ...]] = {
            name: tuple(dict.fromkeys(getattr(given.takes, name))) for name in PITCH_FIELDS
        }
        for name, numbers in takes.items():
            for number in numbers:
                if number not in chosen:
                    raise InputError(
                        f"takes.{name} names pitch {number}, which is not chosen.",
                        hint="Name it under pitches too, or take it out here.",
                    )
        return takes

    def _story(
        self, given: forms.Choice, chosen: tuple[int, ...], takes: dict[PitchField, tuple[int, ...]]
    ) -> Pitch:
        """Return the story: what was written, or else the line of the one pitch that it comes from."""
        said: dict[str, str] = {}
        for name in PITCH_FIELDS:
            source = chosen if len(chosen) == 1 else takes[name]
            said[name] = getattr(given.story, name)
            if not said[name] and len(source) == 1:
                said[name] = getattr(self.pitches[source[0] - 1], name)
            if not said[name] and len(chosen) > 1:
                raise InputError(
                    f"Several pitches make a story of their own, and its {name} is not told.",
                    hint=f"Write it under story, or name beside takes.{name} the one pitch it is taken from.",
                )
        return Pitch(**said)

    def _none_left_out(
        self, story: Pitch, chosen: tuple[int, ...], takes: dict[PitchField, tuple[int, ...]]
    ) -> None:
        """Hold a merge to what an agent's merge is held to: nobody's idea is lost in it."""
        leant = {number for numbers in takes.values() for number in numbers}
        for number in chosen:
            if number not in leant:
                raise InputError(
                    f"It is not said what the story takes from pitch {number}.",
                    hint=f"Name {number} under takes beside each line that comes from it,"
                    " or choose the others alone.",
                )
            pitch = self.pitches[number - 1]
            if not leans_on(story.told, pitch, self.names):
                words = ", ".join(sorted(own_terms(pitch, self.names))[:6])
                raise InputError(
                    f"Nothing of pitch {number} is in the story.",
                    hint=f"Use some of its words ({words}), or choose the others alone.",
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
            plants=scene.plants,
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
