"""The canon: all facts that belong to one version of the story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storyroom.story.bible import same_name
from storyroom.story.canon.fact import Fact, FactKind, FactStatus
from storyroom.story.canon.moment import Moment


@dataclass(frozen=True)
class Canon:
    """The facts of one version of the story, in the order in which they began to hold."""

    facts: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Canon:
        """Return the canon that these facts make."""
        return cls(tuple(sorted(facts, key=lambda fact: (fact.since, fact.subject, fact.id))))

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def get(self, fact_id: str) -> Fact | None:
        """Return the fact of that id."""
        return next((fact for fact in self.facts if fact.id == fact_id), None)

    def select(
        self,
        *,
        kind: FactKind | None = None,
        subject: str | None = None,
        status: FactStatus | None = None,
    ) -> Iterator[Fact]:
        """Yield the facts of a kind, about somebody or something, of a status."""
        for fact in self.facts:
            if kind is not None and fact.kind != kind:
                continue
            if subject is not None and same_name(fact.subject) != same_name(subject):
                continue
            if status is None or fact.status == status:
                yield fact

    def at(self, moment: Moment) -> Canon:
        """Return what holds in a scene, as far as earlier scenes have told it."""
        return Canon(tuple(fact for fact in self.facts if fact.holds_at(moment)))
