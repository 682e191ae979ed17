"""Who knows what, and since when: a fact of knowledge spreads to those who hear a holder say it.

By code alone. A fact names its holders and its terms, words that only a holder can say. Whoever is in a
scene, in body or on the telephone, when a holder says one of the terms knows it from there on, and can tell
others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storyroom.story.asides import printed
from storyroom.story.canon.fact import Evidence, Fact
from storyroom.story.canon.moment import Moment
from storyroom.story.people import People
from storyroom.story.presence import Speech, hearers, speeches
from storyroom.story.script import Element
from storyroom.story.terms import first_use

Scenes = Iterable[tuple[Moment, Sequence[Element]]]
"""Scenes with their places in the story, in order."""

Known = dict[str, tuple[Moment, Evidence]]


def learned(fact: Fact, scenes: Scenes, people: People) -> Known:
    """Return who knows a fact, since when, and by which line.

    Holders know it since the fact itself, with its first evidence or what it says. Dreams should not be among
    the scenes: what is said there is heard by nobody.

    Args:
        fact: of the kind ``knowledge``.
        scenes: the scenes in which it may be told.
        people: who is who.
    """
    known = holding(fact, people)
    for at, elements in scenes:
        hear_in_scene(fact, at, elements, people, known)
    return known


def holding(fact: Fact, people: People) -> Known:
    """Return those who know a fact from the start."""
    evidence = fact.evidence[0] if fact.evidence else Evidence(at=fact.since, quote=fact.says)
    return {people.who(name).name: (fact.since, evidence) for name in fact.holders}


def hear_in_scene(
    fact: Fact, at: Moment, elements: Sequence[Element], people: People, known: Known
) -> list[tuple[Speech, Element, str, int]]:
    """Let the people of one scene hear what is said there, and add to `known` who learns the fact.

    Returns:
        The lines by which somebody gives the fact away who does not know it: the speech, its line, the name,
        and where in the line the term stands.
    """
    present: set[str] | None = None
    unheld: list[tuple[Speech, Element, str, int]] = []
    for speech in speeches(elements, people):
        for line in speech.lines:
            found = first_use(printed(line.text), fact.terms)
            if found is None:
                continue
            holders = [who.name for who in speech.who if who.name in known]
            if not holders:
                unheld += [(speech, line, who.name, found.start()) for who in speech.who]
            elif speech.voice != "over":
                present = hearers(elements, people) if present is None else present
                evidence = Evidence(
                    at=at,
                    quote=line.text,
                    element=line.id,
                    line=line.source.line if line.source else 0,
                )
                for name in sorted(present):
                    known.setdefault(name, (max(at, fact.since), evidence))
    return unheld
