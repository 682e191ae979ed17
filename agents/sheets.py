"""The sheets of a debate, and all sheets together: read back from what was kept of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter

from storyroom.agents import forms
from storyroom.agents.block_sheets import RepliesSheet, RulingsSheet, VerificationsSheet
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


class ReviewSheet(Sheet[list[Objection]], frozen=True):
    """Objections to the numbered lines of a draft.

    Attributes:
        scene: number of the scene; None for a plan.
        lines: number, id and text of each line.
    """

    kind: Literal["review"] = "review"
    scene: int | None
    lines: tuple[tuple[str, str, str], ...]

    def _read(self, text: str) -> list[Objection]:
        return [self._objection(one) for one in self._filled(forms.Review, text).objections]

    def _objection(self, given: forms.Objection) -> Objection:
        # On the sheet of a scene nobody need repeat its number.
        names = (given.line, f"{self.scene}:{given.line}")
        line, quote = next(((key, said) for name, key, said in self.lines if name in names), ("", ""))
        if not line:
            raise InputError(
                f"The draft above has no line {given.line}.",
                hint=f"Name a line by its number there, such as {self.lines[0][0]}."
                if self.lines
                else "Nothing in it can be objected to: write [].",
            )
        return Objection(line=line, quote=quote, kind=given.kind, gravity=given.gravity, says=given.says)


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
    | RepliesSheet
    | ReviewSheet
    | VerificationsSheet
    | RulingsSheet
    | FeelingSheet
)
_ANY: TypeAdapter[AnySheet] = TypeAdapter(Annotated[AnySheet, Field(discriminator="kind")])


def load_sheet(body: dict[str, Any]) -> AnySheet:
    """Read a sheet back from its JSON form."""
    return _ANY.validate_python(body)
