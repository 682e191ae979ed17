"""Styled text as CommonMark, in which nothing but our own marks is one.

Where CommonMark would not see a mark of emphasis for what it is (https://spec.commonmark.org/0.31.2/, section
6.2: beside punctuation without white space, which is all of Chinese; or beside another mark), the HTML tag
stands in its place. Underlining is always a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from storyroom.formats.fdx.inline import merged
from storyroom.formats.fountain import Run

_MARK = re.compile(r"[\\`*_\[\]<>#&|~$]")
_LINE_START = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=]))")
_INDENT = re.compile(r"^ +")
_EDGES = re.compile(r"(\s*)(.*?)(\s*)\Z", re.DOTALL)


def inline(runs: Iterable[Run], *, bold: bool = False, italic: bool = False) -> str:
    """Return runs as lines of CommonMark.

    Args:
        runs: the text; a line of it becomes a line.
        bold: whether all of it is.
        italic: whether all of it is.
    """
    styled = merged(run._replace(bold=run.bold or bold, italic=run.italic or italic) for run in runs)
    parts = [run._replace(text=line) for run in styled for line in re.split(r"(\n)", run.text) if line]
    around = [Run(""), *parts, Run("")]
    written = [_styled(*three) for three in zip(around, parts, around[2:], strict=False)]
    return "\n".join(_line(line.rstrip()) for line in "".join(written).split("\n"))


def escaped(text: str) -> str:
    """Return a text in which no character is a mark within a line."""
    return _MARK.sub(r"\\\g<0>", text)


def _styled(before: Run, run: Run, behind: Run) -> str:
    """Return a run, without a line end in it, between its neighbours."""
    found = _EDGES.match(run.text)
    assert found is not None  # it matches any text
    above, core, below = found.groups()
    text = escaped(core)
    if not core or not (run.bold or run.italic or run.underline):
        return above + text + below
    marks = "*" * (run.italic + 2 * run.bold)
    if _stands_apart(above or before.text[-1:], core[0], before) and _stands_apart(
        below or behind.text[:1], core[-1], behind
    ):
        text = f"{marks}{text}{marks}"
    else:
        text = f"<em>{text}</em>" if run.italic else text
        text = f"<strong>{text}</strong>" if run.bold else text
    return above + (f"<u>{text}</u>" if run.underline else text) + below


def _stands_apart(outside: str, inside: str, neighbour: Run) -> bool:
    """Whether a mark between these characters is one: it opens or closes what is inside."""
    if not outside or outside.isspace():
        return True
    return inside.isalnum() and not (neighbour.bold or neighbour.italic or neighbour.underline)


def _line(line: str) -> str:
    """Return a line that begins nothing: no list, no rule, no underline of a heading, no block of code."""
    line = _INDENT.sub(lambda indent: "&nbsp;" * len(indent[0]), line)
    return _LINE_START.sub(r"\g<1>\\", line)
