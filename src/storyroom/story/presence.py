"""Who hears what is said in a scene: who is there in body, and who is only heard.

A scene in which somebody is only spoken of, waited for, or shown in a photograph is not theirs. In doubt they
are absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from storyroom.story.asides import printed
from storyroom.story.han import HAN
from storyroom.story.headings import split_cue
from storyroom.story.people import Appearance, People, Who, appearances
from storyroom.story.script import SPOKEN, UNPRINTED, Element, Kind

Voice = Literal["here", "off", "line", "over"]

_HAN = re.compile(f"[{HAN}]")
_OVER = re.compile(
    r"v\.?\s*o\.?|voice.?over|narrat\w*|pre-?lap|旁白|画外音?|畫外音?|独白|獨白|内心|內心|心声|os\b",
    re.IGNORECASE,
)
_OFF = re.compile(r"o\.?\s*[sc]\.?|off.?(?:screen|camera|stage)|场外|場外", re.IGNORECASE)
_LINE = re.compile(
    r"phone|filter|radio|intercom|speaker|walkie|video.?call|on (?:tv|screen|tape|video|monitor)"
    r"|record|电话|電話|话筒|"
    r"对讲|對講|广播|廣播|电台|視頻|视频|录音|錄音|免提|听筒|耳机",
    re.IGNORECASE,
)
_RECORDED = re.compile(
    r"tape|record|archive|answer(?:ing|phone)|voicemail|录音|錄音|录像|錄像|留言|视频里", re.IGNORECASE
)
_INTO = re.compile(r"\binto\b|对着|對著|拿着|握着", re.IGNORECASE)
APPARATUS = re.compile(
    r"\b(?:tele|smart)?phones?\b|\breceiver\b|\bradio\b|\bintercom\b|walkie|\bspeaker(?: box|phone)?\b"
    r"|\bhandset\b"
    r"|\btransistor\b|\bcalls? up\b|\bvideo call\b|电话|電話|手机|手機|话筒|話筒|听筒|聽筒|对讲机"
    r"|對講機|收音机|收音機|电台|喇叭|广播"
    r"|视频通话|耳机",
    re.IGNORECASE,
)
# Whose hand moves is there; whose coat hangs on the door need not be.
_BODY = (
    "hands?|eyes?|face|voice|fingers?|mouth|lips?|head|hair|arms?|shoulders?|back|feet|foot|breath"
    "|gaze|smile|"
    "look|steps?|footsteps|fist|knees?|knuckles|cheeks?|chin|throat|pencil|jaw|laugh"
)
_HAN_BODY = "手|眼|脸|声音|嘴|头|背|肩|脚|目光|呼吸|影子|手指|拳头|身"
_ABSENT_BEFORE = (
    r"\b(?:of|about|for|without|like|as|than|named|called|misses|remembers|mentions|reads|imagines)\s+$"
)
_HAN_ABSENT_BEFORE = "(?:关于|没有|等着?|等待|像|想起|想念|提起|提到|梦见|写给|寄给|打给|叫做|名叫|照片上的)$"

_NEAR = 20  # characters
_SHOWN = (Kind.ACTION, Kind.PARENTHETICAL)


@dataclass(frozen=True)
class Speech:
    """What is said under one cue.

    Attributes:
        who: who speaks.
        cue: the cue.
        lines: the dialogue and lyrics below it.
        voice: here (on screen), off (heard from nearby), line (telephone, radio), over (narration).
        recorded: whether it is a recording, so that the speaker need not even be alive.
    """

    who: tuple[Who, ...]
    cue: Element
    lines: tuple[Element, ...]
    voice: Voice
    recorded: bool = False


def speeches(elements: Sequence[Element], people: People) -> Iterator[Speech]:
    """Yield the speeches of a scene in order."""
    apparatus = any(APPARATUS.search(one.text) for one in elements if one.kind in _SHOWN)
    cue: Element | None = None
    below: list[Element] = []
    for element in elements:
        if element.kind is Kind.CUE or element.kind not in SPOKEN | {Kind.LYRIC} | UNPRINTED:
            if cue is not None:
                yield _speech(cue, below, people, apparatus)
            cue, below = (element, []) if element.kind is Kind.CUE else (None, [])
        elif cue is not None:
            below.append(element)
    if cue is not None:
        yield _speech(cue, below, people, apparatus)


def _speech(cue: Element, below: Sequence[Element], people: People, apparatus: bool) -> Speech:
    said = cue.extension or split_cue(cue.text)[1] or ""
    first = next((one.text for one in below if one.kind is Kind.PARENTHETICAL), "")
    return Speech(
        who=tuple(people.everyone(cue.text)),
        cue=cue,
        lines=tuple(one for one in below if one.kind in (Kind.DIALOGUE, Kind.LYRIC)),
        voice=_voice(said, first, apparatus),
        recorded=bool(_RECORDED.search(said)),
    )


def _voice(extension: str, parenthetical: str, apparatus: bool) -> Voice:
    """Tell how a speech is heard. A voice on the telephone is often V.O.; then a telephone is there."""
    if _LINE.search(extension) and not _INTO.search(extension):
        return "line"
    if _OVER.search(extension):
        return "line" if apparatus or _LINE.search(parenthetical) else "over"
    return "off" if _OFF.fullmatch(extension.strip()) or _OFF.match(extension) else "here"


def hearers(elements: Sequence[Element], people: People) -> set[str]:
    """Return who of the cast hears what is said in a scene: there in body, or at the other end of a line."""
    found = {
        who.name for one in speeches(elements, people) if one.voice != "over" for who in one.who if who.known
    }
    return found | set(in_body(told(elements), people))


def told(elements: Iterable[Element]) -> list[str]:
    """Return the action of a scene."""
    return [printed(one.text) for one in elements if one.kind in (Kind.ACTION, Kind.CENTERED)]


def in_body(texts: Iterable[str], people: People) -> list[str]:
    """Return who of the cast action names as being there."""
    texts = list(texts)
    return [
        one.name
        for one in people.cast
        if any(True for text in texts for _ in places_in_body(one.names, text))
    ]


def places_in_body(names: Iterable[str], text: str) -> Iterator[int]:
    """Yield where action has somebody of one of these names in it, in body."""
    for name in names:
        pattern, before = _patterns(name)
        for found in pattern.finditer(text):
            if not before.search(text[max(0, found.start() - _NEAR) : found.start()]):
                yield found.start()


def appearing(elements: Sequence[Element], people: People) -> list[Appearance]:
    """Return who appears in a scene, as `appearances` does, and who of them is there.

    Who speaks is, unless only as a voice over the picture; whom action names need not be: their photograph
    may hang on the wall.
    """
    there = {who.name for one in speeches(elements, people) if one.voice != "over" for who in one.who}
    there |= set(in_body(told(elements), people))
    return [one.model_copy(update={"there": one.name in there}) for one in appearances(elements, people)]


@lru_cache(maxsize=2048)
def _patterns(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    if _HAN.search(name):
        pattern = rf"{re.escape(name)}(?:(?!的)|(?=的(?:{_HAN_BODY})))"
        return re.compile(pattern), re.compile(_HAN_ABSENT_BEFORE)
    pattern = rf"(?<!\w){re.escape(name)}(?:(?!['’]s\b)(?!\w)|(?=['’]s (?:\w+ )?(?:{_BODY})\b))"
    return re.compile(pattern, re.IGNORECASE), re.compile(_ABSENT_BEFORE, re.IGNORECASE)
