"""What one line of Fountain is: by its mark, by its look, or by standing in a speech.

Each function takes a line without the white space around it, never a blank one, and gives the kind, the text
and further fields of the element it begins or continues; None when it is none of those. A mark with nothing
behind it is plain text.
"""

import re
from typing import Any

from storyroom.story.asides import has_opener, only_aside, printed
from storyroom.story.headings import is_heading, split_cue
from storyroom.story.script import Kind

Reading = tuple[Kind, str, dict[str, Any]]

_MARKS = frozenset("!@~>=#.[/")
_SCENE_NUMBER = re.compile(r"#([\w.\-]+)#\Z")


def marked(line: str, *, in_action: bool = False) -> Reading | None:
    """Read a line that says its kind by a mark. Notes and boneyards within action belong to it."""
    mark = line[0]
    if mark not in _MARKS or (in_action and mark in "[/"):
        return None
    rest = line[1:].strip()
    if mark == "#":
        text = line.lstrip("#")
        return (Kind.SECTION, text.strip(), {"depth": len(line) - len(text)}) if text else None
    if mark == "=":
        return _equals(line, rest)
    if mark == "[" or mark == "/":
        return _aside(line)
    if not rest:
        return None
    if mark == "!":
        return Kind.ACTION, line[1:], {"forced": True}
    if mark == "~":
        return Kind.LYRIC, rest, {}
    if mark == "@":
        return _cue(rest, forced=True)
    if mark == ">":
        if rest[-1] == "<":
            return (Kind.CENTERED, middle, {}) if (middle := rest[:-1].strip()) else None
        return Kind.TRANSITION, rest, {"forced": True}
    return None if line[1] == "." or line[1].isspace() else _heading(rest, forced=True)


def unmarked(line: str, following: str) -> Reading | None:
    """Read the first line of a paragraph by its look; `following` is the line below it."""
    seen = printed(line).strip() if has_opener(line) else line
    if is_heading(seen):
        return _heading(line)
    name = split_cue(seen)[0]
    if not name.isupper() or any(c.isalpha() and not c.isupper() for c in name):
        return None
    if following.strip():
        return _cue(line)
    return (Kind.TRANSITION, line, {}) if seen.endswith("TO:") else None


def spoken(line: str) -> Reading:
    """Read a line of a speech."""
    if line[0] == "~" and (rest := line[1:].strip()):
        return Kind.LYRIC, rest, {}
    bare = bare_parenthetical(line)
    return (Kind.DIALOGUE, line, {}) if bare is None else (Kind.PARENTHETICAL, bare, {})


def bare_parenthetical(line: str) -> str | None:
    """Return what stands in the parentheses around a line; None if there are none, or nothing in them."""
    start, end = 0, len(line)
    while start < end and line[start] in "(（" and line[end - 1] in ")）":
        start, end = start + 1, end - 1
        while start < end and line[start].isspace():
            start += 1
        while start < end and line[end - 1].isspace():
            end -= 1
    return line[start:end] if 0 < start < end else None


def _equals(line: str, rest: str) -> Reading | None:
    if not line.strip("="):
        return (Kind.PAGE_BREAK, "", {}) if len(line) >= 3 else None
    return (Kind.SYNOPSIS, rest, {}) if line[1] != "=" else None


def _aside(line: str) -> Reading | None:
    kind = only_aside(line)
    if kind is None:
        return None
    return Kind.NOTE if kind == "note" else Kind.BONEYARD, line[2:-2].strip(), {}


def _heading(text: str, *, forced: bool = False) -> Reading:
    number = _SCENE_NUMBER.search(text)
    if number and (before := text[: number.start()].rstrip()):
        return Kind.SCENE_HEADING, before, {"scene_number": number[1], "forced": forced}
    return Kind.SCENE_HEADING, text, {"forced": forced}


def _cue(text: str, *, forced: bool = False) -> Reading:
    name, extension, dual = split_cue(text)
    return Kind.CUE, name, {"extension": extension, "dual": dual, "forced": forced}
