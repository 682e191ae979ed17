"""The dialogue writer: writes a scene from its plan, answers objections, rewrites lines.

A scene is never asked for in one piece of free prose. The writer goes on with a script that has begun (the
heading, the beat as the first action, the first cue), under a grammar in which only the scene's cast can
speak; a model that knows no grammars answers with a list of elements whose speaker is an enum.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from storyroom.agents.answers import ReplyAnswer
from storyroom.agents.checking import sound
from storyroom.agents.desk import Desk, Form
from storyroom.agents.layout import scene_text
from storyroom.agents.scene_text import elements_of, fragment, scene_faults, struck
from storyroom.errors import ModelRefused
from storyroom.formats.fountain import write
from storyroom.story.bible import Role
from storyroom.story.checks import line_form
from storyroom.story.draft import SceneDraft, named
from storyroom.story.objection import Objection
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Element, Kind, Script

_BLOCKS_PER_PAGE = 8
_TOKENS_PER_BLOCK = 42
SAMPLING = {"temperature": 0.75, "min_p": 0.06, "repeat_penalty": 1.05, "dry": 0.8}


@dataclass(frozen=True)
class Written:
    """A scene as the writer hands it in.

    Attributes:
        struck: lines that code took out, because they repeated an earlier line or were noise.
    """

    draft: SceneDraft
    struck: tuple[str, ...]


class DialogueWriter:
    """Fills the dialogue writer's seat."""

    role: str = Role.DIALOGUE_WRITER

    async def draft(self, desk: Desk) -> Written:
        """Write the scene that the desk's task is about."""
        number = desk.task.scene
        assert number is not None, "a scene is drafted for a scene"
        plan = desk.manuscript.plan(number)
        begun = opening(plan)
        earlier = [line for scene in desk.manuscript.before(number) for line in scene.lines]
        said = {line_form(line.text) for line in earlier}

        def faults(elements: tuple[Element, ...]) -> list[str]:
            return scene_faults(elements, plan, desk.order.idea, said)

        elements = await self._elements(desk, plan, begun, faults)
        kept, gone = struck(elements, said)
        return Written(SceneDraft(number=number, elements=named(kept, desk.task.id)), gone)

    async def reply(self, desk: Desk, draft: SceneDraft, objection: Objection) -> ReplyAnswer:
        """Accept an objection, or rebut it."""
        return await desk.ask(
            "reply",
            ReplyAnswer,
            checks=lambda answer: sound(answer.reason),
            max_tokens=70,
            attempts=2,
            plan=desk.manuscript.plan(draft.number),
            objection=objection,
            speaker=draft.speaker_of(objection.line),
        )

    async def rewrite(self, desk: Desk, draft: SceneDraft, objection: Objection) -> str:
        """Return a new wording for the line that an objection is about; the old one if none is found."""
        place = next(i for i, one in enumerate(draft.elements) if one.id == objection.line)
        line = draft.elements[place]
        said = {line_form(one.text) for one in draft.lines}
        said |= {line_form(one.text) for scene in desk.manuscript.before(draft.number) for one in scene.lines}
        before = write(Script.of(draft.elements[:place])).rstrip() + "\n"
        if line.kind is Kind.ACTION:
            before += "\n"

        def faults(text: str) -> list[str]:
            return [*sound(text), *(["was said before"] if line_form(text) in said else [])]

        text = await desk.write(
            "rewrite",
            prefill=before,
            form=_line_form(desk, line.kind),
            read=fragment,
            checks=faults,
            attempts=3,
            plan=desk.manuscript.plan(draft.number),
            objection=objection,
            speaker=draft.speaker_of(line.id),
            text=scene_text(draft),
        )
        return line.text if faults(text) else text

    async def _elements(
        self, desk: Desk, plan: ScenePlan, begun: tuple[Element, ...], faults: object
    ) -> tuple[Element, ...]:
        from storyroom.models.grammar import scene_elements, scene_grammar, scene_schema

        can = desk.model.capabilities
        blocks = max(4, round(desk.order.pages / desk.order.scenes * _BLOCKS_PER_PAGE))
        bounds = {"language": desk.language, "min_blocks": max(3, blocks - 3), "max_blocks": blocks + 1}
        variables = {"plan": plan, "begun": _text(begun)}
        most = blocks * _TOKENS_PER_BLOCK + 60
        if can.grammar:
            grammar = scene_grammar(plan.cast, cue_written=True, **bounds)  # type: ignore[arg-type]
            form = Form("scene grammar", {"grammar": grammar, **SAMPLING}, most)
            return await desk.write(
                "scene",
                prefill=_text(begun),
                form=form,
                read=lambda text: elements_of(begun, text),
                checks=faults,  # type: ignore[arg-type]
                attempts=desk.effort.scene_attempts,
                **variables,
            )
        if not can.json_schema:
            raise ModelRefused(
                f"{desk.model.spec} can be held to neither a grammar nor a JSON schema.",
                hint="Name a model or a server that knows one of them; `storyroom models show` tells.",
            )
        schema = scene_schema(plan.cast, **bounds)  # type: ignore[arg-type]
        form = Form("scene schema", {"json_schema": schema}, most * 2)
        return await desk.write(
            "scene",
            prefill="",
            form=form,
            read=lambda text: (*begun[:-1], *scene_elements(json.loads(text))),
            checks=faults,  # type: ignore[arg-type]
            attempts=desk.effort.scene_attempts,
            **variables,
        )


def opening(plan: ScenePlan) -> tuple[Element, ...]:
    """Return how a scene begins: heading, the beat as action, the cue of whom it names first."""
    first = min(plan.cast, key=lambda name: plan.beat.find(name) if name in plan.beat else len(plan.beat))
    return (
        Element(kind=Kind.SCENE_HEADING, text=plan.heading),
        Element(kind=Kind.ACTION, text=plan.beat),
        Element(kind=Kind.CUE, text=first.upper()),
    )


def _text(begun: tuple[Element, ...]) -> str:
    """Return the opening as Fountain, up to the line on which its first speech will stand."""
    speech = Element(kind=Kind.DIALOGUE, text="…")
    return write(Script.of((*begun, speech))).rstrip().removesuffix("…")


def _line_form(desk: Desk, kind: Kind) -> Form:
    from storyroom.models.grammar import line_grammar, line_schema

    language = desk.order.language
    if desk.model.capabilities.grammar:
        options = {"grammar": line_grammar(kind, language=language), **SAMPLING}
        return Form("line grammar", options, 80)
    return Form("line schema", {"json_schema": line_schema(kind, language=language)}, 120)


__all__ = ["DialogueWriter", "Written", "opening"]
