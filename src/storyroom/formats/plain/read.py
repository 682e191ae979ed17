"""Reading a plain text: which layout it has, and then by that layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storyroom.formats.fountain import parse
from storyroom.formats.fountain.files import decode
from storyroom.formats.plain.columns import find_columns
from storyroom.formats.plain.flush import find_names, may_be_speech, read_flush
from storyroom.formats.plain.furniture import without_furniture
from storyroom.formats.plain.indented import read_indented
from storyroom.formats.plain.looks import heading
from storyroom.formats.plain.reading import Doubt, Reading
from storyroom.formats.plain.rows import Row, rows_of
from storyroom.formats.plain.title import read_title_page, split_title_page
from storyroom.story.script import Element, Kind, Script


def read(data: bytes, *, name: str = "the file") -> Reading:
    """Read a script in plain text: with indented columns, names and colons, or as Fountain.

    Args:
        data: a file in UTF-8, UTF-16 (with a byte order mark) or GBK.
        name: what errors call it.

    Raises:
        FormatError: it is not text, or in no encoding known here.
    """
    text = decode(data, name=name)
    rows = list(rows_of(text))
    by_layout = read_rows(rows, paged=False)
    return by_layout or _as_fountain(text, rows)


def read_rows(rows: Sequence[Row], *, paged: bool) -> Reading | None:
    """Read rows by their layout; None for a text that is best read as Fountain.

    Args:
        rows: of the whole script.
        paged: whether lines are counted on each page (PDF). Fountain is then no choice, because lines are
            broken where the page ends.
    """
    title, rows = split_title_page(rows)
    body = without_furniture(rows)
    title_page = read_title_page(title, body.rows or rows)
    if columns := find_columns(body.rows):
        return read_indented(body, columns, title_page, paged=paged)
    names = find_names(body.rows)
    if paged or (names.told and not any(row.text[0] == "@" for row in body.rows)):
        return read_flush(body, names, title_page, paged=paged)
    return None


def _as_fountain(text: str, rows: Sequence[Row]) -> Reading:
    """Read a text as Fountain; where nobody speaks in it, names before colons are doubts."""
    script = with_plain_headings(parse(text))
    if any(one.kind is Kind.CUE for one in script.elements()):
        return Reading(script)
    doubts = (Doubt(None, row.line, Kind.ACTION, row.text, may_be_speech(row.text)) for row in rows)
    return Reading(script, tuple(one for one in doubts if one.why))


def with_plain_headings(script: Script) -> Script:
    """Return a script in which headings such as ``4 教室 内 夜`` are not action, as Fountain has them."""
    if not any(map(_plain_heading, script.elements())):
        return script
    return script.with_elements(
        replace(one, kind=Kind.SCENE_HEADING) if _plain_heading(one) else one for one in script.elements()
    )


def _plain_heading(element: Element) -> bool:
    if element.kind is not Kind.ACTION or element.forced or "\n" in element.text or element.text.isascii():
        return False
    found = heading(element.text.strip())
    return found is not None and found.number is None
