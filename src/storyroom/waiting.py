"""What a session waits for, and how it is answered."""

from __future__ import annotations

from typing import NamedTuple

from storyroom.memory.asks import Ask
from storyroom.session import Session

_ASKED_FOR = {
    "brief": "the brief",
    "pitch": "a pitch",
    "choice": "a choice among the pitches",
    "outline": "the outline",
    "scene": "the scene",
    "reply": "an answer to an objection",
    "review": "a review",
    "verify": "a word on whether an objection was met",
    "ruling": "a ruling",
    "feeling": "what a scene makes one feel",
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
    return f"{ask.member} ({ask.task.role.replace('_', ' ')}): {_ASKED_FOR[ask.sheet['kind']]}{scene}"


def _of_a_seat(session: Session, ask: Ask) -> Wait:
    which = ("--role", ask.task.role) if len({one.task.role for one in session.asked}) > 1 else ()
    return Wait(
        told(ask),
        ("answer", session.id, *which, "--show"),
        ("answer", session.id, *which),
        "(in $EDITOR; or --file FILE, --hand-back)",
    )
