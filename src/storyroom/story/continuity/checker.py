"""The checks, and the one function that runs them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from storyroom.story.canon.canon import Canon
from storyroom.story.canon.knowing import Scenes
from storyroom.story.continuity.attributes import attribute_conflict
from storyroom.story.continuity.case import Case
from storyroom.story.continuity.finding import Finding, FindingKind, Line
from storyroom.story.continuity.judging import Judge, Pair, PassagePair
from storyroom.story.continuity.knowledge import setup_unpaid, unheld_fact
from storyroom.story.continuity.likely import likely_death, likely_possession
from storyroom.story.continuity.overheard import likely_knowledge
from storyroom.story.continuity.passages import likely_contradiction
from storyroom.story.continuity.places import time_backwards, two_places, unknown_place
from storyroom.story.continuity.show import Show
from storyroom.story.continuity.speakers import dead_speaks, not_in_cast, unknown_speaker
from storyroom.story.script import Script

CERTAIN: Mapping[FindingKind, Callable[[Case], Iterable[Finding]]] = {
    "unknown_speaker": unknown_speaker,
    "not_in_cast": not_in_cast,
    "dead_speaks": dead_speaks,
    "two_places": two_places,
    "unknown_place": unknown_place,
    "time_backwards": time_backwards,
    "attribute_conflict": attribute_conflict,
    "unheld_fact": unheld_fact,
    "setup_unpaid": setup_unpaid,
}
"""The checks that are decided from typed fields alone, by kind."""

LIKELY: Mapping[FindingKind, Callable[[Case], Iterable[Finding]]] = {
    "likely_death": likely_death,
    "likely_possession": likely_possession,
    "likely_knowledge": likely_knowledge,
    "likely_contradiction": likely_contradiction,
}
"""The checks that read prose, by kind."""

KINDS: tuple[FindingKind, ...] = (*CERTAIN, *LIKELY)


def check(
    script: Script,
    show: Show,
    canon: Canon | None = None,
    *,
    kinds: Collection[FindingKind] | None = None,
    judge: Judge | None = None,
    earlier: Scenes = (),
    pairs: Iterable[PassagePair] = (),
) -> list[Finding]:
    """Return what in a script does not go together with the show, its canon and itself, in order of lines.

    Args:
        script: the whole script of an episode.
        show: who and where; the number of the episode.
        canon: the facts; facts of this very episode hold after the scene that shows them.
        kinds: the kinds to look for; all when not given.
        judge: who is asked about what prose only suggests. It is then shown more than would be reported
            without it, and reports what it confirms.
        earlier: scenes of earlier episodes, in which somebody may have learned what they say.
        pairs: passages of the script with earlier ones, for the judge to compare.
    """
    case = Case(script, show, canon or Canon(), judge, tuple(earlier), tuple(pairs))
    wanted = [kind for kind in KINDS if kinds is None or kind in kinds]
    found = [finding for kind in wanted if kind in CERTAIN for finding in CERTAIN[kind](case)]
    likely = [finding for kind in wanted if kind in LIKELY for finding in LIKELY[kind](case)]
    found += likely if judge is None else _judged(likely, judge)
    order = {kind: place for place, kind in enumerate(KINDS)}
    # A draft of the room was read from no file: its lines have ids instead of numbers.
    places = {element.id: place for place, element in enumerate(script.elements()) if element.id}
    return sorted(
        found,
        key=lambda one: (
            one.here.scene,
            one.here.line or places.get(one.here.element, 0),
            order[one.kind],
        ),
    )


def _judged(findings: Iterable[Finding], judge: Judge) -> Iterator[Finding]:
    """Yield the findings that a judge confirms, with its reason, and its own; no two lines come twice."""
    told: set[tuple[Line, Line]] = set()
    for one in findings:
        if one.against is None or (one.here, one.against) in told:
            continue
        told.add((one.here, one.against))
        if one.source == judge.name:
            yield one
            continue
        verdict = judge.judge(Pair(one.kind, one.against, one.here, one.says))
        if verdict.contradicts:
            yield one.model_copy(update={"says": verdict.reason or one.says, "source": judge.name})
