"""Speeches: what is said below one cue, and who says it, whatever spelling the cue has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from storyroom.story.asides import printed
from storyroom.story.bible import Bible
from storyroom.story.headings import cue_name
from storyroom.story.script import Element, Kind

_WITHIN_A_SPEECH = frozenset({Kind.PARENTHETICAL, Kind.LYRIC, Kind.NOTE, Kind.BONEYARD})


@dataclass(frozen=True, slots=True)
class Speech:
    """What one character says at a stretch.

    Attributes:
        speaker: the name that the bible gives, or the cue as it was first written.
        text: without parentheticals, notes and emphasis marks' asides, on one line.
        scene: number of the scene, running on through all scripts that were read.
        id: id of its first line of dialogue, if that has one.
        place: place of that line among the elements of its script.
        script: which of the scripts that were read, from 0.
        line: line number in the file that it was read from; 0 for what was not read from one.
    """

    speaker: str
    text: str
    scene: int = 0
    id: str = ""
    place: int = 0
    script: int = 0
    line: int = 0


def naming(bible: Bible | None = None) -> Callable[[str], str]:
    """Return a function that gives the one name of whoever a cue means; empty for a cue without a name.

    The bible's names and aliases come first. Others are known again by `cue_name`, and go by the spelling
    that came first.
    """
    known = {cue_name(name): who.name for who in (bible.cast if bible else ()) for name in who.names}

    def name(cue: str) -> str:
        key = cue_name(cue)
        return known.setdefault(key, " ".join(printed(cue).split())) if key else ""

    return name


def speeches_of(scripts: Iterable[Iterable[Element]], name: Callable[[str], str]) -> Iterator[Speech]:
    """Yield the speeches of some scripts in order. A speech that goes on behind a parenthetical is one.

    Args:
        scripts: the elements of each.
        name: gives the name of whoever a cue means, as `naming` does.
    """
    scene = 0
    for number, elements in enumerate(scripts):
        said: list[str] = []
        speaker = ""
        first: tuple[int, Element] | None = None
        for place, one in enumerate(elements):
            if one.kind is Kind.DIALOGUE and speaker:
                first = first or (place, one)
                said.append(printed(one.text))
                continue
            if one.kind in _WITHIN_A_SPEECH:
                continue
            if first:
                yield _speech(speaker, said, scene, first, number)
            said, first = [], None
            speaker = name(one.text) if one.kind is Kind.CUE else ""
            scene += one.kind is Kind.SCENE_HEADING
        if first:
            yield _speech(speaker, said, scene, first, number)
        scene += 1


def _speech(speaker: str, said: list[str], scene: int, first: tuple[int, Element], script: int) -> Speech:
    place, line = first
    text = " ".join(" ".join(said).split())
    return Speech(speaker, text, scene, line.id, place, script, line.source.line if line.source else 0)
