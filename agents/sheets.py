"""The sheets of a debate, and all sheets together: read back from what was kept of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter

from storyroom.agents import forms
from storyroom.agents.author import Reply
from storyroom.agents.plan_sheets import BriefSheet, ChoiceSheet, OutlineSheet, PitchSheet
from storyroom.agents.reading import read_scene
from storyroom.agents.sheet import Sheet
from storyroom.errors import InputError
from storyroom.formats.fountain import parse_elements
from storyroom.story.bible import Bible
from storyroom.story.objection import Objection
from storyroom.story.script import UNPRINTED, Element, Kind


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
