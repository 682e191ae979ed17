"""Acts of a teleplay: their titles, found by what a line says (``ACT TWO``, ``COLD OPEN``, ``第二幕``)."""

from __future__ import annotations

import re
from typing import Literal

from storyroom.story.asides import printed
from storyroom.story.script import Element, Kind, Script

_NUMBER = r"(?:ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN|[IVX]+|\d+)"
_NAME = rf"(?:(?:ACT|PART)\s+{_NUMBER}|TEASER|COLD\s+OPEN(?:ING)?|TAG|PROLOGUE|EPILOGUE)"
_CHINESE_NAME = r"(?:第[一二三四五六七八九十百\d]+幕|冷开场|引子|序幕|楔子|片头|尾声|片尾)"
_SUBTITLE = r"(?:\s*[:：·—–-]\s*\S.*)?"
_TITLE = re.compile(rf"(?:{_NAME}|{_CHINESE_NAME}){_SUBTITLE}", re.IGNORECASE)
_END = re.compile(
    rf"END\s+(?:OF\s+)?{_NAME}|{_CHINESE_NAME}\s*(?:完|终|終|结束|結束)|END\s+OF\s+(?:SHOW|EPISODE)|本集完|全剧终",
    re.IGNORECASE,
)
_EMPHASIS = "*_ "

Part = Literal["title", "end"]


def act_part(element: Element) -> Part | None:
    """Whether an element is an act's title or the line that ends it; by its text alone."""
    if element.kind not in (Kind.CENTERED, Kind.ACTION, Kind.SECTION):
        return None
    text = printed(element.text).strip(_EMPHASIS + "\n")
    if element.kind is Kind.ACTION and text != text.upper():
        return None
    if _END.fullmatch(text):
        return "end"
    return "title" if _TITLE.fullmatch(text) else None


def acts_of(script: Script) -> dict[int, Part]:
    """Find the acts of a script: index among `Script.elements()` to what stands there.

    Sections (``# Act One``) are never printed, but stand for act titles in a script that prints none.
    """
    found = {index: (element, act_part(element)) for index, element in enumerate(script.elements())}
    parts = {i: (element.kind is Kind.SECTION, part) for i, (element, part) in found.items() if part}
    has_titles = any(part == "title" and not section for section, part in parts.values())
    return {i: part for i, (section, part) in parts.items() if not (section and has_titles)}
