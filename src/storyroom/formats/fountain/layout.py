"""One element as lines of Fountain, forced by a mark where its look would not say what it is."""

import re

from storyroom.formats.fountain.lines import logical_lines, unix
from storyroom.formats.fountain.marks import bare_parenthetical, marked, unmarked
from storyroom.story.asides import has_opener, only_aside, scan, without_strays
from storyroom.story.script import Element, Kind

_CJK = re.compile(r"[㐀-鿿]")
_KEPT_BLANK = "  "


def lay_out(element: Element, *, speaks: bool = True) -> str:
    r"""Lay out an element, without a line end behind it; blank when there is nothing to say.

    Args:
        element: its source is not looked at.
        speaks: of a cue, whether its speech follows directly.
    """
    kind = element.kind
    if kind is Kind.PAGE_BREAK:
        return "==="
    if kind is Kind.NOTE or kind is Kind.BONEYARD:
        return _aside(kind, unix(element.text).strip())
    text = without_strays(unix(element.text))
    if not text.strip():
        return ""
    if kind is Kind.SCENE_HEADING:
        return _heading(element, text)
    if kind is Kind.CUE:
        return _cue(element, text, speaks)
    if kind is Kind.TRANSITION:
        return _transition(element, _one_line(text))
    if kind is Kind.PARENTHETICAL:
        return _parenthetical(_one_line(text))
    if kind is Kind.SECTION:
        return f"{'#' * max(element.depth, 1)} {_one_line(text)}"
    if kind is Kind.SYNOPSIS:
        return f"= {_one_line(text)}"
    lines = [line.removesuffix("\n") for line in logical_lines(text)]
    if kind is Kind.ACTION:
        return _action(lines, forced=element.forced)
    if kind is Kind.DIALOGUE:
        return "\n".join(line.strip() or _KEPT_BLANK for line in lines)
    before, behind = ("~", "") if kind is Kind.LYRIC else ("> ", " <")
    return "\n".join(f"{before}{line.strip()}{behind}" if line.strip() else "" for line in lines)


def _one_line(text: str) -> str:
    """Join the lines of a text that has to stand on one; line ends within an aside are no line ends."""
    lines = (line.strip() for line in logical_lines(text))
    return " ".join(line for line in lines if line)


def _aside(kind: Kind, text: str) -> str:
    if kind is Kind.NOTE:
        text = "\n".join(line if line.strip() else _KEPT_BLANK for line in text.split("\n"))
    opened, closed, split = ("[[", "]]", r"\](?=\])") if kind is Kind.NOTE else ("/*", "*/", r"\*(?=/)")
    plain = f"{opened} {text} {closed}" if text else opened + closed
    if only_aside(plain) is not None:
        return plain
    return f"{opened} {re.sub(split, lambda mark: mark[0] + ' ', text)} {closed}"


def _heading(element: Element, text: str) -> str:
    text = re.sub(r"\A[.\s]+", "", _one_line(text))
    number = re.sub(r"[^\w.\-]", "", element.scene_number or "")
    if not text:
        return ""
    line = f"{text} #{number}#" if number else text
    reading = marked(line) or unmarked(line, "")
    plain = reading is not None and reading[0] is Kind.SCENE_HEADING
    return line if plain and not element.forced else "." + line


def _cue(element: Element, text: str, speaks: bool) -> str:
    line = name = _one_line(text)
    if extension := _one_line(without_strays(unix(element.extension or ""))):
        line += f"（{extension}）" if _CJK.search(name + extension) else f" ({extension})"
    if element.dual:
        line += " ^"
    if not element.forced and speaks and not marked(line):
        reading = unmarked(line, "following")
        if reading and reading[0] is Kind.CUE:
            return line
    return "@" + line


def _transition(element: Element, line: str) -> str:
    line = line.rstrip("< \t")
    reading = marked(line) or unmarked(line, "") if line else None
    if reading and reading[0] is Kind.TRANSITION and reading[1] == line and not element.forced:
        return line
    return f"> {line}" if line else ""


def _parenthetical(line: str) -> str:
    line = bare_parenthetical(line) or line
    return f"（{line}）" if _CJK.search(line) else f"({line})"


def _action(lines: list[str], *, forced: bool) -> str:
    laid_out: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        stripped = line.strip()
        if not stripped:
            laid_out.append("")
            continue
        if not laid_out or not laid_out[-1]:
            mark = forced or marked(stripped) or unmarked(stripped, following)
        else:
            mark = marked(stripped, in_action=True)
        laid_out.append(("!" if mark else "") + line.rstrip())
    return "\n".join(laid_out)


def stray_openers(element: Element) -> bool:
    """Whether later text could close what this element as read leaves open."""
    raw = element.source.raw if element.source else ""
    return has_opener(raw) and bool(scan(raw)[1])
