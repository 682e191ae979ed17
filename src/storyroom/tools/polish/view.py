"""A line as the rules see it: its text, who speaks it, and what of it is not theirs to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from storyroom.story.asides import has_opener, scan
from storyroom.story.han import HAN
from storyroom.story.headings import cue_name, heading_parts
from storyroom.story.script import Element, Kind

HIDDEN = "\x00"
"""Stands for each character of a note or a boneyard."""

_HAN = re.compile(f"[{HAN}]")
_READ = frozenset({Kind.ACTION, Kind.DIALOGUE, Kind.PARENTHETICAL})


@dataclass(frozen=True)
class Line:
    """One line of a script, with what stands around it.

    Attributes:
        place: among the script's elements.
        element: the line.
        scene: number of its scene, from 1; 0 before the first heading.
        speaker: name on the cue above it, as `cue_name` gives it; empty for action.
        ends_speech: whether nothing more is said behind it before the speech is over.
    """

    place: int
    element: Element
    scene: int
    speaker: str
    ends_speech: bool

    @cached_property
    def text(self) -> str:
        """What is read of it: its text, in which notes and boneyards are hidden, every place as it was."""
        text = self.element.text
        if not has_opener(text):
            return text
        for start, end, _ in scan(text)[0]:
            text = text[:start] + HIDDEN * (end - start) + text[end:]
        return text

    @cached_property
    def chinese(self) -> bool:
        """Whether it holds Chinese."""
        return bool(_HAN.search(self.text))


def lines_of(elements: Sequence[Element]) -> Iterator[Line]:
    """Yield the action, the speeches and the parentheticals of a script."""
    scene, speaker = 0, ""
    for place, one in enumerate(elements):
        scene += one.kind is Kind.SCENE_HEADING
        if one.kind is Kind.CUE:
            speaker = cue_name(one.text)
        elif one.kind in (Kind.ACTION, Kind.SCENE_HEADING, Kind.TRANSITION, Kind.CENTERED):
            speaker = ""
        if one.kind in _READ and not _plain_heading(one):
            yield Line(place, one, scene, speaker, _ends_speech(elements, place))


def _plain_heading(element: Element) -> bool:
    """Whether an action is a Chinese heading without a mark, such as ``4 教室 内 夜``; Fountain has none."""
    if element.kind is not Kind.ACTION or not _HAN.search(element.text) or " " not in element.text:
        return False
    parts = heading_parts(element.text)
    return bool(parts.setting and parts.time)


def _ends_speech(elements: Sequence[Element], place: int) -> bool:
    if elements[place].kind is not Kind.DIALOGUE:
        return False
    for one in elements[place + 1 :]:
        if one.kind in (Kind.DIALOGUE, Kind.LYRIC):
            return False
        if one.kind not in (Kind.PARENTHETICAL, Kind.NOTE, Kind.BONEYARD):
            return True
    return True
