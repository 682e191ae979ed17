"""What an element says in print, in characters that every document can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from storyroom.formats.fdx.inline import plain, sliced
from storyroom.formats.fountain import Run, emphasis
from storyroom.formats.pages.columns import has_han
from storyroom.story.script import Element, Kind

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff"
    "\u202a-\u202e\u2066-\u2069]"  # embeddings and overrides can show a text as what it is not
)


def cleaned(runs: Iterable[Run]) -> tuple[Run, ...]:
    r"""Return runs that every document can hold: four spaces for a tab, ``\n`` for all line ends.

    Control characters go, and those that change the direction of the text around them.
    """
    found = (run._replace(text=clean(run.text)) for run in runs)
    return tuple(run for run in found if run.text)


def clean(text: str) -> str:
    """Return a text that every document can hold."""
    if text.isascii() and text.isprintable():
        return text
    return _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text).replace("\t", "    "))


def printed_runs(element: Element) -> tuple[Run, ...]:
    """Return what is printed of an element: a cue with its extension, a parenthetical in its parentheses."""
    runs = runs_of(element.text, indented=element.kind is Kind.ACTION)
    opening, closing = parentheses(element)
    if element.kind is Kind.PARENTHETICAL and runs:
        return (Run(opening), *runs, Run(closing))
    if element.kind is Kind.CUE and (extension := runs_of(element.extension or "")):
        return (*runs, Run(opening), *extension, Run(closing))
    return runs


def plain_of(element: Element) -> str:
    """Return what is printed of an element, without styles."""
    return plain(printed_runs(element))


def runs_of(text: str, *, indented: bool = False) -> tuple[Run, ...]:
    """Return the styled runs of a text without the white space around it.

    Args:
        text: with marks of emphasis, notes and boneyards.
        indented: whether white space before its first line is kept.
    """
    return tuple(trimmed(cleaned(emphasis(text)), indented=indented))


def trimmed(runs: Sequence[Run], *, indented: bool = False) -> list[Run]:
    """Return runs without the white space around their text; that before its first line may be kept."""
    start, end = span(plain(runs), indented=indented)
    return sliced(runs, start, end)


def span(text: str, *, indented: bool = False) -> tuple[int, int]:
    """Return where a text begins and ends without the white space around it."""
    end = len(text.rstrip())
    start = len(text) - len(text.lstrip("\n" if indented and end else None))
    return min(start, end), end


def parentheses(element: Element) -> tuple[str, str]:
    """Return what stands before and behind a parenthetical, or a cue's extension."""
    if element.kind is Kind.CUE:
        return ("（", "）") if has_han(element.text + (element.extension or "")) else (" (", ")")
    return ("（", "）") if has_han(element.text) else ("(", ")")
