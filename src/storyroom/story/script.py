"""The script as a tree: a script holds scenes, a scene holds elements.

    Script ── title_page ── entries: (key, value lines)
           ├─ preamble: elements before the first heading
           └─ scenes ── heading: element
                     └─ elements, up to the next heading

An element is one paragraph of screenplay. It never changes: `edited` makes a new one, which keeps the id
and forgets the source text, so that a writer knows to lay it out afresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from storyroom.story.asides import printed
from storyroom.story.han import HAN
from storyroom.story.headings import Heading, cue_name, heading_parts


class Kind(StrEnum):
    """What an element is, in the words of Fountain 1.1 (https://fountain.io/syntax)."""

    SCENE_HEADING = "scene_heading"
    ACTION = "action"
    CUE = "cue"
    PARENTHETICAL = "parenthetical"
    DIALOGUE = "dialogue"
    LYRIC = "lyric"
    TRANSITION = "transition"
    CENTERED = "centered"
    SECTION = "section"
    SYNOPSIS = "synopsis"
    NOTE = "note"
    BONEYARD = "boneyard"
    PAGE_BREAK = "page_break"


SPOKEN = frozenset({Kind.CUE, Kind.PARENTHETICAL, Kind.DIALOGUE})
UNPRINTED = frozenset({Kind.SECTION, Kind.SYNOPSIS, Kind.NOTE, Kind.BONEYARD, Kind.PAGE_BREAK})

_HAN = rf"{HAN}\U00020000-\U0003fffd"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:['’-][^\W_{_HAN}]+)*")


def count_words(text: str) -> int:
    """Count words as writers do: each Chinese character is one, so is each run of other letters or digits."""
    return sum(1 for _ in word_spans(text))


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of a text begins and ends, as `count_words` counts them."""
    return (found.span() for found in _WORD.finditer(text))


@dataclass(frozen=True, slots=True)
class Source:
    """Where an element stood in the file it was read from, and exactly how.

    Attributes:
        raw: the text of its lines with their line ends, blank lines that follow included.
        line: number of its first line, from 1.
        last_line: number of its last non-blank line, from 1.
        origin: fingerprint of the whole text it was read from. It tells a writer which elements were
            neighbours; without it each element is placed with care, and its own lines are still kept.
    """

    raw: str
    line: int
    last_line: int
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    r"""One paragraph of screenplay.

    Attributes:
        kind: what it is.
        text: what it says, without the mark that only tells the kind (a leading ``.``, ``@``, ``>`` …).
            Emphasis and inline notes stay as written. A cue's text is the bare name, a parenthetical's
            stands without its parentheses. Lines are joined by ``\n``; empty lines in dialogue are kept ones.
        id: stable name of the element within its script; empty until a draft gives one.
        extension: of a cue, what stands in parentheses behind the name: ``V.O.``, ``画外音``.
        dual: of a cue, whether its speech stands beside the one before.
        scene_number: of a heading, the number between ``#`` marks.
        depth: of a section, the number of ``#`` marks.
        forced: whether the kind was said by a mark, not by the look of the text.
        source: where it was read from; None once edited or when written by the room.
    """

    kind: Kind
    text: str
    id: str = ""
    extension: str | None = None
    dual: bool = False
    scene_number: str | None = None
    depth: int = 0
    forced: bool = False
    source: Source | None = field(default=None, compare=False, repr=False)

    def edited(self, **changes: Any) -> Element:
        """Return a changed copy that keeps the id and is laid out afresh when written."""
        return replace(self, source=None, **changes)

    @property
    def content(self) -> tuple[Kind, str, str | None, bool, str | None, int]:
        """What the element says: equal for elements that differ only in id, forcing mark and source."""
        return self.kind, self.text, self.extension, self.dual, self.scene_number, self.depth

    @property
    def words(self) -> int:
        """Number of words that reach the audience or the crew; 0 for notes, sections and the like."""
        return 0 if self.kind in UNPRINTED else count_words(printed(self.text))


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The title page: keys in order, each with its lines.

    Attributes:
        entries: pairs of key and value lines, as written; a key may come twice.
        source: where it was read from; None once changed.
    """

    entries: tuple[tuple[str, tuple[str, ...]], ...] = ()
    source: Source | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def get(self, *keys: str) -> str | None:
        """Return the lines of the first of these keys that is there, in any case; None if none is."""
        for wanted in keys:
            for key, lines in self.entries:
                if key.casefold() == wanted.casefold():
                    return "\n".join(lines)
        return None

    def with_entry(self, key: str, *lines: str) -> TitlePage:
        """Return a title page on which `key` has these lines; a key without lines is taken off."""
        kept = [entry for entry in self.entries if entry[0].casefold() != key.casefold()]
        place = next((i for i, e in enumerate(self.entries) if e[0].casefold() == key.casefold()), len(kept))
        return TitlePage((*kept[:place], *([(key, lines)] if lines else []), *kept[place:]))


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene: its heading, and what follows up to the next heading (sections included)."""

    heading: Element
    elements: tuple[Element, ...] = ()

    @property
    def parts(self) -> Heading:
        """The setting, place and time that the heading names."""
        return heading_parts(self.heading.text)

    @property
    def speakers(self) -> tuple[str, ...]:
        """The names on the cues, each once, in order of appearance and as first written."""
        names: dict[str, str] = {}
        for element in self.elements:
            if element.kind is Kind.CUE:
                names.setdefault(cue_name(element.text), printed(element.text).strip())
        return tuple(names.values())

    @property
    def words(self) -> int:
        """Number of words in heading, action and speech."""
        return self.heading.words + sum(element.words for element in self.elements)


@dataclass(frozen=True, slots=True)
class Script:
    r"""A whole script.

    Attributes:
        title_page: falsy when there is none.
        preamble: the elements before the first heading.
        scenes: the scenes in order.
        head: what stood before everything else in the file: a byte order mark, blank lines.
        newline: the line end for lines that are laid out afresh.
    """

    title_page: TitlePage = field(default_factory=TitlePage)
    preamble: tuple[Element, ...] = ()
    scenes: tuple[Scene, ...] = ()
    head: str = field(default="", compare=False)
    newline: str = field(default="\n", compare=False)

    @classmethod
    def of(cls, elements: Iterable[Element], title_page: TitlePage | None = None) -> Script:
        """Build a script from its elements in order."""
        return cls(title_page or TitlePage()).with_elements(elements)

    def elements(self) -> Iterator[Element]:
        """All elements in order, headings included."""
        yield from self.preamble
        for scene in self.scenes:
            yield scene.heading
            yield from scene.elements

    def with_elements(self, elements: Iterable[Element]) -> Script:
        """Return this script with other elements, divided into scenes at their headings."""
        groups: list[list[Element]] = [[]]
        for element in elements:
            if element.kind is Kind.SCENE_HEADING:
                groups.append([])
            groups[-1].append(element)
        preamble, *scenes = groups
        return replace(
            self,
            preamble=tuple(preamble),
            scenes=tuple(Scene(group[0], tuple(group[1:])) for group in scenes),
        )
