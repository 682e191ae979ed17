"""Reading `series.yaml`: every problem is told with its line and its field, several at once.

All plain scalars are taken as the text that stands there. YAML's guesses (a title `24`, a name `No`, a
date) are left to the field, which knows what it wants. A key without a value counts as not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError

from storyroom.errors import BibleError
from storyroom.story.bible import Bible, Character, Location, Member, RoomSettings, Voice, path_text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from ruamel.yaml.error import YAMLError

SERIES_FILE = "series.yaml"
MAX_BYTES = 1_000_000
MAX_SHOWN = 20

# What YAML finds by itself; every other tag was written by hand.
_PLAIN_TAGS = frozenset({"str", "int", "float", "bool", "null", "timestamp", "seq", "map"})

Where = tuple[str | int, ...]


class Problem(NamedTuple):
    """One thing wrong in the file: line from 1, path of the field (empty: the file itself), text, advice."""

    line: int
    where: str
    text: str
    advice: str


def load_bible(path: Path) -> Bible:
    """Read the bible of a series.

    Args:
        path: the series' folder, or the file itself.

    Raises:
        BibleError: the file is missing, unreadable, no YAML, or not a bible; all problems are listed.
    """
    file = path / SERIES_FILE if path.is_dir() else path
    text = _read_text(file)
    tree = _parse(file, text)
    problems = tree.problems
    bible = None
    try:
        bible = Bible.model_validate(tree.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = problems + [problem for detail in details for problem in _explain(tree, detail)]
    if bible is None or problems:
        raise _bible_error(file, problems)
    return bible


def bible_line(file: Path, bible: Bible, where: Where) -> tuple[int, str] | None:
    """Return the number and the text of the line in which a field of a bible stands.

    Args:
        bible: as it was read from the file; None is returned when the file says something else by now.
        where: such as ``("cast", 2, "attributes", "eyes")``; without such a field, what is around it.
    """
    try:
        text = _read_text(file)
        tree = _parse(file, text)
        if Bible.model_validate(tree.value) != bible:
            return None
    except (BibleError, ValidationError):
        return None
    number = tree.line(where)
    return number, text.splitlines()[number - 1].strip()


def _bible_error(file: Path, problems: list[Problem]) -> BibleError:
    ordered = sorted(set(problems), key=lambda p: (p.line, p.where))
    lines = [f"{file}:{p.line}: {f'{p.where}: ' if p.where else ''}{p.text}" for p in ordered[:MAX_SHOWN]]
    if len(ordered) > MAX_SHOWN:
        lines.append(f"and {len(ordered) - MAX_SHOWN} more")
    advice = dict.fromkeys(p.advice for p in ordered[:MAX_SHOWN] if p.advice)
    return BibleError("\n".join(lines), hint=" ".join(advice) or f"Edit {file} and try again.")


# --- bytes to text


def _read_text(file: Path) -> str:
    if not file.exists():
        near = file.with_suffix(".yml")
        hint = f"Rename {near} to {file.name}." if near.exists() else 'Make a series: storyroom new "Title".'
        raise BibleError(f"{file}: there is no such file", hint=hint)
    if not file.is_file():
        raise BibleError(f"{file}: this is not a file", hint=f"Name a folder that holds {SERIES_FILE}.")
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        message = f"{file}: cannot be read: {error.strerror}"
        raise BibleError(message, hint="Check who owns the file and its rights.") from error
    if size > MAX_BYTES:
        message = f"{file}: {size:,} bytes; a bible has at most {MAX_BYTES:,}"
        raise BibleError(message, hint="Keep scripts in episodes/, and only decisions in the bible.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        known = " (it looks like UTF-16)" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        problem = Problem(line, "", f"this is not UTF-8 text{known}", "Save the file in the encoding UTF-8.")
        raise _bible_error(file, [problem]) from error


# --- text to a tree with line numbers


@dataclass
class _Tree:
    """The document as plain dicts, lists and texts, with the line of every field and list item."""

    value: Any = None
    lines: dict[Where, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    def line(self, where: Where) -> int:
        """Return the line of a field, or of the nearest thing around it that is in the file."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def build(self, node: Any, where: Where = ()) -> Any:
        """Turn a YAML node into plain data and note where things stand."""
        self.lines.setdefault(where, node.start_mark.line + 1)
        if id(node) in self._seen:
            advice = "Anchors and aliases (& and *) are not read here: write it out."
            self._wrong(where, "refers to another place of the file", advice)
            return None
        self._seen.add(id(node))
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _PLAIN_TAGS:
            self._wrong(where, f"has the tag {node.tag}", "Tags (!…) are not read here; quote such a text.")
            return None
        if node.id == "mapping":
            return self._mapping(node, where)
        if node.id == "sequence":
            return [self.build(item, (*where, i)) for i, item in enumerate(node.value)]
        return None if node.tag.endswith(":null") else node.value

    def _mapping(self, node: Any, where: Where) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if key_node.id != "scalar":
                self.problems.append(Problem(line, path_text(where), "a key must be a plain word", ""))
                continue
            if key in first_lines:
                text = f"stands twice, first in line {first_lines[key]}"
                self.problems.append(Problem(line, path_text((*where, key)), text, "Keep one of the two."))
                continue
            first_lines[key] = line
            self.lines[(*where, key)] = line
            value = self.build(value_node, (*where, key))
            if value is not None:
                mapping[key] = value
        return mapping

    def _wrong(self, where: Where, text: str, advice: str) -> None:
        self.problems.append(Problem(self.line(where), path_text(where), text, advice))


def _parse(file: Path, text: str) -> _Tree:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    tree = _Tree()
    try:
        root = YAML(typ="safe", pure=True).compose(text)
        if root is not None:
            tree.value = tree.build(root)
    except YAMLError as error:
        raise _bible_error(file, [_syntax(text, error)]) from error
    except RecursionError as error:
        problem = Problem(1, "", "lists or mappings stand too deep inside each other", "")
        raise _bible_error(file, [problem]) from error
    if tree.value is None and not tree.problems:
        raise BibleError(
            f"{file}:1: the file is empty", hint='Start from the one that "storyroom new" writes.'
        )
    if not isinstance(tree.value, dict):
        advice = _full_width(text.splitlines()) or "Write fields, one a line: `title: The Last Light`."
        raise _bible_error(file, [Problem(1, "", "this is not a list of fields", advice), *tree.problems])
    return tree


def _syntax(text: str, error: YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # a character that YAML forbids; the error knows only its position
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        return Problem(line, "", "holds a control character", "Delete the invisible character in this line.")
    said = str(getattr(error, "problem", "") or "this is not YAML")
    context = str(getattr(error, "context", "") or "")
    if "quoted scalar" in context and "end of stream" in said:
        opened = error.context_mark  # type: ignore[attr-defined]
        return Problem(opened.line + 1, "", "a quote is opened here and never closed", "Close the quote.")
    lines = text.splitlines() or [""]
    row = min(mark.line, len(lines) - 1)
    return Problem(mark.line + 1, "", said, _syntax_advice(said, lines[max(0, row - 1) : row + 1]))


def _syntax_advice(said: str, lines: list[str]) -> str:
    """Say what to do about a syntax error, from what the parser said and its line with the one before."""
    if wide := _full_width(lines):
        return wide
    if "\t" in lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())]:
        return "Indent with spaces: YAML has no tabs."
    if "mapping values" in said:
        return "Put text that holds a colon in quotes, and give all fields of a list item the same indent."
    if "cannot start any token" in said:
        return "Put the text in quotes."
    return "Look at the quotes, brackets and indent of this line and the one before."


def _full_width(lines: list[str]) -> str:
    wide = any(re.match(r"\s*(-\s*)?\w+：", line) for line in lines)
    return "Write the colon as `: ` (half width, then a space), not as `：`." if wide else ""


# --- pydantic's errors in our words

_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Bible,
    ("cast",): Character,
    ("cast", "voice"): Voice,
    ("locations",): Location,
    ("team",): Member,
    ("room",): RoomSettings,
}


def _explain(tree: _Tree, detail: ErrorDetails) -> Iterator[Problem]:
    context = detail.get("ctx", {})
    if detail["type"] == "contradiction":
        for where, message in context["problems"]:
            yield Problem(tree.line(where), path_text(where), message, "")
        return
    if detail["type"] == "too_short" and len(detail["input"]) >= context["min_length"]:
        return  # pydantic counts the items that are right; the wrong ones are told one by one
    where = tuple(part for part in detail["loc"] if part != "[key]")
    text, advice = _in_our_words(where, detail, context)
    yield Problem(tree.line(where), path_text(where), text, advice)


def _in_our_words(where: Where, detail: ErrorDetails, context: dict[str, Any]) -> tuple[str, str]:
    given = detail["input"]
    match detail["type"]:
        case "missing":
            return "is missing or empty", "Fill in what is missing."
        case "extra_forbidden":
            return _unknown_field(where)
        case "string_too_short":
            return "is empty", "Fill in what is missing."
        case "string_too_long":
            return f"is longer than {context['max_length']} characters ({len(given)})", "Say it shorter."
        case "too_short":
            return f"needs at least {context['min_length']}", ""
        case "too_long":
            return f"has more than {context['max_length']}", ""
        case "string_pattern_mismatch":
            return f"{given!r} is not a role's name", "Write roles in lower case: plot_writer."
        case "string_type" if isinstance(given, dict):
            return "should be text, and reads as a mapping", "Put text that holds a colon in quotes."
        case "tuple_type":
            return "should be a list", "Write list items one a line, each after `- `."
        case "model_type" | "dict_type":
            return "should be a group of fields", "Write its fields below it, indented."
        case _:
            said = detail["msg"]
            return said.replace("Input should", "should").replace("Value error, ", ""), ""


def _unknown_field(where: Where) -> tuple[str, str]:
    around = tuple(part for part in where[:-1] if isinstance(part, str))
    known = list(_MODELS[around].model_fields) if around in _MODELS else []
    close = get_close_matches(str(where[-1]), known, n=1)
    meant = f" (did you mean {close[0]}?)" if close else ""
    return f"is not a field here{meant}", "" if close else f"Fields here: {', '.join(known)}."
