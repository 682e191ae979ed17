"""Where and when: places that nobody listed, people in two at once, and time that runs backwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storyroom.story.bible import nearest, same_name
from storyroom.story.continuity.case import Case, CheckedScene
from storyroom.story.continuity.finding import Finding
from storyroom.story.presence import Speech
from storyroom.story.when import runs_backwards


def unknown_place(case: Case) -> Iterator[Finding]:
    """Yield the headings whose place nobody listed."""
    if case.show.places is None:
        return
    known = {_same_place(place) for place in case.show.places}
    for scene in case.scenes:
        place = scene.when.place
        if not place or _same_place(place) in known:
            continue
        yield case.finding(
            "unknown_place",
            scene.line(scene.heading),
            (
                f"{place} is none of the places of the show{nearest(place, case.show.places)}.",
                "Correct the heading, or add the place to the bible.",
                f"{place}不在地点表里。",
                "改正场景标题，或者把这个地点加进设定。",
            ),
            listed="places",
        )


def two_places(case: Case) -> Iterator[Finding]:
    """Yield who speaks on screen in two places that headings set at one time."""
    meanwhile: list[CheckedScene] = []
    for scene in case.scenes:
        meanwhile = [*meanwhile, scene] if scene.when.same_time else [scene]
        seen: set[str] = set()
        for speech in _on_screen(scene):
            for who in speech.who:
                if not who.known or who.name in seen:
                    continue
                seen.add(who.name)
                for other in reversed(meanwhile[:-1]):
                    elsewhere = next((one for one in _on_screen(other) if who in one.who), None)
                    if elsewhere is None or _same_place(other.when.place) == _same_place(scene.when.place):
                        continue
                    yield case.finding(
                        "two_places",
                        scene.line(speech.cue),
                        (
                            f"{who.name} speaks in {scene.when.place} and, at the same time, in "
                            f"{other.when.place}.",
                            "Let time pass between the scenes, or make one of them a voice only.",
                            f"{who.name}在{scene.when.place}说话，同一时间又在{other.when.place}说话。",
                            "让两场之间隔一段时间，或者把其中一处改成只闻其声。",
                        ),
                        against=other.line(elsewhere.cue),
                    )
                    break


def _on_screen(scene: CheckedScene) -> Iterator[Speech]:
    if scene.real:
        yield from (one for one in scene.speeches if one.voice == "here" and not one.recorded)


def time_backwards(case: Case) -> Iterator[Finding]:
    """Yield the headings that go on without a gap, and at an earlier time of day."""
    before: CheckedScene | None = None
    for scene in case.scenes:
        said = scene.when
        if not scene.real:
            before = None
            continue
        if before is not None and _backwards(before, scene):
            yield case.finding(
                "time_backwards",
                scene.line(scene.heading),
                (
                    "This scene goes on without a gap, and at an earlier time of day than the one before.",
                    "Correct the time of day, or take CONTINUOUS out.",
                    "这一场与上一场连续，时间却比上一场早。",
                    "改正时间，或者去掉“连续”。",
                ),
                against=before.line(before.heading),
            )
        # A heading that names no time of day keeps that of the scene before, unless time has passed.
        if said.part or before is None or not (said.continuous or said.same_time):
            before = scene


def _backwards(before: CheckedScene, scene: CheckedScene) -> bool:
    said = scene.when
    if before.when.part is None or said.part is None or said.new_day:
        return False
    return said.continuous and runs_backwards(before.when.part, said.part)


def _same_place(place: str) -> str:
    """Return the form in which two spellings of a place are equal."""
    plain = re.sub(r"[’‘`]", "'", place)
    return same_name(re.sub(r"\s*[-–—]+\s*|\s*[·・.,，、/／]\s*", " ", plain)).rstrip(".")
