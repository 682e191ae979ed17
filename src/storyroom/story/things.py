"""What a text is about by name: the things in it, as they would stand in another sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from storyroom.story.checks import common, key_terms, mentions
from storyroom.story.han import HAN

_DETERMINERS = frozenset("the a an her his its their our my this that one another".split())  # noqa: SIM905
_TOKEN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*|[.,;:!?…]")
_LONGEST = 3
_MEASURES = "把只个盏张本条封块件根支枝瓶杯碗艘串顶双副面口座扇部枚颗粒幅卷包袋盒箱壶页"
_HAN_THING = re.compile(
    rf"(?:[拿提带抱端握举背穿戴披][着起](?:[一两几这那每某]?[{_MEASURES}])?|[一两几这那每某][{_MEASURES}])"
    rf"(?P<thing>[{HAN}]{{2,8}})"
)
_HAN_END = re.compile(
    "[了着过在放给要是有和与跟从到上下里中把被就也都又还再不没别让去来得时说喊笑走看听坐站进出回太很想问答]"
    "|(?<=.)[递交送还收藏丢扔塞挂插摔砸擦修点吹]"
)
# Things of one character count where what stands before and behind them is no part of a longer word.
_ONE = (
    "刀伞灯信剑枪书笔钟锁船桨舵绳碗杯壶酒茶药琴笛哨鼓旗帽鞋"
    "箱盒钱票镜梯桶锅针扇椅车马狗猫鱼鸟石烟糖棋网钩斧锤铃烛篮"
)
_HELD = "把有用拿提带抱端握举背穿戴披递收藏点撑写读看找买换丢扔借还"
_LIKE = "旧新破小大红黑白蓝黄长短老铜铁木纸油竹空湿的着起了"
_HAN_ONE = re.compile(
    rf"(?:(?<=[{_MEASURES}{_HELD}{_LIKE}])|(?<![{HAN}]))(?P<thing>[{_ONE}])"
    rf"(?=[了着过在放给要是和与从到上下里中外也都又还再不没呢吗吧递交送收藏丢扔挂插摔砸擦修点吹撑举打开关拿]|$|[^{HAN}])"
)


def things(text: str, names: Collection[str] = ()) -> tuple[str, ...]:
    """Return the things that an English text names, with the article they would take: ``the red cone``.

    Args:
        names: names of people, which are no things.

    >>> things("Bea finds the missing page in Pell's tin box at the Post Office.", ["Bea", "Pell"])
    ('the missing page', "Pell's tin box", 'the Post Office')
    """
    people = {name.casefold() for name in names}
    found: dict[str, None] = {}
    tokens = _TOKEN.findall(text)
    for place, token in enumerate(tokens):
        owner = token.endswith(("'s", "’s")) and token[0].isupper()
        if owner or token.lower() in _DETERMINERS:
            words = list(_noun(tokens[place + 1 :]))
            if words and not (len(words) == 1 and words[0].casefold() in people):
                start = token if owner else "the"
                found[" ".join((start, *words))] = None
    return tuple(found)


def han_things(text: str, names: Collection[str] = ()) -> tuple[str, ...]:
    """Return the things that a Chinese text names: what is counted, pointed at, held or worn.

    Args:
        names: names of people, which are no things.

    >>> han_things("小满手里拿着那把旧伞，桌上有一串生锈的钥匙。", ["小满"])
    ('旧伞', '钥匙')
    >>> han_things("小满把刀递给秀英。", ["小满", "秀英"])
    ('刀',)
    """
    found: dict[str, int] = {}
    for named in _HAN_THING.finditer(text):
        thing = _HAN_END.split(named["thing"])[0].rpartition("的")[2]
        if len(thing) > 1 and not any(name in thing for name in names):
            found.setdefault(thing, named.start())
    for one in _HAN_ONE.finditer(text):
        known = (*found, *(name for name in names if name in text))
        if not any(one["thing"] in longer for longer in known):
            found[one["thing"]] = one.start()
    return tuple(sorted(found, key=found.__getitem__))


def names_thing(text: str, thing: str) -> bool:
    """Tell whether a text names a thing; one of a single Chinese character where it is no part of a word.

    >>> names_thing("他把旧伞撑开。", "伞"), names_thing("我不相信他。", "信")
    (True, False)
    """
    if len(thing) == 1:
        return any(one["thing"] == thing for one in _HAN_ONE.finditer(text))
    return bool(mentions(text, key_terms(thing)))


def _noun(tokens: list[str]) -> Iterator[str]:
    """Yield the words after an article that belong to it, as far as their look tells."""
    words: list[str] = []
    for token in tokens[:_LONGEST]:
        if not token[0].isalpha() or token.lower() in common() or token.endswith(("'s", "’s")):
            break
        if words and words[-1][0].isupper() and not token[0].isupper():
            break
        words.append(token)
    # "the lamp fails", "the truth owed": what follows a noun in small letters and looks like a verb is one.
    while len(words) > 1 and words[-1].islower() and words[-1].endswith(("s", "ed")):
        words.pop()
    return iter(words)
