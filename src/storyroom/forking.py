"""Where a session can be forked, and what the fork then builds on."""

from __future__ import annotations

from storyroom.errors import InputError, SessionError
from storyroom.memory.ledger import Ledger
from storyroom.memory.sessions import SessionRecord

# Which slot the fork writes anew, by the point that is named.
_FIRST_NEW = {"pitch": "story", "outline": "outline"}


def fork_point(ledger: Ledger, session: SessionRecord, at: str) -> tuple[str, str]:
    """Return where a fork begins, as `SessionRecord.start_at` names it, and the head it builds on.

    Args:
        at: `pitch`, `outline`, or the number of a scene.

    Raises:
        InputError: there is no such point.
        SessionError: the session has not come that far.
    """
    if at in _FIRST_NEW:
        start, slot = at, _FIRST_NEW[at]
    elif at.isdecimal() and int(at) >= 1:
        start = slot = f"scene:{int(at)}"
    else:
        raise InputError(
            f"A session cannot be forked at {at!r}.", hint="Name pitch, outline, or the number of a scene."
        )
    line = ledger.drafts.line(ledger.drafts.head_of(session.id) or session.start_head)
    firsts = [version for version in line if version.slot == slot]
    if not firsts or firsts[-1].parent is None:
        written = sorted({version.slot for version in line})
        raise SessionError(
            f"Session {session.id} has nothing yet at {at}.",
            hint=f"It has: {', '.join(written) or 'nothing'}. Go on first: storyroom resume {session.id}",
        )
    return start, firsts[-1].parent
