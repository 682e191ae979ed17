"""Sheets: what is put before a member who sits in a seat, and how what they hand in is read.

A sheet is a file to fill in: comments that say what the agent would have had before it, then a form. It is
kept as JSON until it is answered, and holds all that reading the answer takes.

    sheet.text          what the member is given
    sheet.read(text)    the answer, of the type that the agent would have given; None hands the task back
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, Field, TypeAdapter

from storyroom.agents import forms
from storyroom.agents.author import Reply
from storyroom.agents.company import acts, heading
from storyroom.agents.idea import own_words
from storyroom.agents.reading import check_outline, no_place, read_form, read_scene, refuse_cut_off
from storyroom.errors import InputError
from storyroom.formats.fountain import parse_elements
from storyroom.story.bible import Bible, nearest
from storyroom.story.headings import heading_parts
from storyroom.story.objection import Objection
from storyroom.story.plan import Brief, Choice, Letter, Order, Outline, Pitch, ScenePlan, Story
from storyroom.story.script import UNPRINTED, Element, Kind

LONGEST = 200_000
"""Most characters of an answer."""

A = TypeVar("A")
F = TypeVar("F", bound=forms.Form)
_LETTERS: tuple[Letter, ...] = ("A", "B", "C")


class Sheet(BaseModel, Generic[A], frozen=True):
    """What a member is asked.

    Attributes:
        role: whose seat they sit in.
        text: the file that they fill in.
    """

    suffix: ClassVar[str] = ".yaml"

    role: str
    text: str

    def read(self, text: str) -> A | None:
        """Return the answer; None if nothing was filled in, which hands the task back to the agent.

        Raises:
            InputError: it cannot be read, or says what cannot be.
        """
        if len(text) > LONGEST:
            raise InputError(
                f"The answer has {len(text):,} characters; at most {LONGEST:,} are read.",
                hint="Say it shorter.",
            )
        if self._is_blank(text):
            return None
        return self._read(text)

    def _is_blank(self, text: str) -> bool:
        return all(line.lstrip().startswith("#") for line in text.splitlines() if line.strip())

    def _read(self, text: str) -> A:
        raise NotImplementedError

    def _filled(self, form: type[F], text: str) -> F:
        refuse_cut_off(text, self.text)
        return read_form(form, text)


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


class SceneSheet(Sheet[tuple[Element, ...]], frozen=True):
    """A scene, written as Fountain."""

    suffix: ClassVar[str] = ".fountain"

    kind: Literal["scene"] = "scene"
    number: int
    cast: tuple[str, ...]
    bible: Bible

    def _is_blank(self, text: str) -> bool:
        return all(one.kind in UNPRINTED for one in parse_elements(text))

    def _read(self, text: str) -> tuple[Element, ...]:
        elements = read_scene(text, self.number, self.cast, self.bible)
        if not any(one.kind in (Kind.ACTION, Kind.DIALOGUE) for one in elements):
            raise InputError(
                f"Nothing happens in scene {self.number}.", hint="Write action or speeches below its heading."
            )
        return elements


class ReplySheet(Sheet[Reply], frozen=True):
    """The author's answer to one objection.

    Attributes:
        line: the text of the line that it is about.
    """

    kind: Literal["reply"] = "reply"
    line: str

    def _read(self, text: str) -> Reply:
        given = self._filled(forms.Reply, text)
        if given.answer == "rebut":
            if given.text not in ("", self.line):
                raise InputError(
                    "A line that is defended stays as it is, and here is a new wording of it.",
                    hint="Answer accept, or take out what stands under text.",
                )
            return Reply(accept=False, reason=given.reason)
        if given.text in ("", self.line):
            raise InputError(
                "The objection is accepted, and the line has no new wording.",
                hint="Write the new line under text, or answer rebut.",
            )
        return Reply(accept=True, reason=given.reason, text=given.text)


class ReviewSheet(Sheet[list[Objection]], frozen=True):
    """Objections to the numbered lines of a draft.

    Attributes:
        lines: id and text of each line, in the order of their numbers, which begin with 1.
    """

    kind: Literal["review"] = "review"
    lines: tuple[tuple[str, str], ...]

    def _read(self, text: str) -> list[Objection]:
        return [self._objection(one) for one in self._filled(forms.Review, text).objections]

    def _objection(self, given: forms.Objection) -> Objection:
        if not 1 <= given.line <= len(self.lines):
            raise InputError(
                f"There is no line {given.line}.",
                hint=f"Name a line by its number in the draft above, 1 to {len(self.lines)}.",
            )
        line, quote = self.lines[given.line - 1]
        return Objection(line=line, quote=quote, kind=given.kind, gravity=given.gravity, says=given.says)


class VerifySheet(Sheet[tuple[bool, str]], frozen=True):
    """Whether an objection was met, and why."""

    kind: Literal["verify"] = "verify"

    def _read(self, text: str) -> tuple[bool, str]:
        given = self._filled(forms.Verify, text)
        return given.met == "yes", given.reason


class RulingSheet(Sheet[tuple[bool, str]], frozen=True):
    """Whether the old wording stands, and why."""

    kind: Literal["ruling"] = "ruling"

    def _read(self, text: str) -> tuple[bool, str]:
        given = self._filled(forms.Ruling, text)
        return given.keep == "old", given.reason


class FeelingSheet(Sheet[tuple[str, str]], frozen=True):
    """What a scene makes one feel, and why."""

    kind: Literal["feeling"] = "feeling"

    def _read(self, text: str) -> tuple[str, str]:
        given = self._filled(forms.Feeling, text)
        return given.feeling, given.reason


AnySheet = (
    BriefSheet
    | PitchSheet
    | ChoiceSheet
    | OutlineSheet
    | SceneSheet
    | ReplySheet
    | ReviewSheet
    | VerifySheet
    | RulingSheet
    | FeelingSheet
)
_ANY: TypeAdapter[AnySheet] = TypeAdapter(Annotated[AnySheet, Field(discriminator="kind")])


def load_sheet(body: dict[str, Any]) -> AnySheet:
    """Read a sheet back from its JSON form."""
    return _ANY.validate_python(body)


def _person(bible: Bible, name: str) -> str:
    who = bible.character(name)
    if who is None:
        known = [one.name for one in bible.cast]
        raise InputError(
            f"Nobody in the cast is called {name!r}{nearest(name, known)}.",
            hint=f"The cast: {', '.join(known)}. New people go into series.yaml.",
        )
    return who.name
