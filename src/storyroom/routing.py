"""Routing: which roles a note goes to when its author names none, decided by what it says.

The words of the trade decide, in English and in Chinese, then what the note names, then whom its author
guides. The same note always goes the same way, and the words that decided are told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from storyroom.story.bible import Bible, Role
from storyroom.story.plan import Language
from storyroom.story.quoted import quoted
from storyroom.story.roles import role_name

_ENGLISH: Mapping[Role, str] = {
    Role.DIALOGUE_WRITER: """
        line lines dialogue speech speeches monologue voice say says said saying speak speaks speaking talk
        talks wording phrase joke jokes banter accent slang subtext
        """,
    Role.PLOT_WRITER: """
        plot story storyline beat beats structure twist twists ending opening stakes setup payoff subplot
        cliffhanger climax foreshadow foreshadowing reveal outline
        """,
    Role.SHOWRUNNER: """
        theme themes arc arcs season series premise tone rating backstory character characters relationship
        relationships
        """,
    Role.EMOTION_CRITIC: """
        feel feels feeling feelings emotion emotions emotional moving mood fear sadness joy anger grief tears
        cry cries tension warmth
        """,
    Role.EDITOR: """
        logic logical motivation confusing confused unclear clarity pace pacing slow drags rushed tighten
        repetitive repeats redundant plausible believable
        """,
    Role.SCRIPT_COORDINATOR: """
        format formatting heading headings slug slugline continuity spelling typo typos misspelled numbering
        capitals
        """,
    Role.STANDARDS: """
        stereotype stereotypes offensive slur slurs racist sexist libel defamation violence gore nudity
        """,
}
_CHINESE: Mapping[Role, str] = {
    Role.DIALOGUE_WRITER: "台词 对白 独白 口吻 语气 口音 说话 这句话 那句话 一句话 潜台词 措辞 俏皮话",
    Role.PLOT_WRITER: "情节 剧情 故事线 结构 转折 反转 结局 结尾 开头 伏笔 悬念 高潮 支线 大纲 节拍",
    Role.SHOWRUNNER: "主题 基调 全季 整季 本季 剧集 人物弧 人设 人物 角色 关系 世界观 前史 分级",
    Role.EMOTION_CRITIC: "情绪 感情 情感 感受 感动 动人 害怕 恐惧 悲伤 难过 喜悦 愤怒 眼泪 哭 紧张 温暖",
    Role.EDITOR: "逻辑 动机 看不懂 不清楚 说不通 节奏 拖沓 太慢 太快 啰嗦 重复 合理 可信",
    Role.STANDARDS: "刻板印象 歧视 冒犯 诽谤 影射 血腥 暴力 裸露 尺度",
    Role.SCRIPT_COORDINATOR: "格式 场景标题 标题行 连戏 连续性 错字 错别字 拼写 页数 场号",
}
_SAID: dict[Language, dict[str, str]] = {
    "en": {
        "the": "the {}",
        "and": " and ",
        "comma": ", ",
        "names": "It names {}.",
        "quotes": "gives words in quotes",
        "speaks": "speaks of {}",
        "trade": "{}, which is the work of {}",
        "next": ", and ",
        "sentence": "It {}.",
        "can change": " The dialogue writer gets it too, who can change the scene.",
        "scene": "It is about a scene, which the dialogue writer writes.",
        "about": "It is about {} and names no scene.",
        "guided": "Nothing in it tells whose work it is, so it goes to {}, whom its author guides.",
        "everybody": "Nothing in it tells whose work it is, so it goes to everybody.",
    },
    "zh": {
        "the": "{}",
        "and": "和",
        "comma": "、",
        "names": "意见里点名了{}。",
        "quotes": "引号里的原话",
        "speaks": "{}",
        "trade": "{}，归{}管",
        "next": "；有",
        "sentence": "意见里有{}。",
        "can change": "能改这一场的是对白编剧，所以也交给对白编剧。",
        "scene": "意见说的是一场戏，戏由对白编剧来写。",
        "about": "意见说的是{}，没有指明哪一场。",
        "guided": "看不出归谁管，交给提意见的人所带的岗位：{}。",
        "everybody": "看不出归谁管，交给所有岗位。",
    },
}
_QUOTES = "“”"
"""Stands for words in quotes among the words that decide."""

_WRITERS = (Role.DIALOGUE_WRITER, Role.PLOT_WRITER, Role.SHOWRUNNER)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


class Routed(NamedTuple):
    """Where a note goes.

    Attributes:
        reason: what decided, for the note's author to read.
    """

    roles: tuple[str, ...]
    reason: str


def route(text: str, bible: Bible, guided: Sequence[str], *, in_a_scene: bool = False) -> Routed:
    """Return the roles that a note goes to.

    Args:
        guided: the roles that its author guides; they get it when nothing in it tells.
        in_a_scene: whether it is about a scene or about lines of one.
    """
    say = _Reasons(bible.language)
    named = [role for role in bible.working_roles if _names_role(text, role)]
    if named:
        return Routed(tuple(named), say("names", say.roles(named)))
    found = _words_of_the_trade(text, bible)
    if found:
        most = max(len(words) for words in found.values())
        roles = [str(role) for role, words in found.items() if len(words) == most][:2]
        told = say.trades({role: found[Role(role)] for role in roles})
        if in_a_scene and not set(roles) & set(_WRITERS):
            return Routed((*roles, str(Role.DIALOGUE_WRITER)), told + say("can change"))
        return Routed(tuple(roles), told)
    if in_a_scene:
        return Routed((str(Role.DIALOGUE_WRITER),), say("scene"))
    who = [name for one in bible.cast for name in one.names if _stands_in(text, name)]
    who += [place.name for place in bible.locations if _stands_in(text, place.name)]
    if who:
        return Routed((str(Role.PLOT_WRITER),), say("about", say.listed([f"“{name}”" for name in who[:3]])))
    return Routed(tuple(guided), say("guided" if guided else "everybody", say.roles(guided)))


class _Reasons:
    """Reasons as sentences, in the language of the series."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._said = _SAID[language]

    def __call__(self, key: str, *values: str) -> str:
        return self._said[key].format(*values)

    def roles(self, roles: Sequence[str]) -> str:
        """Return roles, listed: `the editor and the plot writer`."""
        return self.listed([self("the", role_name(role, self._language)) for role in roles])

    def trades(self, found: Mapping[str, Sequence[str]]) -> str:
        """Return which words of a note belong to which role's trade."""
        told = []
        for role, words in found.items():
            quotes = [self._said["quotes"]] if _QUOTES in words else []
            spoken = self.listed([f"“{word}”" for word in words if word != _QUOTES])
            has = self.listed([*quotes, *([self("speaks", spoken)] if spoken else [])])
            told.append(self("trade", has, self.roles([role])))
        return self("sentence", self._said["next"].join(told))

    def listed(self, things: Sequence[str]) -> str:
        """Return things, the last two with `and` between them."""
        return self._said["and"].join(filter(None, (self._said["comma"].join(things[:-1]), *things[-1:])))


def _words_of_the_trade(text: str, bible: Bible) -> dict[Role, list[str]]:
    """Return the words of the trade that a note uses, by the role whose trade it is."""
    low = text.casefold()
    english = set(_WORD.findall(low))
    found: dict[Role, list[str]] = {}
    names = {name: one.name for one in bible.cast for name in one.names}
    if any(one.use != "spoken_of" for one in quoted(text, names)):
        found[Role.DIALOGUE_WRITER] = [_QUOTES]
    for role in Role:
        if role is Role.STANDARDS and not bible.room.standards:
            continue
        words = [word for word in _ENGLISH[role].split() if word in english]
        words += [word for word in _CHINESE[role].split() if word in low]
        if words:
            found[role] = [*found.get(role, []), *words]
    return found


def _names_role(text: str, role: str) -> bool:
    if (chinese := role_name(role, "zh")) != role_name(role) and chinese in text:
        return True
    low = text.casefold()
    words = re.escape(role.replace("_", " ")).replace(r"\ ", r"[ _]")
    return re.search(rf"(?:^|@|\bthe |\bfor |\bto ){words}\b", low) is not None


def _stands_in(text: str, name: str) -> bool:
    if not name.isascii():
        return name in text
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None
