"""What a human hands in, read and checked like any draft: plans and forms as YAML, scenes as Fountain."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from io import StringIO
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from storyroom.errors import InputError
from storyroom.formats.fountain import parse_elements
from storyroom.story.bible import Bible, nearest, same_name
from storyroom.story.checks import outside_cast
from storyroom.story.han import HAN
from storyroom.story.headings import heading_parts
from storyroom.story.plan import Outline
from storyroom.story.script import Element, Kind

F = TypeVar("F", bound=BaseModel)

_LABEL = re.compile(r"\s*([^\s:：][^:：]{0,30}?)\s*[:：]\s*\S")
_NAME_ALONE = re.compile(rf"[{HAN}]{{2,4}}|[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?")

_WRONG = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "too_short": "nothing is listed here",
}
_FIELD = re.compile(r"\s*(?:- )?(\w+):")
_CUT_OFF = re.compile(r"\s*(?:- )?(\w+):\s+[^\s\"'|>\[{#].*\s#")


def read_form(form: type[F], text: str) -> F:
    """Read YAML into the form that was given out.

    Raises:
        InputError: it is not YAML, or does not have the fields of the form.
    """
    try:
        return form.model_validate(YAML(typ="safe").load(text))
    except YAMLError as error:
        raise InputError(
            f"The text is not YAML: {_told(error)}.",
            hint="Keep the layout that you were given: text goes below its field, indented by two spaces.",
        ) from error
    except RecursionError as error:
        raise InputError(
            "The text is nested too deep to be read.", hint="Keep the layout that you were given."
        ) from error
    except ValidationError as error:
        # An unknown field is a misspelt one: it is told before the one that is missing for it.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"]) or "The text"
        what = _WRONG.get(first["type"], first["msg"])
        raise InputError(
            f"{where}: {what}.",
            hint="Fill in the fields that you were given; a text goes below its own, indented by two spaces.",
        ) from error


def refuse_cut_off(text: str, offered: str) -> None:
    """Refuse a line of which YAML would drop the end: what stands behind `` #`` is a comment.

    Args:
        offered: the form that was given out.

    Raises:
        InputError: there is such a line beside a field of the form.
    """
    fields = {found[1] for line in offered.splitlines() if (found := _FIELD.match(line))}
    for number, line in enumerate(text.splitlines(), 1):
        if (found := _CUT_OFF.match(line)) and found[1] in fields:
            raise InputError(
                f"Line {number} would lose what stands behind its #.",
                hint=f'Put the text into quotes: {found[1]}: "…".',
            )


def read_scene(text: str, number: int, cast: Sequence[str], bible: Bible) -> tuple[Element, ...]:
    """Read a scene from Fountain, and hold it to its cast and to the places of the bible.

    A boneyard (``/* … */``) before the heading is left out: instructions are given there.

    Raises:
        InputError: it is not one scene, or names a place or a speaker that it may not.
    """
    elements = tuple(one.edited() for one in parse_elements(text))
    while elements and elements[0].kind is Kind.BONEYARD:
        elements = elements[1:]
    headings = [one for one in elements if one.kind is Kind.SCENE_HEADING]
    if not elements or elements[0].kind is not Kind.SCENE_HEADING or len(headings) != 1:
        raise InputError(
            f"Scene {number} came back with {_headings(len(headings), elements)}.",
            hint="Hand back one scene that begins with its heading, such as INT. LAMP ROOM - NIGHT.",
        )
    place = heading_parts(headings[0].text).place
    if bible.location(place) is None:
        raise no_place(bible, place)
    _cast_holds(elements, cast, bible)
    return elements


def check_outline(outline: Outline, bible: Bible, scenes: int | None) -> None:
    """Check an outline against the bible.

    Args:
        scenes: how many scenes it must have; any number when not given.

    Raises:
        InputError: it names somebody or some place that is not there, or its scenes are not in order.
    """
    numbers = [scene.number for scene in outline.scenes]
    wrong: list[str] = []
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        wrong.append("scenes must be numbered 1, 2, 3 … without a gap")
    if scenes is not None and len(numbers) != scenes:
        wrong.append(f"the order was for {scenes} scenes, this has {len(numbers)}")
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


def no_place(bible: Bible, name: str) -> InputError:
    """Return the error for a place that the bible does not know."""
    places = [one.name for one in bible.locations]
    return InputError(
        f"The bible knows no place {name!r}{nearest(name, places)}.",
        hint=f"Places: {', '.join(places)}. New ones go into series.yaml.",
    )


def dump_yaml(body: Any) -> str:
    """Return a plan as YAML, in the order of its fields."""
    stream = StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump(body, stream)
    return stream.getvalue()


def _headings(count: int, elements: Sequence[Element]) -> str:
    if count == 1:
        return f"text before its heading: {elements[0].text[:40]!r}"
    return f"{count} scene headings"


def _cast_holds(elements: Sequence[Element], cast: Sequence[str], bible: Bible) -> None:
    strangers = sorted({cue.text for cue in outside_cast(elements, cast, bible)})
    if strangers:
        raise InputError(
            f"Not in the scene's cast: {', '.join(strangers)}.",
            hint=f"The cast of this scene is {', '.join(cast)}; it is changed in the outline.",
        )
    names = {same_name(name) for who in bible.cast for name in who.names}
    for one in elements:
        name = _unmarked(one.text, names) if one.kind is Kind.ACTION else ""
        if name:
            where = "alone on a line" if one.text.partition("\n")[0].strip() == name else "before a colon"
            raise InputError(
                f"{name!r} stands {where} and would be read as action, not as who speaks.",
                hint=f"Write @{name} above the speech, with an empty line before it. "
                "If it is action, end its line with a full stop.",
            )


def _unmarked(text: str, names: Collection[str]) -> str:
    """Return whose speech an action looks like: a name on a line of its own, or one before a colon."""
    first, _, rest = text.strip().partition("\n")
    labelled = _LABEL.match(first)
    if labelled and same_name(labelled[1]) in names:
        return labelled[1]
    if same_name(first.strip()) in names or (rest and _NAME_ALONE.fullmatch(first.strip())):
        return first.strip()
    return ""


def _told(error: YAMLError) -> str:
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem or error.context}"
    return " ".join(str(error).split())
