"""What humans decided about facts, and what that makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel

from storyroom.story.bible import same_name
from storyroom.story.canon.fact import GONE, Fact
from storyroom.story.canon.moment import Moment
from storyroom.story.han import HAN

_HAN = re.compile(f"[{HAN}]")
MarkVerb = Literal["approve", "waive", "supersede", "end"]


class Mark(BaseModel, frozen=True):
    """One decision about one fact; of several, the last one counts.

    Attributes:
        fact: id of the fact.
        mark: that it is right, that nothing contradicts it (a lie, a dream), that another fact takes its
            place, or that a scene ends it. A set-up ends with its pay-off.
        session: the session that it is decided for; None is the whole series.
        by: id of the fact that takes its place.
        at: the scene that ends it.
    """

    id: str = ""
    fact: str
    mark: MarkVerb
    member: str = ""
    session: str | None = None
    reason: str = ""
    by: str = ""
    at: Moment | None = None
    created: str = ""


def settled(facts: Iterable[Fact], marks: Sequence[Mark]) -> list[Fact]:
    """Return facts as humans settled them.

    A fact takes the place of another only where it is among the facts itself, and is not waived.

    Args:
        facts: all facts of one version of the story.
        marks: what was decided, in the order in which it was.
    """
    every = list(facts)
    of: dict[str, list[Mark]] = {}
    for mark in marks:
        of.setdefault(mark.fact, []).append(mark)
    judged = [_judged(fact, of.get(fact.id, ())) for fact in every]
    counts = {fact.id for fact in judged if fact.status not in ("waived", "planned")}
    replaced = {old: fact for fact in judged if fact.id in counts and fact.holds for old in fact.supersedes}
    return [_replaced(fact, of.get(fact.id, ()), counts, replaced) for fact in judged]


def _judged(fact: Fact, marks: Iterable[Mark]) -> Fact:
    for mark in marks:
        if mark.mark == "end":
            fact = fact.model_copy(update={"until": mark.at})
        elif mark.mark in ("approve", "waive"):
            status = "approved" if mark.mark == "approve" else "waived"
            told = {"status": status, "by": mark.member or fact.by, "reason": mark.reason}
            fact = fact.model_copy(update=told)
    return fact


def _replaced(fact: Fact, marks: Iterable[Mark], counts: set[str], replaced: dict[str, Fact]) -> Fact:
    last = None
    if (newer := replaced.get(fact.id)) and newer.id != fact.id:
        last = {"status": "superseded", "by": newer.by, "reason": newer.reason}
    for mark in marks:
        if mark.mark == "supersede" and mark.by in counts:
            last = {"status": "superseded", "by": mark.member, "reason": mark.reason}
        elif mark.mark in ("approve", "waive"):
            last = None
    return fact.model_copy(update=last) if last else fact


def replaces(fact: str, by: str, facts: Iterable[Fact], marks: Iterable[Mark]) -> bool:
    """Tell whether `fact`, over any number of steps, takes the place of `by` already."""
    newer = {old: one.id for one in facts for old in one.supersedes}
    for mark in marks:
        if mark.mark == "supersede":
            newer[mark.fact] = mark.by
        elif mark.mark != "end":
            newer.pop(mark.fact, None)
    seen = {by}
    while (by := newer.get(by, "")) and by not in seen:
        if by == fact:
            return True
        seen.add(by)
    return False


def same_thing(one: str, other: str) -> bool:
    """Whether two words can name one thing: ``brass key`` and ``key``, ``铜钥匙`` and ``钥匙``."""
    short, long = sorted((same_name(one), same_name(other)), key=len)
    if short == long:
        return True
    return bool(short) and long.endswith(short if _HAN.match(short) and len(short) > 1 else f" {short}")


def handed_on(facts: Iterable[Fact]) -> list[Fact]:
    """End each possession where the same thing is shown in somebody else's hands, or is no more.

    What was only read out of prose does not end what a human approved.
    """
    every = list(facts)
    held = sorted((one for one in every if one.kind == "possession"), key=lambda one: one.since)
    ends: dict[str, Moment] = {}
    for place, one in enumerate(held):
        for later in held[place + 1 :]:
            same = same_thing(later.thing, one.thing) and later.since > one.since
            another = same_name(later.subject) != same_name(one.subject) or later.value == GONE
            counts = later.holds or (later.status == "likely" and one.status == "likely")
            if same and another and counts:
                ends[one.id] = later.since
                break
    return [
        one.model_copy(update={"until": ends[one.id]})
        if one.id in ends and (one.until is None or ends[one.id] < one.until)
        else one
        for one in every
    ]
