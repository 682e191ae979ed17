"""Scenes that were written on facts which no longer hold, and so are to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass

from storyroom.memory.canon import account_of
from storyroom.memory.drafts import scene_slots
from storyroom.memory.ledger import Ledger
from storyroom.memory.sessions import SessionRecord
from storyroom.memory.turns import Reading
from storyroom.story.bible import Bible, same_name
from storyroom.story.canon.fact import Fact
from storyroom.story.canon.knowledge import tellable
from storyroom.story.canon.moment import Moment
from storyroom.story.turn import TurnKind


@dataclass(frozen=True)
class Recheck:
    """A scene to look at again.

    Attributes:
        scene: its number.
        facts: what its writer was told, and is no longer canon before it.
    """

    scene: int
    facts: tuple[Fact, ...]


def rechecks(ledger: Ledger, bible: Bible, session: SessionRecord, head: str | None = None) -> list[Recheck]:
    """Return the scenes of a session whose writer was told what is no longer canon.

    A fact that a new draft of its scene tells again is still canon, although it is another draft's. A scene
    that a member edited since was looked at.

    Args:
        head: the script version; the session's newest when not given.
    """
    head = head or ledger.drafts.head_of(session.id) or session.start_head
    readings = _readings(ledger, head)
    if not any(reading.facts or reading.likely for reading in readings.values()):
        return []
    canon = account_of(ledger, bible, session, head=head).canon
    found = []
    for scene, reading in readings.items():
        stand = {_matter(fact) for fact in tellable(canon, Moment(session.episode, scene))}
        told = ledger.facts.get([*reading.facts, *reading.likely]).values()
        if gone := tuple(fact for fact in told if _matter(fact) not in stand):
            found.append(Recheck(scene, gone))
    return found


def _readings(ledger: Ledger, head: str | None) -> dict[int, Reading]:
    """Return what the last writer of each scene had read."""
    line = ledger.drafts.line(head)
    found: dict[int, Reading] = {}
    for scene in scene_slots(ledger.drafts.script(head)):
        for version in line:
            if version.slot != f"scene:{scene}":
                continue
            kinds = {turn.kind for turn in ledger.turns.of_task(version.task) if turn.new_head == version.id}
            if kinds & {TurnKind.DRAFT, TurnKind.EDIT}:
                found[scene] = ledger.turns.reading_of(version.task) or Reading()
                break
    return found


def _matter(fact: Fact) -> tuple[object, ...]:
    """Return what makes two facts say the same, whichever drafts they belong to."""
    named = map(same_name, (fact.subject, fact.says, fact.thing, fact.attribute, fact.value))
    return fact.kind, *named
