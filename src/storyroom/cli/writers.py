"""The formats that a script can be exported to. A further one is one more entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

from storyroom.errors import InputError
from storyroom.formats.fountain import Run, emphasis
from storyroom.formats.fountain import write as write_fountain
from storyroom.story.script import UNPRINTED, Element, Kind, Script


@dataclass(frozen=True)
class Format:
    """A format: the suffix of its files, and what turns a script into the bytes of one."""

    suffix: str
    write: Callable[[Script], bytes]


def format_of(name: str) -> Format:
    """Return the format of that name.

    Raises:
        InputError: there is none.
    """
    if name not in FORMATS:
        raise InputError(f"There is no format {name!r}.", hint=f"Formats: {', '.join(FORMATS)}.")
    return FORMATS[name]


def write_markdown(script: Script) -> str:
    """Return a script as CommonMark: headings as headings, speeches as quotes under a bold name."""
    parts: list[str] = []
    if script.title_page:
        first, *others = script.title_page.entries
        parts.append("# " + " ".join(first[1]))
        parts.append("  \n".join(f"{key}: {' '.join(lines)}" for key, lines in others))
    for element in script.elements():
        text = _markdown(element)
        if not text:
            continue
        joined = element.kind in _SPEECH and parts and parts[-1].startswith(">")
        if joined:
            parts[-1] += "\n>\n" + text
        else:
            parts.append(text)
    return "\n\n".join(part for part in parts if part) + "\n"


_SPEECH = frozenset({Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRIC})


def _markdown(element: Element) -> str:
    if element.kind in UNPRINTED:
        return "---" if element.kind is Kind.PAGE_BREAK else ""
    text = "".join(map(_styled, emphasis(element.text)))
    match element.kind:
        case Kind.SCENE_HEADING:
            return f"## {text}"
        case Kind.CUE:
            return f"> **{text}**" + (f" ({element.extension})" if element.extension else "")
        case Kind.PARENTHETICAL:
            return f"> *({text})*"
        case Kind.TRANSITION:
            return f"*{text}*"
        case Kind.DIALOGUE | Kind.LYRIC:
            return "\n".join(f"> {line}".rstrip() + "  " for line in text.split("\n")).rstrip()
        case _:
            return "  \n".join(text.split("\n"))


_ESCAPED = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#"})


def _styled(run: Run) -> str:
    text = run.text.translate(_ESCAPED)
    mark = "***" if run.bold and run.italic else "**" if run.bold else "*" if run.italic else ""
    return f"{mark}{text}{mark}" if mark and text.strip() else text


def _pdf(script: Script) -> bytes:
    from storyroom.formats.pdf import write_pdf

    file = BytesIO()
    write_pdf(script, file)
    return file.getvalue()


def _fdx(script: Script) -> bytes:
    from storyroom.formats.fdx import write

    return write(script)


FORMATS: Mapping[str, Format] = {
    "fountain": Format(".fountain", lambda script: write_fountain(script).encode()),
    "markdown": Format(".md", lambda script: write_markdown(script).encode()),
    "fdx": Format(".fdx", _fdx),
    "pdf": Format(".pdf", _pdf),
}
