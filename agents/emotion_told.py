"""Lines that name a feeling outright: "I'm afraid.", "我很害怕。", "Mara is furious."

Only what a character says of herself, or action says of her, counts. A feeling that is denied ("I'm not
afraid") is subtext, and a polite formula ("I'm afraid he is out") is no feeling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_ENGLISH: Mapping[str, str] = {
    "anger": "angry|furious|livid|enraged|mad",
    "disgust": "disgusted|sickened|revolted",
    "fear": r"scared|frightened|terrified|afraid(?= of\b|\s*(?:[.,!?;:—…-]|$))",
    "joy": r"(?:happy|delighted|thrilled|overjoyed)(?! to\b)",
    "sadness": "sad|miserable|heartbroken|devastated",
    "surprise": "surprised|shocked|astonished|stunned",
}
_CHINESE: Mapping[str, str] = {
    "anger": "生气|愤怒|恼火|气死了|气坏了",
    "disgust": "恶心|厌恶|反感",
    "fear": "害怕|恐惧|怕死了|怕极了|怕(?=[。！，…]|$)",
    "joy": "高兴|开心|快乐|幸福|欢喜",
    "sadness": "难过|伤心|悲伤|心碎|难受",
    "surprise": "惊讶|吃惊|震惊|意外",
}
_HOW = r"(?: (?:so|very|really|just|too|truly|terribly|a little|a bit|still|always))*"
_HOW_ZH = "(?:真的|现在|一直|有点|有些|非常|特别|感到|觉得|心里|真|很|好|太|又|可|都|是)*"


def tells(text: str, who: str, *, spoken: bool) -> str:
    """Return the emotion that a line names as hers; empty when it names none.

    Args:
        text: the line.
        who: the character it may be about; only action needs her name.
        spoken: whether she says it herself.
    """
    plain = text.casefold().replace("’", "'")
    return next((emotion for emotion, said in _patterns(who, spoken=spoken) if said.search(plain)), "")


@lru_cache(maxsize=256)
def _patterns(who: str, *, spoken: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    name = re.escape(who.casefold())
    english = r"\bi(?:'m| am| feel| was| felt)" if spoken else rf"\b{name} (?:is|was|feels|felt|looks|seems)"
    chinese = "我" if spoken else name
    return tuple(
        (
            emotion,
            re.compile(
                rf"{english}{_HOW} (?:{_ENGLISH[emotion]})\b|{chinese}{_HOW_ZH}(?:{_CHINESE[emotion]})"
            ),
        )
        for emotion in _ENGLISH
    )
