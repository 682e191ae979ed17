"""The script as a tree: a script holds scenes, a scene holds elements.

An element is one paragraph of screenplay. It never changes: `edited` makes a new one, which keeps the id
and forgets the source text, so that a writer knows to lay it out afresh.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Source:
    """Where an element stood in the file it was read from, and exactly how.

    Attributes:
        raw: the text of its lines with their line ends, blank lines that follow included.
        line: number of its first line, from 1.
        last_line: number of its last non-blank line, from 1.
    """

    raw: str
    line: int
    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One paragraph of screenplay.

    Attributes:
        kind: what it is.
        text: what it says, without the mark that only tells the kind (a leading ``.``, ``@``, ``>`` …).
            Emphasis and inline notes stay as written. A cue's text is the bare name.
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
