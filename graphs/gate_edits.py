"""What a human may hand back at a gate, and the checks that it goes through, the same as any draft's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storyroom.agents.reading import check_outline, dump_yaml, read_form, read_scene
from storyroom.errors import InputError
from storyroom.formats.fountain import write
from storyroom.graphs.context import RoomContext
from storyroom.graphs.state import State
from storyroom.memory.manuscript import read_manuscript
from storyroom.story.bible import Bible
from storyroom.story.draft import SceneDraft, aligned
from storyroom.story.plan import Choice, Gate, Outline
from storyroom.story.script import Script


@dataclass(frozen=True)
class Edited:
    """A draft that a human handed back, as the ledger takes it."""

    draft: tuple[str, Any]
    slot: str


def offered(context: RoomContext, gate: Gate, state: State) -> str:
    """Return the text that a human is given to edit at a gate."""
    manuscript = read_manuscript(context.ledger, state["head"])
    if gate == "scene":
        return write(Script.of(manuscript.scenes[state["scene"]].elements))
    plan = manuscript.outline if gate == "outline" else manuscript.choice
    if plan is None or gate == "table_read":
        raise InputError(
            "There is nothing to edit at this gate.", hint="Approve, or send a scene back with --scene N."
        )
    return dump_yaml(plan.model_dump(mode="json"))


def read_edit(context: RoomContext, gate: Gate, state: State, text: str) -> Edited:
    """Read what came back.

    Raises:
        InputError: it cannot be read, or says what the bible does not allow.
    """
    bible = context.bible_of(context.session(state["session"]))
    if gate == "scene":
        return _scene(context, state, text, bible)
    if gate == "outline":
        outline = read_form(Outline, text)
        check_outline(outline, bible, _length(read_manuscript(context.ledger, state["head"]).outline))
        return Edited(("outline", outline.model_dump(mode="json")), "outline")
    if gate == "pitches":
        before = read_manuscript(context.ledger, state["head"]).choice
        choice = _reworded(before, read_form(Choice, text))
        return Edited(("choice", choice.model_dump(mode="json")), "story")
    raise InputError("A table read is not edited.", hint="Approve it, or send a scene back with --scene N.")


def _scene(context: RoomContext, state: State, text: str, bible: Bible) -> Edited:
    manuscript = read_manuscript(context.ledger, state["head"])
    number = state["scene"]
    before = manuscript.scenes[number]
    elements = read_scene(text, number, manuscript.plan(number).cast, bible)
    draft = SceneDraft(number=number, elements=aligned(before.elements, elements, f"{state['head']} edit"))
    return Edited(("scene", draft.model_dump(mode="json")), f"scene:{number}")


def _reworded(before: Choice | None, after: Choice) -> Choice:
    """Return a choice in which what a human put anew is no longer said to be taken from a pitch."""
    kept = (
        one
        for one in after.takes
        if before is None or getattr(before.story, one.field) == getattr(after.story, one.field)
    )
    return after.model_copy(update={"takes": tuple(kept)})


def _length(outline: Outline | None) -> int | None:
    return len(outline.scenes) if outline else None
