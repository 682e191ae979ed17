"""One revision: the author answers objections, and a new version comes of what was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from storyroom.agents.author import Author, Document, Reply
from storyroom.agents.desk import Desk
from storyroom.agents.member_words import gives, words_of
from storyroom.agents.questions import Point
from storyroom.agents.seated import replies
from storyroom.graphs.subject import Subject
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Said
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.turn import Turn, TurnKind

Open = tuple[Turn, Objection]
"""An objection that is still open, with the turn in which it was raised."""


async def answered_by(
    author: Author, desk: Desk, subject: Subject, wanted: Sequence[Open], insisted: dict[str, str]
) -> Sequence[Said]:
    """Let the author accept or rebut the first objections, and put what is accepted into a new version.

    Args:
        author: the agent; a member in its seat is asked first, about all objections on one sheet.
        wanted: the objections, in the order in which they are answered.
        insisted: why an objector insists, by the objection's turn.
    """
    before = subject.document(desk.manuscript)
    about = desk.manuscript.slots[subject.slot]
    taken = _taken_up([one for one in wanted if _can_be_met(one[1])], desk.effort.answered)
    sitting = desk.actor
    members = await _members_answers(desk, before, taken, insisted)
    document, unasked = before, []
    said: list[Said] = []
    owners: dict[str, str] = {}
    for turn, objection in taken:
        by, reply = sitting, members.get(turn.id)
        if reply is None:
            if not _agent_can_answer(desk, document, objection):
                continue
            by = desk.actor
            reply = await author.answer(desk, document, objection, insisted=insisted.get(turn.id, ""))
        new, more = _with_reply(document, objection, reply, wanted)
        unasked += more
        changed = _changed(document, new)
        whose = _member(desk, objection, reply) or (by.name if by.kind == "member" else "")
        owners |= dict.fromkeys(changed, whose)
        document = new
        kind = TurnKind.ACCEPTANCE if reply.accept else TurnKind.REBUTTAL
        said.append(Said(kind, by, body={"objection": turn.id, "reason": reply.reason}, about=about))
    answers = [one.body["objection"] for one in said]
    body: dict[str, Any] = {"changed": _changed(before, document), "answers": answers}
    if unasked:
        body["unasked"] = unasked
    # Who holds the seat at the end signs the revision; a part of it can have been handed back.
    owners = {line: who for line, who in owners.items() if who not in ("", desk.member)}
    if owners:
        body["words_of"] = owners
    revision = Said(TurnKind.REVISION, desk.actor, body=body, about=about)
    if document != before:
        revision = replace(revision, draft=subject.draft(document, desk.manuscript), slot=subject.slot)
    return [revision, *said]


def _can_be_met(objection: Objection) -> bool:
    """Tell whether a wording can meet an objection; a draft that leaves its subject is not mended by one."""
    return not (objection.certain and objection.kind == "about")


async def _members_answers(
    desk: Desk, document: Document, taken: Sequence[Open], insisted: dict[str, str]
) -> dict[str, Reply]:
    """Ask the member in the seat, if one sits there, about all lines at once; by the objection's turn."""
    asked = [one for one in taken if document.line(one[1].line) is not None]
    points = [Point(one, turn.role, insisted.get(turn.id, "")) for turn, one in asked]
    given = await replies(desk, document, points)
    return {asked[place][0].id: reply for place, reply in given.items()}


def _agent_can_answer(desk: Desk, document: Document, objection: Objection) -> bool:
    # A member's words find a place by themselves; anything else is about a line that must be there.
    placeless = objection.certain and objection.note
    return desk.member is None and bool(document.line(objection.line) is not None or placeless)


def _with_reply(
    document: Document, objection: Objection, reply: Reply, wanted: Sequence[Open]
) -> tuple[Document, list[dict[str, str]]]:
    """Return the draft with what a reply changes in it, and the changes that were undone."""
    if not reply.accept:
        return document, []
    if reply.revised is not None and not reply.verbatim:
        return _only_what_was_asked(document, reply.revised, wanted)
    if reply.revised is not None:
        return reply.revised, []
    return (document if reply.text is None else document.with_line(objection.line, reply.text)), []


def _taken_up(wanted: Sequence[Open], most: int) -> Sequence[Open]:
    """Return what is answered now: all that members asked for, and as much else as the effort allows."""
    others = [one for one in wanted if not one[1].note][:most]
    return [one for one in wanted if one[1].note or one in others]


def _member(desk: Desk, objection: Objection, reply: Reply) -> str:
    """Return whose note gave the words of a reply, where they are its own; whoever typed them."""
    note = desk.ledger.inbox.get(Note, objection.note) if objection.note else None
    if note is None:
        return ""
    return note.member if reply.verbatim or gives(words_of(note, desk.bible), reply.text or "") else ""


def _only_what_was_asked(
    before: Document, after: Document, wanted: Sequence[Open]
) -> tuple[Document, list[dict[str, str]]]:
    """Return a revision without the changes to lines that nobody objected to, and those changes."""
    asked = {objection.line for _, objection in wanted}
    touched = dict.fromkeys(one.id for one in (*_lines(before), *_lines(after)))
    unasked = [
        {"line": line, "was": _text(before, line), "now": _text(after, line)}
        for line in touched
        if line not in asked and _text(before, line) != _text(after, line)
    ]
    document = before
    for line in asked:
        if text := _text(after, line):
            document = document.with_line(line, text)
    return document, unasked


def _changed(before: Document, after: Document) -> list[str]:
    return [one.id for one in _lines(after) if _text(before, one.id) != one.text]


def _lines(document: Document) -> Sequence[Any]:
    return document.elements if isinstance(document, SceneDraft) else document.lines


def _text(document: Document, line: str) -> str:
    found = document.line(line)
    return found.text if found else ""
