"""What is said about answered objections: the objector's word on each, and the showrunner's ruling.

A member in the seat has all of them on one sheet; an agent is asked one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from storyroom.agents.author import Document
from storyroom.agents.critic import Critic
from storyroom.agents.desk import Desk
from storyroom.agents.note_check import seen
from storyroom.agents.questions import Point
from storyroom.agents.seated import rulings, verifications
from storyroom.graphs.revise import Open
from storyroom.memory.ledger import Said
from storyroom.story.objection import Objection
from storyroom.story.turn import TurnKind

if TYPE_CHECKING:
    from storyroom.agents.showrunner import Showrunner


async def verified_by(
    critic: Critic, desk: Desk, answered: Sequence[Open], old: Document, new: Document
) -> list[Said]:
    """Let an objector say whether objections are met: a member all of them, an agent the first.

    Whether a member sits there stands in the task's reading list, so a second run verifies as many.
    """
    if desk.member is None:
        answered = answered[:1]
    known = [await asyncio.to_thread(seen, desk, objection, new) for _, objection in answered]
    asked = [place for place, one in enumerate(known) if one is None]
    points = [_point(answered[place], old, new) for place in asked]
    sitting = desk.actor
    given = await verifications(desk, new, points)
    by_member = {asked[place]: verdict for place, verdict in given.items()}
    said: list[Said] = []
    for place, (turn, objection) in enumerate(answered):
        by = turn.actor if turn.actor.kind != "member" else desk.actor
        verdict = known[place]
        if verdict is None and place in by_member:
            by, verdict = sitting, by_member[place]
        if verdict is None:
            verdict = await critic.verify(desk, objection, *_wordings(old, new, objection))
        met, why = verdict
        said.append(Said(TurnKind.VERIFICATION, by, {"objection": turn.id, "met": met, "reason": why}))
    return said


async def ruled_by(
    showrunner: Showrunner,
    desk: Desk,
    contested: Sequence[Open],
    insisted: Mapping[str, str],
    old: Document,
    new: Document,
) -> tuple[list[Said], Document]:
    """Let the showrunner say which wording of each contested line stands; return the draft after that."""
    points = [_point(one, old, new, insisted) for one in contested]
    sitting = desk.actor
    by_member = await rulings(desk, new, points)
    document, said = new, []
    for place, (turn, objection) in enumerate(contested):
        was, now = points[place].before, points[place].after
        keep_old, why = by_member.get(place) or await showrunner.rule(desk, objection, was, now)
        if keep_old and was != now:
            document = document.with_line(objection.line, was)
        body = {"objection": turn.id, "keep": "old" if keep_old else "new", "reason": why}
        said.append(Said(TurnKind.RULING, sitting if place in by_member else desk.actor, body))
    return said, document


def _point(one: Open, old: Document, new: Document, insisted: Mapping[str, str] | None = None) -> Point:
    turn, objection = one
    before, after = _wordings(old, new, objection)
    return Point(objection, turn.role, (insisted or {}).get(turn.id, ""), before, after)


def _wordings(old: Document, new: Document, objection: Objection) -> tuple[str, str]:
    was, now = old.line(objection.line), new.line(objection.line)
    return (was.text if was else ""), (now.text if now else "")
