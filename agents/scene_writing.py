"""Having a scene, or one line of it, written: under a grammar, or by schema where the grammar is refused.

A runtime can refuse one grammar and take others, and says so only when it is asked. The scene then comes as
a list of elements, and the record of the call names the form together with the reason. A server can also pass
a grammar over and say nothing, so what comes is held to the cast once more when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from storyroom.agents.asking import Checks, no_checks
from storyroom.agents.desk import Desk
from storyroom.agents.scene_form import line_form, line_form_by_schema, scene_form, scene_form_by_schema
from storyroom.agents.scene_text import begun_text, fragment
from storyroom.errors import GrammarRefused
from storyroom.story.bible import Bible
from storyroom.story.checks import outside_cast
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Element, Kind

_WHY = "the grammar was refused"


async def written_scene(
    desk: Desk,
    plan: ScenePlan,
    begun: tuple[Element, ...],
    *,
    checks: Checks[tuple[Element, ...]] = no_checks,
    attempts: int | None = None,
) -> tuple[Element, ...]:
    """Let the model write a scene whose opening (heading, action, first cue) stands.

    Returns:
        The elements of the whole scene, heading first.

    Raises:
        ModelRefused: the model can be held to nothing, or no attempt could be read.
    """
    form = scene_form(desk, plan, begun)
    while True:
        try:
            return await desk.write(
                "scene",
                prefill=form.prefill,
                form=form.form,
                read=partial(_of_its_cast, form.read, plan, desk.bible),
                checks=checks,
                attempts=attempts,
                plan=plan,
                begun=begun_text(begun),
            )
        except GrammarRefused:
            # The form by schema has no grammar to be refused, so this happens once.
            form = scene_form_by_schema(desk, plan, begun, why=_WHY)


async def written_line(
    desk: Desk,
    plan: ScenePlan,
    kind: Kind,
    *,
    before: str,
    checks: Checks[str] = no_checks,
    attempts: int | None = None,
    **variables: Any,
) -> str:
    """Let the model word one line of a scene anew.

    Args:
        before: the scene up to the line, which the model goes on with.
        variables: for the template `rewrite`, beside the plan.
    """
    form = line_form(desk, plan, kind)
    while True:
        try:
            return await desk.write(
                "rewrite",
                prefill=before,
                form=form,
                read=partial(_line, form.options.get("json_schema")),
                checks=checks,
                attempts=attempts,
                plan=plan,
                **variables,
            )
        except GrammarRefused:
            form = line_form_by_schema(desk, kind, why=_WHY)


def _of_its_cast(
    read: Callable[[str], tuple[Element, ...]], plan: ScenePlan, bible: Bible, text: str
) -> tuple[Element, ...]:
    """Read a scene.

    Raises:
        ValueError: somebody speaks who is not in it, or another scene begins.
    """
    elements = read(text)
    if strangers := sorted({cue.text for cue in outside_cast(elements, plan.cast, bible)}):
        raise ValueError(f"not in the scene's cast: {', '.join(strangers)}")
    if any(one.kind is Kind.SCENE_HEADING for one in elements[1:]):
        raise ValueError("another scene begins in it")
    return elements


def _line(schema: dict[str, Any] | None, text: str) -> str:
    """Read a line; a line break in it could let others speak.

    Raises:
        ValueError: it is none, or does not keep to its schema.
    """
    from storyroom.models.schema_check import misfit

    if schema is not None and (wrong := misfit(json.loads(text), schema)):
        raise ValueError(wrong)
    line = fragment(text)
    if "\n" in line:
        raise ValueError("it is more than one line")
    return line
