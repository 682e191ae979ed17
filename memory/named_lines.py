"""The line that a user means: by its number in a scene, by its words, or by its line in an exported file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.errors import InputError, SessionError
from storyroom.files import sha256
from storyroom.memory.bodies import read_bodies
from storyroom.memory.drafts import scene_slots
from storyroom.memory.ledger import Ledger
from storyroom.story.checks import line_form
from storyroom.story.draft import SceneDraft, load_element
from storyroom.story.script import Element

if TYPE_CHECKING:
    from storyroom.memory.exports import Export
    from storyroom.memory.tracing import Origin, TracedLine


@dataclass(frozen=True)
class FileLine:
    """The element that stands on a line of a file.

    Attributes:
        session: that the file was exported from.
        head: the script version that it shows.
        element: id of the element.
        now: what the file says in its place, if somebody changed it there; None if they did not.
    """

    session: str
    head: str
    element: str
    now: str | None = None


def line_at(ledger: Ledger, head: str, scene: int, place: int) -> Element:
    """Return the element at a place of a scene, counted from 1 with the heading.

    Raises:
        SessionError: there is no such scene, or no such line in it.
    """
    slot = f"scene:{scene}"
    slots = ledger.drafts.script(head)
    if slot not in slots:
        raise SessionError(
            f"Scene {scene} is not written.", hint="`storyroom sessions` shows how far each came."
        )
    elements = ledger.drafts.get(slots[slot], SceneDraft).elements
    if not 1 <= place <= len(elements):
        raise SessionError(
            f"Scene {scene} has no line {place}.", hint=f"Its lines are numbered 1 to {len(elements)}."
        )
    return elements[place - 1]


def lines_saying(ledger: Ledger, head: str, words: str) -> list[tuple[int, int, Element]]:
    """Return the lines in which the words stand, letters compared alone: scene, place, element.

    Lines that say nothing else come first, and alone.

    Raises:
        InputError: there are no words.
    """
    form = line_form(words)
    if not form:
        raise InputError("No words are given to look for.", hint="Give a few words of the line in quotes.")
    slots = ledger.drafts.script(head)
    found = [
        (draft.number, place, one)
        for slot, draft_id in slots.items()
        if slot.startswith("scene:")
        for draft in [ledger.drafts.get(draft_id, SceneDraft)]
        for place, one in enumerate(draft.elements, 1)
        if form in line_form(one.text)
    ]
    whole = [one for one in found if line_form(one[2].text) == form]
    return sorted(whole or found, key=lambda one: one[:2])


def line_of_file(ledger: Ledger, path: Path, number: int) -> FileLine:
    """Return what stands on a line of a file.

    Args:
        number: of the line, from 1.

    Raises:
        InputError: the file cannot be read, the line holds no element, or it was written after the export.
        SessionError: nothing tells which session the file comes from.
    """
    for export in ledger.exports.find(sha256=sha256(path.read_bytes())):
        element = next((one for one in _untouched(ledger, path, export) if _is_on(one, number)), None)
        if element is None or not element.id:
            raise _empty(path, number)
        return FileLine(export.session, export.head, element.id)
    return _in_edited(ledger, path, number)


def _in_edited(ledger: Ledger, path: Path, number: int) -> FileLine:
    """Find a line of a file that is no longer as it was exported."""
    from storyroom.memory.tracing import trace_back
    from storyroom.story.alignment import Fate

    traced = trace_back(ledger, path)
    lines = ((scene.number, line) for scene in traced.scenes for line in scene.lines)
    scene, found = next(
        ((scene, line) for scene, line in lines if line.now is not None and _is_on(line.now, number)),
        (None, None),
    )
    if found is None:
        raise _empty(path, number)
    if scene is not None and (found.was is None or found.changed):
        taken_in = _taken_in(ledger, traced.origin, scene, found)
        if taken_in is not None:
            return taken_in
    if found.was is None or found.now is None or found.fate is Fate.NEW:
        raise InputError(
            f"Line {number} of {path} was written in the file after its export: nobody in the room wrote it.",
            hint="It came from whoever edited the file; the room knows it once it is taken in.",
        )
    now = found.now.text if found.changed else None
    return FileLine(traced.origin.session, traced.origin.head, found.was.id, now)


def _taken_in(ledger: Ledger, origin: Origin, scene: int, line: TracedLine) -> FileLine | None:
    """Return the line that the room made of one that was written in a file, once the file was taken in."""
    head = ledger.drafts.head_of(origin.session)
    draft_id = ledger.drafts.script(head).get(f"scene:{scene}") if head else None
    if head is None or draft_id is None or line.now is None:
        return None
    said = (one for one in ledger.drafts.get(draft_id, SceneDraft).elements if one.text == line.now.text)
    if line.was is not None:
        element = next((one for one in said if one.id == line.was.id), None)
    else:
        exported = ledger.drafts.script(origin.head).get(f"scene:{scene}")
        before = {one.id for one in ledger.drafts.get(exported, SceneDraft).elements} if exported else set()
        element = next((one for one in said if one.id not in before and one.kind is line.now.kind), None)
    return None if element is None else FileLine(origin.session, head, element.id)


def _untouched(ledger: Ledger, path: Path, export: Export) -> list[Element]:
    """Return the elements of a file that nobody touched, with the ids that they have in the drafts."""
    from storyroom.formats.registry import format_of, read_script

    elements = list(read_script(path).elements())
    # Plans need not be read for this, nor scenes be checked that were when they were kept.
    slots = ledger.drafts.script(export.head)
    scenes = [slots[f"scene:{number}"] for number in scene_slots(slots)]
    bodies = read_bodies(ledger, scenes)
    drafts = [load_element(one) for scene in scenes for one in bodies[scene]["elements"]]
    if [one.content for one in elements] == [one.content for one in drafts]:
        return [replace(one, id=draft.id) for one, draft in zip(elements, drafts, strict=True)]
    from storyroom.memory.tracing import exported

    # The format could not say everything as the drafts do: then what it says is aligned with them.
    return list(exported(ledger, export.session, export.head, format_of(path)).elements())


def _is_on(element: Element, number: int) -> bool:
    source = element.source
    return source is not None and source.line <= number <= source.last_line


def _empty(path: Path, number: int) -> InputError:
    return InputError(
        f"Line {number} of {path} holds no element of the script.",
        hint="Name a line with text of a scene on it; the title page has no history.",
    )
