"""Deaths read out of prose: signs add up, and the scene must leave one of its people for dead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storyroom.story.asides import printed
from storyroom.story.doing import Doing, Gender, Genders, doings, named_in_order, starting_pronoun
from storyroom.story.people import People
from storyroom.story.presence import in_body, speeches, told
from storyroom.story.script import Element

ENOUGH = 2
_STRONG, _WEAK = 2, 1

_SIGNS: tuple[tuple[int, str], ...] = (
    (
        _STRONG,
        r"\b(?:dies|is dead(?! (?:tired|right|set|serious|silent|quiet|calm|drunk|asleep|broke|on))"
        r"|lies dead|falls dead|drops dead|is killed|bleeds out|drowns"
        r"|breathes (?:his|her) last)\b",
    ),
    (
        _STRONG,
        r"\b(?:stops breathing|no longer breath\w+|does(?:n't| not) breathe (?:again|in)"
        r"|breath (?:stops|does not come))",
    ),
    (
        _STRONG,
        r"\b(?:no|without a) (?:pulse|heartbeat|breath)\b"
        r"|\bpulse\b[^.]{0,60}[.,;:] (?:there is none|none|nothing|finds none)",
    ),
    (
        _STRONG,
        r"\b(?:heart|pulse)\b[^.]{0,30}\b(?:stops|has stopped|is still|gone)\b|\bflat ?lines?\b"
        r"|\bunbroken tone\b|one long (?:note|tone)",
    ),
    (
        _STRONG,
        r"\bclos\w+ (?:his|her|the dead (?:man|woman)'s) eyes (?:with|for (?:him|her))"
        r"|clos\w+ (?:his|her) (?:eye)?lids",
    ),
    (
        _STRONG,
        r"(?:sheet|blanket|tablecloth|cloth|coat|towel|shroud|tarpaulin|jacket"
        r"|shawl)\b[^.]{0,24}\bover (?:his|her|the) (?:face|head)",
    ),
    (
        _STRONG,
        r"cover\w* (?:(?:his|her) face|(?:him|her) (?:with|over))|body bag"
        r"|zip\w*[^.]{0,20}\bbag\b|time of death|toe tag|rigor",
    ),
    (
        _STRONG,
        r"\bmirror\b[^.;]{0,60}[;,:.][^.]{0,30}\b(?:clear|unfogged|clean)\b|neck at (?:a"
        r"|the) wrong angle|\bneck (?:is )?broken|breaks (?:his|her) neck",
    ),
    (
        _STRONG,
        r"nothing (?:is )?left to (?:lift|bury|save|pull)|\b(?:the|his|her) (?:dead body"
        r"|corpse)\b|\bbeyond (?:help|saving)\b",
    ),
    (
        _STRONG,
        r"\bdoes(?:n't| not) (?:come up|surface|get up|rise|wake|move|turn|stir) again\b"
        r"|\bnever (?:moves|wakes|rises|stirs|comes up) again",
    ),
    (
        _WEAK,
        r"\b(?:feels?|presses|listens?)\b[^.]{0,20}\b(?:for (?:a pulse|his heart|her heart|breath)"
        r"|heart)\b|\bear to (?:his|her) (?:chest|mouth)",
    ),
    (
        _WEAK,
        r"\bshak(?:es|ing) (?:his|her|their) head|\bface[ -]down\b|\beyes (?:are )?(?:fixed"
        r"|open and|staring|glassy|empty)|\bunseeing\b|\bgrows? cold\b|\bcold (?:hand|cheek|fingers)\b",
    ),
    (
        _WEAK,
        r"\bhand (?:opens|goes slack|falls open|slips)|\bgoes (?:limp|slack|still|quiet)\b"
        r"|\bstill(?:ness)?\.|\b(?:lies|is) (?:quite |very )?still\b|\bblood (?:spreads|pools)"
        r"|\bhand under\b|\bturning (?:brown|red)",
    ),
    (
        _WEAK,
        r"\bdoes(?:n't| not) (?:come up|surface|get up|wake|move|stir|answer)\b|\blast breath\b"
        r"|\btakes? off (?:his|her|their) (?:hat|cap)s?\b|\bcrossed? himself\b|\bcrushed\b",
    ),
    (
        _STRONG,
        r"断了?气|咽了?气|气绝|没有?了?气(?:了|息)|停止了?呼吸|没有?了?呼吸|死了|死去|已经死"
        r"|身亡|毙命|丧命|当场死|尸体|遗体|断了呼吸",
    ),
    (
        _STRONG,
        r"(?:鼻息|呼吸|脉搏?|心跳)[^。]{0,14}[。，；][^。]{0,8}(?:没有|停了|没了|摸不到)|(?:没有"
        r"|没了|停了)(?:鼻息|脉搏?|心跳)|(?:脉|心跳|心脏|呼吸)(?:已经|也)?停",
    ),
    (
        _STRONG,
        r"(?:替|给|帮)[他她](?:合上|阖上|闭上)[^。]{0,3}眼|(?:合"
        r"|阖)上[了他她的]{0,3}(?:双)?眼(?:睛|皮)?(?=.*[凉冷])",
    ),
    (
        _STRONG,
        r"(?:蒙|盖|遮|覆|罩)[住了到在上]{1,2}[了]?(?:他|她)?的?(?:脸|头)|(?:布|巾|单|衣"
        r"|被)[^。]{0,6}(?:蒙|盖)[^。]{0,6}(?:脸|头)|裹尸|尸袋|拉上了?(?:袋|拉链)|白布",
    ),
    (
        _STRONG,
        r"没有一点雾气|再也没有(?:醒|动|起来|听到|睁|浮|上来)|再没(?:有)?(?:醒|动|起来|睁|浮"
        r"|上来)|压碎|摔断了脖子|没救了|救不回|记下(?:一个)?时间|一条直线|拉成一条线",
    ),
    (
        _WEAK,
        r"脸朝下|眼珠[^。]{0,3}散|瞳孔[^。]{0,3}散|凉透|[身手][^。]{0,4}(?:凉|冷)(?:了|的)"
        r"|头[^。]{0,4}(?:歪|垂)|一动不动|不动了|不再动|摇(?:了)?摇?头|血[^。]{0,8}散开"
        r"|手[^。]{0,5}(?:松开|垂下)|探[^。]{0,5}鼻息|底下的一只手|慢慢变红|，凉的",
    ),
)
_SIGN = [(weight, re.compile(pattern, re.IGNORECASE)) for weight, pattern in _SIGNS]
_NOT_DEAD = re.compile(
    r"\b(?:is alive|alive again|not dead|isn't dead|breathes again|coughs|gasps|sits up|wakes"
    r"|comes round|comes to|opens (?:his|her) eyes"
    r"|still breathing|a pulse\. (?:weak|faint)|heart (?:beats|starts)|unconscious|asleep|sleeps"
    r"|snor\w+|faint\w*)\b"
    r"|活着|活过来|还有气|有呼吸|醒(?:来|过来|了)|睁开眼|咳(?:嗽|了)|喘|坐起来|睡着|昏(?:过去|迷|倒)"
    r"|晕|呼噜|打鼾",
    re.IGNORECASE,
)
_PLAYED = re.compile(
    r"\b(?:applau\w+|audience|takes? a bow|bows|curtain|cut!|rehears\w+|fake|stage blood"
    r"|blank(?:s)? cartridge|plays? dead"
    r"|pretend\w*|as if dead|like (?:a dead|the dead)|puppet|dummy|mannequin|on (?:the )?(?:screen"
    r"|television|tv)|video game|in the film)\b"
    r"|掌声|观众|谢幕|落幕|卡！|停！|排练|彩排|装死|假死|假装|假血|道具|木偶|假人|像死了|死人似的"
    r"|仿佛死|电影里|屏幕上|电视里|游戏|戏里|台上",
    re.IGNORECASE,
)
_DREAMT = re.compile(
    r"\b(?:dream\w*|nightmare|imagin\w+|remember\w*|wakes? (?:with a start|up|screaming))\b|梦|想象"
    r"|记得|惊醒",
    re.IGNORECASE,
)
_ANIMAL = re.compile(
    r"\b(?:dog|cat|horse|bird|gull|fish|goldfish|hen|cow|canary|crow|rat|mouse|plant|engine|motor"
    r"|phone|line|battery|fire|lamp)\b[^.]{0,20}\b(?:dies|dead)\b|(?:狗|猫|马|鸟|鱼|鸡|牛|花|树|电话"
    r"|手机|火|灯)[^。]{0,4}(?:死了|断气)",
    re.IGNORECASE,
)
_PATIENT = re.compile(
    r"\b(?:clos\w+|over|feels? for|ear to|cover\w*|turns?|lifts?|lays?|loosens?|zip\w*"
    r"|holds?)\s+(?P<he>his|him)\b|\b(?:clos\w+|over|feels? for|ear to|cover\w*|turns?|lays?"
    r"|holds?)\s+(?P<she>her)\b"
    r"|(?:替|给|帮|把|叫|推|探|摸|盖在|蒙在|贴到|扶|抱)(?:(?P<ta>他)|(?P<taa>她))",
    re.IGNORECASE,
)
_DIES = re.compile(
    r"^\W*(?:\w+[\s,]+){0,6}?(?:dies|is dead|lies dead|falls dead|drops dead|is killed|bleeds out|drowns"
    r"|stops breathing|does not)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"^(?:(?:and|then|but)\s+)?(?:(?P<he>his|he)|(?P<she>her|she))"
    r"(?:(?<=s)\b|(?<=r)\b|\s+(?:does|lies|falls|slides|slumps|goes|stops|turns face|is|never|pitches"
    r"|sinks|drops)\b)"
    r"|^(?:(?P<ta>他)|(?P<taa>她))(?:的|已|再|脸|头|一动|一头|倒|躺|滑|没|慢慢|不)",
    re.IGNORECASE,
)
_LIES = re.compile(
    r"\b(?:lies|slumps|collapses|crumples|is on the (?:floor|ground|bed))\b|^[^，。]{0,8}(?:躺|倒在|瘫|趴)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Death:
    """Somebody dies on screen: who, and the paragraph that says so."""

    who: str
    element: Element
    quote: str


def read_deaths(elements: Sequence[Element], people: People, genders: Genders) -> list[Death]:
    """Return who dies in a scene, at most one for each paragraph that says so."""
    done = list(doings(elements, people, genders))
    found: list[Death] = []
    for element in dict.fromkeys(one.element for one in done):
        text = printed(element.text)
        if _weigh(text) < ENOUGH or _ANIMAL.search(text) or _DREAMT.search(text):
            continue
        near = " ".join(_around(elements, element))
        if _PLAYED.search(near):
            continue
        sentences = [one for one in done if one.element is element]
        who = _victim(sentences, elements, people, genders)
        if who and not _lives(who, sentences, elements, element, people):
            found.append(Death(who, element, _quote(text)))
    return found


def _weigh(text: str) -> int:
    """Add up the signs of death in a paragraph, each kind once."""
    return sum(weight for weight, pattern in _SIGN if pattern.search(text))


def _quote(text: str) -> str:
    """Return the words of a paragraph from the first sign to the last."""
    spans = [found.span() for _, pattern in _SIGN for found in pattern.finditer(text)]
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    start = max(text.rfind(mark, 0, start) for mark in ".!?。！？\n") + 1
    ends = [place + 1 for mark in ".!?。！？" if (place := text.find(mark, end)) >= 0]
    return text[start : min(ends, default=len(text))].strip()


def _around(elements: Sequence[Element], element: Element) -> list[str]:
    place = next(i for i, one in enumerate(elements) if one is element)
    return [printed(one.text) for one in elements[max(0, place - 1) : place + 3]]


def _victim(sentences: Sequence[Doing], elements: Sequence[Element], people: People, genders: Genders) -> str:
    """Return whom the signs of a paragraph leave for dead."""
    element = sentences[0].element
    place = next(i for i, one in enumerate(elements) if one is element)
    before = list(elements[:place])
    speaking = [who.name for one in speeches(before, people) for who in one.who if who.known]
    present = [*speaking, *in_body(told([*before, element]), people)]
    first = next(i for i, one in enumerate(sentences) if _weigh(one.text) or _weigh(one.sentence))
    named = [one.who for one in sentences if one.who and _weigh(one.sentence) and _explicit(one)]
    if named:
        return named[-1]
    gender = _gender(sentences[first:])
    active = {one.who for place, one in enumerate(sentences) if _acts(one, gender, late=place >= first)}
    order = _mentioned([*before, element], people)
    candidates = [
        name
        for name in dict.fromkeys(reversed(order))
        if name in present
        and name not in active
        and genders.get(name) in (None, gender, *([] if gender else ["he", "she"]))
    ]
    if gender and (sure := [name for name in candidates if genders.get(name) == gender]):
        return sure[0]
    return candidates[0] if candidates else ""


def _acts(one: Doing, gender: Gender | None, *, late: bool) -> bool:
    """Whether somebody does what the dead cannot: acts behind the first sign, or does something to them."""
    if _OWN.match(one.text) or _LIES.search(one.text):
        return False
    pronoun = starting_pronoun(one.text)
    if pronoun is not None and pronoun == gender:
        return False
    return late or bool(_PATIENT.search(one.text))


def _explicit(one: Doing) -> bool:
    """Whether the subject of a sentence is the one who dies: ``Gideon stops breathing``."""
    return bool(
        _DIES.search(one.text)
        or re.match(r"[^，。]{1,12}(?:断了?气|咽了?气|死了|没有?了?气|停止了?呼吸|身亡)", one.text)
    )


def _gender(sentences: Sequence[Doing]) -> Gender | None:
    for pattern in (_PATIENT, _OWN):
        for one in sentences:
            if found := pattern.search(one.text):
                groups = found.groupdict()
                return "he" if groups.get("he") or groups.get("ta") else "she"
    return None


def _mentioned(elements: Sequence[Element], people: People) -> list[str]:
    order: list[str] = []
    for one in elements:
        order += named_in_order(printed(one.text), people)
    return order


def _lives(
    who: str, sentences: Sequence[Doing], elements: Sequence[Element], element: Element, people: People
) -> bool:
    """Whether the scene goes on with the one who was left for dead."""
    last = max(i for i, one in enumerate(sentences) if _weigh(one.sentence))
    tail = " ".join(one.text for one in sentences[last:])
    place = next(i for i, one in enumerate(elements) if one is element)
    after = list(elements[place + 1 :])
    if any(name.name == who for one in speeches(after, people) if one.voice == "here" for name in one.who):
        return True
    told_after = " ".join([tail, *told(after)])
    return bool(_NOT_DEAD.search(told_after))
