"""A paragraph of an FDX document, as it stands there."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field

from storyroom.formats.fdx.inline import plain, sliced
from storyroom.formats.fdx.types import Look, styles_of
from storyroom.formats.fountain import Run

BLOCK_UNITS = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph.

    Attributes:
        runs: its text, in the styles that differ from those of its type.
        skipped: number of characters before the text that only indent the file.
        units: what it counts in the Range of a script note (UTF-16 units; an embedded block counts two).
        revision: the newest revision that one of its runs belongs to; 0 for none.
        summary: the lines of the scene's index card, its title first.
        notes: script notes that stand inside it, as Final Draft 8 and 9 wrote them.
        dual: the paragraphs of a dual dialogue that it holds.
        omitted: the paragraphs of a scene that was omitted, below the heading that says so.
    """

    type: str
    look: Look
    centered: bool
    new_page: bool
    number: str | None
    runs: list[Run]
    skipped: int
    units: int
    revision: int
    summary: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dual: list["Paragraph"] = field(default_factory=list)
    omitted: list["Paragraph"] = field(default_factory=list)


def paragraphs(content: ET.Element | None, looks: dict[str, Look]) -> list[Paragraph]:
    """Read the paragraphs that stand directly in a Content, a DualDialogue, an OmittedScene."""
    found = []
    for node in content if content is not None else ():
        if node.tag == "Paragraph":
            found.append(_paragraph(node, looks))
        elif node.tag == "DualDialogue":  # without the paragraph that Final Draft puts around it
            wrapper = ET.Element("Paragraph", {"Type": "General"})
            wrapper.append(node)
            found.append(_paragraph(wrapper, looks))
    return found


def _paragraph(node: ET.Element, looks: dict[str, Look]) -> Paragraph:
    name = node.get("Type", "General")
    look = looks.get(name.casefold(), Look())
    texts = [(text, "".join(text.itertext())) for text in node.iterfind("Text")]
    blocks = node.findall("DualDialogue") + node.findall("OmittedScene")
    runs, skipped = _unindented([_run(text, written, look) for text, written in texts])
    return Paragraph(
        type=name,
        look=look,
        centered=node.get("Alignment") == "Center",
        new_page=node.get("StartsNewPage") == "Yes",
        number=(node.get("Number") or "").strip() or None,
        runs=runs,
        skipped=skipped,
        units=sum(utf16(written) for _, written in texts) + BLOCK_UNITS * len(blocks),
        revision=max((_number(text.get("RevisionID")) for text, _ in texts), default=0),
        summary=_summary(node),
        notes=[note_text(note) for note in node.iterfind("ScriptNote")],
        dual=paragraphs(node.find("DualDialogue"), looks),
        omitted=paragraphs(node.find("OmittedScene"), looks),
    )


def _run(node: ET.Element, text: str, look: Look) -> Run:
    """A run is emphasised where its styles are not those of its paragraph type: roman within italic too."""
    written = node.get("Style")
    styles = look.styles if written is None else styles_of(written)
    changed = styles ^ look.styles
    shown = text.upper() if "AllCaps" in styles else text
    return Run(shown, "Bold" in changed, "Italic" in changed, "Underline" in changed)


def _unindented(runs: list[Run]) -> tuple[list[Run], int]:
    """Take line ends off the edges of the text: they come from tools that indent the file."""
    text = plain(runs)
    start, end = _without_indent(text)
    return sliced(runs, start, end), start


def _without_indent(text: str) -> tuple[int, int]:
    """Where a text begins and ends without the white space at its edges that holds a line end."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    start = start if "\n" in text[:start] else 0
    return start, max(start, end if "\n" in text[end:] else len(text))


def _summary(heading: ET.Element) -> list[str]:
    properties = heading.find("SceneProperties")
    if properties is None:
        return []
    lines = [properties.get("Title", ""), *_lines(properties.find("Summary"))]
    said = "".join(text for node in heading.iterfind("Text") for text in node.itertext())
    return [line.strip() for line in lines if line.strip() and line.strip() != said.strip()]


def _lines(node: ET.Element | None) -> Iterator[str]:
    for paragraph in node.iterfind("Paragraph") if node is not None else ():
        line = "".join(text for run in paragraph.iterfind("Text") for text in run.itertext())
        yield line[slice(*_without_indent(line))]


def note_text(node: ET.Element) -> str:
    """The text of a script note: who wrote it, its title, and what it says."""
    body = "\n".join(_lines(node)).strip() or (node.text or "").strip()
    for front in (node.get("Name", ""), node.get("WriterName", "") or node.get("Author", "")):
        if front.strip():
            body = f"{front.strip()}{colon(front)}{body}"
    return body


def colon(front: str) -> str:
    """The colon between a note's title and its text: of full width behind Chinese."""
    return "：" if re.search("[㐀-鿿]", front) else ": "


def utf16(text: str) -> int:
    """Length in UTF-16 units, which is how Final Draft counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
