"""What a title page says: the title, the authors, and where on the page each entry stands."""

from __future__ import annotations

from typing import Literal

from storyroom.formats.fountain import emphasis
from storyroom.story.script import Script

Place = Literal["title", "middle", "left", "right", "hidden"]
"""In the middle of the page, at its lower left, at its lower right, or not on it at all."""

_TITLE = ("title", "标题", "標題", "片名", "剧名", "劇名")
_AUTHOR = ("author", "authors", "编剧", "編劇", "作者")
_PLACES: dict[Place, tuple[str, ...]] = {
    "title": _TITLE,
    "left": ("contact", "联系方式", "联系", "聯繫方式", "notes", "note", "备注", "備註"),
    "right": (
        *("draft date", "date", "draft", "revision", "copyright"),
        *("日期", "稿次", "稿", "版权", "版權"),
    ),
    "hidden": ("format", "language", "lang"),
}
_PLACE_OF = {key: place for place, keys in _PLACES.items() for key in keys}


def place_of(key: str) -> Place:
    """Return where the entry with this key stands on a title page."""
    return _PLACE_OF.get(key.strip().casefold(), "middle")


def document_title(script: Script) -> str:
    """Return the title on one line, without emphasis; empty if there is none."""
    return " ".join(_plain(script.title_page.get(*_TITLE)))


def authors(script: Script) -> str:
    """Return the authors on one line; empty if none are named."""
    return ", ".join(_plain(script.title_page.get(*_AUTHOR)))


def _plain(value: str | None) -> list[str]:
    lines = "".join(run.text for run in emphasis(value or "")).split("\n")
    return [line.strip() for line in lines if line.strip()]
