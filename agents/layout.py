"""The part of a prompt that all roles share: the bible, then the script so far."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from storyroom.agents.prompt import Part, in_blocks
from storyroom.formats.fountain import write
from storyroom.memory.manuscript import Manuscript
from storyroom.prompts import render
from storyroom.story.bible import Bible
from storyroom.story.draft import SceneDraft
from storyroom.story.plan import Order
from storyroom.story.script import Script

# The last scenes are what a writer goes on from; older ones are left out before them.
_RANK_OF_SCRIPT = 30


def common_parts(
    language: str, bible: Bible, order: Order, manuscript: Manuscript, scene: int | None
) -> Iterator[Part]:
    """Yield the parts that every prompt of a session begins with, for a task on `scene` or on no scene."""
    yield Part("bible", render(language, "bible", bible=bible))
    yield idea_part(language, order)
    if scene is None:
        written = [draft for _, draft in sorted(manuscript.scenes.items())]
    else:
        written = manuscript.before(scene)
    if written:
        yield Part("script", render(language, "script_so_far"))
    yield from in_blocks("scenes", [scene_text(draft) for draft in written], rank=_RANK_OF_SCRIPT)


def idea_part(language: str, order: Order) -> Part:
    """Return what was asked for, as prompts show it."""
    return Part("idea", render(language, "idea", order=order))


@lru_cache(maxsize=1024)
def scene_text(draft: SceneDraft) -> str:
    """Return a scene as Fountain, with a blank line at its end."""
    return write(Script.of(draft.elements)).rstrip() + "\n\n"
