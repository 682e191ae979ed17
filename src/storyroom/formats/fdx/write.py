"""Write FDX."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from storyroom.errors import InputError
from storyroom.formats.fdx.body import Body
from storyroom.formats.fdx.layout import LAST_REVISION, Paper, add_page_layout, add_production
from storyroom.formats.fdx.smart_type import add_smart_type
from storyroom.formats.fdx.title import write_title_page
from storyroom.formats.fdx.tree import serialise
from storyroom.story.script import Element, Script

_VERSION = "5"


def write(
    script: Script,
    *,
    paper: Paper = "letter",
    revisions: Mapping[int, int] | None = None,
    reworded: Mapping[int, Element] | None = None,
) -> bytes:
    """Write a script as a Final Draft document.

    Args:
        script: any script; what Final Draft cannot say of it is told in `docs/formats.md`.
        paper: the size of the page.
        revisions: the revision that changed an element, by its index in `script.elements()`: 1 is blue,
            2 pink, 3 yellow, 4 green, 5 goldenrod, 6 buff, 7 salmon, 8 cherry, 9 tan, 10 the second white,
            and so on up to 19.
        reworded: of revised elements, what they were before, by the same index: then only the words that
            changed are marked.

    Raises:
        FormatError: a text holds a character that XML cannot.
        InputError: there is no such revision.
    """
    revisions = revisions or {}
    if wrong := next((n for n in revisions.values() if not 1 <= n <= LAST_REVISION), None):
        raise InputError(f"there is no revision {wrong}", hint=f"number revisions from 1 to {LAST_REVISION}")
    body = Body(list(script.elements()), revisions, reworded)
    root = ET.Element("FinalDraft", DocumentType="Script", Template="No", Version=_VERSION)
    root.append(body.content)
    add_page_layout(root, paper)
    if script.title_page:
        ET.SubElement(root, "TitlePage").append(write_title_page(script.title_page))
    add_smart_type(root, script)
    numbered = any(scene.heading.scene_number for scene in script.scenes)
    add_production(root, numbered=numbered, revision=max(revisions.values(), default=0))
    if len(body.notes):
        root.append(body.notes)
    return serialise(root)
