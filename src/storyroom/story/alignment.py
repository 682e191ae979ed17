"""What became of each element between two versions of a script: kept, reworded, moved, new or gone.

    align(before, after) -> list[Change]             in the order of a reader of the new version
    align_scenes(before, after) -> list[SceneChange] the same, scene by scene

Elements are known again by their ids where both sides have them, and by their text elsewhere
(`storyroom.story.pairing`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from storyroom.story.pairing import crossing, paired, weight
from storyroom.story.script import Element, Kind


class Fate(StrEnum):
    """What became of an element; one that was moved and reworded as well counts as moved."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one element.

    Attributes:
        old: its place among the elements before; None for a new one.
        new: its place among the elements after; None for one that is gone.
        changed: whether it says something else now.
        moved: whether it stands elsewhere now, seen from most of the others.
    """

    old: int | None
    new: int | None
    changed: bool = False
    moved: bool = False

    @property
    def fate(self) -> Fate:
        """The same in a word."""
        if self.old is None:
            return Fate.NEW
        if self.new is None:
            return Fate.GONE
        return Fate.MOVED if self.moved else Fate.CHANGED if self.changed else Fate.SAME


@dataclass(frozen=True, slots=True)
class SceneChange:
    """What became of one scene. What stands before the first heading is scene 0.

    Attributes:
        old: number of the scene before, from 1; None for a new scene.
        new: its number after; None for a scene that is gone.
        moved: whether it stands elsewhere, as a whole.
        changes: of its elements. One that came from another scene, or one that stayed when its scene moved,
            is told as moved; those that moved with their scene are not.
    """

    old: int | None
    new: int | None
    moved: bool
    changes: tuple[Change, ...]

    @property
    def fate(self) -> Fate:
        """The same in a word: moved, if it was; changed, if any element of it is not the same."""
        if self.old is None:
            return Fate.NEW
        if self.new is None:
            return Fate.GONE
        if self.moved:
            return Fate.MOVED
        return Fate.SAME if all(one.fate is Fate.SAME for one in self.changes) else Fate.CHANGED


def align(before: Sequence[Element], after: Sequence[Element]) -> list[Change]:
    """Tell what became of each element, each once.

    The changes come in the order of `after`. What is gone comes behind what it stood behind, and a scene that
    is gone behind the scene before it.
    """
    return [change for scene in _Versions(before, after).scenes() for change in scene.changes]


def align_scenes(before: Sequence[Element], after: Sequence[Element]) -> list[SceneChange]:
    """Tell what became of each scene, in the order of `align`."""
    versions = _Versions(before, after)
    return [versions.settled(scene) for scene in versions.scenes()]


class _Versions:
    """Two versions whose elements are paired, and their scenes.

    Attributes:
        kept: the change of each element after.
        homes: for each scene before, the scene after that has most of it, if any has something.
        olds: for each scene after, the scene before that it continues. Where a scene was divided, its larger
            part continues it and the other is new.
    """

    def __init__(self, before: Sequence[Element], after: Sequence[Element]) -> None:
        self.before, self.after = before, after
        self.scene_before, self.scene_after = _scene_numbers(before), _scene_numbers(after)
        self.kept = _kept(before, after)
        shared: Counter[tuple[int, int]] = Counter()
        for old, new in _pairs(self.kept):
            shared[self.scene_before[old], self.scene_after[new]] += weight(after[new])
        self.homes: dict[int, int] = {}
        most: dict[int, int] = {}
        for (old, new), _ in shared.most_common():
            self.homes.setdefault(old, new)
            most.setdefault(new, old)
        self.olds = {new: old for new, old in most.items() if self.homes[old] == new}

    def scenes(self) -> list[SceneChange]:
        """Return each scene after with what is gone from it, and each scene that is gone."""
        behind, lost = self._gone()
        found = lost[None]
        for number, places in _by_number(self.scene_after).items():
            changes = [*behind[None, number]]
            for new in places:
                changes += [self.kept[new], *behind[new, number]]
            found.append(SceneChange(self.olds.get(number), number, False, tuple(changes)))
            found += lost[number]
        return found

    def _gone(self) -> tuple[dict[tuple[int | None, int], list[Change]], dict[int | None, list[SceneChange]]]:
        """Return what is gone.

        Returns:
            By the element after and the scene that it came behind, None for the beginning of that scene; and
            the scenes that are gone altogether, by the scene after that they came behind.
        """
        partner = dict(_pairs(self.kept))
        behind: dict[tuple[int | None, int], list[Change]] = defaultdict(list)
        lost: dict[int | None, list[SceneChange]] = defaultdict(list)
        last: int | None = None
        for number, places in _by_number(self.scene_before).items():
            home = self.homes.get(number)
            if home is None:
                changes = tuple(Change(old, None) for old in places)
                lost[last].append(SceneChange(number, None, False, changes))
                continue
            last, new = home, None
            for old in places:
                if old not in partner:
                    behind[new, home].append(Change(old, None))
                elif self.scene_after[partner[old]] == home:
                    new = partner[old]
        return behind, lost

    def settled(self, scene: SceneChange) -> SceneChange:
        """Tell whether a scene was moved as a whole; if so, of its elements those that moved within it."""
        own = [pair for pair in _pairs(scene.changes) if self.scene_before[pair[0]] == scene.old]
        weights = [weight(self.after[new]) for _, new in own]
        moved = [self.kept[new].moved for _, new in own]
        if 2 * sum(w for w, one in zip(weights, moved, strict=True) if one) <= sum(weights):
            return scene
        within = crossing(own, weights)
        steady = {new for at, (_, new) in enumerate(own) if at not in within}
        changes = (
            one if None in (one.old, one.new) else replace(one, moved=one.new not in steady)
            for one in scene.changes
        )
        return replace(scene, moved=True, changes=tuple(changes))


def _kept(before: Sequence[Element], after: Sequence[Element]) -> list[Change]:
    """Return the change of each element after."""
    kept = [
        Change(old, new, changed=old is not None and before[old].content != after[new].content)
        for new, old in enumerate(paired(before, after))
    ]
    pairs = _pairs(kept)
    for at in crossing(pairs, [weight(after[new]) for _, new in pairs]):
        new = pairs[at][1]
        kept[new] = replace(kept[new], moved=True)
    return kept


def _pairs(changes: Iterable[Change]) -> list[tuple[int, int]]:
    """Return the places before and after of what is on both sides."""
    return [(one.old, one.new) for one in changes if one.old is not None and one.new is not None]


def _scene_numbers(elements: Iterable[Element]) -> list[int]:
    """Return the number of the scene that each element stands in; 0 before the first heading."""
    return list(accumulate(int(one.kind is Kind.SCENE_HEADING) for one in elements))


def _by_number(scenes: Sequence[int]) -> dict[int, list[int]]:
    """Return the places of the elements of each scene."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(scenes):
        places[number].append(place)
    return places
