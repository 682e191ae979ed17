"""Where a session can be forked, and what the fork then builds on."""

from __future__ import annotations

from storyroom.errors import InputError, SessionError
from storyroom.memory.drafts import Version
from storyroom.memory.ledger import Ledger
from storyroom.memory.sessions import SessionRecord
from storyroom.story.turn import TurnKind

# Which slot the fork writes anew, by the point that is named.
_FIRST_NEW = {"pitch": "pitches", "choice": "story", "outline": "outline"}
POINTS = "pitch, choice, outline, the number of a scene, or 3:debate for the debate on scene 3"


def fork_point(ledger: Ledger, session: SessionRecord, at: str) -> tuple[str, str]:
    """Return where a fork begins, as `SessionRecord.start_at` names it, and the head it builds on.

    Args:
        at: `pitch`, `choice`, `outline`, the number of a scene, or the number and `:debate`, which keeps the
            scene's draft and argues about it anew.

    Raises:
        InputError: there is no such point.
        SessionError: the session has not come that far.
    """
    line = ledger.drafts.line(ledger.drafts.head_of(session.id) or session.start_head)
    number, colon, what = at.partition(":")
    if at in _FIRST_NEW:
        return at, _before(session, line, _FIRST_NEW[at], at)
    if number.isdecimal() and int(number) >= 1 and not colon:
        return f"scene:{int(number)}", _before(session, line, f"scene:{int(number)}", at)
    if number.isdecimal() and int(number) >= 1 and what == "debate":
        return f"debate:{int(number)}", _drafted(ledger, session, line, f"scene:{int(number)}", at)
    raise InputError(f"A session cannot be forked at {at!r}.", hint=f"Name {POINTS}.")


def _before(session: SessionRecord, line: list[Version], slot: str, at: str) -> str:
    """Return the version on which a slot was first filled."""
    first = next((version for version in reversed(line) if version.slot == slot), None)
    if first is None or first.parent is None:
        raise _nothing_yet(session, line, at)
    return first.parent


def _drafted(ledger: Ledger, session: SessionRecord, line: list[Version], slot: str, at: str) -> str:
    """Return the version that holds the newest first draft of a slot, before anybody argued about it."""
    for version in line:
        turns = ledger.turns.of_task(version.task) if version.slot == slot else []
        if any(turn.kind is TurnKind.DRAFT and turn.new_head == version.id for turn in turns):
            return version.id
    raise _nothing_yet(session, line, at)


def _nothing_yet(session: SessionRecord, line: list[Version], at: str) -> SessionError:
    written = sorted({version.slot for version in line})
    return SessionError(
        f"Session {session.id} has nothing yet at {at}.",
        hint=f"It has: {', '.join(written) or 'nothing'}. Go on first: storyroom resume {session.id}",
    )
