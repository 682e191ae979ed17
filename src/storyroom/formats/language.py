"""The language of a script, as documents name it."""

from __future__ import annotations

import re

from storyroom.formats.pages import is_chinese
from storyroom.story.script import Script

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def language(script: Script) -> str:
    """Return the language as a tag of BCP 47: what the title page names, else ``zh-Hans`` or ``en``."""
    named = (script.title_page.get("language", "lang") or "").strip()
    if _LANGUAGE_TAG.fullmatch(named):
        return named
    return "zh-Hans" if is_chinese(script) else "en"
