"""The lines of a script that can be felt: speech and action, without what is never printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storyroom.formats.fountain import emphasis
from storyroom.formats.pages.acts import acts_of
from storyroom.story.asides import printed
from storyroom.story.headings import cue_name
from storyroom.story.script import Kind, Script

_SPOKEN = frozenset({Kind.DIALOGUE, Kind.LYRIC})
_OUTSIDE = frozenset({Kind.PARENTHETICAL, *_SPOKEN})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script, as it is read for its feeling.

    Attributes:
        number: its place among the lines, from 1.
        element: its place among `Script.elements()`, from 0.
        scene: the number of its scene, counted from 1; 0 before the first heading.
        character: who speaks, as her name is first written; empty for action.
        text: what it says, without emphasis and notes, in one piece.
    """

    number: int
    element: int
    scene: int
    character: str
    text: str


def lines_of(script: Script) -> list[Line]:
    """Return the lines of a script in order: speeches and action, but no act titles."""
    return list(_lines(script))


def plain(text: str) -> str:
    """Return a text as the audience gets it, on one line."""
    return " ".join("".join(run.text for run in emphasis(printed(text))).split())


def _lines(script: Script) -> Iterator[Line]:
    acts = acts_of(script)
    names: dict[str, str] = {}
    scene, number, speaker = 0, 0, ""
    for place, element in enumerate(script.elements()):
        if element.kind is Kind.SCENE_HEADING:
            scene += 1
        if element.kind is Kind.CUE:
            speaker = names.setdefault(cue_name(element.text), printed(element.text).strip())
        elif element.kind not in _OUTSIDE:
            speaker = ""
        if place in acts or element.kind not in (Kind.ACTION, *_SPOKEN):
            continue
        if text := plain(element.text):
            number += 1
            yield Line(number, place, scene, speaker if element.kind in _SPOKEN else "", text)
