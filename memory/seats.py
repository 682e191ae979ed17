"""Seats: who holds which role, after all that was taken and left."""

from __future__ import annotations

from storyroom.memory.inbox import SeatChange
from storyroom.memory.ledger import Ledger


def holders(ledger: Ledger, session: str | None) -> dict[str, str]:
    """Return the member in each seat that is not the agent's, for a session or for the whole series.

    A fork begins with the seats as they were when it was forked. The newest change of a seat holds.
    """
    taken: dict[str, str] = {}
    for change in ledger.inbox.items(SeatChange, ledger.sessions.lineage(session)):
        if change.taken:
            taken[change.role] = change.member
        else:
            taken.pop(change.role, None)
    return taken


def holder(ledger: Ledger, session: str | None, role: str) -> str | None:
    """Return the member who holds a role's seat; None when it is the agent's."""
    return holders(ledger, session).get(role)
