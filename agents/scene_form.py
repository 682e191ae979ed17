"""What a scene, or one line of it, is held to while it is written, and how the answer is read.

A model that knows grammars goes on with the script under one; a small model under a closer one; a model that
knows only JSON schemas answers with a list of elements whose speaker is an enum.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from storyroom.agents.desk import Desk, Form
from storyroom.agents.note_check import things_asked_for
from storyroom.agents.scene_phrases import PHRASES
from storyroom.agents.scene_text import begun_text, elements_of
from storyroom.errors import ModelRefused
from storyroom.models.guided import Phrases
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Element, Kind
from storyroom.story.things import things

_BLOCKS_PER_PAGE = 8
_TOKENS_PER_BLOCK = 42
_MOST_THINGS = 12
_MOST_ASKED = 4
_FREE = {"temperature": 0.75, "min_p": 0.06, "repeat_penalty": 1.05, "dry": 0.8}
_GUIDED = {"temperature": 0.7, "min_p": 0.05, "repeat_penalty": 1.05, "dry": 1.0}


@dataclass(frozen=True)
class SceneForm:
    """How a scene is asked for.

    Attributes:
        prefill: the text that the model goes on with.
        read: turns the answer into the elements of the whole scene, heading first.
    """

    form: Form
    prefill: str
    read: Callable[[str], tuple[Element, ...]]


def scene_form(desk: Desk, plan: ScenePlan, begun: tuple[Element, ...]) -> SceneForm:
    """Return the form for a scene whose opening (heading, action, first cue) stands.

    Raises:
        ModelRefused: the model can be held to nothing.
    """
    from storyroom.models.grammar import scene_grammar
    from storyroom.models.guided import guided_scene_grammar

    can = desk.model.capabilities
    blocks, tokens = _size(desk)
    start = begun_text(begun)
    if can.grammar and desk.guided and desk.language == "en":
        first = begun[-1].text.casefold()
        order = sorted(plan.cast, key=lambda name: name.casefold() != first)
        grammar = guided_scene_grammar(
            order,
            names=_names(desk),
            things=scene_things(desk, plan),
            speeches=blocks,
            phrases=_phrases(desk, blocks),
        )
        form = Form("guided scene grammar", {"grammar": grammar, **_GUIDED}, tokens)
        return SceneForm(form, start, lambda text: elements_of(begun, text))
    if can.grammar:
        grammar = scene_grammar(
            plan.cast,
            language=desk.language,
            min_blocks=max(3, blocks - 3),
            max_blocks=blocks + 1,
            cue_written=True,
        )
        form = Form("scene grammar", {"grammar": grammar, **_FREE}, tokens)
        return SceneForm(form, start, lambda text: elements_of(begun, text))
    return scene_form_by_schema(desk, plan, begun)


def scene_form_by_schema(
    desk: Desk, plan: ScenePlan, begun: tuple[Element, ...], *, why: str = ""
) -> SceneForm:
    """Return the form for models that know no grammars: a list of elements whose speaker is an enum.

    Each element that comes back is held to the schema once more, for models that are only asked to keep to
    it. How many there are is left to the checks of the scene.

    Args:
        why: for the record, where a grammar would be expected.

    Raises:
        ModelRefused: the model can be held to nothing.
    """
    from storyroom.models.schema import scene_elements, scene_schema
    from storyroom.models.schema_check import misfit

    if not desk.model.capabilities.json_schema:
        raise ModelRefused(
            f"{desk.model.spec} can be held to neither a grammar nor a JSON schema.",
            hint="Name a model or a server that knows one of them; `storyroom models show` tells.",
        )
    blocks, tokens = _size(desk)
    schema = scene_schema(
        plan.cast, language=desk.language, min_blocks=max(3, blocks - 3), max_blocks=blocks + 1
    )

    one_of_them = schema["properties"]["elements"]["items"]

    def read(text: str) -> tuple[Element, ...]:
        elements = scene_elements(text)
        for item in json.loads(text)["elements"]:
            if wrong := misfit(item, one_of_them, "an element"):
                raise ValueError(wrong)
        return (*begun[:-1], *elements)

    form = Form(_named("scene schema", why), {"json_schema": schema, **_FREE}, tokens * 2)
    return SceneForm(form, "", read)


def line_form(desk: Desk, plan: ScenePlan, kind: Kind) -> Form:
    """Return the form for one line of a scene."""
    from storyroom.models.grammar import line_grammar
    from storyroom.models.guided import guided_line_grammar

    if desk.model.capabilities.grammar and desk.guided and desk.language == "en":
        grammar = guided_line_grammar(kind, plan.cast, names=_names(desk), things=scene_things(desk, plan))
        return Form("guided line grammar", {"grammar": grammar, **_GUIDED}, 60)
    if desk.model.capabilities.grammar:
        grammar = line_grammar(kind, language=desk.language)
        return Form("line grammar", {"grammar": grammar, **_FREE}, 80)
    return line_form_by_schema(desk, kind)


def line_form_by_schema(desk: Desk, kind: Kind, *, why: str = "") -> Form:
    """Return the form for one line that comes as an object whose only field it is."""
    from storyroom.models.schema import line_schema

    schema = line_schema(kind, language=desk.language)
    return Form(_named("line schema", why), {"json_schema": schema, **_FREE}, 120)


def scene_things(desk: Desk, plan: ScenePlan) -> tuple[str, ...]:
    """Return the things that a scene is about: what notes ask for, those of its beat, those of the idea."""
    names = [who.name for who in desk.bible.cast]
    asked = [thing for note in desk.notes for thing in things_asked_for(note, desk.bible)][:_MOST_ASKED]
    own = things(f"{plan.beat} {plan.change}", names)
    return tuple(dict.fromkeys([*asked, *own, *things(desk.order.idea, names)]))[:_MOST_THINGS]


def _size(desk: Desk) -> tuple[int, int]:
    """Return how many blocks (an action, or a speech with its cue) a scene has, and the tokens they take."""
    blocks = max(4, round(desk.order.pages / desk.order.scenes * _BLOCKS_PER_PAGE))
    return blocks, blocks * _TOKENS_PER_BLOCK + 60


def _named(form: str, why: str) -> str:
    return f"{form} ({why})" if why else form


def _phrases(desk: Desk, speeches: int) -> Phrases | None:
    """Return how sentences begin in a scene on its own: its situation tells a small model too little."""
    if not desk.order.tool or speeches > 2 * len(PHRASES.openings):
        return None
    dice = random.Random(desk.order.seed)
    return PHRASES._replace(openings=tuple(dice.sample(PHRASES.openings, len(PHRASES.openings))))


def _names(desk: Desk) -> tuple[str, ...]:
    return tuple(who.name for who in desk.bible.cast)
