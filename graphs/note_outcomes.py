"""What a debate made of the notes that concern its draft."""

from __future__ import annotations

from collections.abc import Sequence

from storyroom.agents.author import Document
from storyroom.agents.member_words import holding, words_of
from storyroom.agents.note_check import to_the_word
from storyroom.graphs.context import RoomContext
from storyroom.graphs.note_concerns import Concern, texts_of
from storyroom.graphs.state import State
from storyroom.graphs.subject import Subject
from storyroom.memory.answers import undone
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Said
from storyroom.memory.notes import ANSWERED, NoteState, note_body
from storyroom.story.draft import SceneDraft
from storyroom.story.plan import Language
from storyroom.story.turn import Actor, Turn, TurnKind

_CODE = Actor(kind="code")
_WRITES = frozenset({TurnKind.DRAFT, TurnKind.OUTLINE, TurnKind.PITCH})
_SAID = {
    "en": {
        "read": "Its role has read it.",
        "too late": "The debate ended before it was settled.",
        "unchanged": "It was accepted, and no line was changed.",
        "changed": "What answered it was changed again.",
    },
    "zh": {
        "read": "该岗位已经读到。",
        "too late": "讨论结束时还没有定下来。",
        "unchanged": "接受了，但没有改动任何一行。",
        "changed": "照办过的地方又改了。",
    },
}


def outcomes(
    context: RoomContext, before: State, subject: Subject, found: Sequence[Concern], document: Document
) -> list[Said]:
    """Return what became of each note.

    Args:
        before: where the debate began.
        found: the notes that concern the draft.
        document: the draft as the debate left it.
    """
    turns = context.ledger.turns.said(
        before["session"], stage=subject.stage, scene=subject.scene, pass_=subject.pass_
    )
    said: list[Said] = []
    for one in found:
        raised = [
            turn
            for turn in turns
            if turn.kind is TurnKind.OBJECTION
            and turn.body["note"] == one.note.id
            and turn.task.head == before["head"]
        ]
        if raised:
            said += _argued(context, before, one.note, raised[-1], turns, document)
        elif one.last is not None and one.state in ANSWERED and undone(one.last.body, texts_of(document)):
            reason = _SAID[_language(context, before)]["changed"]
            was = one.last.body
            body = note_body(one.note.id, "reopened", reason, was["lines"], was["quotes"], by="")
            said.append(Said(TurnKind.NOTE, _CODE, body=body))
        elif one.last is None and _read(context, one.note, turns):
            reason = _SAID[_language(context, before)]["read"]
            said.append(Said(TurnKind.NOTE, _CODE, body=note_body(one.note.id, "accepted", reason, by="")))
    return said


def _argued(
    context: RoomContext,
    before: State,
    note: Note,
    objection: Turn,
    turns: Sequence[Turn],
    document: Document,
) -> list[Said]:
    """Return what became of a note that was argued about."""
    language = _language(context, before)
    bible = context.bible_of(context.session(before["session"]))
    about = [turn for turn in turns if turn.body.get("objection") == objection.id]
    answer = _last(about, TurnKind.ACCEPTANCE, TurnKind.REBUTTAL)
    verified = _last(about, TurnKind.VERIFICATION)
    ruling = _last(about, TurnKind.RULING)
    met = verified is not None and verified.body["met"]
    lines = _answering(context, before, note, objection, document)

    def told(state: NoteState, reason: str, turn: Turn | None = None, *, shown: bool = False) -> Said:
        own = lines if shown else []
        quotes = [texts_of(document)[line] for line in own]
        by = turn.role if turn else ""
        certain = bool(own) and objection.body["certain"]
        words, without = to_the_word(note, bible, document) if certain else ((), ())
        body = note_body(
            note.id,
            state,
            reason,
            own,
            quotes,
            by=by,
            objection=objection.id,
            words=words,
            without=without,
        )
        return Said(TurnKind.NOTE, turn.actor if turn else _CODE, body=body)

    if answer is None:
        return [told("accepted", _SAID[language]["too late"])]
    if ruling is not None and not lines:
        return [told("declined", ruling.body["reason"] or answer.body["reason"], ruling)]
    if ruling is not None:
        return [told("done", ruling.body["reason"], ruling, shown=True)]
    if answer.kind is TurnKind.REBUTTAL:
        if met:
            return [told("declined", answer.body["reason"], answer)]
        return [told("accepted", _SAID[language]["too late"])]
    if not lines:
        return [told("accepted", _SAID[language]["unchanged"])]
    done = told("done", answer.body["reason"], answer, shown=True)
    if not met or verified is None:
        return [done]
    return [done, told("verified", verified.body["reason"], verified, shown=True)]


def _answering(
    context: RoomContext, before: State, note: Note, objection: Turn, document: Document
) -> list[str]:
    """Return the lines that answer a note: those with its words, or the one that was changed for it."""
    if objection.body["certain"] and isinstance(document, SceneDraft):
        bible = context.bible_of(context.session(before["session"]))
        held = [line.id for line in holding(words_of(note, bible), document)]
        if held:
            return held
    line = document.line(objection.body["line"])
    return [line.id] if line is not None and line.text != objection.body["quote"] else []


def _last(turns: Sequence[Turn], *kinds: TurnKind) -> Turn | None:
    return next((turn for turn in reversed(turns) if turn.kind in kinds), None)


def _read(context: RoomContext, note: Note, turns: Sequence[Turn]) -> bool:
    """Tell whether the author had a note before it when it wrote the draft."""
    for turn in turns:
        if turn.kind in _WRITES:
            reading = context.ledger.turns.reading(turn.task)
            if reading is not None and note.id in reading.notes:
                return True
    return False


def _language(context: RoomContext, state: State) -> Language:
    return context.session(state["session"]).order.language
