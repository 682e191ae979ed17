"""What a session waits for, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from storyroom.memory.asks import Ask
from storyroom.session import Session

_ASKED_FOR = {
    "brief": "the brief",
    "pitch": "a pitch",
    "choice": "a choice among the pitches",
    "outline": "the outline",
    "scene": "the scene",
    "review": "a review",
    "feeling": "what a scene makes one feel",
}
_ASKED_ON_EACH = {
    "replies": ("an answer to an objection", "answers to {} objections"),
    "verifications": ("a word on whether an objection was met", "a word on whether {} objections were met"),
    "rulings": ("a ruling", "{} rulings"),
}
_LOOK_AT = {"pitches": "pitches", "outline": "outline", "table_read": "script"}


class Wait(NamedTuple):
    """One thing that a session waits for.

    Attributes:
        what: for whom and for what: ``Rosa (dialogue writer): the scene, scene 2``.
        look: words of the `storyroom` command that shows what it is about.
        answer: words of the command that answers it.
        more: other ways to answer.
    """

    what: str
    look: tuple[str, ...]
    answer: tuple[str, ...]
    more: str = ""


def waits(session: Session) -> list[Wait]:
    """Return all that a session waits for; nothing if it can go on."""
    found = [_of_a_seat(session, ask) for ask in session.asked]
    if session.waiting is not None:
        gate = str(session.waiting.body["gate"])
        scene = session.waiting.scene
        shown = ("scene", str(scene)) if gate == "scene" else (_LOOK_AT[gate],)
        found.append(
            Wait(
                f"somebody at the gate after {gate}" + (f" {scene}" if gate == "scene" else ""),
                ("show", session.id, *shown),
                ("answer", session.id, "--approve"),
                "(or --send-back TEXT, --edit, --file FILE)",
            )
        )
    return found


def told(ask: Ask) -> str:
    """Return who is asked for what."""
    scene = f", scene {ask.task.scene}" if ask.task.scene is not None else ""
    return f"{ask.member} ({ask.task.role.replace('_', ' ')}): {_asked_for(ask.sheet)}{scene}"


def _asked_for(sheet: Mapping[str, Any]) -> str:
    if sheet["kind"] not in _ASKED_ON_EACH:
        return _ASKED_FOR[sheet["kind"]]
    one, several = _ASKED_ON_EACH[sheet["kind"]]
    count = len(sheet["lines"])
    return one if count == 1 else several.format(count)


def _of_a_seat(session: Session, ask: Ask) -> Wait:
    which = ("--role", ask.task.role) if len({one.task.role for one in session.asked}) > 1 else ()
    return Wait(
        told(ask),
        ("answer", session.id, *which, "--show"),
        ("answer", session.id, *which),
        "(in $EDITOR; or --file FILE, --hand-back)",
    )
