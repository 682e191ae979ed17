"""Things that change hands, read out of prose: given, lost, destroyed; and things that somebody takes out.

A thing is known by its noun, the last word of ``the brass key`` and of ``铜钥匙``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storyroom.story.asides import printed
from storyroom.story.doing import Doing, Genders, doings, named_in_order
from storyroom.story.han import HAN
from storyroom.story.people import People
from storyroom.story.presence import hearers, speeches
from storyroom.story.script import Element

_H = HAN
_GIVE = re.compile(
    r"\b(?:gives?|hands?|passes|slips|presses|slides?|pushes|drops?|puts|tosses|throws|offers|returns"
    r"|lends?|leaves|entrusts|fastens|hangs|pins|ties|lays|places|sets|tucks|loops|winds)\b",
    re.IGNORECASE,
)
_SAID_EN = re.compile(
    r"\b(?:it(?:'s| is)|they(?:'re| are)|that(?:'s| is)|this is) (?:yours|hers|his) ?(?:now)?\b"
    r"|\bkeep (?:it|the|this|that|them)\b|\byou keep\b|\byou(?:'d| had)? better have\b"
    r"|\b(?:have|take|wear|mind|hold) (?:it|this|that|my|the)\b|\bgive (?:this|it|these|them"
    r"|that) to\b|\bI(?:'m| am) giving\b|\bI want you to have\b|\byours now\b|\bbelongs to you\b"
    r"|\byou(?:'ll| will) need (?:it|this)\b",
    re.IGNORECASE,
)
_SAID_ZH = re.compile(
    r"给[你您]了|归[你您]|[你您]拿着|拿着[吧，。！]|拿去|拿好|收着|收好|收下|送[你您给]|交给[你您他她]"
    r"|[是归]你的了?[，。！]|[你您]的了[，。！]|[你您](?:替我)?(?:留着|保管|戴着|带着|戴上)"
    r"|给[你您他她][，。！]|传给你"
)
_GONE = re.compile(
    r"\b(?:throws?|tosses|hurls|drops|flings|casts|pitches|lets)\b[^.]{0,60}\b(?:into|in|over"
    r"|overboard|off|down|out of)\b[^.]{0,24}\b(?:river|sea|water|lake|fire|flames|stove|grate|well"
    r"|harbour|canal|rail|side|cliff|shaft|furnace|drain|overboard|window|bridge|waves|hole|ice|dark)\b"
    r"|\b(?:burns?|smash\w*|shatter\w*|sinks|breaks in|snaps in|tears? (?:it|them) (?:up|to)|melts"
    r"|crush\w*|is gone|swallow\w*|goes under|curls? (?:up )?(?:black|in the)|ash(?:es)?)\b",
    re.IGNORECASE,
)
_GONE_ZH = re.compile(
    r"(?:扔|丢|抛|掉|投|甩)(?:进|到|下|入|在)[^。，]{0,8}(?:河|海|水|江|湖|火|炉|井|崖|沟|灶|桥|浪|谷"
    r"|窗外)|烧成|烧掉|烧了|化成灰|成了灰|摔碎|砸碎|摔成|碎成|打碎|砸烂|撕碎|撕成|沉[了到下进]|冲走"
    r"|卷走|熔|断成"
)
_GIVE_ZH = re.compile(
    rf"(?:把|将)(?P<thing>[{_H}]{{1,14}}?)(?:交|递|塞|放|送|推|绕|系|戴|挂|扔|抛|披|套|扣|插|别|搁|还"
    rf"|丢|揣|搭)"
    rf"(?:给|到|在|进|回|了|上|过){{0,2}}(?P<to>[{_H}]{{0,10}})"
)
_TAKE = re.compile(
    r"\b(?:takes|pulls|draws|fishes|digs|slips|brings|produces|lifts|unhooks|unfastens|tugs|wears"
    r"|puts on|lights|opens|unlocks|plays|screws|raises|holds|turns|winds|blows|checks|consults"
    r"|polishes|buttons|draws|reads|strikes|uses|sets|lays|hangs|twirls|spins|clicks|unfolds"
    r"|unsheathes|points|aims|fires|lets|cuts|strokes|fiddles with|picks|drapes|wraps|pins|loads)\b",
    re.IGNORECASE,
)
_FROM_ZH = re.compile(
    r"(?:从|自)[^，。]{0,14}(?:里|中|上|底下|兜|袋|怀|腰|间|内|下|边|后)[^，。]{0,6}?(?:掏|摸|抽|拿|取"
    r"|拔|解|摘|翻|捏|拽|端|拎|抖|举|亮)|掏出|摸出|抽出|拿出|取出|戴着|戴上|披着|披上|系着|围着|挥着"
    r"|举起|举着|拔出|亮出|打开|点上|吹|拉了拉|握着|攥着|拿着|拿起|敲|摇着|拎着|捏着|别着|穿着|套上|用|拄着"
)
_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        hand hands eye eyes head face arm arms finger fingers thumb voice mouth hair shoulder shoulders
        chest foot feet knee knees door window table chair bed floor wall desk room house night day time
        way back side light lamp water fire word words pocket pockets coat sleeve neck bag palm it him her
        them nothing something everything one two three moment minute breath smile look step name end top
        bottom front edge corner air sky rain snow wind street road cup glass tea plate hat man woman boy
        girl
        """,
    )
)
_HAN_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        手 头 脸 眼 眼睛 门 窗 灯 桌 桌子 椅子 床 墙 地 水 火 茶 碗 杯 杯子 口袋 怀里 怀 腰 脖子 肩 肩膀
        手心 手里 身上 桌上 地上 一下 一个 自己 时候 东西 声音 孩子 人 天 雨 雪 路 车 嘴 嘴里 胸口 大衣 背
        台阶 上面 下面 里面 外面 前面 后面 旁边 一声 起来 出来 过来 下来 进去 已经 没有 今天 明天 师傅
        老板 什么 这个 那个 他们 我们 你们 两个 一只 一把 一张 两只 三 二 一
        """,
    )
)


# Done for somebody, who gets nothing into their hands by it.
_FOR_SOMEBODY = re.compile(rf"[给对向为替跟][{_H}]{{1,6}}?(?:看|听|瞧|说|讲|念|指)")
_KIN = re.compile("(?:[爷奶婆公伯叔姨婶嫂妈爸爹娘哥姐弟妹]|先生|小姐|女士|太太|教授|师傅|老板)$")


@dataclass(frozen=True)
class Handing:
    """A thing leaves somebody.

    Attributes:
        giver: who had it; empty where that is not told.
        taker: who has it now; empty where nobody has, or that is not told.
        things: the nouns that can be meant.
        element: the line that says so.
        quote: its words.
        gone: whether it is lost or destroyed.
        sure: whether action, not talk, says so.
    """

    giver: str
    taker: str
    things: frozenset[str]
    element: Element
    quote: str
    gone: bool = False
    sure: bool = True


@dataclass(frozen=True)
class Using:
    """Somebody has a thing in their hands."""

    who: str
    things: frozenset[str]
    element: Element
    quote: str


def handings(elements: Sequence[Element], people: People, genders: Genders) -> list[Handing]:
    """Return what is given away, lost or destroyed in a scene."""
    done = list(doings(elements, people, genders))
    found = [one for doing in done for one in _handed(doing, elements, people, genders)]
    return found + _said(elements, done, people)


def usings(elements: Sequence[Element], people: People, genders: Genders) -> list[Using]:
    """Return who takes out, puts on or uses what in a scene."""
    found = []
    for one in doings(elements, people, genders):
        if not one.who:
            continue
        pattern = _FROM_ZH if re.search(f"[{_H}]", one.text) else _TAKE
        if pattern.search(one.text) and (things := nouns(one.text)):
            found.append(Using(one.who, things, one.element, one.sentence))
    return found


def nouns(text: str) -> frozenset[str]:
    """Return the nouns that can be things: words behind an article, in Chinese words of two characters."""
    if re.search(f"[{_H}]", text):
        return _han_nouns(text)
    found = set()
    for phrase in re.finditer(
        r"\b(?:the|a|an|his|her|their|that|this|my|your|\w+['’]s)\s+((?:[a-z'’-]+\s+){0,3}[a-z'’-]+)",
        text,
        re.IGNORECASE,
    ):
        for word in phrase[1].lower().split():
            if word in _BREAKS or word.endswith("ly"):
                break
            found.add(_singular(word))
    return frozenset(found) - _STOP - _ADJECTIVES


_BREAKS = frozenset(
    re.findall(
        r"\w+",
        """
        of from in into on onto to and with at by for over under around round out up down is are was has
        had as like that which who while off across behind beside before after until but then so he she it
        they his her the a an takes puts and sets lays lifts
        """,
    )
)
_ADJECTIVES = frozenset(
    re.findall(
        r"\w+",
        """
        old new small little big large long short red blue green black white brown silver gold golden
        brass iron good own first last only other same next right left whole wet dry dark heavy father
        mother brother sister uncle aunt
        """,
    )
)


def _singular(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word)
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _han_nouns(text: str) -> frozenset[str]:
    import rjieba

    words = [
        word
        for word, tag in rjieba.tag(text, True)
        if len(word) >= 2
        and tag[:1] in ("n", "x", "z")
        and tag not in ("nr", "ns")
        and re.fullmatch(f"[{_H}]+", word)
    ]
    plain = {word for word in words if word not in _HAN_STOP and not _KIN.search(word)}
    # A thing is often named by a longer word once and by its end later: 铜钥匙, 钥匙.
    return frozenset(plain | {word[-2:] for word in plain if len(word) > 2} - _HAN_STOP)


def _handed(doing: Doing, elements: Sequence[Element], people: People, genders: Genders) -> list[Handing]:
    text = doing.text
    chinese = bool(re.search(f"[{_H}]", text))
    if (_GONE_ZH if chinese else _GONE).search(text):
        things = nouns(text)
        return [Handing(doing.who, "", things, doing.element, doing.sentence, gone=True)] if things else []
    if not doing.who:
        return []
    if chinese:
        given = bool(
            _GIVE_ZH.search(text)
            or re.search(r"递给|交给|送给|塞给|还给|塞进|放到|放进|系在|戴在|披在|挂在|绕在", text)
        )
    else:
        given = bool(_GIVE.search(text))
    taker = _taker(doing, elements, people, genders) if given else ""
    things = nouns(text)
    return [Handing(doing.who, taker, things, doing.element, doing.sentence)] if taker and things else []


def _taker(doing: Doing, elements: Sequence[Element], people: People, genders: Genders) -> str:
    """Return to whom a thing goes: a name behind the verb, or a pronoun that can mean only one."""
    rest = _FOR_SOMEBODY.sub("", doing.own)
    others = [name for name in named_in_order(rest, people) if name != doing.who]
    if others:
        return others[0] if len(set(others)) == 1 else ""
    found = re.search(
        r"\b(?:to|into|in|on|around|round|gives|hands|passes|pushes it at)\s+(him|her|his)\b|(?:给|在"
        r"|到|进|塞|递)(他|她)",
        rest,
        re.IGNORECASE,
    )
    if not found:
        return ""
    gender = "he" if (found[1] or "").lower() in ("him", "his") or found[2] == "他" else "she"
    there = [
        name
        for name in hearers(elements, people)
        if name != doing.who and genders.get(name) in (None, gender)
    ]
    own = genders.get(doing.who)
    if (
        own == gender
        and re.search(r"\b(?:his|her)\b", found[0])
        and not re.search(r"\b(?:to|gives|hands)\s+(?:him|her)\b", found[0])
    ):
        return ""
    return there[0] if len(there) == 1 else ""


def _said(elements: Sequence[Element], done: Sequence[Doing], people: People) -> list[Handing]:
    """Return what somebody gives away in words (``You keep the key``) where talk or action names it."""
    found = []
    spoken = list(speeches(elements, people))
    for place, speech in enumerate(spoken):
        givers = [who.name for who in speech.who if who.known]
        if len(givers) != 1 or speech.voice == "over":
            continue
        for line in speech.lines:
            text = printed(line.text)
            pattern = _SAID_ZH if re.search(f"[{_H}]", text) else _SAID_EN
            if not pattern.search(text) or text.rstrip().endswith(("?", "？")):
                continue
            things = nouns(text) | _near(elements, line)
            others = hearers(elements, people) - set(givers)
            near = [
                who.name
                for other in spoken[max(0, place - 1) : place + 2]
                for who in other.who
                if who.known and who.name != givers[0]
            ]
            taker = next(iter(others)) if len(others) == 1 else next(iter(dict.fromkeys(near)), "")
            if things:
                found.append(Handing(givers[0], taker, things, line, text, sure=False))
    return found


def _near(elements: Sequence[Element], line: Element) -> frozenset[str]:
    """Return the nouns of the paragraphs around a line, where the thing is named that it calls ``it``."""
    place = next(i for i, one in enumerate(elements) if one is line)
    around = [*elements[max(0, place - 3) : place], *elements[place + 1 : place + 3]]
    return frozenset().union(
        *(nouns(printed(one.text)) for one in around if one.kind.value in ("action", "dialogue"))
    )
