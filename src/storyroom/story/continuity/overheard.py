"""Secrets that travel by themselves: somebody repeats what was said in a scene where they were not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from storyroom.story.asides import printed
from storyroom.story.attendance import attendance
from storyroom.story.checks import key_terms
from storyroom.story.continuity.case import Case, CheckedScene
from storyroom.story.continuity.finding import Finding
from storyroom.story.han import HAN
from storyroom.story.script import Element, Kind
from storyroom.story.terms import first_use

_HAN_RUN = re.compile(f"[{HAN}]+")
_ENOUGH, _ENOUGH_FOR_A_JUDGE = 2.0, 1.0
_RARE = 2  # scenes that may use a word before it counts as everybody's
_SAID_OF_ALL = frozenset(
    re.findall(
        r"\w+",
        """
        yes sir miss madam mister please thank sorry hello okay really anything everything nothing
        something someone anyone nobody everyone always thing things think got going been sure tonight
        today tomorrow yesterday
        """,
    )
)
_TO_NOBODY = re.compile(
    r"\bto (?:no one|nobody|(?:him|her)self)\b|\bunder (?:his|her) breath\b|\binto (?:his"
    r"|her) sleeve\b|\balone\b"
    r"|自言自语|小声(?:地)?(?:说|嘀咕|念)|自己跟自己|对着[^，。]{1,8}小声|独自",
    re.IGNORECASE,
)
_TELLING = Kind.DIALOGUE, Kind.LYRIC, Kind.ACTION


class _Heard(NamedTuple):
    """A line of an earlier scene, its words, and who heard it."""

    scene: CheckedScene
    element: Element
    words: frozenset[str]
    hearers: frozenset[str]


def likely_knowledge(case: Case) -> Iterator[Finding]:
    """Yield the lines whose rare words were said where the speaker was not, and never in their hearing."""
    often = Counter(word for scene in case.scenes for word in _of_scene(scene))
    earlier: list[_Heard] = []
    known: dict[str, set[str]] = {one.name: set() for one in case.show.cast}
    names = {word for one in case.show.cast for name in one.names for word in _words(name)}
    for scene in case.scenes:
        here: list[_Heard] = []
        if scene.when.unreal == "dream":
            continue
        present = attendance(scene.elements, scene.people)
        so_far: dict[str, set[str]] = {one.name: set() for one in case.show.cast}
        told: set[tuple[str, int]] = set()
        aside = False
        for element, speakers in _lines(scene):
            text = printed(element.text)
            words = _words(text)
            for who in speakers:
                unheard = words - so_far[who] - known[who] - names
                found = _source(case, scene, who, element, unheard, earlier, often)
                if found and scene.real and (who, found.scene.number) not in told:
                    told.add((who, found.scene.number))
                    yield _repeats(case, scene, who, element, found)
            if element.kind is Kind.ACTION:
                aside = bool(_TO_NOBODY.search(text))
            if aside and speakers:
                here.append(_Heard(scene, element, words, frozenset(speakers)))
            else:
                hearers = frozenset(present.hearing(element))
                for name in {*hearers, *speakers}:
                    so_far[name] |= words
                here.append(_Heard(scene, element, words, hearers))
        for name in scene.hearers:
            known[name] |= so_far[name]
        earlier += here


def _source(
    case: Case,
    scene: CheckedScene,
    who: str,
    element: Element,
    words: frozenset[str],
    earlier: list[_Heard],
    often: Counter[str],
) -> _Heard | None:
    """Return the earlier line that a speaker repeats without having heard it."""
    # What a fact of knowledge names is judged by who holds it.
    if any(first_use(printed(element.text), fact.terms) for fact in case.canon.select(kind="knowledge")):
        return None
    best: tuple[float, _Heard] | None = None
    for one in earlier:
        if who in one.hearers or one.scene.number == scene.number:
            continue
        score = sum(_weight(word, often) for word in words & one.words)
        if best is None or score > best[0]:
            best = (score, one)
    enough = _ENOUGH_FOR_A_JUDGE if case.judge else _ENOUGH
    return best[1] if best and best[0] >= enough else None


def _weight(word: str, often: Counter[str]) -> float:
    """Return what a shared word counts: much if no other scene uses it, nothing if it is everybody's."""
    if often[word] > _RARE:
        return 0.0
    return 1.0


def _lines(scene: CheckedScene) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Yield what is told and said in a scene, with who of the cast says it."""
    speaking = {
        id(line): tuple(who.name for who in speech.who if who.known)
        for speech in scene.speeches
        for line in speech.lines
    }
    for element in scene.elements:
        if element.kind in _TELLING:
            yield element, speaking.get(id(element), ())


def _of_scene(scene: CheckedScene) -> frozenset[str]:
    return frozenset().union(*(_words(printed(one.text)) for one in scene.elements if one.kind in _TELLING))


def _words(text: str) -> frozenset[str]:
    """Return the words that carry meaning: English in its stem, Chinese as a dictionary divides it."""
    latin = key_terms(_HAN_RUN.sub(" ", text))
    found = {_stem(word) for word in latin if "'" not in word and word not in _SAID_OF_ALL}
    if _HAN_RUN.search(text):
        import rjieba

        found |= {
            word
            for word, tag in rjieba.tag(text, True)
            if len(word) >= 2
            and _HAN_RUN.fullmatch(word)
            and tag[:1] in ("n", "v", "a", "t", "i", "l", "z", "m", "s")
        }
    return frozenset(found)


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _repeats(case: Case, scene: CheckedScene, who: str, element: Element, found: _Heard) -> Finding:
    return case.finding(
        "likely_knowledge",
        scene.line(element),
        (
            f"{who} seems to know what was said in scene {found.scene.number}, and was not there.",
            "Let somebody tell them on screen, or give the line to somebody who was there.",
            f"{who}似乎知道第{found.scene.number}场里说的话，可当时并不在场。",
            "先在戏里让人告诉这个人，或者把台词给当时在场的人。",
        ),
        against=found.scene.line(found.element),
        source="patterns",
    )
