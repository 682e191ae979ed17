"""Members' pitches: which of them a session lays on its table."""

from __future__ import annotations

from storyroom.memory.inbox import MemberPitch
from storyroom.memory.ledger import Ledger
from storyroom.memory.sessions import SessionRecord
from storyroom.story.turn import Stage, TurnKind


def standing_pitches(ledger: Ledger, session: SessionRecord) -> list[MemberPitch]:
    """Return the pitches that stand for a session, oldest first.

    Those are the pitches to it and to sessions that it was forked from, and those to the whole series that no
    session of another episode has had on its table: a storyline serves one episode, however often that
    is drafted. A session that makes one story of ideas has the ideas alone.
    """
    found = ledger.inbox.items(MemberPitch, ledger.sessions.lineage(session.id))
    if session.order.merge:
        return [one for one in found if one.session is not None]
    if all(one.session is not None for one in found):
        return found
    elsewhere = _on_other_tables(ledger, session.episode)
    return [one for one in found if one.session is not None or one.id not in elsewhere]


def _on_other_tables(ledger: Ledger, episode: int) -> set[str]:
    """Return the ids of the pitches that lay on the table of another episode."""
    found: set[str] = set()
    for other in ledger.sessions.every():
        if other.episode != episode:
            for turn in ledger.turns.said(other.id, stage=Stage.PITCH, kinds=[TurnKind.PITCHES]):
                reading = ledger.turns.reading(turn.task)
                found.update(reading.pitches if reading else ())
    return found
