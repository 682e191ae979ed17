"""What a page adds to a script: page numbers, headers, scene numbers, asterisks; all of it is taken off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from storyroom.formats.plain.looks import heading, is_continued, is_more, page_number
from storyroom.formats.plain.rows import Row

_EDGE = 3  # rows at the head and the foot of a page that may be its furniture
_FAR = 2  # blank rows
_RIGHT = 50
_SCENE_NUMBER = re.compile(r"(?=[\w.-]*\d)[A-Z]{0,2}\d{1,4}[A-Za-z]{0,2}(?:[.-][A-Za-z\d]{1,3})?[.)]?")
_REVISION = re.compile(
    r"(?:(?:double |2nd )?(?:white|blue|pink|yellow|green|goldenrod|buff|salmon|cherry|tan)\s+"
    r"(?:revisions?|revised|rev\.?|draft|pages?)\b|(?:白|蓝|粉|黄|绿|金|米黄|橙红|樱桃红|棕)页).{0,40}",
    re.IGNORECASE,
)
_MARKS = frozenset({"*", "**", "＊"})


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a script without what the pages added.

    Attributes:
        rows: in order.
        numbers: by page and line, the scene numbers that stood in the margins.
        more: pages at whose end a speech is said to go on.
    """

    rows: tuple[Row, ...]
    numbers: dict[tuple[int, int], str]
    more: frozenset[int]


def without_furniture(rows: Iterable[Row]) -> Body:
    """Take off what the pages added."""
    pages = [list(group) for _, group in groupby(_paged(rows), key=lambda row: row.page)]
    repeated = _repeated(pages)
    kept: list[Row] = []
    numbers: dict[tuple[int, int], str] = {}
    more: set[int] = set()
    for page in pages:
        for row in _inner(page, repeated):
            if all(is_more(one.text) for one in row.segments):
                more.add(row.page)
                continue
            bare, number = _bare(row)
            if bare is None:
                continue
            if number:
                numbers[row.page, row.line] = number
            kept.append(bare)
    return Body(tuple(kept), numbers, frozenset(more))


def _paged(rows: Iterable[Row]) -> Iterator[Row]:
    """Begin a page at each page number that stands alone at the right, in a text without form feeds."""
    rows = list(rows)
    if not rows or rows[-1].page > 1:
        yield from rows
        return
    page = 1
    for row in rows:
        number = page_number(row.text) if row.start >= _RIGHT else None
        if number == page + 1:
            page += 1
        yield replace(row, page=page)


def _repeated(pages: Sequence[Sequence[Row]]) -> frozenset[str]:
    """Return the lines at the edges of pages that come again on others, their digits put aside.

    A name above a speech may do so too, but it also stands elsewhere on pages.
    """
    edges: Counter[str] = Counter()
    inner: set[str] = set()
    far: Counter[str] = Counter()
    for page in pages:
        first = next((n for n, below in enumerate(page[1:], 1) if below.above), 0)
        last = next((n for n, row in enumerate(reversed(page), 1) if row.above), 0)
        head = page[:first] if first <= _EDGE else []
        foot = page[len(page) - last :] if last < _EDGE else []
        edges.update({_key(row) for row in (*head, *foot)})
        far.update({_key(row) for row in head if page[first].above >= _FAR})
        inner.update(_key(row) for row in page[len(head) + 1 : len(page) - len(foot)])
    least = max(3, len(pages) // 3)
    found = {key for key, times in edges.items() if times >= least} | {key for key in far if far[key] > 1}
    return frozenset(key for key in found if key and key not in inner)


def _key(row: Row) -> str:
    if any(heading(one.text) for one in row.segments):
        return ""
    return re.sub(r"\d+", "#", row.text)


def _inner(page: list[Row], repeated: frozenset[str]) -> list[Row]:
    """Return a page without the furniture at its head and foot."""
    first, last = 0, len(page)
    while first < min(_EDGE, last) and _is_edge(page[first], repeated, page[first + 1 : first + 2]):
        first += 1
    while last > max(first, len(page) - _EDGE) and _is_edge(page[last - 1], repeated, []):
        last -= 1
    return page[first:last]


def _is_edge(row: Row, repeated: frozenset[str], below: Sequence[Row]) -> bool:
    if _key(row) in repeated or (below and below[0].above and _REVISION.fullmatch(row.segments[0].text)):
        return True
    # A number that stands in a speech (“Twelve.” as “12.”) has its speech's other rows directly around it.
    lonely = not below or below[0].above > 0
    texts = [one.text for one in row.segments]
    if all(page_number(text) is not None for text in texts):
        return lonely or row.start >= _RIGHT
    if all(is_continued(text) or page_number(text) is not None for text in texts):
        return True
    numbered = len(texts) > 1 and row.end >= _RIGHT and page_number(texts[-1]) in (row.page, row.page - 1)
    return numbered and not any(heading(text) for text in texts)


def _bare(row: Row) -> tuple[Row | None, str | None]:
    """Return a row without the asterisk and the scene numbers in its margins, and that number."""
    left: Row | None = row
    if row.segments[-1].text in _MARKS and row.end >= _RIGHT:
        left = row.without(row.segments[-1])
    if left is None or len(left.segments) < 2:
        return left, None
    first, last = left.segments[0], left.segments[-1]
    inner = left.without(first, last) if first.text == last.text else left.without(first)
    if _SCENE_NUMBER.fullmatch(first.text) and inner and heading(inner.segments[0].text):
        return inner, first.text.rstrip(".)")
    if first.text == last.text and _SCENE_NUMBER.fullmatch(first.text) and inner and len(left.segments) > 2:
        return inner, first.text.rstrip(".)")
    if _SCENE_NUMBER.fullmatch(last.text) and (inner := left.without(last)) and heading(inner.text):
        return inner, last.text.rstrip(".)")
    return left, None
