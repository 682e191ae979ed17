"""Revision marks: the new version of a script with what differs from the old one marked, in a colour.

Productions reissue only the pages that changed, on paper of another colour each time: white is the first
issue, then blue, pink, yellow, green, goldenrod, buff, salmon, cherry, tan, and white again. An asterisk in
the margin stands beside each line that changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from storyroom.errors import InputError
from storyroom.formats.compare.comparison import Comparison
from storyroom.formats.compare.rows import kind_of
from storyroom.formats.pages import REVISION_COLOURS
from storyroom.story.alignment import Fate
from storyroom.story.script import UNPRINTED, Element, Script

_MOST = 19
_ROUND = len(REVISION_COLOURS)


@dataclass(frozen=True)
class Revision:
    """A script and its marks.

    Attributes:
        script: the new version; every element has an id.
        number: of the revision: 1 is blue, 10 the second white.
        marked: places of the marked elements in `script.elements()`.
        reworded: what those of them were before that say something else in the same place.
    """

    script: Script
    number: int
    marked: frozenset[int]
    reworded: Mapping[int, Element]

    @property
    def colour(self) -> str:
        """The colour of its pages."""
        return REVISION_COLOURS[self.number % _ROUND]

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the marked elements."""
        return frozenset(one.id for place, one in enumerate(self.script.elements()) if place in self.marked)

    @property
    def numbers(self) -> dict[int, int]:
        """The revision of each marked element, by its place."""
        return dict.fromkeys(sorted(self.marked), self.number)


def revision_number(name: str) -> int:
    """Return the revision of a colour, or of a number from 1 to 19; white is 10, the first after tan.

    Raises:
        InputError: there is none of that name.
    """
    wanted = name.strip().casefold()
    if wanted in REVISION_COLOURS:
        return REVISION_COLOURS.index(wanted) or _ROUND
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= _MOST:
        return int(wanted)
    raise InputError(
        f"There is no revision {name!r}.",
        hint=f"Give a number from 1 to {_MOST}, or a colour: {', '.join(REVISION_COLOURS[1:])}.",
    )


def revise(comparison: Comparison, number: int) -> Revision:
    """Mark the new version: what is new, reworded or stands elsewhere, and the line beside what is gone.

    A scene that moved is marked whole: who has the old pages needs it on new ones.
    """
    elements = [replace(one, id=f"e{place}") for place, one in enumerate(comparison.new.elements)]
    script = comparison.new.script.with_elements(elements)
    reworded = {
        change.new: comparison.old.elements[change.old]
        for scene in comparison.scenes
        if scene.fate is not Fate.MOVED
        for change in scene.changes
        if change.fate is Fate.CHANGED and change.old is not None and change.new is not None
    }
    return Revision(script, number, frozenset(_marked(comparison)), reworded)


def _marked(comparison: Comparison) -> Iterator[int]:
    below: int | None = None  # the line that a scene which is gone stood above
    for scene in reversed(comparison.scenes):
        yield from (
            one.new
            for one in scene.changes
            if one.new is not None and (one.fate is not Fate.SAME or scene.fate is Fate.MOVED)
        )
        lines = [one for one in scene.changes if kind_of(comparison, one) not in UNPRINTED]
        places = [one.new for one in lines if one.new is not None]
        near = places[-1] if places else below
        for one in reversed(lines):
            if one.new is not None:
                near = one.new
            elif near is not None:
                yield near
        below = places[0] if places else below
