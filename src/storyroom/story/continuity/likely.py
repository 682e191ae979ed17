"""What reading a script suggests: the dead who act, things used by who gave them away, secrets that travel.

Nothing here is certain. Patterns propose, and where a judge is given it decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storyroom.story.asides import printed
from storyroom.story.canon.deaths import read_deaths
from storyroom.story.canon.handing import Handing, Using, handings, usings
from storyroom.story.continuity.case import Case, CheckedScene
from storyroom.story.continuity.finding import Finding, Line
from storyroom.story.doing import doings
from storyroom.story.script import Element, Kind

_REST = re.compile(
    r"^\W*(?:\S+\s+){0,3}?(?:lies|lay|rests|hangs|is (?:dead|buried|gone|carried|laid|under"
    r"|in the ground)|are)\b"
    r"|^[^，。]{1,6}(?:躺|的(?:遗体|尸体|照片|遗像|墓|坟|骨灰))",
    re.IGNORECASE,
)
_NOT_IN_BODY = re.compile(
    r"\b(?:ghost|spirit|body|corpse|coffin|casket|grave|tomb|urn|ashes|funeral|memorial|stretcher"
    r"|hearse|morgue|photo\w*|portrait|picture|painting"
    r"|poster|statue|recording|tape|film|video|screen|mirror|reflection|dream\w*|remember\w*|imagin\w*"
    r"|memory|empty (?:chair|stool|place|bed)"
    r"|twin|brother|sister|lookalike|disguise\w*|understudy|puppet|wax|costume)\b"
    r"|鬼|魂|遗体|尸|棺|坟|墓|骨灰|葬|担架|照片|画像|遗像|合影|海报|录音|录像|屏幕|镜子里|影子|梦|想起"
    r"|回忆|记忆|空(?:着的)?(?:椅|凳|位|床)|孪生|双胞|替身|扮|木偶|蜡像",
    re.IGNORECASE,
)
_RECOVERED = re.compile(
    r"\b(?:alive|bandag\w*|hospital|recover\w*|revive\w*|survive\w*|breath(?:ing)?|wakes?|opens (?:his"
    r"|her) eyes|crutch\w*|thought you were dead)\b"
    r"|活着|没死|绷带|医院|病房|病床|苏醒|醒|抢救过来|拐杖|缓过来|命大|捡回",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\bback\b|\bagain from\b|\b(?:a|an|another|new|second|spare|other)\s+\w+|另一|新的|又一|备用"
    r"|一模一样|要回|拿回|还给|找回|讨回|赎",
    re.IGNORECASE,
)


def likely_death(case: Case) -> Iterator[Finding]:
    """Yield the first time that somebody acts who died on screen in an earlier scene."""
    waived = {(one.subject, one.since) for one in case.canon.select(kind="death", status="waived")}
    for place, scene in enumerate(case.scenes):
        if not scene.real:
            continue
        for death in read_deaths(scene.elements, scene.people, case.genders):
            act = _next_act(case, death.who, case.scenes[place + 1 :])
            if act is None or (death.who, scene.at) in waived:
                continue
            later, element = act
            yield case.finding(
                "likely_death",
                later.line(element),
                (
                    f"{death.who} seems to have died in scene {scene.number}, and acts here.",
                    "Give the act to somebody else, or let the script tell that they lived.",
                    f"{death.who}似乎在第{scene.number}场已经死了，这里却又有动作。",
                    "换一个人来做，或者交代这个人没有死。",
                ),
                against=_quoted(scene, death.element, death.quote),
                source="patterns",
            )


def _next_act(case: Case, who: str, scenes: Sequence[CheckedScene]) -> tuple[CheckedScene, Element] | None:
    """Return where somebody next acts in body; None where they do not, or are told to have lived."""
    for scene in scenes:
        if not scene.real:
            continue
        acts = {
            id(one.element)
            for one in doings(scene.elements, scene.people, case.genders)
            if one.who == who and not _REST.search(one.text) and not _NOT_IN_BODY.search(one.sentence)
        }
        cues = {
            id(speech.cue)
            for speech in scene.speeches
            if speech.voice == "here" and any(one.name == who for one in speech.who)
        }
        for element in scene.elements:
            if id(element) in acts or id(element) in cues:
                told = _told_of(scene, element, who)
                return None if _RECOVERED.search(told) else (scene, element)
    return None


def _told_of(scene: CheckedScene, element: Element, who: str) -> str:
    """Return the paragraphs up to one, that one included, which name somebody."""
    told: list[str] = []
    for one in scene.elements:
        text = printed(one.text)
        if one is element or (one.kind is Kind.ACTION and who in scene.people.named_in(text)):
            told.append(text)
        if one is element:
            break
    return " ".join(told)


def likely_possession(case: Case) -> Iterator[Finding]:
    """Yield where somebody uses a thing that they gave away, or that is no more."""
    left: dict[str, tuple[CheckedScene, Handing]] = {}
    told: set[tuple[str, str]] = set()
    for scene in case.scenes:
        if not scene.real:
            continue
        for use in usings(scene.elements, scene.people, case.genders):
            found = _no_longer_theirs(use, left, scene)
            if found is None:
                continue
            thing, (before, handing) = found
            if (use.who, thing) not in told:
                told.add((use.who, thing))
                yield _used(case, scene, use, thing, before, handing)
        for handing in handings(scene.elements, scene.people, case.genders):
            for thing in handing.things:
                left[thing] = (scene, handing)
        _take_back(scene, case, left)


def _no_longer_theirs(
    use: Using, left: dict[str, tuple[CheckedScene, Handing]], scene: CheckedScene
) -> tuple[str, tuple[CheckedScene, Handing]] | None:
    if _BACK.search(use.quote):
        return None
    given = [
        thing
        for thing in use.things
        if thing in left and left[thing][1].giver == use.who and left[thing][1].taker != use.who
    ]
    if not given:
        return None
    # Of the horn-handled stick it is the stick: the last word of a thing names it, in Chinese the longest.
    thing = max(given, key=lambda one: (use.quote.casefold().rfind(one), len(one)))
    return thing, left[thing]


def _take_back(scene: CheckedScene, case: Case, left: dict[str, tuple[CheckedScene, Handing]]) -> None:
    """Forget that a thing was given away when its giver takes it back, or a scene shows them with it."""
    for use in usings(scene.elements, scene.people, case.genders):
        for thing in use.things:
            if thing in left and left[thing][1].giver == use.who and left[thing][0] is not scene:
                del left[thing]


def _used(
    case: Case, scene: CheckedScene, use: Using, thing: str, before: CheckedScene, handing: Handing
) -> Finding:
    to = handing.taker
    english = f"{use.who} has the {thing} here, and " + (
        f"gave it to {to} in scene {before.number}." if to else f"it was lost in scene {before.number}."
    )
    chinese = f"{use.who}这里还有{thing}，但第{before.number}场" + (
        f"已经给了{to}。" if to else "已经没有了。"
    )
    return case.finding(
        "likely_possession",
        scene.line(use.element),
        (
            english,
            "Let somebody hand it back first, or give them another one.",
            chinese,
            "先交代东西怎么回来的，或者换一样东西。",
        ),
        against=_quoted(before, handing.element, handing.quote),
        source="patterns",
    )


def _quoted(scene: CheckedScene, element: Element, quote: str) -> Line:
    text = printed(element.text)
    return scene.line(element, max(0, text.find(quote[:20])))
