"""Make changes in a script, and leave every byte of the other lines as it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from storyroom.formats.fountain import parse, write
from storyroom.formats.fountain.lines import physical_lines
from storyroom.story.script import Element, Script
from storyroom.tools.polish.change import Edit, Polished, edited


def apply(found: Polished, numbers: Collection[int]) -> Script:
    """Return the script with some changes made; `write` of it leaves the other lines byte for byte.

    Args:
        found: what was found in the script.
        numbers: of the changes, from 1. A remark has nothing to make.
    """
    edits: dict[int, list[Edit]] = defaultdict(list)
    for number in numbers:
        change = found.changes[number - 1]
        edits[change.place] += change.edits
    wanted = {place: edited(found.elements[place].text, some) for place, some in edits.items() if some}
    if not wanted:
        return found.script
    made = [
        _in_its_lines(one, wanted[place]) if place in wanted else one
        for place, one in enumerate(found.elements)
    ]
    script = found.script.with_elements(made)
    if _says(script, wanted):
        return script
    # Something about the lines as they stand would be read otherwise now; these are laid out afresh.
    return found.script.with_elements(
        one.edited(text=wanted[place]) if place in wanted else one for place, one in enumerate(found.elements)
    )


def _in_its_lines(element: Element, text: str) -> Element:
    """Return an element with another text, in the very lines that it was read from if that is possible."""
    source = element.source
    if source is None:
        return element.edited(text=text)
    raw = list(physical_lines(source.raw))
    old, new = element.text.split("\n"), text.split("\n")
    if len(old) != len(new) or len(raw) < len(old):
        return element.edited(text=text)
    for place, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            if not before or raw[place].count(before) != 1:
                return element.edited(text=text)
            raw[place] = raw[place].replace(before, after)
    return replace(element, text=text, source=replace(source, raw="".join(raw)))


def _says(script: Script, wanted: dict[int, str]) -> bool:
    """Whether a script reads back as what it is to say."""
    read = tuple(parse(write(script)).elements())
    meant = tuple(script.elements())
    return len(read) == len(meant) and all(
        one.content == other.content for one, other in zip(read, meant, strict=True)
    )
