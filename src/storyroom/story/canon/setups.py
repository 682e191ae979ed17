"""Set-ups: what was planted, and the scene that pays it off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from storyroom.story.canon.canon import Canon
from storyroom.story.canon.fact import Fact
from storyroom.story.canon.moment import Moment
from storyroom.story.terms import first_use


class SceneText(NamedTuple):
    """A scene and all that it says."""

    at: Moment
    text: str


def paid_off(facts: Iterable[Fact], scenes: Sequence[SceneText]) -> list[Fact]:
    """End each set-up at the first later scene that names what pays it off."""
    return [fact if fact.kind != "setup" or fact.until else _paid(fact, scenes) for fact in facts]


def _paid(setup: Fact, scenes: Sequence[SceneText]) -> Fact:
    later = (one for one in scenes if one.at > setup.since)
    until = min((one.at for one in later if first_use(one.text, setup.terms, inflected=True)), default=None)
    return setup.model_copy(update={"until": until}) if until else setup


def open_setups(canon: Canon, at: Moment) -> Iterator[Fact]:
    """Yield the set-ups that were planted before a scene and not paid off before it."""
    for fact in canon.select(kind="setup"):
        if fact.status in ("planned", "likely", "approved") and fact.stands_at(at):
            yield fact


def overdue(canon: Canon, at: Moment) -> Iterator[Fact]:
    """Yield the set-ups that are open although the episode is over by whose end they are due.

    Args:
        at: ``Moment(4)`` as episode 4 begins; an episode is over as the next one begins.
    """
    for fact in open_setups(canon, at):
        if fact.due is not None and Moment(fact.due + 1) <= at and (fact.until is None or fact.until >= at):
            yield fact
