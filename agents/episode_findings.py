"""What code holds against an episode as a whole: its length, the members' notes that wait for an answer.

    findings(desk)      every objection, each with the number of the scene that it is about

A check is a function of the desk, whose manuscript has all scenes; another one joins `_CHECKS`. What it finds
has a name in `Objection.finding`: found again under that name after a revision, the objection is not met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from storyroom.agents.desk import Desk
from storyroom.agents.note_check import line_for, note_in_brief
from storyroom.memory.inbox import Note
from storyroom.memory.note_lives import unanswered
from storyroom.memory.notes import note_turns, standing
from storyroom.story.bible import Role
from storyroom.story.checks import key_terms, mentions
from storyroom.story.draft import SceneDraft
from storyroom.story.measure import pages
from storyroom.story.objection import LENGTH, Objection
from storyroom.story.script import Kind
from storyroom.story.turn import Stage

NOTE = "note"
_OFF = 0.5
"""How far the length may be off what is wanted, as a share of it: a draft is no final cut."""

_SAYS = {
    "en": {
        "short": "The episode runs {pages:.1f} pages of {wanted:g}; this is its shortest scene.",
        "long": "The episode runs {pages:.1f} pages of {wanted:g}; this is its longest scene.",
    },
    "zh": {
        "short": "全集约 {pages:.1f} 页，要的是 {wanted:g} 页；这一场最短。",
        "long": "全集约 {pages:.1f} 页，要的是 {wanted:g} 页；这一场最长。",
    },
}

Check = Callable[[Desk], Iterator[Objection]]


def findings(desk: Desk) -> list[Objection]:
    """Return what code holds against the episode, each objection with its scene."""
    return [one for check in _CHECKS for one in check(desk)]


def length(desk: Desk) -> Iterator[Objection]:
    """Yield that the episode is far from the length that is wanted."""
    sizes = {number: pages(draft.elements) for number, draft in sorted(desk.manuscript.scenes.items())}
    total, wanted = sum(sizes.values()), desk.order.pages
    if not sizes or abs(total - wanted) <= _OFF * wanted:
        return
    short = total < wanted
    number = min(sizes, key=sizes.__getitem__) if short else max(sizes, key=sizes.__getitem__)
    lines = desk.manuscript.scenes[number].lines
    if not lines:
        return
    speeches = [one for one in lines if one.kind is Kind.DIALOGUE] or lines
    # A short scene goes on where it ends; a long one is long in its longest speech.
    line = lines[-1] if short else max(speeches, key=lambda one: one.words)
    yield Objection(
        line=line.id,
        quote=line.text,
        kind="format",
        gravity="minor",
        says=_SAYS[desk.language]["short" if short else "long"].format(pages=total, wanted=wanted),
        finding=LENGTH,
        scene=number,
    )


def waiting_notes(desk: Desk) -> Iterator[Objection]:
    """Yield the notes to the dialogue writer that no scene's debate has answered."""
    session = desk.task.session
    open_ones = set(unanswered(desk.ledger, session))
    for note in standing(desk.ledger, session, role=Role.DIALOGUE_WRITER):
        draft = _scene_for(desk, note) if note.id in open_ones and not note.brought else None
        if draft is None:
            continue
        line = draft.line(line_for(note, desk.bible, draft, frozenset()))
        assert line is not None, "a note is about a line of its scene"
        yield Objection(
            line=line.id,
            quote=line.text,
            kind="note",
            gravity="serious",
            says=note_in_brief(note, desk.language),
            note=note.id,
            finding=NOTE,
            scene=draft.number,
        )


def _scene_for(desk: Desk, note: Note) -> SceneDraft | None:
    """Return the scene that is to answer a note: its own, where it was argued about, or the likeliest."""
    scenes = {number: draft for number, draft in sorted(desk.manuscript.scenes.items()) if draft.lines}
    if note.scene is not None:
        return scenes.get(note.scene)
    own = [one for one in scenes.values() if any(one.line(line) for line in note.lines)]
    if own or note.lines:
        return own[0] if own else None
    argued = [
        turn.scene
        for turn in note_turns(desk.ledger, desk.task.session)
        if turn.body["note"] == note.id and turn.task.stage is Stage.SCENE and turn.scene in scenes
    ]
    if argued and argued[-1] is not None:
        return scenes[argued[-1]]
    terms = key_terms(note.text)
    return max(
        scenes.values(),
        key=lambda one: len(mentions(" ".join(line.text for line in one.elements), terms)),
        default=None,
    )


_CHECKS: tuple[Check, ...] = (length, waiting_notes)
