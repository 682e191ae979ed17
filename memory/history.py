"""How each line of a script came to its wording: the versions that gave it another, and their turns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from storyroom.memory.bodies import read_bodies
from storyroom.memory.drafts import Version
from storyroom.memory.ledger import Ledger
from storyroom.story.draft import load_element
from storyroom.story.script import Element
from storyroom.story.turn import Actor, Turn, TurnKind

_MAKING = (
    TurnKind.OUTLINE,
    TurnKind.DRAFT,
    TurnKind.REVISION,
    TurnKind.RULING,
    TurnKind.GATE,
    TurnKind.EDIT,
)
"""What makes a version of an outline or of a scene."""

_UNSAID = frozenset({"id", "forced"})


class Wording(NamedTuple):
    """One wording of a line.

    Attributes:
        turn: the turn that made it.
        element: the line as it then stood.
    """

    turn: Turn
    element: Element

    @property
    def words_of(self) -> str:
        """The member whose own words it is, where an agent put them in; empty for all others."""
        return str(self.turn.body.get("words_of", {}).get(self.element.id, ""))

    @property
    def maker(self) -> Actor:
        """Whose wording it is."""
        return Actor(kind="member", name=self.words_of) if self.words_of else self.turn.actor


class History(NamedTuple):
    """The wordings of a line that stands, oldest first; one that came back is listed again."""

    wordings: tuple[Wording, ...]

    @property
    def first(self) -> Wording:
        """What it said first."""
        return self.wordings[0]

    @property
    def last(self) -> Wording:
        """What it says."""
        return self.wordings[-1]

    @property
    def source(self) -> Wording:
        """Where its wording comes from: a ruling that brings an old wording back did not write it."""
        said = self.last.element.content
        return next(one for one in self.wordings if one.element.content == said)


def histories(
    ledger: Ledger, head: str | None, scenes: Iterable[int] | None = None
) -> dict[int, dict[str, History]]:
    """Return the history of every element that stands at a head, by scene and by id, in the script's order.

    Args:
        scenes: only these; all that are written when not given.
    """
    wanted = None if scenes is None else {f"scene:{number}" for number in scenes}
    chains: dict[str, list[Version]] = {}
    for version in reversed(ledger.drafts.line(head)):
        if version.slot.startswith("scene:") and (wanted is None or version.slot in wanted):
            chains.setdefault(version.slot, []).append(version)
    versions = [version for chain in chains.values() for version in chain]
    bodies = read_bodies(ledger, (version.draft for version in versions))
    turns = makers(ledger, versions)
    found = {
        int(slot.partition(":")[2]): _of_scene(
            [(turns[one.id], bodies[one.draft]["elements"]) for one in chain]
        )
        for slot, chain in chains.items()
    }
    return dict(sorted(found.items()))


def _of_scene(versions: Sequence[tuple[Turn, Sequence[dict[str, Any]]]]) -> dict[str, History]:
    """Follow each element of the newest version through those before it."""
    standing = {one["id"]: one for one in versions[-1][1]}
    wordings: dict[str, list[Wording]] = {key: [] for key in standing}
    before: dict[str, dict[str, Any]] = {}
    for turn, elements in versions:
        for one in elements:
            key = one["id"]
            if key in standing and _said(one) != _said(before.get(key)):
                wordings[key].append(Wording(turn, load_element(one)))
                before[key] = one
    return {key: History(tuple(found)) for key, found in wordings.items()}


def _said(element: dict[str, Any] | None) -> dict[str, Any] | None:
    return element and {key: value for key, value in element.items() if key not in _UNSAID}


def makers(ledger: Ledger, versions: Sequence[Version]) -> dict[str, Turn]:
    """Return the turn that made each version of an outline or of a scene, by the version's id."""
    found = {
        turn.new_head: turn
        for session in dict.fromkeys(version.session for version in versions)
        for turn in ledger.turns.said(session, kinds=_MAKING)
        if turn.new_head
    }
    return {version.id: found[version.id] for version in versions}
