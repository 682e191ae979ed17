"""Worn phrases: what has been said in too many scripts. A short list of our own, English and Chinese."""

from __future__ import annotations

import re
from typing import NamedTuple

_EN = r"""
a blessing in disguise
a shiver (?:runs?|ran) down
a single tear
actions speak louder than words
all hell breaks loose
at the end of the day
at this point in time
avoid(?:s|ed)? (?:it )?like the plague
better late than never
blood is thicker than water
breath (?:he|she|they) didn't know (?:he|she|they) (?:was|were) holding
calm before the storm
chills? (?:runs?|ran) down (?:his|her|their|my) spine
deafening silence
don't you die on me
easier said than done
elephant in the room
everything happens for a reason
eyes well up with tears
follow your heart
heart skips a beat
hearts? pounds? in (?:his|her|their) chests?
how do you sleep at night
i have a bad feeling about this
i was born ready
i'm just getting started
i'm too old for this
i've got a bad feeling about this
if looks could kill
in the nick of time
is that all you've got
it was a dark and stormy night
it's a long story
it's not what it looks like
it's it's quiet\.? last but not least
little did (?:he|she|they|i|we) know
needle in a haystack
only time will tell
over my dead body
pale as a ghost
plenty more fish in the sea
silence is deafening
there's think outside the box
time (?:seems to )?stands? still
time heals all wounds
tip of the iceberg
we can do this we'll always have
we're not so different,? you and (?:i|me)
we've got company
what doesn't kill (?:you|us|me) makes (?:you|us|me) stronger
when hell freezes over
white as a sheet
with all due respect
you can't handle the truth
you don't have to do this
you had one job
you just don't get it
you look like you've seen a ghost
you'll never """
_ZH = r"""
一切都会好起来的
一石激起千层浪
不忘初心
不负韶华
事情不是你想的那样
五雷轰顶
人在做(?:，)?天在看
你不懂我
你会后悔的
你到底想怎么样
你听我解释
你给我等着
倒吸一口(?:凉气|冷气)
出来混(?:，)?迟早(?:是)?要还的
善恶终有报
嘴角(?:微微)?上扬
多么痛的领悟
天网恢恢
岁月静好
心如刀割
我不听我不听
我们回不去了
我命由我不由天
我是不会放过你的
撕心裂肺
放开那个女孩
时间(?:仿佛|好像|似乎)(?:静止|停止)
时间会证明一切
时间是最好的良药
晴天霹雳
有什么冲我来
死也要死得明白
泪如雨下
泪流满面
深吸一口气
眼中闪过一丝
砥砺前行
空气(?:仿佛|好像|似乎)凝固
苍天有眼
诗和远方
说时迟(?:，)?那时快
"""


def _pattern(listed: str, edge: str) -> re.Pattern[str]:
    return re.compile(f"{edge}(?:{'|'.join(listed.strip().splitlines())}){edge}", re.IGNORECASE)


_WORN = (_pattern(_EN, r"\b"), _pattern(_ZH, ""))


class Worn(NamedTuple):
    """A worn phrase: ``text[start:end]``."""

    start: int
    end: int
    phrase: str


def worn_phrases(text: str) -> list[Worn]:
    """Return the worn phrases of a text, in order."""
    straight = text.replace("’", "'")
    return sorted(
        Worn(one.start(), one.end(), text[one.start() : one.end()])
        for way in _WORN
        for one in way.finditer(straight)
    )
