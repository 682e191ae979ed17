"""The title page, read from where its lines stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyroom.formats.plain.columns import USUAL_WIDTH
from storyroom.formats.plain.looks import heading, is_transition
from storyroom.formats.plain.rows import Row
from storyroom.story.script import TitlePage

_MOST_ROWS = 45
_LEAST_INDENT = 8
_CREDIT = re.compile(
    r"(?:(?:screenplay|teleplay|story|script|created|adapted|written)(?: (?:&|and) \w+)*\s+)?by:?"
    r"|(?:原创)?编剧|編劇|作者",
    re.I,
)
_CREDITED = re.compile(
    r"(?P<credit>(?:(?:written|screenplay|teleplay|created)\s+)?by|编剧[：:]|作者[：:])\s*(?P<who>\S.*)", re.I
)
_EPISODE = re.compile(r"(?:episode|ep\.?)\s*#?\s*\d+.*|第\s*[一二三四五六七八九十百\d]+\s*集.*", re.I)
_NUMBERED = re.compile(r"#?\d{1,4}\s*[-–—:.·]\s*\S.*")
_SOURCE = re.compile(r"(?:based (?:on|upon)|from the|adapted from)\b.*|改编自.*|原著.*", re.I)
_DATE = re.compile(
    r"\b\d{4}(?!\d)|\d{1,2}[./-]\d{1,2}|\b(?:draft|revision|revised|shooting script)\b|稿", re.I
)


def split_title_page(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows of the title page, none where there is none, and the others."""
    first = [row for row in rows if row.page == rows[0].page]
    rest = list(rows[len(first) :])
    if not rest or len(first) > _MOST_ROWS or not _is_title(first, rest):
        return [], list(rows)
    return first, rest


def _is_title(page: Sequence[Row], rest: Sequence[Row]) -> bool:
    """Whether a page holds no script: no heading, nothing that fades in, and most of it in the middle."""
    if any(heading(row.text) or is_transition(row.text) for row in page):
        return False
    left = _left(rest)
    inner = [row for row in page if row.start >= left + _LEAST_INDENT]
    return bool(inner) and page[0].start >= left + _LEAST_INDENT


def _left(rows: Sequence[Row]) -> float:
    """Return the left edge of the text; what stands in the margin is rare."""
    starts = sorted(row.start for row in rows)
    return starts[len(starts) // 10]


def read_title_page(page: Sequence[Row], rest: Sequence[Row]) -> TitlePage:
    """Read a title page from where its rows stand beside those of the script."""
    if not page:
        return TitlePage()
    left = _left(rest)
    right = max(left + USUAL_WIDTH, *(row.end for row in rest))
    blocks: dict[str, list[list[str]]] = {"middle": [], "left": [], "right": []}
    for row in page:
        for segment in row.segments:
            place = _place(segment.start, segment.end, left, right)
            if row.above or not blocks[place]:
                blocks[place].append([])
            blocks[place][-1].append(segment.text)
    entries = [*_middle(blocks["middle"])]
    entries += (
        [("Contact", tuple(line for block in blocks["left"] for line in block))] if blocks["left"] else []
    )
    for block in blocks["right"]:
        entries.append(("Draft date" if _DATE.search(" ".join(block)) else "Notes", tuple(block)))
    return TitlePage(tuple(entries))


def _place(start: float, end: float, left: float, right: float) -> str:
    if abs((start + end) / 2 - (left + right) / 2) <= (right - left) / 8:
        return "middle"
    return "left" if start <= left + 2 else "right" if start > (left + right) / 2 else "middle"


def _middle(blocks: Sequence[Sequence[str]]) -> list[tuple[str, tuple[str, ...]]]:
    entries: list[tuple[str, tuple[str, ...]]] = []
    for block in blocks:
        text = " ".join(block)
        if entries and entries[-1][0] == "Credit":
            entries.append(("Author", tuple(block)))
        elif _CREDIT.fullmatch(text):
            entries.append(("Credit", tuple(block)))
        elif found := _CREDITED.fullmatch(text):
            entries += [("Credit", (found["credit"].strip("：:"),)), ("Author", (found["who"],))]
        elif not entries:
            entries.append(("Title", tuple(block)))
        elif _EPISODE.fullmatch(text) or (len(entries) == 1 and _NUMBERED.fullmatch(text)):
            entries.append(("Episode", tuple(block)))
        elif _SOURCE.fullmatch(text):
            entries.append(("Source", tuple(block)))
        else:
            entries.append(("Draft date" if _DATE.search(text) else "Notes", tuple(block)))
    return entries
