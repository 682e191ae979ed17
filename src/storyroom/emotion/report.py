"""A script, read for its feelings: each line, each scene, each character, and the arc of the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from storyroom.emotion.arc import Arc, arc_of
from storyroom.emotion.feeling import Feeling
from storyroom.emotion.lines import Line, lines_of, plain
from storyroom.emotion.mood import Mood, mood_of
from storyroom.emotion.pieces import mostly_han, words
from storyroom.emotion.source import Source, open_source, score
from storyroom.errors import InputError
from storyroom.formats.pages.acts import acts_of
from storyroom.formats.titles import document_title
from storyroom.story.headings import cue_name
from storyroom.story.script import Kind, Script

if TYPE_CHECKING:
    from storyroom.emotion.planned import Compared


@dataclass(frozen=True, slots=True)
class Felt:
    """A line, and what it feels like."""

    line: Line
    feeling: Feeling


@dataclass(frozen=True, slots=True)
class SceneMood:
    """What a scene feels like.

    Attributes:
        number: its place in the script, from 1; 0 for lines before the first heading.
        heading: as it is printed.
        act: the title of its act; empty where the script names none.
        first: number of its first line.
        last: number of its last line; one less than `first` when it has none.
        mood: None when it has no lines.
        cast: who speaks in it, and what her lines feel like; None for a cue with nothing said.
        arc: along its lines.
    """

    number: int
    heading: str
    act: str
    first: int
    last: int
    mood: Mood | None
    cast: Mapping[str, Mood | None]
    arc: Arc = field(repr=False)


@dataclass(frozen=True, slots=True)
class CharacterMood:
    """What a character's lines feel like.

    Attributes:
        scenes: numbers of the scenes that she has a cue in.
        mood: None when she has cues and no lines.
        arc: along her lines.
    """

    name: str
    scenes: tuple[int, ...]
    mood: Mood | None
    arc: Arc = field(repr=False)


@dataclass(frozen=True, slots=True)
class ActBreak:
    """Where an act begins: before the line of this number."""

    line: int
    title: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a script feels like.

    Attributes:
        title: the script's; empty if it has none.
        language: `en` or `zh`: that of most of its words.
        source: what said so.
        lines: every line of speech and action.
        scenes: in order.
        characters: who speaks most first.
        mood: of all lines; None when there are none.
        arc: along all lines.
        acts: where they begin.
        planned: what an outline planned, beside what was measured.
    """

    title: str
    language: Literal["en", "zh"]
    source: str
    lines: tuple[Felt, ...] = field(repr=False)
    scenes: tuple[SceneMood, ...] = field(repr=False)
    characters: tuple[CharacterMood, ...] = field(repr=False)
    mood: Mood | None
    arc: Arc = field(repr=False)
    acts: tuple[ActBreak, ...]
    planned: tuple[Compared, ...] = ()

    @property
    def weak(self) -> int:
        """How many lines have a label that is more likely wrong than right."""
        return sum(felt.feeling.weak for felt in self.lines)


def read(script: Script, source: Source | None = None) -> Report:
    """Read a script for its feelings.

    Args:
        script: of any length; act titles, notes and parentheticals are not read.
        source: what says how lines feel; None takes the shipped head.

    Raises:
        InputError: the script has neither speech nor action.
        ModelAbsent: the source's weights are not installed.
    """
    lines = lines_of(script)
    if not lines:
        raise InputError(
            "The script has no line of speech or action, so nothing can be felt.",
            hint="Name a script with scenes; headings, notes and act titles alone say no feeling.",
        )
    asked = source or open_source()
    feelings = score([line.text for line in lines], asked)
    felt = tuple(Felt(line, feeling) for line, feeling in zip(lines, feelings, strict=True))
    acts = _acts(script, lines)
    return Report(
        title=document_title(script),
        language=language_of(line.text for line in lines),
        source=asked.name,
        lines=felt,
        scenes=_scenes(script, felt, acts),
        characters=_characters(script, felt),
        mood=mood_of(feelings),
        arc=_arc(felt),
        acts=acts,
    )


def language_of(texts: Iterable[str]) -> Literal["en", "zh"]:
    """Return `zh` where most words are Chinese, else `en`."""
    return "zh" if mostly_han([word for text in texts for word in words(text)]) else "en"


def _acts(script: Script, lines: Sequence[Line]) -> tuple[ActBreak, ...]:
    titles = {place for place, part in acts_of(script).items() if part == "title"}
    if not titles:
        return ()
    elements = list(script.elements())
    breaks, coming = [], iter(lines)
    line = next(coming, None)
    for place in sorted(titles):
        while line is not None and line.element < place:
            line = next(coming, None)
        breaks.append(ActBreak(line.number if line else len(lines) + 1, plain(elements[place].text)))
    return tuple(breaks)


def _scenes(script: Script, felt: Sequence[Felt], acts: Sequence[ActBreak]) -> tuple[SceneMood, ...]:
    within: dict[int, list[Felt]] = defaultdict(list)
    for one in felt:
        within[one.line.scene].append(one)
    made, coming = [], 1
    headings = [("", ()), *((plain(scene.heading.text), scene.speakers) for scene in script.scenes)]
    for number, (heading, speakers) in enumerate(headings):
        lines = within[number]
        if not number and not lines:
            continue
        last = coming + len(lines) - 1
        act = next((one.title for one in reversed(acts) if one.line <= max(coming, last)), "")
        spoken = _by_name(lines)
        made.append(
            SceneMood(
                number=number,
                heading=heading,
                act=act,
                first=coming,
                last=last,
                mood=mood_of([one.feeling for one in lines]),
                cast={
                    name: mood_of([one.feeling for one in spoken.get(cue_name(name), ())])
                    for name in speakers
                },
                arc=_arc(lines),
            )
        )
        coming = last + 1
    return tuple(made)


def _characters(script: Script, felt: Sequence[Felt]) -> tuple[CharacterMood, ...]:
    names: dict[str, str] = {}
    scenes: dict[str, list[int]] = defaultdict(list)
    spoken = _by_name(felt)
    for element_scene, name in _cues(script):
        key = cue_name(name)
        names.setdefault(key, name)
        if element_scene not in scenes[key]:
            scenes[key].append(element_scene)
    made = [
        CharacterMood(
            name=name,
            scenes=tuple(scenes[key]),
            mood=mood_of([one.feeling for one in spoken.get(key, ())]),
            arc=_arc(spoken.get(key, ())),
        )
        for key, name in names.items()
    ]
    return tuple(sorted(made, key=lambda one: -(one.mood.lines if one.mood else 0)))


def _cues(script: Script) -> Iterable[tuple[int, str]]:
    scene = 0
    for element in script.elements():
        scene += element.kind is Kind.SCENE_HEADING
        if element.kind is Kind.CUE:
            yield scene, plain(element.text)


def _by_name(felt: Sequence[Felt]) -> dict[str, list[Felt]]:
    spoken: dict[str, list[Felt]] = defaultdict(list)
    for one in felt:
        if one.line.character:
            spoken[cue_name(one.line.character)].append(one)
    return spoken


def _arc(felt: Sequence[Felt]) -> Arc:
    return arc_of([one.line.number for one in felt], [one.feeling for one in felt])
