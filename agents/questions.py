"""From a desk to the sheet that a member fills in: the task, with all that the agent would have had."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

from storyroom.agents import forms
from storyroom.agents.author import Document
from storyroom.agents.block_sheets import RepliesSheet, RulingsSheet, VerificationsSheet
from storyroom.agents.company import acts, company_of
from storyroom.agents.desk import Desk
from storyroom.agents.layout import scene_text
from storyroom.agents.plan_sheets import BriefSheet, ChoiceSheet, OutlineSheet, PitchSheet
from storyroom.agents.sheets import FeelingSheet, ReviewSheet, SceneSheet
from storyroom.formats.fountain import write
from storyroom.prompts import render
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper
from storyroom.story.plan import EMOTIONS, Pitch, Pitched
from storyroom.story.roles import role_name
from storyroom.story.script import Element, Kind, Script
from storyroom.story.turn import Actor, Stage

_KINDS = get_args(forms.Objection.model_fields["kind"].annotation)
_LETTERS = ("A", "B", "A", "C")


class Point(NamedTuple):
    """One objection, as it is put before a member.

    Attributes:
        by: the role that raised it.
        insisted: why it insisted, when this was answered before.
        before: what the line said before the debate.
        after: what it says now.
    """

    objection: Objection
    by: str
    insisted: str = ""
    before: str = ""
    after: str = ""


class _Line(NamedTuple):
    """A line of a draft, by the number that it has wherever a debate is read back."""

    number: str
    id: str
    label: str
    text: str


def ask_brief(desk: Desk) -> BriefSheet:
    """Ask for the brief."""
    names = company_of(desk.bible, desk.order)
    text = _form(desk, "brief", forms.blank(forms.Brief), names=names, emotions=EMOTIONS)
    return BriefSheet(role=desk.task.role, text=text, bible=desk.bible, order=desk.order)


def ask_pitch(desk: Desk) -> PitchSheet:
    """Ask for a pitch."""
    return PitchSheet(role=desk.task.role, text=_form(desk, "pitch", forms.blank(forms.Pitch)))


def ask_choice(desk: Desk, pitches: Sequence[Pitch]) -> ChoiceSheet:
    """Ask which pitch it is to be."""
    table = desk.manuscript.pitches
    laid = table.pitches if table else [Pitched(by="agent", pitch=one) for one in pitches]
    text = _form(
        desk,
        "choice",
        forms.blank(forms.Choice),
        pitches=pitches,
        whose=[Actor.parse(one.by).name if one.is_members else "" for one in laid],
    )
    return ChoiceSheet(
        role=desk.task.role,
        text=text,
        pitches=tuple(pitches),
        merge=desk.order.merge,
        names=tuple(company_of(desk.bible, desk.order)),
    )


def ask_outline(desk: Desk) -> OutlineSheet:
    """Ask for the outline; one that was sent back is there to be changed."""
    names = company_of(desk.bible, desk.order)
    text = _form(desk, "outline", _outline_form(desk), names=names, emotions=EMOTIONS)
    return OutlineSheet(role=desk.task.role, text=text, bible=desk.bible, order=desk.order)


def ask_scene(desk: Desk, number: int) -> SceneSheet:
    """Ask for a scene; one that was sent back is there to be changed."""
    plan = desk.manuscript.plan(number)
    earlier = desk.manuscript.before(number)
    told = _told(desk, "scene", last=scene_text(earlier[-1]) if earlier else "")
    draft = desk.manuscript.scenes.get(number)
    begun = draft.elements if draft else (Element(kind=Kind.SCENE_HEADING, text=plan.heading),)
    inside = told.replace("/*", "/ *").replace("*/", "* /")
    text = f"/*\n{inside}\n*/\n\n{write(Script.of(begun))}"
    return SceneSheet(role=desk.task.role, text=text, number=number, cast=plan.cast, bible=desk.bible)


def ask_replies(desk: Desk, document: Document, points: Sequence[Point]) -> RepliesSheet:
    """Ask which objections are accepted, and which rebutted."""
    later = desk.task.stage is Stage.TABLE_READ
    text = _on_each(desk, "reply", forms.Stand if later else forms.Reply, document, points)
    return RepliesSheet(role=desk.task.role, text=text, lines=_about(document, points), later=later)


def ask_verifications(desk: Desk, document: Document, points: Sequence[Point]) -> VerificationsSheet:
    """Ask which objections were met."""
    text = _on_each(desk, "verify", forms.Verify, document, points)
    return VerificationsSheet(role=desk.task.role, text=text, lines=_about(document, points))


def ask_rulings(desk: Desk, document: Document, points: Sequence[Point]) -> RulingsSheet:
    """Ask which wordings stand."""
    text = _on_each(desk, "ruling", forms.Ruling, document, points)
    return RulingsSheet(role=desk.task.role, text=text, lines=_about(document, points))


def ask_review(desk: Desk, document: Document) -> ReviewSheet:
    """Ask what is wrong with a draft."""
    lines = _lines(document)
    text = _form(desk, "review", forms.blank(forms.Review), lines=lines, kinds=_KINDS)
    return ReviewSheet(
        role=desk.task.role,
        text=text,
        scene=document.number if isinstance(document, SceneDraft) else None,
        lines=tuple((one.number, one.id, one.text) for one in lines),
    )


def ask_feeling(desk: Desk, draft: SceneDraft) -> FeelingSheet:
    """Ask what a scene makes one feel."""
    form = forms.blank(forms.Feeling)
    text = _form(desk, "feeling", form, number=draft.number, text=scene_text(draft), emotions=EMOTIONS)
    return FeelingSheet(role=desk.task.role, text=text)


def _form(desk: Desk, name: str, form: str, **variables: Any) -> str:
    return _commented(_told(desk, name, **variables)) + "\n" + form


def _on_each(
    desk: Desk, name: str, form: type[forms.Form], document: Document, points: Sequence[Point]
) -> str:
    """Return a sheet with a blank block for each objection, below what is to be known of it."""
    lines = {one.id: one for one in _lines(document, every=True)}
    blocks = []
    for number, point in enumerate(points, 1):
        told = render(
            desk.language,
            f"sheet_{name}_one",
            number=number,
            count=len(points),
            line=lines.get(point.objection.line),
            **{**point._asdict(), "by": role_name(point.by, desk.language)},
        )
        blocks.append(_commented(told.strip()) + forms.numbered(number, form))
    # At a table read nothing is reworded yet: what is asked is whether the scenes go back.
    whole = desk.task.stage is Stage.TABLE_READ
    shown = _of_scenes(document, points) if whole else document
    return _form(desk, f"{name}_read" if whole else name, "\n".join(blocks), lines=_lines(shown))


def _of_scenes(document: Document, points: Sequence[Point]) -> Document:
    """Return the lines of an episode that are in a scene which is objected to."""
    assert isinstance(document, Paper), "the whole episode is laid out as a paper"
    scenes = {str(point.objection.scene) for point in points}
    return Paper(tuple(one for one in document.lines if one.number.partition(":")[0] in scenes))


def _commented(text: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def _about(document: Document, points: Sequence[Point]) -> tuple[tuple[str, str], ...]:
    """Return id and text of the line that each objection is about."""
    found = ((point.objection.line, document.line(point.objection.line)) for point in points)
    return tuple((key, line.text if line else "") for key, line in found)


def _told(desk: Desk, name: str, **variables: Any) -> str:
    """Return what the agent would have had before it, and the task, in the script's language."""
    task, manuscript = desk.task, desk.manuscript
    given = {
        "bible": desk.bible,
        "order": desk.order,
        "brief": manuscript.brief,
        "choice": manuscript.choice,
        "plan": manuscript.plan(task.scene) if task.scene is not None else None,
        "role": role_name(task.role, desk.language),
        "session": task.session,
        "notes": desk.notes,
        "memory": desk.memory,
        "telling": desk.telling,
        "objections": desk.objections,
        **variables,
    }
    parts = ("sheet_head", "sheet_desk", f"sheet_{name}")
    told = "".join(render(desk.language, part, **given) for part in parts)
    return re.sub(r"\n{3,}", "\n\n", told).rstrip()


def _lines(document: Document, *, every: bool = False) -> list[_Line]:
    """Return the lines of a plan; of a scene, action and speech with who speaks, or all that it has."""
    if isinstance(document, Paper):
        return [_Line(one.number or one.id, one.id, one.label, _flat(one.text)) for one in document.lines]
    return [
        _Line(f"{document.number}:{place}", one.id, document.speaker_of(one.id) or "", _flat(one.text))
        for place, one in enumerate(document.elements, 1)
        if every or one.kind in (Kind.ACTION, Kind.DIALOGUE)
    ]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _outline_form(desk: Desk) -> str:
    before = desk.manuscript.outline
    if before and len(before.scenes) != desk.order.scenes:
        before = None
    title = forms.block("title", before.title if before else "")
    scenes = ""
    for number, act in enumerate(acts(desk.order.scenes, desk.language), 1):
        given: dict[str, Any] = {"story": "A" if number == desk.order.scenes else _LETTERS[(number - 1) % 4]}
        if before:
            plan = before.scenes[number - 1]
            given = {**plan.model_dump(), "feeling": next(iter(plan.emotions.values()), None)}
        form = forms.deeper(forms.blank(forms.Scene, given))
        scenes += f"# {number}, {act}\n- {form.removeprefix('  ')}"
    return f"{title}scenes:\n{scenes}"
