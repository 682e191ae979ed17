"""One revision: the author answers objections, and a new version comes of what was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storyroom.agents.author import Author, Document
from storyroom.agents.desk import Desk
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
        wanted: the objections, in the order in which they are answered.
        insisted: why an objector insists, by the objection's turn.
    """
    before = subject.document(desk.manuscript)
    about = desk.manuscript.slots[subject.slot]
    document, unasked = before, []
    said: list[Said] = []
    answers: list[str] = []
    words_of: dict[str, str] = {}
    for turn, objection in _taken_up(wanted, desk.effort.answered):
        # A member's words find a place by themselves; anything else is about a line that must be there.
        placeless = objection.certain and objection.note and desk.member is None
        gone = document.line(objection.line) is None and not placeless
        if gone or (objection.certain and objection.kind == "about"):
            continue
        reply = await author.answer(desk, document, objection, insisted=insisted.get(turn.id, ""))
        if reply.accept and reply.revised is not None and reply.verbatim:
            words_of |= dict.fromkeys(_changed(document, reply.revised), _member(desk, objection))
            document = reply.revised
        elif reply.accept and reply.revised is not None:
            document, more = _only_what_was_asked(
                document, reply.revised, wanted, member=desk.member is not None
            )
            unasked += more
            words_of |= _spoken_by(desk, _changed(before, document))
        elif reply.accept and reply.text is not None:
            document = document.with_line(objection.line, reply.text)
            words_of.pop(objection.line, None)
            words_of |= _spoken_by(desk, [objection.line])
        kind = TurnKind.ACCEPTANCE if reply.accept else TurnKind.REBUTTAL
        said.append(Said(kind, desk.actor, body={"objection": turn.id, "reason": reply.reason}, about=about))
        answers.append(turn.id)
    body: dict[str, Any] = {"changed": _changed(before, document), "answers": answers}
    if unasked:
        body["unasked"] = unasked
    # Who holds the seat at the end signs the revision; a seat can be left in the middle of it.
    words_of = {line: who for line, who in words_of.items() if who != desk.member}
    if words_of:
        body["words_of"] = words_of
    revision = Said(TurnKind.REVISION, desk.actor, body=body, about=about)
    if document != before:
        draft = subject.draft(document, desk.manuscript)
        revision = Said(TurnKind.REVISION, desk.actor, body=body, about=about, draft=draft, slot=subject.slot)
    return [revision, *said]


def _taken_up(wanted: Sequence[Open], most: int) -> Sequence[Open]:
    """Return what is answered now: all that members asked for, and as much else as the effort allows."""
    others = [one for one in wanted if not one[1].note][:most]
    return [one for one in wanted if one[1].note or one in others]


def _member(desk: Desk, objection: Objection) -> str:
    note = desk.ledger.inbox.get(Note, objection.note)
    return note.member if note else ""


def _only_what_was_asked(
    before: Document, after: Document, wanted: Sequence[Open], *, member: bool
) -> tuple[Document, list[dict[str, str]]]:
    """Return a revision without the changes to lines that nobody objected to, and those changes.

    A member's changes stand: whoever sits in the room may change a line. They are listed all the same.
    """
    asked = {objection.line for _, objection in wanted}
    touched = dict.fromkeys(one.id for one in (*_lines(before), *_lines(after)))
    unasked = [
        {"line": line, "was": _text(before, line), "now": _text(after, line)}
        for line in touched
        if line not in asked and _text(before, line) != _text(after, line)
    ]
    if member:
        return after, unasked
    document = before
    for line in asked:
        if text := _text(after, line):
            document = document.with_line(line, text)
    return document, unasked


def _spoken_by(desk: Desk, lines: Sequence[str]) -> dict[str, str]:
    """Return whose wording lines have, if a member of the team sits at the desk."""
    return dict.fromkeys(lines, desk.member) if desk.member is not None else {}


def _changed(before: Document, after: Document) -> list[str]:
    return [one.id for one in _lines(after) if _text(before, one.id) != one.text]


def _lines(document: Document) -> Sequence[Any]:
    return document.elements if isinstance(document, SceneDraft) else document.lines


def _text(document: Document, line: str) -> str:
    found = document.line(line)
    return found.text if found else ""
