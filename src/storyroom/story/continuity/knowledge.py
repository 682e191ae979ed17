"""What people say that they cannot know, and what was promised and never paid off."""

from __future__ import annotations

from collections.abc import Iterator

from storyroom.story.asides import printed
from storyroom.story.canon.fact import Fact
from storyroom.story.canon.knowing import hear_in_scene, learned
from storyroom.story.continuity.case import Case, CheckedScene
from storyroom.story.continuity.finding import Finding
from storyroom.story.continuity.speakers import line_of
from storyroom.story.script import Element
from storyroom.story.terms import first_use


def unheld_fact(case: Case) -> Iterator[Finding]:
    """Yield the lines that give a fact away, by somebody who neither holds it nor heard a holder say it."""
    for fact in case.canon.select(kind="knowledge"):
        if not fact.holds or not fact.terms:
            continue
        known = learned(fact, case.earlier, case.show.people)
        for scene in case.scenes:
            if scene.when.unreal == "dream":
                continue
            unheld = hear_in_scene(fact, scene.at, scene.elements, scene.people, known)
            seen: set[str] = set()
            for _, line, name, place in unheld:
                if name in seen or not scene.real or not fact.holds_at(scene.at):
                    continue
                seen.add(name)
                yield _unheld(case, scene, fact, name, line, place)


def _unheld(case: Case, scene: CheckedScene, fact: Fact, name: str, line: Element, place: int) -> Finding:
    holders = ", ".join(fact.holders)
    return case.finding(
        "unheld_fact",
        scene.line(line, place),
        (
            f"{name} cannot know this: {fact.says} Only {holders} did, and nobody said it to them.",
            "Let somebody tell them first, give the line to a holder, or add them to the holders.",
            f"{name}不可能知道这件事：{fact.says}。知情的只有{'、'.join(fact.holders)}，没有人对这个人说过。",
            "先让知情人说出来，把台词给知情人，或者把这个人加进知情人。",
        ),
        against=line_of(case, fact),
        fact=fact.id,
    )


def setup_unpaid(case: Case) -> Iterator[Finding]:
    """Yield the set-ups that are due by this episode, and of which it shows nothing."""
    if not case.scenes:
        return
    last = case.scenes[-1]
    for fact in case.canon.select(kind="setup"):
        due = fact.due is not None and fact.due <= case.show.episode and fact.until is None
        if due and fact.holds and not _paid(case, fact):
            yield case.finding(
                "setup_unpaid",
                last.line(last.elements[-1], len(printed(last.elements[-1].text))),
                (
                    f"This was to be paid off by now, and is not: {fact.says}",
                    f"Bring it up ({', '.join(fact.terms)}), or set its due episode later.",
                    f"这个伏笔该收了，却没有收：{fact.says}",
                    f"让它出现（{'、'.join(fact.terms)}），或者把该收的集数推后。",
                ),
                against=line_of(case, fact),
                fact=fact.id,
            )


def _paid(case: Case, fact: Fact) -> bool:
    """Whether a scene after the one that planted it names the pay-off."""
    return any(
        first_use(printed(one.text), fact.terms, inflected=True)
        for scene in case.scenes
        if scene.at > fact.since
        for one in scene.elements
    )
