"""Facts, and what is known of a scene, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyroom.cli.words import moment as clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyroom.canon_desk import CanonDesk, SceneAccount
    from storyroom.story.canon import Evidence, Fact
    from storyroom.story.canon.marks import Mark

_DECIDED = {"approve": "approved", "waive": "waived", "supersede": "superseded", "end": "ended"}


def as_json(desk: CanonDesk, fact: Fact) -> dict[str, Any]:
    """Return a fact for other programs: scenes as `2:5`, and each line with its number in the scene."""
    body = fact.model_dump(mode="json")
    evidence = [
        {"at": str(one.at), "line": desk.place_of(one, fact), "quote": one.quote, "element": one.element}
        for one in fact.evidence
    ]
    until = str(fact.until) if fact.until else None
    return {**body, "since": str(fact.since), "until": until, "evidence": evidence}


def whole(desk: CanonDesk, fact: Fact) -> str:
    """Return all there is to say about a fact."""
    always = fact.since.episode == 0
    until = f" until {fact.until}" if fact.until else ""
    lines = [
        f"{fact.id}  {fact.status}",
        fact.says,
        "",
        f"{fact.kind} of {fact.subject}, {'always' if always else f'since {fact.since}'}{until}",
        *(f"{name}: {told}" for name, told in _fields(fact) if told),
        *(["", "Where it is shown:"] if fact.evidence else []),
        *(_evidence(desk, one, fact) for one in fact.evidence),
    ]
    history = desk.history(fact)
    lines += ["", "What was decided:", *map(_mark, history)] if history else []
    return "\n".join(lines)


def scene_words(found: SceneAccount) -> str:
    """Return what there is to know about a scene."""
    scene = found.scene
    held = [fact for fact in found.holds if fact not in found.gone]
    lines = [
        f"{scene.episode}:{scene.scene}  {scene.heading}",
        f"place: {scene.place}",
        f"time: {scene.time}",
        f"speaks: {', '.join(scene.speakers) or 'nobody'}",
        f"present, silent: {', '.join(scene.silent) or 'nobody'}",
    ]
    groups = (("Dead or away:", found.gone), ("Holds:", held), ("Set-ups that are open:", found.setups))
    for title, facts in groups:
        if facts:
            lines += ["", title, *(f"  {fact.id}  {fact.says}" for fact in facts)]
    return "\n".join(lines)


def _fields(fact: Fact) -> Iterator[tuple[str, str]]:
    yield "from", fact.by if fact.origin == "member" and fact.by else fact.origin
    yield "session", fact.session or ""
    yield "known to", ", ".join(fact.holders)
    yield "witnesses", ", ".join(fact.witnesses)
    yield "words", ", ".join(fact.terms)
    yield "thing", fact.thing
    yield fact.attribute or "now", fact.value
    yield "due", f"by the end of episode {fact.due}" if fact.due else ""
    yield "in the place of", ", ".join(fact.supersedes)
    yield "why", fact.reason


def _evidence(desk: CanonDesk, one: Evidence, fact: Fact) -> str:
    place = desk.place_of(one, fact)
    where = f"{one.at}, line {place}" if place else str(one.at)
    return f"  {where}: “{one.quote}”"


def _mark(mark: Mark) -> str:
    what = _DECIDED[mark.mark]
    by = f" by {mark.by}" if mark.by else f" at {mark.at}" if mark.at else ""
    who = f", {mark.member}" if mark.member else ""
    where = f", in {mark.session}" if mark.session else ""
    why = f": {mark.reason}" if mark.reason else ""
    return f"  {clock(mark.created)}  {what}{by}{who}{where}{why}"
