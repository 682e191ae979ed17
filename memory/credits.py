"""Credits: who wrote and who changed each line of a script version, from its provenance."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel

from storyroom.memory.drafts import Version
from storyroom.memory.ledger import Ledger
from storyroom.story.draft import SceneDraft
from storyroom.story.script import Element
from storyroom.story.turn import Actor, Turn


class Credit(BaseModel, frozen=True):
    """One contributor's share of a script.

    Attributes:
        actor: ``agent:MODEL``, ``member:NAME`` or ``code``.
        role: the role in whose seat they wrote.
        written: lines that stand and that they wrote first.
        changed: lines that stand and whose last wording is theirs, though another wrote them first.
        words: words of the lines whose last wording is theirs.
    """

    actor: str
    role: str
    written: int = 0
    changed: int = 0
    words: int = 0


def credits(ledger: Ledger, head: str) -> list[Credit]:
    """Return who wrote and changed the lines that stand at `head`, the most words first."""
    written: Counter[tuple[str, str]] = Counter()
    changed: Counter[tuple[str, str]] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    for versions in _by_scene(ledger.drafts.line(head)).values():
        first: dict[str, tuple[str, str]] = {}
        last: dict[str, tuple[str, str]] = {}
        texts: dict[str, Element] = {}
        for version in versions:
            turn = _turn(ledger, version)
            who = (str(turn.actor if turn.actor.kind != "code" else Actor(kind="code")), turn.role)
            # What a writer put in word for word because a member's note gave it is the member's.
            theirs = {
                key: (str(Actor(kind="member", name=name)), turn.role)
                for key, name in turn.body.get("words_of", {}).items()
            }
            elements = {one.id: one for one in ledger.drafts.get(version.draft, SceneDraft).lines}
            for key, one in elements.items():
                first.setdefault(key, theirs.get(key, who))
                if key not in texts or texts[key].content != one.content:
                    last[key] = theirs.get(key, who)
            texts = elements
        for key, one in texts.items():
            written[first[key]] += 1
            changed[last[key]] += first[key] != last[key]
            words[last[key]] += one.words
    people = sorted(set(written) | set(words), key=lambda who: (-words[who], who))
    return [
        Credit(
            actor=actor,
            role=role,
            written=written[actor, role],
            changed=changed[actor, role],
            words=words[actor, role],
        )
        for actor, role in people
    ]


def _by_scene(line: list[Version]) -> dict[str, list[Version]]:
    """Return the versions of each scene, oldest first."""
    scenes: dict[str, list[Version]] = {}
    for version in reversed(line):
        if version.slot.startswith("scene:"):
            scenes.setdefault(version.slot, []).append(version)
    return scenes


def _turn(ledger: Ledger, version: Version) -> Turn:
    """Return the turn that made a version."""
    return next(turn for turn in ledger.turns.of_task(version.task) if turn.new_head == version.id)
