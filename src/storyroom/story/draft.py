"""The draft of a scene: its elements with stable ids, and how they are kept as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, field_serializer, field_validator

from storyroom.story.script import Element, Kind, Scene
from storyroom.story.turn import short_hash

_DEFAULTS = {field.name: field.default for field in fields(Element) if field.name not in ("kind", "text")}


class SceneDraft(BaseModel):
    """A version of one scene; the first element is its heading."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    number: int
    elements: tuple[Element, ...]

    @field_validator("elements", mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return tuple(load_element(one) if isinstance(one, dict) else one for one in value)

    @field_serializer("elements")
    def _write(self, value: Sequence[Element]) -> list[dict[str, Any]]:
        return [dump_element(one) for one in value]

    # Texts of drafts are cached by draft; hashing every element each time would cost more than it saves.
    def __hash__(self) -> int:
        return hash((self.number, len(self.elements), self.elements[-1].id))

    @property
    def scene(self) -> Scene:
        """The scene as part of a script."""
        return Scene(self.elements[0], self.elements[1:])

    @property
    def lines(self) -> tuple[Element, ...]:
        """The elements that are read as lines: all but heading and cues."""
        return tuple(one for one in self.elements if one.kind not in (Kind.SCENE_HEADING, Kind.CUE))

    def line(self, element_id: str) -> Element | None:
        """Return the element of that id."""
        return next((one for one in self.elements if one.id == element_id), None)

    def speaker_of(self, element_id: str) -> str | None:
        """Return who speaks the line of that id; None for action."""
        speaker = None
        for one in self.elements:
            if one.kind is Kind.CUE:
                speaker = one.text
            elif one.kind not in (Kind.DIALOGUE, Kind.PARENTHETICAL):
                speaker = None
            if one.id == element_id:
                return speaker
        return None

    def with_line(self, element_id: str, text: str) -> SceneDraft:
        """Return a draft in which one line says something else."""
        changed = (one.edited(text=text) if one.id == element_id else one for one in self.elements)
        return self.model_copy(update={"elements": tuple(changed)})


def dump_element(element: Element) -> dict[str, Any]:
    """Return an element as JSON, without what it does not say and without where it was read from."""
    said = {name: getattr(element, name) for name in _DEFAULTS if name != "source"}
    return {
        "kind": str(element.kind),
        "text": element.text,
        **{name: value for name, value in said.items() if value != _DEFAULTS[name]},
    }


def load_element(body: dict[str, Any]) -> Element:
    """Undo `dump_element`."""
    return Element(**{**body, "kind": Kind(body["kind"])})


def named(elements: Iterable[Element], maker: str) -> tuple[Element, ...]:
    """Give ids to the elements that have none; `maker` names the task that wrote them."""
    return tuple(
        one if one.id else one.edited(id=short_hash(maker, place)[:12]) for place, one in enumerate(elements)
    )


def continued(before: Sequence[Element], after: Sequence[Element]) -> list[Element]:
    """Give the elements of a new version the ids of those they continue; the others get none."""
    # Pairing takes a moment to import, and most read drafts without it.
    from storyroom.story.pairing import paired

    return [
        replace(one, id="" if old is None else before[old].id)
        for one, old in zip(after, paired(before, after), strict=True)
    ]


def aligned(before: Sequence[Element], after: Sequence[Element], maker: str) -> tuple[Element, ...]:
    """Give ids to an edited version: those of the elements it continues, else new ones of its `maker`."""
    return named((one.edited() for one in continued(before, after)), maker)
