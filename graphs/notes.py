"""Members' notes in a debate: what is not followed is argued about, and what becomes of each is recorded."""

from __future__ import annotations

import asyncio

from langgraph.runtime import Runtime

from storyroom.agents.author import Document
from storyroom.agents.critic import Critic, PaperCritic
from storyroom.agents.desk import Desk
from storyroom.agents.note_check import (
    Finding,
    check_note,
    line_for,
    note_in_brief,
    to_the_word,
    word_for_word,
)
from storyroom.graphs.bringing import kept_for_scenes
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.note_concerns import Concern, concerns, texts_of
from storyroom.graphs.note_outcomes import outcomes
from storyroom.graphs.returning import unchanged_since
from storyroom.graphs.state import State
from storyroom.graphs.step import CODE, manuscript_at, perform, record
from storyroom.graphs.subject import STOP, Subject
from storyroom.memory.answers import undone
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Said
from storyroom.memory.notes import ANSWERED, note_body
from storyroom.story.objection import Objection
from storyroom.story.turn import Actor, Stage, TurnKind

_BEHIND = 1000
"""Ordinals of tasks on notes lie behind those of reviews and verifications; each note has its own."""

_CHANGED = {"en": "What answered it is not there any more.", "zh": "照办过的地方又改了。"}


async def raise_notes(state: State, runtime: Runtime[RoomContext], subject: Subject) -> None:
    """Let another role than the author check each note that concerns a draft.

    One that is followed is verified, with the lines that answer it. One that is not is objected with, and
    goes through the debate like any objection.
    """
    judge = _judge(here(runtime), subject)
    if judge is None:
        return
    manuscript = await manuscript_at(runtime, state["head"])
    document = subject.document(manuscript)
    found = await asyncio.to_thread(concerns, here(runtime), state, subject, manuscript, document)
    taken = {line for one in found if one.last for line in one.last.body["lines"]}
    taken |= await asyncio.to_thread(_objected_to, here(runtime), state, subject)
    session = here(runtime).session(state["session"])
    for one in found:
        cast = manuscript.plan(subject.scene).cast if subject.scene is not None else ()
        known = word_for_word(
            one.note, here(runtime).bible_of(session), session.order.language, cast, document
        )
        if not document.lines or not _to_be_raised(one, document, known):
            continue

        async def work(
            desk: Desk, one: Concern = one, others: frozenset[str] = frozenset(taken)
        ) -> list[Said]:
            return await _checked(desk, judge.role, one, subject, document, others)

        task = subject.task(state, judge.role, ordinal=_BEHIND + one.note.seq)
        for turn in await perform(runtime, task, work):
            taken |= {turn.body["line"]} if turn.kind is TurnKind.OBJECTION else set(turn.body["lines"])


async def settle_notes(before: State, after: State, runtime: Runtime[RoomContext], subject: Subject) -> None:
    """Record what became of each note that concerns a draft, now that its debate is over."""
    manuscript = await manuscript_at(runtime, after["head"])
    document = subject.document(manuscript)

    def settled(context: RoomContext) -> list[Said]:
        found = concerns(context, after, subject, manuscript, document)
        said = outcomes(context, before, subject, found, document)
        if subject.stage is Stage.OUTLINE:
            said += kept_for_scenes(context, after, manuscript)
        return said

    said = await asyncio.to_thread(settled, here(runtime))
    if said:
        task = subject.task(after, subject.author, round=STOP, ordinal=_BEHIND)
        await record(runtime, task, lambda _context: said)


def _objected_to(context: RoomContext, state: State, subject: Subject) -> set[str]:
    """Return the lines that a critic wants to see changed: no place for a member's words."""
    turns = context.ledger.turns.said(
        state["session"],
        stage=subject.stage,
        scene=subject.scene,
        pass_=subject.pass_,
        kinds=[TurnKind.OBJECTION],
    )
    return {turn.body["line"] for turn in turns if turn.task.head == state["head"] and not turn.body["note"]}


def _judge(context: RoomContext, subject: Subject) -> Critic | None:
    """Return who says whether a note is followed: the first critic of such drafts who did not write it."""
    return next(
        (
            one
            for one in context.crew.critics
            if one.role != subject.author and (subject.stage is Stage.SCENE or isinstance(one, PaperCritic))
        ),
        None,
    )


def _to_be_raised(one: Concern, document: Document, known: Finding | None) -> bool:
    if one.reopened is not None:
        return True
    if one.last is not None and one.state in ANSWERED:
        return undone(one.last.body, texts_of(document)) or (known is not None and not known.met)
    return one.state != "declined"


async def _checked(
    desk: Desk, role: str, one: Concern, subject: Subject, document: Document, taken: frozenset[str]
) -> list[Said]:
    """Say that a note is followed, or object with it; first, that it is open again, if it is."""
    note, about = one.note, desk.manuscript.slots[subject.slot]
    said: list[Said] = []
    if one.last is not None and one.state in ANSWERED:
        was = one.last.body
        body = note_body(note.id, "reopened", _CHANGED[desk.language], was["lines"], was["quotes"], by="")
        said.append(Said(TurnKind.NOTE, CODE, body=body, about=about))
    # Whoever sits in the judge's seat is asked when it comes to verifying; this only tells what is missing.
    by = Actor(kind="agent", name=desk.model.spec)
    if one.reopened is not None:
        member = Actor(kind="member", name=one.reopened.member)
        body = note_body(note.id, "reopened", one.reopened.reason, by="")
        said.append(Said(TurnKind.NOTE, member, body=body, about=about))
        asked = note.model_copy(update={"member": member.name, "text": one.reopened.reason or note.text})
        line = line_for(note, desk.bible, document, taken)
        finding = Finding(False, (line,), note_in_brief(asked, desk.language))
    else:
        cast = desk.manuscript.plan(subject.scene).cast if subject.scene is not None else ()
        known = word_for_word(note, desk.bible, desk.language, cast, document, taken)
        finding = known or await _judged(desk, role, note, subject, document, taken)
        by = CODE if finding.certain else by
    if finding.met:
        quotes = [texts_of(document)[line] for line in finding.lines]
        words, without = to_the_word(note, desk.bible, document) if finding.certain else ((), ())
        body = note_body(
            note.id,
            "verified",
            finding.reason,
            finding.lines,
            quotes,
            by=role,
            words=words,
            without=without,
        )
        return [*said, Said(TurnKind.NOTE, by, body=body, about=about)]
    objection = Objection(
        line=finding.lines[0],
        quote=_text(document, finding.lines[0]),
        kind="note",
        gravity="serious",
        says=finding.reason if one.reopened else note_in_brief(note, desk.language),
        certain=finding.certain,
        note=note.id,
    )
    return [*said, Said(TurnKind.OBJECTION, by, body=objection.model_dump(mode="json"), about=about)]


async def _judged(
    desk: Desk, role: str, note: Note, subject: Subject, document: Document, taken: frozenset[str]
) -> Finding:
    """Judge whether a note is followed; what a human has just sent back is not asked about."""
    if await asyncio.to_thread(unchanged_since, desk.ledger, note, subject.slot, desk.task.head):
        line = line_for(note, desk.bible, document, taken)
        return Finding(False, (line,), note_in_brief(note, desk.language))
    return await check_note(desk, role, note, document, taken)


def _text(document: Document, line_id: str) -> str:
    line = document.line(line_id)
    assert line is not None, "a finding names lines of the draft"
    return line.text
