"""What a document says about its looks: page, paragraph types, revisions, continued speeches, scene numbers.

The values are those of an American television script in Courier: positions in inches from the paper's left
edge, space before a paragraph in points.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Literal, NamedTuple

from storyroom.formats.fdx.types import styles_of
from storyroom.formats.fountain import Run

Paper = Literal["letter", "a4"]

_SIZES: dict[Paper, tuple[str, str]] = {"letter": ("11.00", "8.50"), "a4": ("11.69", "8.27")}
_FONT = {
    "AdornmentStyle": "0",
    "Background": "#FFFFFFFFFFFF",
    "Color": "#000000000000",
    "Font": "Courier Final Draft",
    "RevisionID": "0",
    "Size": "12",
}
_PLAIN_PARAGRAPH = {"FirstIndent": "0.00", "Leading": "Regular", "SpaceBefore": "0", "Spacing": "1"}
_STYLES = ("Bold", "Italic", "Underline", "AllCaps")


class _Type(NamedTuple):
    """A paragraph type: its styles, where it stands, what comes behind it, what it breaks over pages like."""

    name: str
    styles: str
    left: str
    right: str
    before: str
    next: str
    like: str
    alignment: str = "Left"
    first: str = "0.00"
    new_page: str = "No"


_TYPES = (
    _Type("General", "", "1.50", "7.50", "0", "General", "General"),
    _Type("Scene Heading", "AllCaps", "1.50", "7.50", "24", "Action", "Scene Heading"),
    _Type("Action", "", "1.50", "7.50", "12", "Action", "Action"),
    _Type("Character", "AllCaps", "3.50", "7.25", "12", "Dialogue", "Character"),
    _Type("Parenthetical", "", "3.00", "5.50", "0", "Dialogue", "Parenthetical", first="-0.10"),
    _Type("Dialogue", "", "2.50", "6.00", "0", "Action", "Dialogue"),
    _Type("Transition", "AllCaps", "5.50", "7.10", "12", "Scene Heading", "Transition", "Right"),
    _Type("Shot", "AllCaps", "1.50", "7.50", "24", "Action", "Scene Heading"),
    _Type("Cast List", "AllCaps", "1.50", "7.50", "0", "Action", "Action"),
    _Type("Lyrics", "Italic", "2.50", "6.00", "0", "Lyrics", "Dialogue"),
    _Type(
        "New Act",
        "Underline+AllCaps",
        "1.50",
        "7.50",
        "0",
        "Scene Heading",
        "General",
        "Center",
        new_page="Yes",
    ),
    _Type("Cold Opening", "Underline+AllCaps", "1.50", "7.50", "0", "Scene Heading", "General", "Center"),
    _Type("End of Act", "Underline+AllCaps", "1.50", "7.50", "24", "New Act", "General", "Center"),
    _Type("Outline 1", "Bold", "1.50", "7.50", "24", "Summary", "General"),
    _Type("Outline 2", "Bold", "1.75", "7.50", "12", "Summary", "General"),
    _Type("Outline 3", "Bold", "2.00", "7.50", "12", "Summary", "General"),
    _Type("Summary", "Italic", "1.50", "7.50", "12", "Action", "General"),
)
_BASE = {kind.name: styles_of(kind.styles) for kind in _TYPES}
_COLOURS = {
    "White": "#FFFFFFFFFFFF",
    "Blue": "#C6C6EDEDFEFE",
    "Pink": "#FDFDCCCCD4D4",
    "Yellow": "#FDFDFFFFABAB",
    "Green": "#D1D1FEFED0D0",
    "Goldenrod": "#FAFACDCD3939",
    "Buff": "#FCFCEDED9D9D",
    "Salmon": "#F8F8AEAE8E8E",
    "Cherry": "#FBFBA4A4B4B4",
    "Tan": "#FDFDF1F1C7C7",
}
_REVISIONS = (*list(_COLOURS)[1:], *(f"2nd {colour}" for colour in _COLOURS))
LAST_REVISION = len(_REVISIONS)


def add_text(
    paragraph: ET.Element, runs: Iterable[Run], type_name: str = "General", revision: int = 0
) -> None:
    """Add the text of a paragraph. A run names its styles only where they are not those of its type.

    Small letters in a type that shows capitals need that too, or they would be shown as capitals.
    """
    base = _BASE.get(type_name, frozenset[str]())
    for run in runs:
        named = zip(_STYLES, (run.bold, run.italic, run.underline, False), strict=True)
        styles = base ^ {style for style, on in named if on}
        if "AllCaps" in styles and run.text.upper() != run.text:
            styles -= {"AllCaps"}
        node = ET.SubElement(paragraph, "Text")
        node.text = run.text
        if revision:
            node.set("RevisionID", str(revision))
        if styles != base:
            node.set("Style", "+".join(style for style in _STYLES if style in styles))
    if paragraph.find("Text") is None:
        ET.SubElement(paragraph, "Text").text = ""


def add_page_layout(root: ET.Element, paper: Paper) -> None:
    """Add the page: its header with the number, its size and margins, and the paragraph types."""
    header = ET.SubElement(
        ET.SubElement(
            root,
            "HeaderAndFooter",
            FooterFirstPage="Yes",
            FooterVisible="No",
            HeaderFirstPage="No",
            HeaderVisible="Yes",
            StartingPage="1",
        ),
        "Header",
    )
    line = ET.SubElement(
        header,
        "Paragraph",
        {"Alignment": "Right", **_PLAIN_PARAGRAPH, "LeftIndent": "1.25", "RightIndent": "-1.25"},
    )
    ET.SubElement(line, "DynamicLabel", Type="Page #")
    ET.SubElement(line, "Text").text = "."
    page = ET.SubElement(
        root,
        "PageLayout",
        BottomMargin="72",
        BreakDialogueAndActionAtSentences="Yes",
        DocumentLeading="Normal",
        FooterMargin="36",
        HeaderMargin="36",
        TopMargin="72",
        UsesSmartQuotes="No",
    )
    height, width = _SIZES[paper]
    ET.SubElement(page, "PageSize", Height=height, Width=width)
    for kind in _TYPES:
        _add_type(root, kind)


def _add_type(root: ET.Element, kind: _Type) -> None:
    settings = ET.SubElement(root, "ElementSettings", Type=kind.name)
    ET.SubElement(settings, "FontSpec", {**_FONT, "Style": kind.styles})
    ET.SubElement(
        settings,
        "ParagraphSpec",
        Alignment=kind.alignment,
        FirstIndent=kind.first,
        Leading="Regular",
        LeftIndent=kind.left,
        RightIndent=kind.right,
        SpaceBefore=kind.before,
        Spacing="1",
        StartsNewPage=kind.new_page,
    )
    ET.SubElement(settings, "Behavior", PaginateAs=kind.like, ReturnKey=kind.next)


def add_production(root: ET.Element, *, numbered: bool, revision: int) -> None:
    """Add how speeches go on over pages, the revisions in the trade's order of colours, and scene numbers."""
    breaks = ET.SubElement(root, "MoresAndContinueds")
    ET.SubElement(breaks, "FontSpec", {**_FONT, "Style": ""})
    ET.SubElement(
        breaks,
        "DialogueBreaks",
        AutomaticCharacterContinueds="No",
        BottomOfPage="Yes",
        DialogueBottom="(MORE)",
        DialogueTop="(CONT'D)",
        TopOfNext="Yes",
    )
    revisions = ET.SubElement(
        root,
        "Revisions",
        ActiveSet=str(max(revision, 1)),
        Location="7.75",
        RevisionMode="No",
        RevisionsShown="All" if revision else "Active",
        ShowAllMarks="Yes" if revision else "No",
        ShowAllSets="No",
    )
    for number, name in enumerate(_REVISIONS, 1):
        ET.SubElement(
            revisions,
            "Revision",
            Color="#000000000000",
            FullRevision="No",
            ID=str(number),
            Mark="*",
            Name=f"{name} Rev.",
            PageColor=_COLOURS[name.removeprefix("2nd ")],
            Style="",
        )
    shown = "Yes" if numbered else "No"
    numbers = ET.SubElement(
        root,
        "SceneNumberOptions",
        LeftLocation="0.75",
        NumberScheme="1A",
        RightLocation="7.38",
        ShowNumbersOnLeft=shown,
        ShowNumbersOnRight=shown,
    )
    ET.SubElement(numbers, "FontSpec", {**_FONT, "Style": ""})
