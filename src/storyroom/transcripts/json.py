"""A debate as JSON: everything that the transcript says, and the ids by which it can be looked up."""

from __future__ import annotations

from typing import Any

from storyroom.memory.debates import Debate
from storyroom.memory.ledger import Ledger
from storyroom.memory.threads import Thread
from storyroom.memory.wordings import Wordings, wordings
from storyroom.story.turn import Turn, TurnKind


def summary_json(debate: Debate) -> dict[str, Any]:
    """Return what a list says about a debate."""
    return {
        "debate": debate.id,
        "session": debate.session,
        "shared": debate.shared,
        "stage": str(debate.stage),
        "scene": debate.scene,
        "pass": debate.pass_,
        "reason": debate.reason,
        "rounds": debate.rounds,
        "reviews": debate.reviews,
        "speakers": [{"role": one.role, "actor": str(one.actor)} for one in debate.speakers],
        "objections": debate.objections,
        "fates": dict(debate.fates),
        "unanswered": debate.stop.body["unanswered"] if debate.stop else None,
        "dissent": debate.stop.body["open"] if debate.stop else [],
        "spent": {**debate.spent._asdict(), "seconds": round(debate.spent.seconds, 3)},
    }


def as_json(ledger: Ledger, debate: Debate) -> dict[str, Any]:
    """Return a debate whole, with what its lines said before and after."""
    lines = wordings(ledger, debate)
    return {
        **summary_json(debate),
        "heading": lines.heading,
        "threads": [_thread(debate, thread, lines) for thread in debate.threads],
        "notes": [
            {**_turn(turn), **turn.body, **_note(debate, str(turn.body["note"]))}
            for turn in debate.turns
            if turn.kind is TurnKind.NOTE
        ],
        "unasked": [{**_turn(turn), **one} for turn, one in debate.unasked],
    }


def _thread(debate: Debate, thread: Thread, lines: Wordings) -> dict[str, Any]:
    line = lines.line(thread.objection.line)
    return {
        **_turn(thread.raised),
        **thread.objection.model_dump(mode="json"),
        "scene": thread.scene,
        "place": line.place if line else None,
        "speaker": line.label if line else None,
        "by_note": _note(debate, thread.objection.note),
        "fate": thread.fate,
        "dissent": thread.dissent,
        "was": lines.before(thread.objection.line),
        "now": lines.after(thread.objection.line),
        "said": [_said(turn, thread, lines) for turn in thread.said],
    }


def _said(turn: Turn, thread: Thread, lines: Wordings) -> dict[str, Any]:
    changed = lines.by_task(turn.task.id, thread.objection.line)
    reworded = {"was": changed[0], "now": changed[1]} if changed else {}
    told = {name: value for name, value in turn.body.items() if name != "objection"}
    return {**_turn(turn), **told, **reworded}


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "turn": turn.seq,
        "id": turn.id,
        "what": str(turn.kind),
        "round": turn.task.round,
        "role": turn.role,
        "actor": str(turn.actor),
    }


def _note(debate: Debate, note_id: str) -> dict[str, str]:
    note = debate.notes.get(note_id)
    return {"member": note.member, "text": note.text} if note else {}
