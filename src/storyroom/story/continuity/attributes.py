"""What is fixed about people, and what action says of it: ages, the colours of eyes and hair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from storyroom.story.asides import printed
from storyroom.story.canon.fact import Fact
from storyroom.story.continuity.case import Case, CheckedScene
from storyroom.story.continuity.finding import Finding
from storyroom.story.continuity.speakers import line_of
from storyroom.story.doing import mentions
from storyroom.story.numerals import number_of
from storyroom.story.people import People
from storyroom.story.script import Kind

_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_AGE = re.compile(
    r"\s*(?:[(（]\s*(?:(?:aged?|now)\s+)?(\d{1,3})(?![\w'’])(?:\s*岁)?[^)）]{0,30}[)）]"
    r"|[(（]\s*(\d{1,3}|[一二两三四五六七八九十百零]{1,5})\s*岁"
    r"|\s*[,，]\s*([一二两三四五六七八九十百零]{1,5})\s*岁"
    r"|\s*[,，]\s*(\d{1,3})(?=\s*(?:岁|[,，.;。；]|$))"
    rf"|,\s*({'|'.join(_NUMBERS[2:])})(?=,))",
    re.IGNORECASE,
)
_NAMED = {
    "eyes": ("eyes?", "眼睛|眼珠|双眼|瞳孔|眸子|瞳仁"),
    "hair": ("hair", "头发|发色|长发|短发|卷发"),
    "beard": ("beard", "胡子|胡须"),
}
_IN_ENGLISH = {name: key for key, (_, han) in _NAMED.items() for name in han.split("|")} | {
    "年龄": "age",
    "年纪": "age",
}
# What each word says of colour; two values conflict only where they share nothing.
_COLOURS: Mapping[str, frozenset[str]] = {
    word: frozenset(colours.split())
    for words, colours in (
        ("black jet ebony 黑 乌黑 漆黑 乌", "black"),
        ("brown 棕 褐 咖啡 栗", "brown"),
        ("chestnut brunette", "brown"),
        ("auburn", "brown red"),
        ("blonde blond fair golden flaxen 金", "gold"),
        ("red ginger copper 红", "red"),
        ("grey gray 灰", "grey"),
        ("silver 银 花白 斑白 灰白", "grey white"),
        ("white 白 雪白", "white"),
        ("blue 蓝 碧蓝", "blue"),
        ("green 绿 碧绿 翠绿", "green"),
        ("hazel 榛", "hazel"),
        ("amber 琥珀", "amber"),
        ("violet purple 紫", "violet"),
        ("pink 粉", "pink"),
    )
    for word in words.split()
}
# Eyes turn red from crying, and nobody's are white: such words tell nothing of their colour.
_NOT_OF_EYES = frozenset({"red", "white", "pink"})
_SHADE = r"(?:(?:very|quite|dark|light|pale|deep|bright|steel|ice|sea)[\s-]+)*"
_COLOUR_EN = rf"{_SHADE}(?P<colour>{'|'.join(word for word in _COLOURS if word.isascii())})"
_HAN_COLOURS = sorted((word for word in _COLOURS if not word.isascii()), key=len, reverse=True)
_COLOUR_ZH = rf"[深浅淡亮暗]?(?P<colour>{'|'.join(_HAN_COLOURS)})(?:色|颜色)?"
_COLOURED = tuple(
    (attribute, re.compile(pattern, re.IGNORECASE))
    for attribute, (english, chinese) in _NAMED.items()
    for pattern in (
        rf"['’]s\s+{english}\s+(?:is|are)\s+{_COLOUR_EN}(?=\s*(?:[.,;:!]|$|and\b|but\b))",
        rf"的(?:{chinese})(?:是|本来就是|确实是){_COLOUR_ZH}的?(?=[，。；！]|$)",
    )
)
# SMITH is one of the cast, JOAN SMITH is not.
_LONGER = re.compile(r"(?:\b(?!(?:MR|MRS|MS|DR|THE|SIR)\b)[A-Z]{2,}[\s-]+|['’-])$")
_YOUNGER = re.compile(
    r"\b(?:young|younger|little|teenage|baby|old|older)\s+$|(?:年轻的|小时候的?|少年|幼年|年老的)$",
    re.IGNORECASE,
)
_PICTURED = re.compile(
    r"\b(?:photo\w*|picture|portrait|painting|poster|snapshot|wanted notice|passport|id card"
    r"|home video|film of|newspaper cutting|headstone|grave(?:stone)?)\b"
    r"|照片|相片|画像|合影|海报|身份证|护照|录像|墓碑|遗像|证件",
    re.IGNORECASE,
)
_DISGUISED = re.compile(
    r"\b(?:wig|dyed?|dyes|contact lens\w*|disguise\w*|costume|make-?up)\b|假发|染|隐形眼镜|美瞳|化装"
    r"|化妆成|扮成",
    re.IGNORECASE,
)


_NEAR, _FAR = 30, 300  # characters


class Said(NamedTuple):
    """What action says of somebody: an attribute and its value, and where in the text."""

    attribute: str
    value: str
    place: int


def attribute_conflict(case: Case) -> Iterator[Finding]:
    """Yield where action says of somebody's age, eyes or hair what the cast list or the canon does not."""
    for scene in case.scenes:
        if not scene.real:
            continue
        for element in scene.elements:
            if element.kind not in (Kind.ACTION, Kind.CENTERED):
                continue
            for name, said in _said_of(printed(element.text), scene.people):
                if found := _against(case, scene, name, said):
                    fact, value = found
                    yield case.finding(
                        "attribute_conflict",
                        scene.line(element, said.place),
                        _words(name, said, value),
                        against=line_of(case, fact) if fact else None,
                        fact=fact.id if fact else "",
                        listed="" if fact else f"cast.{name}.{said.attribute}",
                    )


def _against(case: Case, scene: CheckedScene, name: str, said: Said) -> tuple[Fact | None, str] | None:
    """Return the fact, or None for the cast list, and the value that something said contradicts."""
    facts = [
        fact
        for fact in case.canon.select(kind="attribute")
        if scene.people.who(fact.subject).name == name and _key(fact.attribute) == said.attribute
    ]
    # The very scene that shows a change may show what was and what is.
    if any(fact.holds and fact.since == scene.at and not _differ(said, fact.value) for fact in facts):
        return None
    holding = [fact for fact in facts if fact.holds_at(scene.at)]
    if holding:
        newest = max(holding, key=lambda fact: fact.since)
        return (newest, newest.value) if _differ(said, newest.value) else None
    listed = next((one.attributes for one in case.show.cast if one.name == name), {})
    value = next((str(v) for key, v in listed.items() if _key(key) == said.attribute), None)
    return (None, value) if value is not None and _differ(said, value) else None


def _key(attribute: str) -> str:
    plain = attribute.strip().casefold()
    return _IN_ENGLISH.get(plain, {"eye": "eyes"}.get(plain, plain))


def _said_of(text: str, people: People) -> Iterator[tuple[str, Said]]:
    """Yield of whom a paragraph says what."""
    for who, start, end in mentions(text, people):
        before = text[max(0, start - _NEAR) : start]
        if _LONGER.search(before) or _YOUNGER.search(before):
            continue
        sentence = _sentence(text, start)
        if _PICTURED.search(sentence):
            continue
        if found := _AGE.match(text, end):
            yield who, Said("age", str(_number(next(filter(None, found.groups())))), start)
        for attribute, pattern in _COLOURED:
            if (found := pattern.match(text, end)) and not _DISGUISED.search(sentence):
                yield who, Said(attribute, found["colour"].casefold(), start)


def _sentence(text: str, place: int) -> str:
    """Return the sentence around a place, as far as it is near."""
    before, behind = text[max(0, place - _FAR) : place], text[place : place + _FAR]
    return re.split(r"[.!?。！？\n]", before)[-1] + re.split(r"[.!?。！？\n]", behind)[0]


def _differ(said: Said, value: str) -> bool:
    """Whether two values of one attribute cannot both be right."""
    if said.attribute == "age":
        number = re.search(r"\d+|[一二两三四五六七八九十百零]+", value)
        return bool(number) and _number(number[0]) != int(said.value) if number else False
    mine, theirs = _colours(said.value, said.attribute), _colours(value, said.attribute)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _colours(value: str, attribute: str) -> frozenset[str]:
    folded = value.casefold()
    found: frozenset[str] = frozenset()
    for word in sorted(_COLOURS, key=len, reverse=True):
        if re.search(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word, folded):
            found |= _COLOURS[word]
            folded = folded.replace(word, " ")
    return found - _NOT_OF_EYES if attribute == "eyes" else found


def _number(text: str) -> int:
    return _NUMBERS.index(text.casefold()) if text.casefold() in _NUMBERS else number_of(text)


def _words(name: str, said: Said, value: str) -> tuple[str, str, str, str]:
    chinese = {"age": "年龄", "eyes": "眼睛", "hair": "头发", "beard": "胡子"}.get(
        said.attribute, said.attribute
    )
    return (
        f"{name}'s {said.attribute}: {said.value} here, {value} before.",
        "Correct the action, or give them the new value from this scene on.",
        f"{name}的{chinese}：这里是{said.value}，以前是{value}。",
        "改正动作描写，或者从这一场起改成新的。",
    )
