"""SmartType: the names, places and times that Final Draft offers while one types, taken from the script."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from storyroom.formats.fdx.inline import plain
from storyroom.formats.fountain import emphasis
from storyroom.story.headings import cue_name
from storyroom.story.script import Kind, Script

_INTROS = {False: (". ", ("INT", "EXT", "INT./EXT", "I/E")), True: (" ", ("内景", "外景", "内外景"))}
_EXTENSIONS = ("V.O.", "O.S.", "O.C.", "CONT'D")
_TRANSITIONS = ("CUT TO:", "FADE IN:", "FADE OUT.", "DISSOLVE TO:", "SMASH CUT TO:")


def add_smart_type(root: ET.Element, script: Script) -> None:
    """Add the lists, each in the order in which its words first come in the script."""
    elements = list(script.elements())
    cues = [element for element in elements if element.kind is Kind.CUE]
    headings = [scene.parts for scene in script.scenes]
    chinese = any("一" <= character <= "鿿" for part in headings for character in part.place + part.time)
    separator, intros = _INTROS[chinese]
    names = {cue_name(cue.text): plain(emphasis(cue.text)).strip() for cue in reversed(cues)}
    said = [f"({cue.extension})" for cue in cues if cue.extension and ")" not in cue.extension]
    changes = [plain(emphasis(e.text)).strip() for e in elements if e.kind is Kind.TRANSITION]
    smart = ET.SubElement(root, "SmartType")
    _list(smart, "Characters", "Character", reversed(names.values()))
    _list(smart, "Extensions", "Extension", [*(f"({extension})" for extension in _EXTENSIONS), *said])
    _list(smart, "SceneIntros", "SceneIntro", intros, separator)
    _list(smart, "Locations", "Location", [part.place for part in headings])
    _list(smart, "TimesOfDay", "TimeOfDay", [part.time for part in headings], " " if chinese else " - ")
    _list(smart, "Transitions", "Transition", [*_TRANSITIONS, *changes])


def _list(
    smart: ET.Element, name: str, entry: str, words: Iterable[str], separator: str | None = None
) -> None:
    node = ET.SubElement(smart, name)
    if separator is not None:
        node.set("Separator", separator)
    for word in dict.fromkeys(" ".join(word.split()) for word in words):
        if word:
            ET.SubElement(node, entry).text = word
