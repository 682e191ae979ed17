"""A script without a series: who speaks in it is its cast, and only itself can contradict it."""

from __future__ import annotations

from collections import Counter

from storyroom.story.bible import Language
from storyroom.story.continuity.finding import Finding, Line
from storyroom.story.continuity.show import CastMember, Show
from storyroom.story.headings import cue_name
from storyroom.story.script import Kind, Script
from storyroom.story.spellings import Place, Question, find_questions


def lone_show(script: Script, language: Language, episode: int = 1) -> Show:
    """Return the show that a script describes: its cast are those who speak, its places go unchecked."""
    spelled: dict[str, str] = {}
    for scene in script.scenes:
        for name in scene.speakers:
            spelled.setdefault(cue_name(name), name.lstrip("@"))
    return Show(
        language=language,
        episode=episode,
        cast=tuple(CastMember(name) for name in spelled.values()),
        whole=False,
    )


def misspelt(script: Script, language: Language) -> list[Finding]:
    """Return the cues that look like another's, spelled almost alike. None of them is certain."""
    scenes = [
        (Place(1, number), (scene.heading, *scene.elements)) for number, scene in enumerate(script.scenes, 1)
    ]
    nobody = Show(language=language).people
    heard = Counter(name for scene in script.scenes for name in map(cue_name, scene.speakers))
    return [
        _finding(script, one, language)
        for one in find_questions(scenes, nobody)
        if one.kind != "twice" and heard[cue_name(one.spelling)] == 1
    ]


def _finding(script: Script, question: Question, language: Language) -> Finding:
    meant = question.candidates[0]
    here = _first_cue(script, question.spelling)
    if language == "zh":
        says = f"没有别处叫{question.spelling}，是不是{meant}？"
        hint = "如果是同一个人，统一写法；如果不是，可以不管。"
    else:
        says = f"{question.spelling} speaks in one scene only: is this {meant}?"
        hint = "If so, spell them alike. If it is somebody else, nothing is wrong."
    return Finding(
        kind="unknown_speaker",
        certain=False,
        here=here,
        says=says,
        hint=hint,
        against=_first_cue(script, meant),
        source="spelling",
    )


def _first_cue(script: Script, name: str) -> Line:
    for number, scene in enumerate(script.scenes, 1):
        for element in scene.elements:
            if element.kind is Kind.CUE and cue_name(element.text) == cue_name(name):
                line = element.source.line if element.source else 0
                return Line(scene=number, quote=element.text, line=line, element=element.id)
    raise AssertionError(f"{name} has a cue")
