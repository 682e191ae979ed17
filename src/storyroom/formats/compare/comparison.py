"""Two versions of a script and what became of each element, each scene and each entry of the title page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from storyroom.story.alignment import Fate, SceneChange, align_scenes
from storyroom.story.script import Element, Script


@dataclass(frozen=True)
class Version:
    """A version of a script, and what to call it."""

    name: str
    script: Script

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """All its elements in order."""
        return tuple(self.script.elements())

    def number(self, place: int) -> int:
        """Return the number of an element's line in its file, from 1; without a file, of the element."""
        source = self.elements[place].source
        return source.line if source is not None else place + 1


@dataclass(frozen=True)
class Entry:
    """An entry of the title page that is not as it was; a text is None where the key is not there."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Comparison:
    """What became of a script.

    Attributes:
        old: the version before.
        new: the version after.
        scenes: every scene of both, the unchanged ones too.
    """

    old: Version
    new: Version
    scenes: tuple[SceneChange, ...]

    @cached_property
    def title_page(self) -> tuple[Entry, ...]:
        """The entries of the title page that differ."""
        old, new = (
            {k: "\n".join(v) for k, v in one.script.title_page.entries} for one in (self.old, self.new)
        )
        keys = dict.fromkeys((*new, *old))
        return tuple(Entry(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key))

    @cached_property
    def lines(self) -> Counter[Fate]:
        """How many elements met which fate; one that moved with its scene, and nothing else, is the same."""
        return Counter(change.fate for scene in self.scenes for change in scene.changes)

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.title_page and all(scene.fate is Fate.SAME for scene in self.scenes)


def compare(old: Version, new: Version) -> Comparison:
    """Compare two versions of a script."""
    return Comparison(old, new, tuple(align_scenes(old.elements, new.elements)))
