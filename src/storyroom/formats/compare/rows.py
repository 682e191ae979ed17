"""What the views of a comparison show: each scene that differs, its changes and what is around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from storyroom.formats.compare.comparison import Comparison
from storyroom.story.alignment import Change, Fate, SceneChange
from storyroom.story.script import Element, Kind
from storyroom.story.wording import Words, words_changed

_HAN = re.compile("[㐀-鿿]")
_SPEECH = frozenset({Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRIC})


@dataclass(frozen=True)
class Row:
    """One element of a view, or a stretch of them that is left out.

    Attributes:
        fate: what became of the element.
        changed: whether it says something else: also of one that moved.
        kind: what it is now, or was last.
        old: number of its line before.
        new: number of its line after.
        words: what it says, each stretch kept, removed or added.
        left_out: how many unchanged elements stand here and are not shown; the other fields are empty then.
    """

    fate: Fate = Fate.SAME
    changed: bool = False
    kind: Kind = Kind.ACTION
    old: int | None = None
    new: int | None = None
    words: tuple[Words, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class SceneRows:
    """A scene that differs.

    Attributes:
        old: its number before, None if it was not there.
        new: its number now, None if it is gone. What stands before the first heading is scene 0.
        fate: what became of it as a whole.
        heading: its heading now, or as it was last; empty before the first heading.
    """

    old: int | None
    new: int | None
    fate: Fate
    heading: str
    rows: tuple[Row, ...]


def as_rows(comparison: Comparison, *, context: int | None = 1) -> list[SceneRows]:
    """Return the scenes that differ.

    Args:
        comparison: of two versions.
        context: how many unchanged elements are shown around each change; None shows all, and every scene.
    """
    return [
        SceneRows(scene.old, scene.new, scene.fate, _heading(comparison, scene), tuple(rows))
        for scene in comparison.scenes
        if context is None or scene.fate is not Fate.SAME
        for rows in [_rows(comparison, scene.changes, context)]
    ]


def summary(comparison: Comparison) -> list[tuple[Literal["scene", "line"], Fate, int]]:
    """Return how many scenes and lines met which fate; what there is none of is left out."""
    scenes = Counter(scene.fate for scene in comparison.scenes)
    fates = (Fate.CHANGED, Fate.MOVED, Fate.NEW, Fate.GONE)
    counts: list[tuple[Literal["scene", "line"], Fate, int]]
    counts = [("scene", fate, scenes[fate]) for fate in fates[1:]]
    counts += [("line", fate, comparison.lines[fate]) for fate in fates]
    return [one for one in counts if one[2]]


def shown(element: Element) -> str:
    """Return an element as a reader of a script knows it, with the marks that tell its kind."""
    text = element.text
    match element.kind:
        case Kind.SCENE_HEADING:
            return f"{text} #{element.scene_number}#" if element.scene_number else text
        case Kind.CUE:
            name = f"{text} ({element.extension})" if element.extension else text
            return f"{name} ^" if element.dual else name
        case Kind.PARENTHETICAL:
            return f"（{text}）" if _HAN.search(text) else f"({text})"
        case Kind.SECTION:
            return f"{'#' * max(1, element.depth)} {text}"
        case Kind.SYNOPSIS:
            return f"= {text}"
        case Kind.NOTE:
            return f"[[{text}]]"
        case Kind.BONEYARD:
            return f"/*{text}*/"
        case Kind.PAGE_BREAK:
            return "==="
        case _:
            return text


def said(comparison: Comparison, change: Change) -> tuple[Words, ...]:
    """Return the words of a change."""
    old = shown(comparison.old.elements[change.old]) if change.old is not None else ""
    new = shown(comparison.new.elements[change.new]) if change.new is not None else ""
    if change.fate is Fate.GONE:
        return (Words("removed", old),)
    if change.fate is Fate.NEW:
        return (Words("added", new),)
    return tuple(words_changed(old, new))


def kind_of(comparison: Comparison, change: Change) -> Kind:
    """Return what the element of a change is now, or was last."""
    if change.new is not None:
        return comparison.new.elements[change.new].kind
    assert change.old is not None, "a change has an element on one side at least"
    return comparison.old.elements[change.old].kind


def _heading(comparison: Comparison, scene: SceneChange) -> str:
    for change in scene.changes:
        if change.new is not None or scene.new is None:
            first = comparison.new.elements[change.new] if change.new is not None else None
            first = first or comparison.old.elements[change.old or 0]
            return first.text if first.kind is Kind.SCENE_HEADING else ""
    return ""


def _rows(comparison: Comparison, changes: Sequence[Change], context: int | None) -> Iterator[Row]:
    wanted = _wanted(comparison, changes, context)
    left_out = 0
    for place, change in enumerate(changes):
        if place not in wanted:
            left_out += 1
            continue
        if left_out:
            yield Row(left_out=left_out)
            left_out = 0
        yield Row(
            fate=change.fate,
            changed=change.changed,
            kind=kind_of(comparison, change),
            old=None if change.old is None else comparison.old.number(change.old),
            new=None if change.new is None else comparison.new.number(change.new),
            words=said(comparison, change),
        )
    if left_out:
        yield Row(left_out=left_out)


def _wanted(comparison: Comparison, changes: Sequence[Change], context: int | None) -> set[int]:
    """Return the places of the changes that are shown: what differs, what is around it, and who says it."""
    if context is None:
        return set(range(len(changes)))
    differ = [place for place, change in enumerate(changes) if change.fate is not Fate.SAME]
    wanted = {near for place in differ for near in range(place - context, place + context + 1)}
    for place in differ:
        while place > 0 and kind_of(comparison, changes[place]) in _SPEECH:
            place -= 1
            wanted.add(place)
    return wanted & set(range(len(changes)))
