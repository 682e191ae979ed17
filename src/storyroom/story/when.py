"""When a scene plays, as its heading says: place, time of day, and how it joins the scene before it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from storyroom.story.asides import printed
from storyroom.story.headings import heading_parts

Unreal = Literal["flashback", "dream"]

_SPLIT = re.compile(
    r"\s+[-–—]+\s+|\s*[,，、/／]\s*|[(（\[]|[)）\]]|(?<=[\u3400-\u9fff])[\s·・.。]+(?=[\u3400-\u9fff])"
)
_FLASHBACK = re.compile(
    r"(?:intercut |begin |end of |in )?(?:flash(?:\s|-)?(?:back|forward)s?|memory|memories|remembered)"
    r"(?: sequence| scene| to .*| \d+)?"
    r"|.*\byears? (?:ago|earlier|before)|(?:\w+ )?(?:months?|weeks?) (?:ago|earlier|before)|the past"
    r"|(?:.*[闪閃]回.*|回忆.*|回憶.*|倒叙|往事|过去|當年|当年|.{1,6}年(?:以)?前|.{1,4}个?月(?:以)?前|前史)",
    re.IGNORECASE,
)
_DREAM = re.compile(
    r"(?:in )?(?:(?:\w+(?:'s|’s) )?(?:day)?dream|nightmare|vision|fantasy|hallucination|imagin(?:ed"
    r"|ary|ation)|reverie)"
    r"(?: sequence| scene)?"
    r"|(?:.{0,4}梦境?中?|.{0,4}夢境?中?|梦里|噩梦|幻觉|幻想|想象中?|幻境|幻象)",
    re.IGNORECASE,
)
_CONTINUOUS = re.compile(r"cont(?:inuous|inuing|'d)?\.?|连续|連續|紧接|接上场|承上", re.IGNORECASE)
_SAME_TIME = re.compile(
    r"(?:the )?same(?: time| moment)?|simultaneous(?:ly)?|meanwhile|at the same time|同时|同時"
    r"|与此同时|同一时间",
    re.IGNORECASE,
)
_NEW_DAY = re.compile(
    r"\b(?:next|following|another|second|third)\b|\bday (?:two|three|four|five|\d+)\b|\bdays? later\b"
    r"|[次翌][日天晨夜]|第[二三四五]天|隔天|几天后|数日后|来日",
    re.IGNORECASE,
)
# The order of a day's parts. DAY is as vague as it is used; only night runs into dawn.
_PARTS: tuple[tuple[str, tuple[int, int]], ...] = (
    (r"\b(?:pre-?)?dawn\b|daybreak|sunrise|first light|凌晨|拂晓|黎明|破晓|清晨|日出|天亮", (0, 0)),
    (r"\bmorning\b|早晨|早上|上午|(?<![\u3400-\u9fff])[晨早](?![\u3400-\u9fff])", (1, 1)),
    (r"\bafternoon\b|下午|午后|午後", (3, 3)),
    (
        r"\b(?:evening|dusk|twilight|sunset|nightfall|magic hour)\b|傍晚|黄昏|日落|薄暮"
        r"|(?<![\u3400-\u9fff])昏(?![\u3400-\u9fff])",
        (4, 4),
    ),
    (r"\b(?:mid)?night\b|深夜|午夜|半夜|子夜|夜间|夜晚|晚上|夜景|雨夜|雪夜|夜|晚", (5, 5)),
    (r"\b(?:noon|midday)\b|中午|正午", (2, 2)),
    (r"\bday(?:time)?\b|白天|白日|日间|日景|日", (1, 3)),
)
_DAWN, _NIGHT = 0, 5
_NOT_A_PLACE = re.compile(
    r"later|moments? later|back to (?:scene|present)|(?:the )?present(?: day)?|establishing|stock"
    r"|intercut|rain"
    r"|稍后|片刻后|不久|不久后|现在|现实|雨",
    re.IGNORECASE,
)


_NUMBER = re.compile(r"^\s*\d+[A-Za-z]?[.、)）\s]\s*(?=(?:INT|EXT|EST|I/E)\b)", re.IGNORECASE)


class When(NamedTuple):
    """What a heading says of time.

    Attributes:
        place: where, without what says when.
        part: the earliest and the latest part of the day that it can mean, from 0 (dawn) to 5 (night); None
            where it is silent.
        continuous: whether it says that no time has passed since the scene before.
        same_time: whether it says that it plays at the time of the scene before.
        new_day: whether it says that another day has come.
        unreal: whether it is a flashback or a dream.
    """

    place: str
    part: tuple[int, int] | None
    continuous: bool
    same_time: bool
    new_day: bool
    unreal: Unreal | None


@lru_cache(maxsize=1 << 12)
def when(heading: str) -> When:
    """Read the time of a heading.

    >>> when("INT. ATTIC - MORNING - CONTINUOUS")[:3]
    ('ATTIC', (1, 1), True)
    >>> when("内景 阁楼（回忆） 夜").unreal
    'flashback'
    """
    heading = _NUMBER.sub("", heading)
    parts = heading_parts(heading)
    words = [word.strip() for word in _SPLIT.split(printed(heading)) if word and word.strip()]
    unreal: Unreal | None = "flashback" if any(_FLASHBACK.fullmatch(one) for one in words) else None
    if unreal is None and any(_DREAM.fullmatch(one) for one in words):
        unreal = "dream"
    place, times = _place(parts.place)
    said = " ".join([*times, parts.time])
    return When(
        place=place,
        part=next((span for pattern, span in _PARTS if re.search(pattern, said, re.IGNORECASE)), None),
        continuous=any(_CONTINUOUS.fullmatch(one) for one in words),
        same_time=any(_SAME_TIME.fullmatch(one) for one in words),
        new_day=bool(_NEW_DAY.search(said)),
        unreal=unreal,
    )


def _place(text: str) -> tuple[str, list[str]]:
    """Take off a place what says when: brackets, and times before the last one."""
    times = re.findall(r"[(（\[]([^()（）\[\]]*)[)）\]]", text)
    text = " ".join(re.sub(r"[(（\[][^()（）\[\]]*[)）\]]", " ", text).split()).strip(" -–—")
    while True:
        head, tail = _last(text)
        if not head or not _is_time(tail):
            return text, times
        times.append(tail)
        text = head.strip(" -–—,，")


def _last(text: str) -> tuple[str, str]:
    """Split a place before its last part: behind a dash, or behind a space in Chinese."""
    for mark in (r"\s+[-–—]+\s*", r"\s+(?=[\u3400-\u9fff]+$)", r",\s+"):
        found = list(re.finditer(mark, text))
        if found:
            return text[: found[-1].start()], text[found[-1].end() :]
    return "", text


def _is_time(text: str) -> bool:
    return all(_is_one_time(one.strip()) for one in re.split("[/／]", text))


def _is_one_time(text: str) -> bool:
    if any(one.fullmatch(text) for one in (_FLASHBACK, _DREAM, _CONTINUOUS, _SAME_TIME, _NOT_A_PLACE)):
        return True
    return heading_parts(f"INT. X - {text}")[1:] == ("X", text) != ("X", "")


def runs_backwards(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether a part of the day that follows another at once is an earlier one; night runs into dawn."""
    if before[1] == _NIGHT and after == (_DAWN, _DAWN):
        return False
    return after[1] < before[0]
