"""Which notes concern a draft, and what became of them on it before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storyroom.agents.author import Document
from storyroom.agents.member_words import words_of
from storyroom.agents.note_check import asked_once
from storyroom.graphs.context import RoomContext
from storyroom.graphs.state import State
from storyroom.graphs.subject import Subject
from storyroom.memory.inbox import Note, NoteChange
from storyroom.memory.indexing import present
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.notes import ANSWERED, changes_of, note_turns, standing
from storyroom.story.bible import Bible
from storyroom.story.draft import SceneDraft
from storyroom.story.people import People
from storyroom.story.plan import ScenePlan
from storyroom.story.turn import Stage, Turn


@dataclass(frozen=True)
class Concern:
    """A note that concerns a draft.

    Attributes:
        last: what was last made of it on this draft or an earlier version, since a human last decided on it.
        reopened: that a human opened it again after it was answered or declined here.
    """

    note: Note
    last: Turn | None = None
    reopened: NoteChange | None = None

    @property
    def state(self) -> str:
        """What was last made of it here; empty for nothing yet."""
        return str(self.last.body["state"]) if self.last else ""


def concerns(
    context: RoomContext, state: State, subject: Subject, manuscript: Manuscript, document: Document
) -> list[Concern]:
    """Return the notes to the author that concern a draft, oldest first."""
    session = context.session(state["session"])
    bible = context.bible_of(session)
    notes = standing(context.ledger, session.id, role=subject.author, scene=subject.scene)
    turns = note_turns(context.ledger, session.id) if notes else []
    changes = changes_of(context.ledger, (note.id for note in notes))
    found: list[Concern] = []
    for note in notes:
        own = [turn for turn in turns if turn.body["note"] == note.id]
        done = {_place(turn) for turn in own if turn.body["state"] in ANSWERED} - {_of(subject)}
        if done and asked_once(note, bible):
            continue
        if _concerned(note, bible, subject, manuscript, document):
            found.append(_with_past(note, subject, own, changes))
    return found


def texts_of(document: Document) -> dict[str, str]:
    """Return what each line of a draft says."""
    lines = document.lines
    return {line.id: line.text for line in lines}


def _with_past(note: Note, subject: Subject, turns: Iterable[Turn], changes: Iterable[NoteChange]) -> Concern:
    here = [turn for turn in turns if _place(turn) == _of(subject)]
    decided = [change for change in changes if change.note == note.id]
    since = decided[-1].created if decided else ""
    last = next((turn for turn in reversed(here) if turn.created > since), None)
    before = [
        turn for turn in here if turn.created <= since and turn.body["state"] in {*ANSWERED, "declined"}
    ]
    again = decided[-1] if decided and decided[-1].change == "reopen" and before and last is None else None
    return Concern(note, last, again)


def _concerned(
    note: Note, bible: Bible, subject: Subject, manuscript: Manuscript, document: Document
) -> bool:
    """Tell whether a note concerns a draft.

    A note about lines concerns the drafts that have one of them, a note about a scene that scene. A note
    about the whole concerns the outline, and each scene that has somebody or some place that it names; every
    scene, if it names nobody and no place. What gives words for a scene, or names a thing, is asked of one
    scene only: the first that follows it.
    """
    if any(document.line(line) is not None for line in note.lines):
        return True
    if subject.stage is Stage.PITCH:
        return False
    if subject.stage is Stage.OUTLINE:
        return not note.brought and not note.lines
    assert isinstance(document, SceneDraft), "what is left is a scene"
    plan = manuscript.plan(document.number)
    words = words_of(note, bible)
    if note.brought:
        return note.scene == subject.scene and bool(words.within(plan.cast).lines)
    if note.scene is not None or note.lines:
        return note.scene == subject.scene
    if words.lines and not words.within(plan.cast).lines:
        return False
    return _names(note, bible, plan, document)


def _names(note: Note, bible: Bible, plan: ScenePlan, draft: SceneDraft) -> bool:
    """Tell whether a note names somebody or some place of a scene, or nobody and no place at all."""
    low = note.text.casefold()
    people = set(People(bible).named_in(note.text))
    places = {place.name for place in bible.locations if place.name.casefold() in low}
    if not people and not places:
        return True
    here = {*plan.cast, *present(bible, draft.elements, draft.scene.speakers)}
    return bool(people & here) or plan.place in places


def _place(turn: Turn) -> tuple[Stage, int | None]:
    return turn.task.stage, turn.task.scene


def _of(subject: Subject) -> tuple[Stage, int | None]:
    return subject.stage, subject.scene
