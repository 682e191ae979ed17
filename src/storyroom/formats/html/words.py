"""The few words on the page that are not the script's."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """Words of the page; `together` takes the two names."""

    scenes: str
    skip: str
    untitled: str
    together: str


_ENGLISH = Words("Scenes", "Skip to the script", "Script", "{} and {}, at the same time")
_CHINESE = Words("场景", "跳到剧本正文", "剧本", "{}与{}同时说")


def words_in(tag: str) -> Words:
    """Return the words in the language of a tag; English where there are none in it."""
    return _CHINESE if tag.startswith("zh") else _ENGLISH
