"""The Content of a document: a paragraph for each element, and the notes beside them."""

import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from storyroom.formats.fdx.inline import Placed, divided, merged, plain, sliced
from storyroom.formats.fdx.layout import add_text
from storyroom.formats.fdx.notes import BONEYARD
from storyroom.formats.fdx.paragraphs import BLOCK_UNITS, colon, utf16
from storyroom.formats.fdx.revised import stretches
from storyroom.formats.fdx.types import is_omitted, type_of
from storyroom.formats.fountain import Run, emphasis, parse_elements
from storyroom.story.asides import has_opener, scan
from storyroom.story.script import Element, Kind

_SPEECH = frozenset({Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRIC})
_ASIDES = frozenset({Kind.NOTE, Kind.BONEYARD})
_CJK = re.compile("[㐀-鿿]")
_TITLED = re.compile(r"([^\n:：\[]{1,40})(: |：)(?=\S)")


class Body:
    """Lays out the elements of a script.

    Attributes:
        content: the Content of the document.
        notes: its ScriptNotes.
    """

    def __init__(
        self,
        elements: Sequence[Element],
        revisions: Mapping[int, int] | None = None,
        reworded: Mapping[int, Element] | None = None,
    ) -> None:
        self.content = ET.Element("Content")
        self.notes = ET.Element("ScriptNotes")
        self._elements, self._revisions, self._reworded = elements, revisions or {}, reworded or {}
        self._units = 0
        self._last = (0, 0)
        self._breaks = False
        index = 0
        while index < len(elements):
            index = self._add(index)
        self._end_page()

    def _add(self, index: int) -> int:
        """Add the element at this index with what belongs to it; return the index of the next."""
        element = self._elements[index]
        if element.kind is Kind.PAGE_BREAK:
            self._end_page()
            self._breaks = True
        elif element.kind in _ASIDES:
            self._end_page()
            self._add_asides(_asides(element), self._last)
        elif element.kind is Kind.SCENE_HEADING:
            return self._add_heading(index)
        elif element.kind is Kind.CUE and (end := self._dual_end(index)):
            self._add_dual(index, end)
            return end
        else:
            self._add_paragraph(element, index)
        return index + 1

    def _add_paragraph(self, element: Element, index: int) -> ET.Element | None:
        """Add an element's paragraph, and count it; None if it says nothing."""
        runs, placed = _shown(element)
        if not plain(runs).strip() and not placed:
            return None
        paragraph = self._open(element)
        self._add_runs(paragraph, runs, index)
        text, at, before = plain(runs), self._units, 0
        self._count(utf16(text))
        for offset, aside in placed:
            at += utf16(text[before:offset])
            before = max(before, offset)
            self._add_note(aside, (at, at))
        return paragraph

    def _open(self, element: Element | None) -> ET.Element:
        name = type_of(element) if element else "General"
        paragraph = ET.SubElement(self.content, "Paragraph", Type=name)
        if element:
            _qualify(paragraph, element)
        if self._breaks:
            paragraph.set("StartsNewPage", "Yes")
            self._breaks = False
        return paragraph

    def _count(self, units: int) -> None:
        self._last = (self._units, self._units + units)
        self._units += units + 1

    def _add_runs(self, paragraph: ET.Element, runs: Sequence[Run], index: int) -> None:
        kind, revision, was = (
            paragraph.get("Type", ""),
            self._revisions.get(index, 0),
            self._reworded.get(index),
        )
        if not revision or was is None:
            add_text(paragraph, runs, kind, revision)
            return
        for start, end, revised in stretches(plain(_shown(was)[0]), plain(runs)):
            add_text(paragraph, sliced(runs, start, end), kind, revision if revised else 0)

    def _end_page(self) -> None:
        """Write a page break that no paragraph follows as an empty one."""
        if self._breaks:
            add_text(self._open(None), ())
            self._count(0)

    def _add_heading(self, index: int) -> int:
        """Add a heading, with the synopses below it as its summary and the scene that it tells is omitted."""
        paragraph = self._add_paragraph(self._elements[index], index)
        end = index + 1
        if paragraph is None:
            return end
        while end < len(self._elements) and _is_summary(self._elements[end]):
            end += 1
        if end > index + 1:
            properties = ET.Element("SceneProperties", Title="")
            summary = ET.SubElement(properties, "Summary")
            for synopsis in self._elements[index + 1 : end]:
                add_text(ET.SubElement(summary, "Paragraph"), emphasis(synopsis.text))
            paragraph.insert(0, properties)
        if end < len(self._elements) and (scene := _omitted(self._elements[index], self._elements[end])):
            block = ET.SubElement(paragraph, "OmittedScene")
            block.extend(Body(scene).content)
            self._units = self._last[0]
            self._count(utf16(_text_of(paragraph)) + BLOCK_UNITS)
            end += 1
        return end

    def _dual_end(self, index: int) -> int | None:
        """Where the speech that stands beside this one ends; None if none does."""
        second = self._speech_end(index)
        while second < len(self._elements) and self._elements[second].kind in _ASIDES:
            second += 1
        if second == len(self._elements):
            return None
        cue = self._elements[second]
        beside = cue.kind is Kind.CUE and cue.dual and plain(_shown(cue)[0]).strip()
        return self._speech_end(second) if beside else None

    def _speech_end(self, index: int) -> int:
        index += 1
        while index < len(self._elements) and self._elements[index].kind in _SPEECH:
            index += 1
        return index

    def _add_dual(self, index: int, end: int) -> None:
        """Add two speeches side by side; the notes on them can only be on both."""
        paragraph = self._open(None)
        block = ET.SubElement(paragraph, "DualDialogue")
        asides: list[str] = []
        for at in range(index, end):
            element = self._elements[at]
            if element.kind in _ASIDES:
                asides += _asides(element)
                continue
            runs, placed = _shown(element)
            asides += [aside for _, aside in placed]
            if plain(runs).strip():
                inner = ET.SubElement(block, "Paragraph", Type=type_of(element))
                self._add_runs(inner, runs, at)
        self._count(BLOCK_UNITS)
        self._add_asides(asides, self._last)

    def _add_asides(self, asides: Sequence[str], place: tuple[int, int]) -> None:
        for aside in asides:
            self._add_note(aside, place)

    def _add_note(self, aside: str, place: tuple[int, int]) -> None:
        text, kind, title = aside[2:-2].strip(), "", ""
        if aside.startswith("/*"):
            kind = BONEYARD
        elif (match := _TITLED.match(text)) and match[2] == colon(match[1]):
            title, text = match[1], text[match.end() :]
        number = str(len(self.notes) + 1)
        note = ET.SubElement(
            self.notes,
            "ScriptNote",
            Color="#000000000000",
            Id=number,
            Name=title,
            Range=f"{place[0]},{place[1]}",
            RefId=str(uuid.uuid5(uuid.NAMESPACE_URL, f"storyroom:note:{number}:{aside}")),
            Type=kind,
            WriterName="",
        )
        for line in text.split("\n"):
            add_text(ET.SubElement(note, "Paragraph"), [Run(line.rstrip())])


def _shown(element: Element) -> tuple[tuple[Run, ...], tuple[Placed, ...]]:
    """The runs of an element as its paragraph shows them, with parentheses and extension; and its asides."""
    runs, placed = divided(element.text)
    text = plain(runs)
    if element.kind is Kind.PARENTHETICAL and text.strip():
        opening, closing = "（）" if _CJK.search(text) else "()"
        placed = tuple(Placed(offset + 1, aside) for offset, aside in placed)
        runs = (Run(opening), *runs, Run(closing))
    elif element.kind is Kind.CUE and element.extension:
        inside = plain(divided(element.extension)[0])
        runs = (*runs, Run(f"（{inside}）" if _CJK.search(text + inside) else f" ({inside})"))
        placed += tuple(Placed(len(text), aside) for _, aside in divided(element.extension)[1])
    return merged(runs), placed


def _qualify(paragraph: ET.Element, element: Element) -> None:
    if element.scene_number:
        paragraph.set("Number", element.scene_number)
    if element.kind is Kind.CENTERED:
        paragraph.set("Alignment", "Center")


def _asides(element: Element) -> list[str]:
    """A note or boneyard element with its marks; on one line there can be several of them."""
    opened, closed = ("[[", "]]") if element.kind is Kind.NOTE else ("/*", "*/")
    whole = f"{opened}{element.text}{closed}"
    asides = [whole[aside.start : aside.end] for aside in scan(whole)[0]]
    alone = "".join(asides).split() == whole.split()
    return asides if alone and len(asides) > 1 else [whole]


def _is_summary(element: Element) -> bool:
    return element.kind is Kind.SYNOPSIS and not has_opener(element.text) and bool(element.text.strip())


def _omitted(heading: Element, boneyard: Element) -> list[Element]:
    """The elements of an omitted scene, which stands in a boneyard below a heading that says so."""
    if boneyard.kind is not Kind.BONEYARD or not is_omitted(heading) or has_opener(boneyard.text):
        return []
    scene = parse_elements(boneyard.text)
    return scene if scene and scene[0].kind is Kind.SCENE_HEADING else []


def _text_of(paragraph: ET.Element) -> str:
    return "".join(node.text or "" for node in paragraph.iterfind("Text"))
