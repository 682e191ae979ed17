"""What a human may hand back at a gate, and the checks that it goes through, the same as any draft's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from storyroom.errors import InputError
from storyroom.formats.fountain import parse_elements, write
from storyroom.graphs.context import RoomContext
from storyroom.graphs.state import State
from storyroom.memory.manuscript import read_manuscript
from storyroom.story.bible import Bible
from storyroom.story.checks import outside_cast
from storyroom.story.draft import SceneDraft, aligned
from storyroom.story.headings import heading_parts
from storyroom.story.plan import Choice, Gate, Outline
from storyroom.story.script import Element, Kind, Script


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
    return _dump(plan.model_dump(mode="json"))


def read_edit(context: RoomContext, gate: Gate, state: State, text: str) -> Edited:
    """Read what came back.

    Raises:
        InputError: it cannot be read, or says what the bible does not allow.
    """
    bible = context.bible_of(context.session(state["session"]))
    if gate == "scene":
        return _scene(context, state, text, bible)
    if gate == "outline":
        outline = _plan(Outline, text)
        _fits(outline, bible, read_manuscript(context.ledger, state["head"]).outline)
        return Edited(("outline", outline.model_dump(mode="json")), "outline")
    if gate == "pitches":
        return Edited(("choice", _plan(Choice, text).model_dump(mode="json")), "story")
    raise InputError("A table read is not edited.", hint="Approve it, or send a scene back with --scene N.")


def _scene(context: RoomContext, state: State, text: str, bible: Bible) -> Edited:
    manuscript = read_manuscript(context.ledger, state["head"])
    number = state["scene"]
    before, plan = manuscript.scenes[number], manuscript.plan(number)
    elements = tuple(element.edited() for element in parse_elements(text))
    headings = [one for one in elements if one.kind is Kind.SCENE_HEADING]
    if not elements or elements[0].kind is not Kind.SCENE_HEADING or len(headings) != 1:
        raise InputError(
            f"Scene {number} came back with {len(headings)} scene headings.",
            hint="Hand back one scene that begins with its heading, such as INT. LAMP ROOM - NIGHT.",
        )
    place = heading_parts(headings[0].text).place
    if bible.location(place) is None:
        raise InputError(
            f"The bible knows no place {place!r}.",
            hint=f"Places: {', '.join(one.name for one in bible.locations)}. New ones go into series.yaml.",
        )
    _cast_holds(elements, plan.cast, bible)
    draft = SceneDraft(number=number, elements=aligned(before.elements, elements, f"{state['head']} edit"))
    return Edited(("scene", draft.model_dump(mode="json")), f"scene:{number}")


def _cast_holds(elements: Sequence[Element], cast: Sequence[str], bible: Bible) -> None:
    strangers = sorted({cue.text for cue in outside_cast(elements, cast, bible)})
    if strangers:
        raise InputError(
            f"Not in the scene's cast: {', '.join(strangers)}.",
            hint=f"The cast of this scene is {', '.join(cast)}; it is changed in the outline.",
        )


def _fits(outline: Outline, bible: Bible, before: Outline | None) -> None:
    """Check an outline that a human edited against the bible."""
    numbers = [scene.number for scene in outline.scenes]
    wrong: list[str] = []
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        wrong.append("scenes must be numbered 1, 2, 3 … without a gap")
    if before is not None and len(numbers) != len(before.scenes):
        wrong.append(f"the order was for {len(before.scenes)} scenes, this has {len(numbers)}")
    for scene in outline.scenes:
        wrong += [f"scene {scene.number}: nobody called {n}" for n in scene.cast if not bible.character(n)]
        if not bible.location(scene.place):
            wrong.append(f"scene {scene.number}: no place called {scene.place}")
        if not scene.cast:
            wrong.append(f"scene {scene.number}: its cast is empty")
    if wrong:
        raise InputError(
            f"The outline cannot stand: {'; '.join(wrong)}.",
            hint="Use names and places of series.yaml, and hand the outline back.",
        )


def _plan(form: type[Any], text: str) -> Any:
    try:
        return form.model_validate(YAML(typ="safe").load(text))
    except YAMLError as error:
        raise InputError(
            f"The text is not YAML: {error}", hint="Keep the layout that you were given."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{where}: {first['msg']}", hint="Keep the fields that you were given.") from error


def _dump(body: Any) -> str:
    stream = StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump(body, stream)
    return stream.getvalue()
