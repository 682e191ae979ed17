"""What each character of a scene knows, and what they have no way of knowing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storyroom.story.bible import same_name
from storyroom.story.canon.canon import Canon
from storyroom.story.canon.fact import Evidence, Fact, FactKind
from storyroom.story.canon.moment import Moment

_TOLD: frozenset[FactKind] = frozenset({"knowledge", "death", "departure", "possession"})


@dataclass(frozen=True)
class Known:
    """A fact as somebody knows it.

    Attributes:
        evidence: where they learned it; None where only a human says so.
    """

    fact: Fact
    evidence: Evidence | None

    @property
    def at(self) -> Moment:
        """The scene in which they learned it."""
        return self.evidence.at if self.evidence else self.fact.since


@dataclass(frozen=True)
class Knows:
    """What one character knows before a scene.

    Attributes:
        knows: what they were told, have seen, or hold.
        unaware: what others know or have seen, and they have not.
    """

    character: str
    knows: tuple[Known, ...]
    unaware: tuple[Known, ...]


Learned = Mapping[str, Mapping[str, tuple[Moment, Evidence]]]
"""For each fact by id: who knows it, since when, and by which line; see `storyroom.story.canon.knowing`."""


def knowledge(
    canon: Canon, characters: Sequence[str], at: Moment, learned: Learned | None = None
) -> tuple[Knows, ...]:
    """Return what characters know before a scene.

    What nobody approved counts too, because it is what the script says; what a human waived does not.

    Args:
        characters: by the names of the bible.
        at: the scene.
        learned: who learned what later than those who hold it.
    """
    facts = list(tellable(canon, at))
    return tuple(_knows(name, facts, at, learned or {}) for name in characters)


def tellable(canon: Canon, at: Moment) -> Iterable[Fact]:
    """Yield the facts that somebody can know before a scene: the bible's are everybody's."""
    for fact in canon:
        counts = fact.status in ("approved", "likely") and fact.origin != "bible"
        if counts and fact.kind in _TOLD and (fact.since.episode == 0 or fact.since < at):
            yield fact


def knowers(fact: Fact) -> tuple[str, ...]:
    """Return who knows a fact from the scene on that shows it."""
    own = (fact.subject,) if fact.kind in ("departure", "possession") else ()
    return tuple(dict.fromkeys((*fact.holders, *fact.witnesses, *own)))


def _knows(name: str, facts: Iterable[Fact], at: Moment, learned: Learned) -> Knows:
    knows, unaware = [], []
    for fact in facts:
        shown = fact.evidence[0] if fact.evidence else None
        since, heard = learned.get(fact.id, {}).get(name, (at, None))
        if same_name(name) in map(same_name, knowers(fact)):
            knows.append(Known(fact, shown))
        elif since < at:
            knows.append(Known(fact, heard))
        elif fact.kind != "death" or same_name(fact.subject) != same_name(name):
            unaware.append(Known(fact, shown))
    return Knows(name, tuple(knows), tuple(unaware))
