"""Final Draft's paragraph types, and the kinds of element that they are."""

import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

from storyroom.formats.fdx.inline import plain
from storyroom.formats.fountain import emphasis
from storyroom.story.script import Element, Kind

_KINDS = {
    "scene heading": Kind.SCENE_HEADING,
    "action": Kind.ACTION,
    "general": Kind.ACTION,
    "character": Kind.CUE,
    "parenthetical": Kind.PARENTHETICAL,
    "dialogue": Kind.DIALOGUE,
    "transition": Kind.TRANSITION,
    "shot": Kind.ACTION,
    "cast list": Kind.ACTION,
    "act info": Kind.ACTION,
    "lyrics": Kind.LYRIC,
    "singing": Kind.LYRIC,
    "new act": Kind.SECTION,
    "cold opening": Kind.SECTION,
    "sequence": Kind.SECTION,
    "end of act": Kind.CENTERED,
    "show/ep. title": Kind.CENTERED,
    "summary": Kind.SYNOPSIS,
    "outline body": Kind.SYNOPSIS,
    "note": Kind.NOTE,
}
_TYPES = {
    Kind.SCENE_HEADING: "Scene Heading",
    Kind.ACTION: "Action",
    Kind.CUE: "Character",
    Kind.PARENTHETICAL: "Parenthetical",
    Kind.DIALOGUE: "Dialogue",
    Kind.TRANSITION: "Transition",
    Kind.LYRIC: "Lyrics",
    Kind.SYNOPSIS: "Summary",
}
_OUTLINE = re.compile(r"outline (\d+)")
_ACT = re.compile(
    r"(?:act|teaser|cold open|cold opening|tag|prologue|epilogue)\b|第.{1,3}幕|序[幕场章]|尾声|冷开场|引子",
    re.IGNORECASE,
)
_COLD_OPENING = re.compile(r"cold open", re.IGNORECASE)
_END_OF_ACT = re.compile(r"end of (?:act|teaser|cold open|tag)\b|第.{1,3}幕[完终]", re.IGNORECASE)
_OMITTED = re.compile(
    r"omit(?:ted)?|scene omitted|[（(]?(?:本场)?(?:删除|已删|略去|删去)[)）]?", re.IGNORECASE
)


class Look(NamedTuple):
    """What a document says of one paragraph type: its own styles, and the type that it is laid out like."""

    styles: frozenset[str] = frozenset()
    like: str = ""


def styles_of(value: str) -> frozenset[str]:
    """The names in a Style attribute: ``Bold+AllCaps``."""
    return frozenset(name.strip() for name in value.split("+") if name.strip())


def looks(root: ET.Element) -> dict[str, Look]:
    """The paragraph types that a document declares, by their names in lower case."""
    found = {}
    for settings in root.iterfind("ElementSettings"):
        font, behaviour = settings.find("FontSpec"), settings.find("Behavior")
        found[settings.get("Type", "").casefold()] = Look(
            styles_of(font.get("Style", "")) if font is not None else frozenset(),
            behaviour.get("PaginateAs", "").casefold() if behaviour is not None else "",
        )
    return found


def kind_of(name: str, look: Look, *, centered: bool) -> tuple[Kind, int]:
    """The kind of a paragraph, and the depth of a section.

    A type that the writer made, or that Final Draft named in another language, is what it is laid out like.
    """
    name = name.casefold()
    if outline := _OUTLINE.match(name):
        return Kind.SECTION, max(1, int(outline[1]))
    kind = _KINDS.get(name) or _KINDS.get(look.like, Kind.ACTION)
    if kind is Kind.ACTION and centered:
        return Kind.CENTERED, 0
    return kind, 1 if kind is Kind.SECTION else 0


def type_of(element: Element) -> str:
    """The paragraph type to write an element as; a section that names an act becomes one."""
    text = plain(emphasis(element.text)).strip()
    if element.kind is Kind.CENTERED:
        return "End of Act" if _END_OF_ACT.match(text) else "Action"
    if element.kind is not Kind.SECTION:
        return _TYPES[element.kind]
    depth = max(1, element.depth)
    if depth == 1 and _ACT.match(text):
        return "Cold Opening" if _COLD_OPENING.match(text) else "New Act"
    return f"Outline {depth}"


def is_omitted(heading: Element) -> bool:
    """Whether a heading only tells that its scene was cut."""
    return bool(_OMITTED.fullmatch(plain(emphasis(heading.text)).strip(" .。")))
