"""A change that is proposed, and all that were found in a script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from storyroom.story.script import Element, Script
from storyroom.story.wording import words_changed

ChangeKind = Literal["grammar", "punctuation", "style", "repetition", "length", "cliche", "logic"]
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)


class Edit(NamedTuple):
    """``text[start:end]`` becomes `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change to one line, or a remark on it.

    Attributes:
        place: place of the line among the script's elements.
        edits: what is written anew, in order and apart from each other; none for a remark.
        kind: what is wrong.
        reason: why, as a sentence.
        by: the code rule, the library or the model that proposes it.
    """

    place: int
    edits: tuple[Edit, ...]
    kind: ChangeKind
    reason: str
    by: str

    @property
    def remark(self) -> bool:
        """Whether only a writer can mend it."""
        return not self.edits

    def wording(self, text: str) -> str:
        """Return a line's text with this change made."""
        return edited(text, self.edits)


class Refused(NamedTuple):
    """A change that is not proposed, and why not."""

    change: Change
    why: str


@dataclass(frozen=True)
class Polished:
    """What was found in a script.

    Attributes:
        script: as it was read.
        changes: in the order of the script. A change's number is its place here, from 1. No two of them touch
            the same characters, so any of them can be made without the others.
        refused: what would have changed more than the wording.
        told: what the reader should know about how it was looked at.
    """

    script: Script
    changes: tuple[Change, ...]
    refused: tuple[Refused, ...] = ()
    told: tuple[str, ...] = ()

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The elements of the script, in order."""
        return tuple(self.script.elements())


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made that do not touch each other."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """Return the edits that make one text of another, word by word."""
    found: list[Edit] = []
    at = 0
    for state, text in words_changed(old, new):
        if state == "added":
            if found and found[-1].end == at:
                found[-1] = found[-1]._replace(new=found[-1].new + text)
            else:
                found.append(Edit(at, at, text))
            continue
        if state == "removed":
            found.append(Edit(at, at + len(text), ""))
        at += len(text)
    return tuple(found)


def apart(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """Part changes into those that can stand together, earlier ones first, and the others.

    Returns:
        Those that do not touch each other, in the order of the script, and those that touch one of them.
    """
    kept: list[Change] = []
    others: list[Change] = []
    taken: dict[int, list[Edit]] = {}
    for change in changes:
        there = taken.setdefault(change.place, [])
        if any(_touch(one, other) for one in change.edits for other in there):
            others.append(change)
        else:
            kept.append(change)
            there += change.edits
    return sorted(kept, key=lambda one: (one.place, one.edits[:1], one.reason)), others


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits share a character, or stand side by side where neither leaves one between."""
    return one.start <= other.end and other.start <= one.end


def well_formed(edits: tuple[Edit, ...]) -> bool:
    """Whether edits are in order and do not touch."""
    return all(before.end < after.start for before, after in pairwise(edits))
