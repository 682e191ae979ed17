"""From a desk to the sheet that a member fills in: the task, with all that the agent would have had."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from storyroom.agents import forms
from storyroom.agents.author import Document
from storyroom.agents.company import acts, company_of
from storyroom.agents.desk import Desk
from storyroom.agents.layout import scene_text
from storyroom.agents.plan_sheets import BriefSheet, ChoiceSheet, OutlineSheet, PitchSheet
from storyroom.agents.sheets import (
    FeelingSheet,
    ReplySheet,
    ReviewSheet,
    RulingSheet,
    SceneSheet,
    VerifySheet,
)
from storyroom.formats.fountain import write
from storyroom.prompts import render
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper, PaperLine, outline_paper, pitches_paper
from storyroom.story.plan import EMOTIONS, Pitch
from storyroom.story.script import Element, Kind, Script
from storyroom.story.turn import Stage

_KINDS = get_args(forms.Objection.model_fields["kind"].annotation)
_LETTERS = ("A", "B", "A", "C")


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
    text = _form(desk, "choice", forms.blank(forms.Choice), pitches=pitches)
    return ChoiceSheet(role=desk.task.role, text=text, pitches=tuple(pitches))


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


def ask_reply(desk: Desk, document: Document, objection: Objection, insisted: str) -> ReplySheet:
    """Ask whether an objection is accepted or rebutted."""
    lines = _lines(document)
    line = next((one for one in lines if one.id == objection.line), None)
    text = _form(
        desk,
        "reply",
        forms.blank(forms.Reply),
        objection=objection,
        insisted=insisted,
        speaker=line.label if line else "",
        lines=_numbered(lines),
    )
    found = document.line(objection.line)
    return ReplySheet(role=desk.task.role, text=text, line=found.text if found else "")


def ask_review(desk: Desk, document: Document) -> ReviewSheet:
    """Ask what is wrong with a draft."""
    lines = _lines(document)
    text = _form(desk, "review", forms.blank(forms.Review), lines=_numbered(lines), kinds=_KINDS)
    return ReviewSheet(role=desk.task.role, text=text, lines=tuple((one.id, one.text) for one in lines))


def ask_verify(desk: Desk, objection: Objection, before: str, after: str) -> VerifySheet:
    """Ask whether an objection was met."""
    form = forms.blank(forms.Verify)
    text = _form(desk, "verify", form, objection=objection, before=before, after=after, lines=_at_work(desk))
    return VerifySheet(role=desk.task.role, text=text)


def ask_ruling(desk: Desk, objection: Objection, before: str, after: str) -> RulingSheet:
    """Ask which wording stands."""
    form = forms.blank(forms.Ruling)
    text = _form(desk, "ruling", form, objection=objection, before=before, after=after, lines=_at_work(desk))
    return RulingSheet(role=desk.task.role, text=text)


def ask_feeling(desk: Desk, draft: SceneDraft) -> FeelingSheet:
    """Ask what a scene makes one feel."""
    form = forms.blank(forms.Feeling)
    text = _form(desk, "feeling", form, number=draft.number, text=scene_text(draft), emotions=EMOTIONS)
    return FeelingSheet(role=desk.task.role, text=text)


def _form(desk: Desk, name: str, form: str, **variables: Any) -> str:
    lines = _told(desk, name, **variables).splitlines()
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + "\n" + form


def _told(desk: Desk, name: str, **variables: Any) -> str:
    """Return what the agent would have had before it, and the task, in the script's language."""
    task, manuscript = desk.task, desk.manuscript
    given = {
        "bible": desk.bible,
        "order": desk.order,
        "brief": manuscript.brief,
        "choice": manuscript.choice,
        "plan": manuscript.plan(task.scene) if task.scene is not None else None,
        "role": task.role,
        "session": task.session,
        "notes": desk.notes,
        "memory": desk.memory,
        "objections": desk.objections,
        **variables,
    }
    parts = ("sheet_head", "sheet_desk", f"sheet_{name}")
    told = "".join(render(desk.language, part, **given) for part in parts)
    return re.sub(r"\n{3,}", "\n\n", told).rstrip()


def _lines(document: Document) -> Sequence[PaperLine]:
    """Return the lines that can be objected to: of a scene, action and speech with who speaks."""
    if isinstance(document, Paper):
        return document.lines
    return [
        PaperLine(one.id, document.speaker_of(one.id) or "", one.text)
        for one in document.lines
        if one.kind in (Kind.ACTION, Kind.DIALOGUE)
    ]


def _numbered(lines: Iterable[PaperLine]) -> list[tuple[int, str, str]]:
    return [(n, one.label, " ".join(one.text.split())) for n, one in enumerate(lines, 1)]


def _at_work(desk: Desk) -> list[tuple[int, str, str]]:
    """Return the lines of the draft that a task is about, as they stand now."""
    task, manuscript = desk.task, desk.manuscript
    if task.scene in manuscript.scenes:
        return _numbered(_lines(manuscript.scenes[task.scene]))
    if task.stage is Stage.OUTLINE and manuscript.outline:
        return _numbered(outline_paper(manuscript.outline).lines)
    if task.stage is Stage.PITCH and manuscript.pitches:
        return _numbered(pitches_paper([one.pitch for one in manuscript.pitches.pitches]).lines)
    return []


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
