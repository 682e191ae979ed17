"""The words that standards & practices looks for; short lists, meant to be read and argued about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Audience = Literal["all", "teen", "mature"]
STRONG = "strong"

# The first audience with a mark in the rating holds, so the narrow ones come first.
AUDIENCES: Mapping[Audience, tuple[str, ...]] = {
    "mature": (r"MA", r"NC-?17", r"^R$", r"18", r"17\+", "成人"),
    "teen": (r"14", r"PG-?13", r"12", r"13", r"15", r"16", "青少年"),
    "all": (r"^(TV-?)?(Y7?|G|PG|U)$", r"^[03679]\+?$", r"^10\+?$", "全年龄", "儿童", "老少"),
}

# English words stand for everything that begins with them.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "strong": ("fuck", "motherfuck", "cunt", "cocksuck", "shit", "bullshit"),
        "mild": ("damn", "goddamn", "bastard", "bitch", "asshole", "piss", "crap", "hell of a"),
    },
    "zh": {
        "strong": ("操你", "他妈的", "你妈的", "傻逼", "妈逼", "狗日的", "婊子"),
        "mild": ("混蛋", "王八蛋", "滚蛋", "放屁", "该死的", "贱人"),
    },
}

# A group of people of whom something is said that is to hold for every one of them.
_PEOPLE = (
    r"(?:wom[ae]n|m[ae]n|girls?|boys?|foreigners?|immigrants?|refugees?|migrants?|old people|blondes?"
    r"|muslims?|jews?|christians?|catholics?|gypsies|blacks?|whites?|asians?|mexicans?|arabs?|africans?|gays?|lesbians?"
    r"|cripples?|poor people|rich people|people like (?:you|them|her|him))"
)
GROUP: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        rf"(?<!\w)(?:(?:all|every|typical) (?:the )?{_PEOPLE}\b"
        rf"|(?:you |those |these )?{_PEOPLE}(?= (?:are all|all|always|never|can't)\b))",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:女人|男人|女司机|外地人|乡下人|农村人|城里人|老外|外国人|黑人|白人|残疾人|胖子|穷人|有钱人|北方人|南方人"
        r"|东北人|河南人|上海人|同性恋|剩女|娘娘腔)们?(?=.{0,6}(?:都|全|没一个|就是|天生))"
    ),
}

# Two capitalised words that begin no sentence, and are no title with a name.
FULL_NAME = re.compile(r"(?<=[a-z,;:] )([A-Z][a-zà-ÿ]+(?:[ -][A-Z]\.?)? [A-Z][a-zà-ÿ'-]{2,})\b")
TITLED = re.compile(r"([一-鿿]{2,3})(?:总统|主席|总理|首相|部长|院士|影帝|影后)")
