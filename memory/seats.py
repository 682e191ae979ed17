"""Seats: who holds which role, after all that was taken and left."""

from __future__ import annotations

from storyroom.memory.inbox import SeatChange
from storyroom.memory.ledger import Ledger


def holders(ledger: Ledger, session: str | None) -> dict[str, str]:
    """Return the member in each seat that is not the agent's, for a session or for the whole series.

    A fork begins with the seats as they were when it was forked. Nobody is pushed out of a seat: taking one
    that is held changes nothing, as when two take it at once.
    """
    held: dict[str, str] = {}
    for change in ledger.inbox.items(SeatChange, ledger.sessions.lineage(session)):
        if change.taken:
            held.setdefault(change.role, change.member)
        elif held.get(change.role) == change.member:
            del held[change.role]
    return held


def holder(ledger: Ledger, session: str | None, role: str) -> str | None:
    """Return the member who holds a role's seat; None when it is the agent's."""
    return holders(ledger, session).get(role)
