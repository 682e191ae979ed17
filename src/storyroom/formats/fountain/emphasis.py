r"""Emphasis: ``*italic*``, ``**bold**``, ``***both***``, ``_underline_``, nested and escaped (``\*``).

A mark opens only before, and closes only behind, a character that is not white space, and on the same line. A
mark without its partner is plain text; so are four asterisks or two underscores in a row (``____``, a blank
to fill in).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from storyroom.story.asides import printed

_TOKEN = re.compile(r"\\(?:[*_\[\\]|/(?=\*))|\*+|_+|\n|[^\\*_\n]+|\\")
_STYLES = {"*": "i", "**": "b", "***": "bi", "_": "u"}
_MARK = {"i": "*", "b": "**", "u": "_"}
_SPECIAL = re.compile(r"[*_\\]|(?<=\[)\[")

Style = frozenset[str]


class Run(NamedTuple):
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


def emphasis(text: str) -> tuple[Run, ...]:
    """Turn an element's text into styled runs, without marks, notes and boneyards.

    >>> [run.text for run in emphasis("She *never **ever*** sleeps.")]
    ['She ', 'never ', 'ever', ' sleeps.']
    """
    tokens = _TOKEN.findall(printed(text))
    closing, opening = _switches(tokens)
    pieces: list[tuple[Style, str]] = []
    on: Style = frozenset()
    for index, token in enumerate(tokens):
        off, new = closing.get(index, ""), opening.get(index, "")
        used = sum(len(_MARK[style]) for style in off + new)
        on -= set(off)
        pieces.append((on, token[used:] if used else _unescaped(token)))
        on |= set(new)
    return tuple(_run(style, text) for style, text in _merged(pieces))


def _switches(tokens: list[str]) -> tuple[dict[int, str], dict[int, str]]:
    """Find which styles end and begin at which token; a style that never ends never begins."""
    closing: dict[int, str] = {}
    opening: dict[int, str] = {}
    opened: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token == "\n":
            opened.clear()
        after_text = index > 0 and not tokens[index - 1][-1].isspace()
        before_text = index + 1 < len(tokens) and not tokens[index + 1][0].isspace()
        for style in _STYLES.get(token, ""):
            if style in opened and after_text:
                start = opened.pop(style)
                opening[start] = opening.get(start, "") + style
                closing[index] = closing.get(index, "") + style
            elif style not in opened and before_text:
                opened[style] = index
    return closing, opening


def _unescaped(token: str) -> str:
    return token[1:] if len(token) == 2 and token[0] == "\\" else token


def _merged(pieces: Iterable[tuple[Style, str]]) -> Iterator[tuple[Style, str]]:
    for style, group in groupby((piece for piece in pieces if piece[1]), key=lambda piece: piece[0]):
        yield style, "".join(text for _, text in group)


def _run(style: Style, text: str) -> Run:
    return Run(text, bold="b" in style, italic="i" in style, underline="u" in style)


def mark_up(runs: Iterable[Run]) -> str:
    r"""Turn styled runs into text with marks: the inverse of `emphasis`.

    What reads as a mark in the runs is escaped. Fountain cannot style white space at the edge of a run, nor
    line ends; they take the styles that both sides share, or none. Styles are closed in the order in which
    other readers expect it, the last one first, except where that would put four stars in a row.

    >>> mark_up([Run("2 * 2 = "), Run("four", italic=True)])
    '2 \\* 2 = *four*'
    """
    pieces = _spaced(runs)
    until = _ends(pieces)
    marked: list[tuple[str, str]] = []
    on: list[str] = []
    for (style, text), ends in zip([*pieces, (frozenset(""), "")], until, strict=True):
        wanted = [] if text.isspace() else sorted(style, key=lambda name: (-ends[name], "ubi".index(name)))
        closed = _closed(on, style)
        kept = on[: len(on) - len(closed)]
        opened = [name for name in wanted if name not in kept]
        if "****" in _marks(closed, opened):  # which nobody reads: let the styles cross
            closed = [name for name in reversed(on) if name not in style]
            kept = [name for name in on if name in style]
            opened = [name for name in wanted if name not in kept]
        on = kept + opened
        marks = _marks(closed, opened)
        if marks or not marked:
            marked.append((marks, text))
        else:
            marked[-1] = marked[-1][0], marked[-1][1] + text
    return _written(marked)


def _closed(on: list[str], style: Style) -> list[str]:
    """Return the open styles (outermost first) that must end, innermost first, so that none cross."""
    kept = next((depth for depth, name in enumerate(on) if name not in style), len(on))
    return on[kept:][::-1]


def _marks(closed: list[str], opened: list[str]) -> str:
    return "".join(_MARK[name] for name in (*closed, *opened))


def _ends(pieces: list[tuple[Style, str]]) -> list[dict[str, int]]:
    """Tell for each piece, and for the end, where each of its styles ends."""
    until: list[dict[str, int]] = [{}]
    for index in range(len(pieces) - 1, -1, -1):
        until.append({name: until[-1].get(name, index + 1) for name in pieces[index][0]})
    return until[::-1]


def _written(marked: list[tuple[str, str]]) -> str:
    written: list[str] = []
    for marks, text in marked:
        if marks.startswith("*") and written and written[-1].endswith("/"):
            written[-1] = written[-1][:-1] + "\\/"  # or the slash and the mark would open a boneyard
        written += [marks, _SPECIAL.sub(r"\\\g<0>", text)]
    return "".join(written)


def _spaced(runs: Iterable[Run]) -> list[tuple[Style, str]]:
    """Divide runs into words and white space, which takes the styles that the words around it share."""
    pieces: list[tuple[Style, str]] = []
    for run in runs:
        style = frozenset(n for n, on in zip("biu", (run.bold, run.italic, run.underline), strict=True) if on)
        pieces += [(style, text) for text in re.findall(r"\n|[^\S\n]+|\S+", run.text)]
    none: Style = frozenset()
    before, behind = [none] * len(pieces), [none] * len(pieces)
    for styles, order in ((before, range(len(pieces))), (behind, range(len(pieces) - 1, -1, -1))):
        last = none
        for index in order:
            style, text = pieces[index]
            last = none if text == "\n" else last if text.isspace() else style
            styles[index] = last
    return [
        (before[index] & behind[index] if text.isspace() else style, text)
        for index, (style, text) in enumerate(pieces)
    ]
