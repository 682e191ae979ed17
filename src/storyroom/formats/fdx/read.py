"""Read FDX."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from storyroom.errors import FormatError
from storyroom.formats import fountain
from storyroom.formats.fdx.inline import Placed, joined, plain, sliced
from storyroom.formats.fdx.notes import Notes, marked
from storyroom.formats.fdx.paragraphs import Paragraph, paragraphs
from storyroom.formats.fdx.title import read_title_page
from storyroom.formats.fdx.tree import MAX_BYTES, parse
from storyroom.formats.fdx.types import kind_of, looks
from storyroom.formats.fountain import Run
from storyroom.story.asides import only_aside
from storyroom.story.headings import split_cue
from storyroom.story.script import Element, Kind, Script

_IN_LINES = frozenset({Kind.ACTION, Kind.DIALOGUE})


class Revised(NamedTuple):
    """A script, and the revision (1 is blue) of each changed element by its index in `script.elements()`."""

    script: Script
    revisions: dict[int, int]


def read(data: bytes, *, name: str = "the file") -> Script:
    """Read the bytes of a Final Draft script.

    Args:
        data: the whole file.
        name: what to call it in errors.

    Raises:
        FormatError: it is too large, broken, unsafe, or no Final Draft script of a known version.
    """
    return read_revised(data, name=name).script


def read_revised(data: bytes, *, name: str = "the file") -> Revised:
    """Read a Final Draft script and its revision marks.

    Raises:
        FormatError: as `read`.
    """
    root = parse(data, name=name)
    known = looks(root)
    content = paragraphs(root.find("Content"), known)
    reader = _Reader(Notes(root, content))
    reader.add_asides(reader.notes.before)
    for index, paragraph in enumerate(content):
        reader.add(paragraph, index)
    page = read_title_page(paragraphs(root.find("TitlePage/Content"), known))
    return Revised(Script.of(reader.elements, page), reader.revisions)


def read_file(path: str | Path) -> Script:
    """Read a Final Draft file.

    Raises:
        FormatError: as `read`; or it is not there, a directory, or cannot be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise FormatError(f"{path} is a directory", hint="name an .fdx file in it")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror or error}", hint="check the path and its permissions"
        ) from error
    return read(data, name=path.name)


class _Reader:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.elements: list[Element] = []
        self.revisions: dict[int, int] = {}

    def add(self, paragraph: Paragraph, index: int) -> None:
        """Add what a paragraph of the script's content says, and the notes on it."""
        if paragraph.new_page:
            self.elements.append(Element(kind=Kind.PAGE_BREAK, text=""))
        if paragraph.dual:
            self._add_dual(paragraph)
        else:
            self._add_element(paragraph, self.notes.within.get(index, ()))
        self.elements += [
            Element(kind=Kind.SYNOPSIS, text=fountain.mark_up([Run(s)])) for s in paragraph.summary
        ]
        if paragraph.omitted:
            self.add_asides([marked(_as_fountain(paragraph.omitted), boneyard=True)])
        self.add_asides(self.notes.behind.get(index, ()))

    def add_asides(self, asides: Sequence[str]) -> None:
        """Add notes and boneyards as elements."""
        for aside in asides:
            kind = Kind.BONEYARD if aside.startswith("/*") else Kind.NOTE
            self.elements.append(Element(kind=kind, text=aside[2:-2].strip()))

    def _add_dual(self, paragraph: Paragraph) -> None:
        start = len(self.elements)
        for inner in paragraph.dual:
            self._add_element(inner, ())
        cues = [i for i in range(start, len(self.elements)) if self.elements[i].kind is Kind.CUE]
        for second in cues[1:2]:
            self.elements[second] = self.elements[second].edited(dual=True)
        self.add_asides([marked(text) for inner in paragraph.dual for text in inner.notes])

    def _add_element(self, paragraph: Paragraph, placed: Sequence[Placed]) -> None:
        element = _element(paragraph, placed)
        if not element.text.strip():
            return
        if paragraph.revision:
            self.revisions[len(self.elements)] = paragraph.revision
        if element.kind is Kind.ACTION and only_aside(element.text):
            self.add_asides([aside for _, aside in placed])
        else:
            self.elements.append(element)


def _element(paragraph: Paragraph, placed: Sequence[Placed]) -> Element:
    kind, depth = kind_of(paragraph.type, paragraph.look, centered=paragraph.centered)
    runs = paragraph.runs
    extension, dual = None, False
    if kind is Kind.CUE:
        name, inside, dual = split_cue(plain(runs))
        start = len(plain(runs)) - len(plain(runs).lstrip())
        if inside is not None:
            extension = fountain.mark_up([Run(inside)])
        runs = sliced(runs, start, start + len(name))
        placed = [Placed(min(max(0, offset - start), len(name)), aside) for offset, aside in placed]
    elif kind is Kind.PARENTHETICAL:
        start, end = _within_parentheses(plain(runs))
        runs = sliced(runs, start, end)
        placed = [Placed(offset - start, aside) for offset, aside in placed]
    if kind is Kind.NOTE:
        return Element(kind=kind, text=marked(plain(runs))[2:-2].strip())
    return Element(
        kind=kind,
        text=joined(runs, placed, in_lines=kind in _IN_LINES),
        depth=depth,
        extension=extension,
        dual=dual,
        scene_number=paragraph.number if kind is Kind.SCENE_HEADING else None,
    )


def _within_parentheses(text: str) -> tuple[int, int]:
    """Where the text between the parentheses stands; the whole of a text that has none around it."""
    bare = text.strip()
    if bare[:1] not in ("(", "（") or bare[-1:] not in (")", "）"):
        return 0, len(text)
    start = len(text) - len(text.lstrip()) + 1
    inside = text[start : len(text.rstrip()) - 1]
    start += len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())


def _as_fountain(scene: Sequence[Paragraph]) -> str:
    """An omitted scene as text, for the boneyard that keeps it."""
    reader = _Reader(Notes(ET.Element("FinalDraft"), scene))
    for index, paragraph in enumerate(scene):
        reader.add(paragraph, index)
    return fountain.write(Script.of(reader.elements)).strip()
