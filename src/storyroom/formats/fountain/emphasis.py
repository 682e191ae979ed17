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
    line ends; they take the styles that both sides share, or none.

    >>> mark_up([Run("2 * 2 = "), Run("four", italic=True)])
    '2 \\* 2 = *four*'
    """
    marked: list[str] = []
    on: Style = frozenset()
    for style, text in [*_merged(_spaced(runs)), (frozenset(), "")]:
        changed = on ^ style
        marks = "".join(_MARK[name] for name in "ubi" if name in changed)
        if marks.startswith("*") and marked and marked[-1].endswith("/"):
            marked[-1] = marked[-1][:-1] + "\\/"  # or the slash and the mark would open a boneyard
        marked.append(marks)
        marked.append(_SPECIAL.sub(r"\\\g<0>", text))
        on = style
    return "".join(marked)


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
