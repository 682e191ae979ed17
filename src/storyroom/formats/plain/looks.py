"""What a line of a script is by its look alone: heading, cue, transition, what the page adds.

English and Chinese alike. Where a line stands is not asked here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from storyroom.formats.pages.columns import has_han
from storyroom.story.headings import heading_parts, is_heading, split_cue

LONGEST_CUE = 42
_KEPT = 16_384  # lines of two long scripts: each is looked at several times
_LONGEST_HEADING = 90
_LONGEST_CHINESE_HEADING = 40
_LONGEST_CHINESE_NAME = 8
_CHINESE_PREFIX = 6  # characters; a full stop may part ``内景`` from the place, but ends no heading

_SENTENCE = re.compile(r"[。！？；“”!?;…]|，.*，")
_SCENE_NUMBER = re.compile(
    r"(?P<number>\d{1,4}[A-Za-z]{0,2}|[A-Z]\d{1,4})[.)]?\s+(?=(?:INT|EXT|I/E|EST)\b|[内內外]景)", re.I
)
_CHINESE_SCENE_NUMBER = re.compile(r"(?P<number>\d{1,3}[-–—.]\d{1,3})[.、．:：\s]\s*(?=\D)")
_CHINESE_ORDINAL = re.compile(
    r"(?:第?\d{1,4}[A-Za-z]?[场場]?|第[一二三四五六七八九十百]+[场場]|场景\d+)[\s.、．:：]"
)
_TRANSITION = re.compile(
    r"[A-Z'’ -]+ TO:|FADE (?:IN|OUT|UP)[:.]?|FADE (?:TO|FROM) (?:BLACK|WHITE)[:.]?"
    r"|(?:SMASH |HARD |MATCH |JUMP |QUICK )?CUT(?: TO)?(?: BLACK)?[:.]|DISSOLVE[:.]|WIPE[:.]|INTERCUT[:.]"
)
_CHINESE_TRANSITION = re.compile(
    r"(?:切至|切到|切回|切换到|跳切|淡入|淡出|叠化|疊化|化入|化出|黑场|黑幕|渐隐|渐显|淡化|硬切)[^，。]{0,12}[：:。]?"
)
_MORE = re.compile(r"[(（]\s*(?:MORE|接下页|接下頁|未完|转下页|續下頁)\s*[)）]", re.I)
_CONTINUED = re.compile(
    r"[(（]?\s*CONTINUED:?\s*[)）]?(?:\s*[(（]?\d+[)）]?)?:?|[(（](?:续|續|接上页|接上頁)[)）]", re.I
)
_SAYS_CONTINUED = re.compile(r"\bCONT(?:['’]?D|INUED|INUING)?\b\.?|[续續]", re.I)
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?(?P<latin>\d{1,4})(?P<letter>[A-Z]?)\.?(?:\s*(?:of|/)\s*\d{1,4})?"
    r"|[-–—]\s*(?P<dashed>\d{1,4})\s*[-–—]|第\s*(?P<chinese>\d{1,4})\s*[页頁]",
    re.I,
)

# What stands before a colon in Chinese scripts and is nobody's name.
_LABELS = frozenset(
    re.findall(
        r"\w+",
        """
        人物 登场人物 出场人物 出场 人物表 时间 地点 场景 场次 景别 道具 服装 字幕 注 备注 旁注 音乐 音效
        声音 镜头 特写 画面 闪回 转场 编剧 导演 作者 剧名 片名 标题 集数 日期 稿次 主题 梗概 故事梗概 内容
        提示 时长 类型 片头 片尾 舞台提示 动作 切至 切到 切回 叠化 淡入 淡出
        """,
    )
)
_SPEECH_VERB = re.compile(
    r"(?:[说說道问問喊叫写寫念唸答骂罵嚷吼唱想着著的了是有在到见見]|显示|显示着|写道|如下)$"
)
_COLON = re.compile(
    r"(?P<name>[^\s：:。！？，,、“”（）()\[\]\d][^：:。！？，、“”（）()\[\]]{0,30}?)\s*"
    r"(?P<aside>(?:[（(][^（）()]{1,24}[）)]\s*)*)(?P<voice>(?:\s?(?:OS|VO|O\.S\.|V\.O\.))?)\s*[：:]\s*(?P<said>.*)",
    re.DOTALL,
)
_VOICE = re.compile(
    r"画外|旁白|电话|電話|广播|廣播|独白|獨白|内心|心声|录音|录像|视频|对讲|屏幕|里）?$|[续續]|\bO\.?S\.?|\bV\.?O\.?|CONT|PHONE|RADIO"
    r"|FILTER|\bTV\b|PRE-?LAP",
    re.I,
)
_LATIN_NAME = re.compile(r"[A-Z][\w.'’#&-]*(?: [A-Z#&\d][\w.'’#&-]*){0,4}")


class NumberedHeading(NamedTuple):
    """A heading and the number that stands before it; None where it has none, or where it is part of it."""

    text: str
    number: str | None


@lru_cache(maxsize=_KEPT)
def heading(text: str) -> NumberedHeading | None:
    """Read a line as a scene heading.

    ``INT. …``, ``12. INT. … 12``, ``内景 …``, ``4 教室 内 夜``, ``1-2 教室 日 内`` are some.
    A number that belongs to the heading as Chinese scripts write it (``4 教室 内 夜``) stays in its text.
    """
    if len(text) > _LONGEST_HEADING:
        return None
    if found := _SCENE_NUMBER.match(text):
        number, rest = found["number"], text[found.end() :]
        return NumberedHeading(re.sub(rf"\s+{re.escape(number)}[.)]?$", "", rest).strip(), number)
    if is_heading(text):
        return (
            None if has_han(text) and _SENTENCE.search(text, _CHINESE_PREFIX) else NumberedHeading(text, None)
        )
    if not has_han(text) or len(text) > _LONGEST_CHINESE_HEADING or _SENTENCE.search(text):
        return None
    if found := _CHINESE_SCENE_NUMBER.match(text):
        rest = text[found.end() :].strip()
        parts = heading_parts(f"1 {rest}")
        return NumberedHeading(rest, found["number"]) if parts.setting or parts.time else None
    parts = heading_parts(text)
    numbered = bool(_CHINESE_ORDINAL.match(text))
    whole = bool(parts.setting and parts.time and parts.place)
    if whole or (numbered and parts.place and (parts.setting or parts.time)):
        return NumberedHeading(text, None)
    return None


def names_place_and_time(text: str) -> bool:
    """Whether a line in capitals reads as a heading that lacks its setting: ``THE BOATHOUSE - NIGHT``."""
    parts = heading_parts(text)
    return text.isupper() and len(text) <= LONGEST_CUE and bool(parts.place and parts.time)


@lru_cache(maxsize=_KEPT)
def is_cue(text: str) -> bool:
    """Whether a line could be a cue: a name in capitals, or a short one in Chinese, with its extensions."""
    name = split_cue(text)[0]
    if not name or name[0] in "(（" or len(text) > LONGEST_CUE or heading(text) or is_transition(text):
        return False
    if has_han(name):
        return is_chinese_name(name)
    letters = [c for c in name if c.isalpha()]
    return (
        bool(letters) and all(c.isupper() for c in letters) and name[-1] not in "!?:,;" and "..." not in name
    )


def is_chinese_name(name: str) -> bool:
    """Whether a text is short enough for a Chinese name, and has no mark that no name has."""
    short = len(name.replace(" ", "")) <= _LONGEST_CHINESE_NAME
    return short and not re.search(r"[，。！？：；、…“”《》（）()—△▲]", name) and name not in _LABELS


def is_parenthetical(text: str) -> bool:
    """Whether a line begins a parenthetical."""
    return text[:1] in "(（"


def is_transition(text: str) -> bool:
    """Whether a line is a transition by its words."""
    return bool(_TRANSITION.fullmatch(text) or _CHINESE_TRANSITION.fullmatch(text))


def is_more(text: str) -> bool:
    """Whether a line says only that a speech goes on overleaf."""
    return bool(_MORE.fullmatch(text))


def is_continued(text: str) -> bool:
    """Whether a line says only that a scene goes on: ``CONTINUED:``, ``(CONTINUED)``."""
    return bool(_CONTINUED.fullmatch(text))


def says_continued(extension: str | None) -> bool:
    """Whether an extension of a cue says that its speaker goes on."""
    return bool(extension and _SAYS_CONTINUED.search(extension))


def without_continued(extension: str | None) -> str | None:
    """Return an extension without its (CONT'D); None if nothing else is in it."""
    parts = [part.strip(" ()（）") for part in re.split(r"[)）]\s*[(（]", extension or "")]
    kept = [part for part in parts if part and not _SAYS_CONTINUED.fullmatch(part)]
    return ") (".join(kept) or None


def page_number(text: str) -> int | None:
    """Return the number that a line is, if it can be a page's."""
    if found := _PAGE_NUMBER.fullmatch(text):
        return int(found["latin"] or found["dashed"] or found["chinese"])
    return None


class ColonSpeech(NamedTuple):
    """A speech on one line: ``角色（画外音）：台词``.

    Attributes:
        manner: how it is said, from the parentheses, where these do not tell from where.
    """

    name: str
    extension: str | None
    manner: str | None
    said: str


def colon_speech(text: str) -> ColonSpeech | None:
    """Read a line as a speech behind a name and a colon."""
    found = _COLON.fullmatch(text)
    if not found:
        return None
    name = found["name"].strip()
    if has_han(name):
        if len(name) > _LONGEST_CHINESE_NAME or name in _LABELS or _SPEECH_VERB.search(name):
            return None
    elif not _LATIN_NAME.fullmatch(name) or is_transition(text):
        return None
    asides = re.findall(r"[（(]([^（）()]+)[）)]", found["aside"])
    voices = [aside for aside in asides if _VOICE.search(aside)]
    if voice := found["voice"].strip():
        voices.append(voice)
    manner = "，".join(aside for aside in asides if aside not in voices)
    return ColonSpeech(name, ") (".join(voices) or None, manner or None, found["said"].strip())
