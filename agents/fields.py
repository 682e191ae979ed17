"""The fields of the forms that members fill in: what may be typed into each, and how it is read.

Words that are chosen are taken in English and in Chinese.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from storyroom.story.han import HAN
from storyroom.story.plan import EMOTIONS

_LONGEST_TEXT = 4_000
_HAN = rf"{HAN}，。！？、；：）】」』”’…"
_FOLDED = re.compile(rf"(?<=[{_HAN}])\s*\n\s*(?=[{_HAN}])")
_MARKS_BETWEEN = re.compile(r"[,，、;；]")

_WORDS = {
    "接受": "accept",
    "反驳": "rebut",
    "是": "yes",
    "否": "no",
    "旧": "old",
    "新": "new",
    "小": "minor",
    "严重": "serious",
    "连续性": "continuity",
    "人物": "character",
    "情绪": "emotion",
    "逻辑": "logic",
    "对白": "dialogue",
    "格式": "format",
    "重复": "repetition",
    "跑题": "about",
    "成见": "stereotype",
    "真人": "person",
    "分级": "rating",
    "愤怒": "anger",
    "厌恶": "disgust",
    "恐惧": "fear",
    "喜悦": "joy",
    "悲伤": "sadness",
    "惊讶": "surprise",
    "平静": "neutral",
}


def word(value: Any) -> Any:
    """Take a word of either language for the one that is stored."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _WORDS.get(value.strip(), value.strip().lower()) if isinstance(value, str) else value or ""


def _text(value: Any) -> Any:
    return "" if value is None else str(value) if isinstance(value, (int, float)) else value


def _bounded(text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST_TEXT:
        raise PydanticCustomError(
            "long", "{n} characters, and at most {most} are read", {"n": len(text), "most": _LONGEST_TEXT}
        )
    return text


def _one_paragraph(text: str) -> str:
    if re.search(r"\n\s*\n", text):
        raise PydanticCustomError("paragraphs", "an empty line in it; it is one paragraph")
    return text


def _folded(text: str) -> str:
    """Put a sentence that was typed on several lines onto one."""
    return " ".join(_FOLDED.sub("", text).split())


def _not_empty(text: str) -> str:
    if not text:
        raise PydanticCustomError("empty", "nothing is written here")
    return text


def listed(value: Any) -> Any:
    """Take `Mara, Bea` or a single number for a list."""
    if isinstance(value, str):
        return [part.strip() for part in _MARKS_BETWEEN.split(value) if part.strip()]
    return [] if value is None else value if isinstance(value, list) else [value]


def letter(value: Any) -> Any:
    """Take no letter for the A story, and a small one for a capital."""
    return str(value or "A").strip().upper()


def answered(value: Any) -> Any:
    """Refuse silence where an empty list says that all is well."""
    if value is None:
        raise PydanticCustomError("silent", "write [] if nothing is to be objected to")
    return value


def line_number(value: Any) -> Any:
    """Take `3:10` for the number of a line, and refuse what YAML has rounded."""
    if isinstance(value, float):
        # YAML takes 3.10 for 3.1, which is another line.
        raise PydanticCustomError("decimal", "write it with a colon, as in the draft above")
    return "" if value is None else str(value).strip()


def filled_in(value: Any) -> Any:
    """Return the blocks that somebody wrote into."""
    if not isinstance(value, dict):
        return value
    return {key: block for key, block in value.items() if not _is_empty(block)}


def _is_empty(block: Any) -> bool:
    said = block.values() if isinstance(block, dict) else [block]
    return all(one is None or (isinstance(one, str) and not one.strip()) for one in said)


BESIDE = "beside its field"
"""Marks a text that is short enough to stand on the line of its field."""

Text = Annotated[str, BeforeValidator(_text), AfterValidator(_bounded)]
"""A text that may be left empty."""
Paragraph = Annotated[Text, AfterValidator(_one_paragraph)]
Line = Annotated[Text, AfterValidator(_folded)]
"""A text of one line, however it was typed."""
Sentence = Annotated[Line, AfterValidator(_not_empty)]
Name = Annotated[Sentence, BESIDE]
Felt = Annotated[Literal[EMOTIONS], BeforeValidator(word)]  # type: ignore[valid-type]
Numbers = Annotated[tuple[int, ...], BeforeValidator(listed)]
