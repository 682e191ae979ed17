"""What a scene heading and a cue say: inside or outside, where, when; and who.

English and Chinese headings are read alike: ``INT. LIGHTHOUSE - NIGHT``, ``内景 灯塔 夜``, and the numbered
order of Chinese shooting scripts, ``4 教室 内 夜``.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from storyroom.story.asides import printed
from storyroom.story.han import HAN

Setting = Literal["INT", "EXT", "INT-EXT"]

_LATIN_PREFIX = re.compile(
    r"(INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I\.?/E|E\.?/I|INT|EXT|EST)(?:[.\s]\s*)", re.IGNORECASE
)
_CHINESE_SETTING = r"[内內]景?[/／]?外景?|外景?[/／]?[内內]景?|[内內]景?|外景?"
_CHINESE_PREFIX = re.compile(
    r"(?:[内內](?:景?[/／])?外景|外(?:景?[/／])?[内內]景|[内內]景|外景)(?=[\s.。．·・:：\-–—/／,，、]|$)"
)
_CHINESE_SPLIT = re.compile(r"[\s.。．·・:：\-–—,，、]+")
_CHINESE_NUMBER = re.compile(
    r"(?:第?[0-9０-９]+[A-Za-z]?(?:场|場)?|第[一二三四五六七八九十百]+[场場]|场景[0-9]+)"
)
_CHINESE_TIME = (
    r"(?:[次翌当當同][日天夜晚])?(?:白天|白日|日间|夜间|日景|夜景|夜晚|晚上|清晨|早晨|早上|凌晨|拂晓|黎明|破晓|上午|中午|正午|"
    r"下午|午后|傍晚|黄昏|日落|日出|深夜|午夜|半夜|子夜|日|夜|晨|昏|晚|早)"
    r"|[次翌当當同][日天夜晚]|同时|同時|稍后|片刻后|连续|不久|雨夜|雪夜"
)
_IS_CHINESE_TIME = re.compile(rf"(?:{_CHINESE_TIME})(?:[(（][^()（）]*[)）])?")
_IS_CHINESE_SETTING = re.compile(_CHINESE_SETTING)
_SETTING_AND_TIME = re.compile(
    rf"(?:(?P<s1>{_CHINESE_SETTING})[/／]?(?P<t1>{_CHINESE_TIME})|(?P<t2>{_CHINESE_TIME})[/／]?(?P<s2>{_CHINESE_SETTING}))"
)
_CJK = re.compile(f"[{HAN}]")
_LATIN_SPLIT = re.compile(r"\s[-–—]+\s|,\s")
_LATIN_TIMES = re.compile(
    r"(?:mid|after|fore)?(?:day|night|noon)|morning|evening|(?:pre-?)?dawn|dusk|twilight|sunrise|sunset|daybreak"
    r"|nightfall|later|continuous|same|time|hour",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"[(（][^()（）]*[)）]")


class Heading(NamedTuple):
    """What a scene heading says; each part is empty or None where the heading is silent."""

    setting: Setting | None
    place: str
    time: str


def is_heading(line: str) -> bool:
    """Whether a line is a scene heading by its look: ``INT. …``, ``ext …``, ``内景 …``, ``外景。…``."""
    return bool(_LATIN_PREFIX.match(line) or _CHINESE_PREFIX.match(line))


@lru_cache(maxsize=1 << 12)
def heading_parts(text: str) -> Heading:
    """Read a heading's text (the mark and the scene number already taken off) into its parts.

    >>> heading_parts("INT. LIGHTHOUSE - LAMP ROOM - NIGHT")
    Heading(setting='INT', place='LIGHTHOUSE - LAMP ROOM', time='NIGHT')
    >>> heading_parts("4 教室 内 夜")
    Heading(setting='INT', place='教室', time='夜')
    """
    text = printed(text).strip()
    setting: Setting | None = None
    if prefix := _LATIN_PREFIX.match(text + " "):
        setting = _setting(prefix[1])
        text = text[prefix.end() :].strip().removeprefix("- ")
    if _CJK.search(text):
        return _chinese_parts(text, setting)
    return Heading(setting, *_latin_place_and_time(text))


def _setting(word: str) -> Setting:
    word = "".join(word.upper().split())
    inside = word.startswith("I") or "/I" in word or bool(re.search("[内內]", word))
    outside = word.startswith("E") or "/E" in word or "外" in word
    if inside and outside:
        return "INT-EXT"
    return "INT" if inside else "EXT"


def _latin_place_and_time(text: str) -> tuple[str, str]:
    last = next(reversed(list(_LATIN_SPLIT.finditer(text))), None)
    tail = text[last.end() :] if last else text
    words = re.sub(r"[\d.]+", " ", _PARENTHESES.sub(" ", tail)).split()
    if not words or not _LATIN_TIMES.fullmatch(words[-1]):
        return text, ""
    if last:
        return text[: last.start()].strip(), tail.strip()
    return ("", text) if len(words) == 1 else (text, "")


def _chinese_parts(text: str, setting: Setting | None) -> Heading:
    if prefix := re.match(r"[内內][/／]?外景|外[/／]?[内內]景|[内內]景|外景", text):
        setting = setting or _setting(prefix[0])
        text = text[prefix.end() :]
    words = [word.strip("/／") for word in _CHINESE_SPLIT.split(text)]
    words = [word for word in words if word]
    if len(words) > 1 and _CHINESE_NUMBER.fullmatch(words[0]):
        del words[0]
    place, time = [], ""
    for word in words:
        if setting is None and _IS_CHINESE_SETTING.fullmatch(word):
            setting = _setting(word)
        elif not time and _is_time(word):
            time = word
        elif setting is None and not time and (both := _SETTING_AND_TIME.fullmatch(word)):
            setting, time = _setting(both["s1"] or both["s2"]), both["t1"] or both["t2"]
        else:
            place.append(word)
    return Heading(setting, " ".join(place), time)


def _is_time(word: str) -> bool:
    return bool(_IS_CHINESE_TIME.fullmatch(word)) or bool(_LATIN_TIMES.fullmatch(word))


def split_cue(line: str) -> tuple[str, str | None, bool]:
    """Split a cue into name, extension and whether it is dual (a ``^`` at its end).

    The extension is what stands between the parentheses behind the name, of either width. Several extensions
    stay as they are written between the first parenthesis and the last: ``MARA (V.O.) (CONT'D)`` has
    ``V.O.) (CONT'D``.
    """
    name = line.strip()
    dual = name.endswith("^") and bool(name[:-1].strip())
    if dual:
        name = name[:-1].rstrip()
    end = len(name)
    while (start := _last_parenthesis(name, end)) is not None:
        end = start
        while end and name[end - 1].isspace():
            end -= 1
    extension = name[end:].strip()[1:-1].strip()
    if not extension or not name[:end]:
        return name, None, dual
    return name[:end], extension, dual


def _last_parenthesis(text: str, end: int) -> int | None:
    """Where the parenthesis begins that closes at `end`; None if there is none."""
    depth = 0
    for index in range(end - 1, -1, -1):
        depth += (text[index] in ")）") - (text[index] in "(（")
        if depth <= 0:
            return index if index < end - 1 else None
    return None


def cue_name(text: str) -> str:
    """Return the name a cue is known by: equal for ``MARA (V.O.)``, ``Mara (CONT'D) ^`` and ``@mara``.

    Asides, extensions, marks and spare white space go; widths are unified, letters case-folded. It is a
    key for comparison, not for show.
    """
    name = split_cue(printed(text).strip().removeprefix("@"))[0]
    name = re.sub(r"[\s,]+CONT['’]?D\.?$", "", name, flags=re.IGNORECASE)
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
