"""The report on a script: its scenes, and what they add up to in pages, places, times of day and parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from storyroom.formats.pages.breakdown import SceneBreakdown, breakdown
from storyroom.formats.pages.layout import pages
from storyroom.formats.pages.options import PageOptions
from storyroom.story.asides import printed
from storyroom.story.headings import Setting, cue_name
from storyroom.story.script import SPOKEN, UNPRINTED, Element, Kind, Script

PartOfDay = Literal["day", "night", "dawn or dusk", "not said"]
PARTS_OF_DAY: tuple[PartOfDay, ...] = ("day", "night", "dawn or dusk", "not said")

_ON = re.compile(r"continuous|later|same|moments?|连续|同时|同時|稍后|片刻|不久", re.IGNORECASE)
_TWILIGHT = re.compile(
    r"dawn|dusk|twilight|sun(?:rise|set)|daybreak|nightfall|magic hour|拂晓|黎明|破晓|黄昏|傍晚|日落|日出|昏",
    re.IGNORECASE,
)
_NIGHT = re.compile(r"night|evening|夜|晚|凌晨", re.IGNORECASE)
_DAY = re.compile(r"day|morning|noon|日|晨|早|白天|午", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Location:
    """A place that scenes are set in.

    Attributes:
        name: as the first of its headings writes it.
        settings: inside, outside, or both, in order of appearance.
        scenes: the numbers of its scenes, as on the page.
        eighths: their length in eighths of a page.
    """

    name: str
    settings: tuple[Setting, ...]
    scenes: tuple[str, ...]
    eighths: int


@dataclass(frozen=True, slots=True)
class SpeakingPart:
    """A character that speaks.

    Attributes:
        name: as the first of the cues writes it.
        scenes: the numbers of the scenes in which it speaks, as on the page.
        speeches: how often it begins to speak.
        words: how many words it says or sings; a Chinese character is one.
    """

    name: str
    scenes: tuple[str, ...]
    speeches: int
    words: int


@dataclass(frozen=True, slots=True)
class Report:
    """A script broken down.

    Attributes:
        pages: how many pages it fills, the title page not counted.
        scenes: its scenes in order.
        locations: its places, the longest first.
        day_and_night: for each part of day the number of scenes and their eighths; none that has no scene.
        cast: its speaking parts, those with the most words first.
    """

    pages: int
    scenes: tuple[SceneBreakdown, ...]
    locations: tuple[Location, ...]
    day_and_night: dict[PartOfDay, tuple[int, int]]
    cast: tuple[SpeakingPart, ...]

    @property
    def eighths(self) -> int:
        """The length of all scenes in eighths of a page."""
        return sum(scene.eighths for scene in self.scenes)


def report(script: Script, options: PageOptions | None = None) -> Report:
    """Break a script down into scenes, places, times of day and speaking parts.

    Args:
        script: the script.
        options: the paper that its length is measured on.
    """
    scenes = tuple(breakdown(script, options))
    return Report(
        pages=len(pages(script, options)),
        scenes=scenes,
        locations=_locations(scenes),
        day_and_night=_day_and_night(scenes),
        cast=_cast(script, [scene.number for scene in scenes]),
    )


def part_of_day(time: str) -> PartOfDay | None:
    """Return which part of the day a heading's time is; None where it is that of the scene before.

    >>> part_of_day("LATER THAT NIGHT"), part_of_day("清晨"), part_of_day("CONTINUOUS")
    ('night', 'day', None)
    """
    if _TWILIGHT.search(time):
        return "dawn or dusk"
    if _NIGHT.search(time):
        return "night"
    if _DAY.search(time):
        return "day"
    return None if _ON.search(time) else "not said"


def _day_and_night(scenes: Iterable[SceneBreakdown]) -> dict[PartOfDay, tuple[int, int]]:
    found: dict[PartOfDay, list[int]] = {part: [] for part in PARTS_OF_DAY}
    now: PartOfDay = "not said"
    for scene in scenes:
        now = part_of_day(scene.time) or now
        found[now].append(scene.eighths)
    return {part: (len(lengths), sum(lengths)) for part, lengths in found.items() if lengths}


def _locations(scenes: Iterable[SceneBreakdown]) -> tuple[Location, ...]:
    groups: dict[str, list[SceneBreakdown]] = {}
    for scene in scenes:
        groups.setdefault(_key(scene.place), []).append(scene)
    found = (
        Location(
            name=" ".join(group[0].place.split()),
            settings=tuple(dict.fromkeys(scene.setting for scene in group if scene.setting)),
            scenes=tuple(scene.number for scene in group),
            eighths=sum(scene.eighths for scene in group),
        )
        for group in groups.values()
    )
    return tuple(sorted(found, key=lambda location: -location.eighths))


def _key(place: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", place).casefold().split())


def _cast(script: Script, numbers: list[str]) -> tuple[SpeakingPart, ...]:
    names: dict[str, str] = {}
    scenes: dict[str, dict[int, str]] = {}
    speeches: dict[str, list[int]] = {}
    for index, elements in enumerate((script.preamble, *(scene.elements for scene in script.scenes))):
        for cue, words in _speeches(elements):
            who = cue_name(cue.text)
            names.setdefault(who, printed(cue.text).strip())
            scenes.setdefault(who, {}).update({index: numbers[index - 1]} if index else {})
            speeches.setdefault(who, []).append(words)
    found = (
        SpeakingPart(name, tuple(scenes[who].values()), len(speeches[who]), sum(speeches[who]))
        for who, name in names.items()
    )
    return tuple(sorted(found, key=lambda part: -part.words))


def _speeches(elements: Iterable[Element]) -> Iterable[tuple[Element, int]]:
    """Yield each cue with the words spoken or sung under it."""
    cue: Element | None = None
    words = 0
    for element in elements:
        if element.kind is Kind.CUE:
            if cue:
                yield cue, words
            cue, words = element, 0
        elif element.kind in (Kind.DIALOGUE, Kind.LYRIC):
            words += element.words
        elif cue and element.kind not in SPOKEN | UNPRINTED:
            yield cue, words
            cue = None
    if cue:
        yield cue, words
