"""A comparison for programs."""

from __future__ import annotations

from typing import Any

from storyroom.formats.compare.comparison import Comparison, Version
from storyroom.formats.compare.rows import kind_of, said
from storyroom.story.alignment import Change, Fate, SceneChange


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return what differs: title page, scenes, elements and words; unchanged elements are only counted."""
    return {
        "old": comparison.old.name,
        "new": comparison.new.name,
        "same": comparison.same,
        "elements": {fate.value: comparison.lines[fate] for fate in Fate},
        "title_page": [
            {"key": entry.key, "old": entry.old, "new": entry.new} for entry in comparison.title_page
        ],
        "scenes": [_scene(comparison, one) for one in comparison.scenes if one.fate is not Fate.SAME],
    }


def _scene(comparison: Comparison, scene: SceneChange) -> dict[str, Any]:
    return {
        "old": scene.old,
        "new": scene.new,
        "fate": scene.fate.value,
        "changes": [_change(comparison, one) for one in scene.changes if one.fate is not Fate.SAME],
    }


def _change(comparison: Comparison, change: Change) -> dict[str, Any]:
    return {
        "fate": change.fate.value,
        "changed": change.changed,
        "kind": kind_of(comparison, change).value,
        "old": _side(comparison.old, change.old),
        "new": _side(comparison.new, change.new),
        "words": [list(one) for one in said(comparison, change)],
    }


def _side(version: Version, place: int | None) -> dict[str, Any] | None:
    if place is None:
        return None
    element = version.elements[place]
    return {
        "element": place,
        "line": element.source.line if element.source else None,
        "id": element.id or None,
        "text": element.text,
    }
