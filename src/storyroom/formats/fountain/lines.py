"""A text as lines, where an aside that runs over lines holds them together."""

import re

from storyroom.story.asides import has_opener, scan

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_LEADING_BLANK = re.compile(r"\ufeff?(?:[^\S\r\n]*(?:\r\n|\n|\r))*")
_LINE_END = re.compile(r"\r\n|\n|\r")


def physical_lines(text: str) -> list[str]:
    """Split at line ends, and only there (`str.splitlines` knows others); each line keeps its end."""
    return _LINE.findall(text)


def line_at(text: str, position: int) -> str:
    """Return the line that begins at a position, with its end; empty at the end of the text."""
    match = _LINE.match(text, position)
    return match[0] if match else ""


def newline_of(text: str) -> str:
    """Return the line end that a text uses first."""
    match = _LINE_END.search(text)
    return match[0] if match else "\n"


def leading_blank(text: str) -> str:
    """Return what stands before the first line that is not blank: a byte order mark, blank lines."""
    match = _LEADING_BLANK.match(text)
    return match[0] if match else ""


def count_line_ends(text: str) -> int:
    """Number of line ends in a text."""
    return len(_LINE_END.findall(text)) if "\r" in text else text.count("\n")


def unix(text: str) -> str:
    r"""Return a text with ``\n`` for every line end."""
    return _LINE_END.sub("\n", text) if "\r" in text else text


def logical_lines(text: str) -> list[str]:
    """Split into lines, but nowhere inside a note or a boneyard."""
    lines = physical_lines(text)
    asides = scan(text)[0] if has_opener(text) else []
    if not asides:
        return lines
    glued: list[list[str]] = []
    start, upcoming = 0, iter(asides)
    aside = next(upcoming, None)
    for line in lines:
        while aside and aside.end <= start:
            aside = next(upcoming, None)
        if aside and aside.start < start:
            glued[-1].append(line)
        else:
            glued.append([line])
        start += len(line)
    return ["".join(parts) for parts in glued]


def is_separator(line: str) -> bool:
    """Whether a blank line ends a speech: one that holds two spaces or more is a kept line of the speech."""
    return not line.strip() and len(line.rstrip("\r\n")) < 2


def ends_separated(raw: str) -> bool:
    """Whether the last line of a text is one that ends a speech."""
    stripped = raw.rstrip()
    blank = physical_lines(raw[len(stripped) :])[1:] if stripped else physical_lines(raw)
    return bool(blank) and any(is_separator(line) and line[-1] in "\r\n" for line in blank)


def without_blank_end(raw: str, newline: str) -> str:
    """Return a text without the blank lines at its end; its last line keeps its line end or gets one."""
    stripped = raw.rstrip()
    last = physical_lines(raw[len(stripped) :])
    if last and last[0][-1] in "\r\n":
        return stripped + last[0]
    return stripped + "".join(last[:1]) + newline
