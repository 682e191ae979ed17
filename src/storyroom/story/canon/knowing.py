"""Who knows what, and since when: a fact of knowledge spreads to those who hear a holder say it.

By code alone. A fact names its holders and its terms, words that only a holder can say. Whoever is there, in
body or on the telephone, when a holder says one of the terms knows it from there on, and can tell others.
Deaths and departures need no terms: a line that says outright that somebody is dead or gone is news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storyroom.story.asides import printed
from storyroom.story.attendance import Attendance, attendance
from storyroom.story.canon.fact import Evidence, Fact
from storyroom.story.canon.knowledge import knowers
from storyroom.story.canon.moment import Moment
from storyroom.story.canon.news import TOLD_IN_WORDS, tells
from storyroom.story.people import People
from storyroom.story.presence import Speech, speeches
from storyroom.story.script import Element
from storyroom.story.terms import first_use

Scenes = Iterable[tuple[Moment, Sequence[Element]]]
"""Scenes with their places in the story, in order."""

Known = dict[str, tuple[Moment, Evidence]]


def learned(fact: Fact, scenes: Scenes, people: People, *, once_shown: bool = False) -> Known:
    """Return who knows a fact, since when, and by which line.

    Holders know it since the fact itself, with its first evidence or what it says. Dreams should not be among
    the scenes: what is said there is heard by nobody.

    Args:
        fact: of the kind ``knowledge``, ``death`` or ``departure``.
        scenes: the scenes in which it may be told.
        people: who is who.
        once_shown: let nothing spread it but what is said behind the line that shows it.
    """
    known = holding(fact, people)
    for at, elements in scenes:
        if once_shown and at <= fact.since:
            behind = _behind(fact, elements) if at == fact.since else ()
            if behind:
                hear_in_scene(fact, at, elements, people, known, lines=behind)
            continue
        hear_in_scene(fact, at, elements, people, known)
    return known


def _behind(fact: Fact, elements: Sequence[Element]) -> Sequence[Element]:
    """Return what comes in a scene behind the line that shows a fact; nothing where that is not known."""
    shown = fact.evidence[0].element if fact.evidence else ""
    place = next((place for place, one in enumerate(elements, 1) if shown and one.id == shown), len(elements))
    return elements[place:]


def holding(fact: Fact, people: People) -> Known:
    """Return those who know a fact from the start."""
    evidence = fact.evidence[0] if fact.evidence else Evidence(at=fact.since, quote=fact.says)
    knew = knowers(fact) if fact.kind in TOLD_IN_WORDS else fact.holders
    return {people.who(name).name: (fact.since, evidence) for name in knew}


def hear_in_scene(
    fact: Fact,
    at: Moment,
    elements: Sequence[Element],
    people: People,
    known: Known,
    *,
    lines: Sequence[Element] | None = None,
) -> list[tuple[Speech, Element, str, int]]:
    """Let the people of one scene hear what is said there, and add to `known` who learns the fact.

    Args:
        lines: those of its lines that count; all when not given.

    Returns:
        The lines by which somebody gives the fact away who does not know it: the speech, its line, the name,
        and where in the line the term stands.
    """
    present: Attendance | None = None
    unheld: list[tuple[Speech, Element, str, int]] = []
    counts = {id(one) for one in elements if lines is None} | {id(one) for one in lines or ()}
    for speech in speeches(elements, people):
        for line in speech.lines:
            place = _gives_away(fact, printed(line.text), people) if id(line) in counts else None
            if place is None:
                continue
            holders = [who.name for who in speech.who if who.name in known]
            if not holders:
                unheld += [(speech, line, who.name, place) for who in speech.who]
            elif speech.voice != "over":
                present = present or attendance(elements, people)
                evidence = Evidence(
                    at=at,
                    quote=line.text,
                    element=line.id,
                    line=line.source.line if line.source else 0,
                )
                for name in sorted(present.hearing(line) - _deaf(fact, people)):
                    known.setdefault(name, (max(at, fact.since), evidence))
    return unheld


def _deaf(fact: Fact, people: People) -> set[str]:
    """Return who hears nothing of a fact: the dead of their death."""
    return {people.who(fact.subject).name} if fact.kind == "death" else set()


def _gives_away(fact: Fact, text: str, people: People) -> int | None:
    """Return where a line says what only those can say who know a fact; None where it does not."""
    if fact.kind in TOLD_IN_WORDS:
        return tells(fact, text, people)
    found = first_use(text, fact.terms)
    return found.start() if found else None
