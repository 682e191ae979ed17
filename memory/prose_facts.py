"""The facts that drafts tell: each draft is read once by each reader, and what it found is kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storyroom.memory.ledger import Ledger
from storyroom.memory.scenes import ScenePresence
from storyroom.story.bible import Bible, same_name
from storyroom.story.canon.fact import Fact
from storyroom.story.canon.marks import same_thing
from storyroom.story.canon.moment import Moment
from storyroom.story.draft import SceneDraft
from storyroom.story.people import People
from storyroom.story.plan import Language, Outline

PATTERNS = "patterns:3"
"""The reader that knows patterns of prose. With a higher number every draft is read anew.

1 took everybody of a scene for a witness of all of it. 2 knows who comes in late, leaves early or is only on
the telephone, and does not list the dead among those who know of their death. A thing that is gone ends who
had it, and `does not look back` takes back no departure. In Chinese, what is done for somebody to see gives
them nothing, and what a thing is taken out of is not the thing.
"""

MODEL = "model:"
"""What the names of readers begin with that are language models; the spec of the model follows."""

_PLANNER = "outline:1"
_PLANTED = {"en": "{word} is set up: {beat}", "zh": "埋下了{word}：{beat}"}

# Told once by two readers, these are one fact; what was learned can be told in many ways.
_ONCE = ("death", "departure", "possession", "attribute")


def facts_of_drafts(
    ledger: Ledger, bible: Bible, scenes: Sequence[ScenePresence], decided: set[str]
) -> list[Fact]:
    """Return the facts that scenes tell, in order; what was not read yet by the newest reader is read.

    Args:
        scenes: whose drafts are approved, or canon.
        decided: ids of facts that humans decided about; they stay although a newer reader misses them.
    """
    people = ledger.people.of(bible)
    drafts = {scene.draft for scene in scenes}
    found = ledger.facts.readings(drafts)
    readers = {scene.draft: _patterns(people, scene) for scene in scenes}
    unread = [scene for scene in scenes if readers[scene.draft] not in found.get(scene.draft, {})]
    if unread:
        ledger.facts.keep(
            (scene.draft, readers[scene.draft], _read(ledger, people, scene)) for scene in unread
        )
        found = ledger.facts.readings(drafts)
    kept = ledger.facts.of_drafts(drafts)
    told: list[Fact] = []
    for scene in scenes:
        current = {
            fact
            for reader, facts in found[scene.draft].items()
            if reader == readers[scene.draft] or reader.startswith(MODEL)
            for fact in facts
        }
        told += _each_once(fact for fact in kept.get(scene.draft, ()) if fact.id in current | decided)
    return told


def setups_of_outline(ledger: Ledger, outline: str, episode: int, language: Language) -> list[Fact]:
    """Return the set-ups that an outline plans, which belong to its draft.

    Args:
        outline: id of its draft.
    """
    found = ledger.facts.readings([outline]).get(outline, {})
    reader = f"{_PLANNER}:{episode}"
    if reader not in found:
        plans = ledger.drafts.get(outline, Outline).scenes
        made = [
            Fact(
                kind="setup",
                subject=word,
                says=_PLANTED[language].format(word=word, beat=plan.beat)[:600],
                since=Moment(episode, plan.number),
                status="planned",
                origin="outline",
                draft=outline,
                terms=(word,),
            ).named()
            for plan in plans
            for word in plan.plants
        ]
        ledger.facts.keep([(outline, reader, made)])
        found = ledger.facts.readings([outline])[outline]
    return list(ledger.facts.get(found[reader]).values())


def _patterns(people: People, scene: ScenePresence) -> str:
    """Name the reader of a scene: who people are, and where the scene stands, is part of what it reads."""
    return f"{PATTERNS}:{scene.episode}:{people.digest}"


def _read(ledger: Ledger, people: People, scene: ScenePresence) -> list[Fact]:
    # Patterns take a while to load, and most readings are there already.
    from storyroom.story.canon.prose import read_facts

    elements = ledger.drafts.get(scene.draft, SceneDraft).elements
    return read_facts(elements, Moment(scene.episode, scene.scene), people, scene.draft)


def _each_once(facts: Iterable[Fact]) -> list[Fact]:
    found: list[Fact] = []
    for fact in facts:
        if fact.kind not in _ONCE or not any(_same(fact, other) for other in found):
            found.append(fact)
    return found


def _same(fact: Fact, other: Fact) -> bool:
    """Whether two readers tell the same of a scene."""
    return (
        fact.kind == other.kind
        and same_name(fact.subject) == same_name(other.subject)
        and same_name(fact.attribute) == same_name(other.attribute)
        and same_thing(fact.thing, other.thing)
    )
