"""Routing: which roles a note goes to when its author names none, decided by what it says.

The words of the trade decide, in English and in Chinese, then what the note names, then whom its author
guides. The same note always goes the same way, and the words that decided are told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from storyroom.story.bible import Bible, Role
from storyroom.story.quoted import quoted

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
    named = [role for role in bible.roles if _names_role(text, role)]
    if named:
        return Routed(tuple(named), f"It names the {_listed(named)}.")
    found = _words_of_the_trade(text, bible)
    if found:
        most = max(len(words) for words in found.values())
        roles = [str(role) for role, words in found.items() if len(words) == most][:2]
        told = "; ".join(f"{_quoted(words)} {_said(role)}" for role, words in found.items() if role in roles)
        if in_a_scene and not set(roles) & set(_WRITERS):
            return Routed(
                (*roles, str(Role.DIALOGUE_WRITER)), f"{told}; the dialogue writer can change the scene."
            )
        return Routed(tuple(roles), f"{told}.")
    if in_a_scene:
        return Routed((str(Role.DIALOGUE_WRITER),), "It is about a scene, which the dialogue writer writes.")
    who = [name for one in bible.cast for name in one.names if _stands_in(text, name)]
    who += [place.name for place in bible.locations if _stands_in(text, place.name)]
    if who:
        return Routed((str(Role.PLOT_WRITER),), f"It is about {_quoted(who[:3])}, in no scene of its own.")
    return Routed(tuple(guided), "Nothing in it tells, so it goes to the roles that its author guides.")


def _words_of_the_trade(text: str, bible: Bible) -> dict[Role, list[str]]:
    """Return the words of the trade that a note uses, by the role whose trade it is."""
    low = text.casefold()
    english = set(_WORD.findall(low))
    found: dict[Role, list[str]] = {}
    names = {name: one.name for one in bible.cast for name in one.names}
    if any(one.use != "spoken_of" for one in quoted(text, names)):
        found[Role.DIALOGUE_WRITER] = ["words in quotes"]
    for role in Role:
        if role is Role.STANDARDS and not bible.room.standards:
            continue
        words = [word for word in _ENGLISH[role].split() if word in english]
        words += [word for word in _CHINESE[role].split() if word in low]
        if words:
            found[role] = [*found.get(role, []), *words]
    return found


def _names_role(text: str, role: str) -> bool:
    low = text.casefold()
    words = re.escape(role.replace("_", " ")).replace(r"\ ", r"[ _]")
    return re.search(rf"(?:^|@|\bthe |\bfor |\bto ){words}\b", low) is not None


def _stands_in(text: str, name: str) -> bool:
    if not name.isascii():
        return name in text
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def _listed(roles: Sequence[str]) -> str:
    return " and the ".join(role.replace("_", " ") for role in roles)


def _said(role: str) -> str:
    return f"is for the {role.replace('_', ' ')}"


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(word if word == "words in quotes" else f"“{word}”" for word in words)
