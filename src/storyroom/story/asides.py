"""Notes and boneyards: what a script says to its writers, and never to its audience.

Both may stand in the middle of any text (``Mara waits. [[how long?]] She leaves.``). The rules are those of
Fountain 1.1 (https://fountain.io/syntax): a note ``[[ … ]]`` may run over lines but not over an empty line,
unless that line holds two spaces; a boneyard ``/* … */`` runs over everything. An opener that nothing closes
is plain text; a backslash before ``/*`` takes its meaning away.
"""

import re
from typing import Literal, NamedTuple

_OPENER = re.compile(r"\[\[|(?<!\\)/\*")
_EMPTY_LINE = re.compile(r"(?:\r\n|\n|\r(?!\n))[^\S\r\n]?(?=[\r\n])")
_CUT = "\x00"
_LINE_OF_CUTS = re.compile(rf"^[^\S\n]*{_CUT}[^\S\n{_CUT}]*(?:{_CUT}[^\S\n{_CUT}]*)*(?:\n|\Z)", re.MULTILINE)
_CUT_BETWEEN_SPACES = re.compile(rf"[ \t]{_CUT}+(?=\s|\Z)")


class Aside(NamedTuple):
    """One note or boneyard, marks included: ``text[start:end]``."""

    start: int
    end: int
    kind: Literal["note", "boneyard"]


class _Ahead:
    """The next match at or after a position that only grows: no character is looked at twice."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern, self._text, self._found = pattern, text, -1

    def __call__(self, position: int) -> int:
        """Where the next match begins; the length of the text when there is none."""
        if self._found < position:
            match = self._pattern.search(self._text, position)
            self._found = match.start() if match else len(self._text)
        return self._found


def scan(text: str) -> tuple[list[Aside], list[int]]:
    """Find the asides of a text, in order, and the places of openers that nothing closes."""
    asides: list[Aside] = []
    strays: list[int] = []
    note_end, bone_end = _Ahead(re.compile(r"\]\]"), text), _Ahead(re.compile(r"\*/"), text)
    empty_line = _Ahead(_EMPTY_LINE, text)
    position = 0
    while opener := _OPENER.search(text, position):
        start, position = opener.span()
        if opener[0] == "/*":
            closed, limit = bone_end(position), len(text)
        else:
            closed, limit = note_end(position), empty_line(position)
        if closed < limit:
            position = closed + 2
            asides.append(Aside(start, position, "boneyard" if opener[0] == "/*" else "note"))
        else:
            strays.append(start)
    return asides, strays


def has_opener(text: str) -> bool:
    """Whether a text can hold an aside at all; cheap."""
    return "[[" in text or "/*" in text


def only_aside(text: str) -> Literal["note", "boneyard"] | None:
    """The kind of a text that is nothing but notes, or nothing but boneyards; else None."""
    if not has_opener(text):
        return None
    asides, _ = scan(text)
    if not asides or any(aside.kind != asides[0].kind for aside in asides):
        return None
    position = 0
    for aside in (*asides, Aside(len(text), len(text), "note")):
        if text[position : aside.start].strip():
            return None
        position = aside.end
    return asides[0].kind


def printed(text: str) -> str:
    r"""Return what the audience gets of a text: without asides, and without the lines that were only asides.

    >>> printed("Mara waits. [[how long?]] She leaves.")
    'Mara waits. She leaves.'
    """
    if not has_opener(text):
        return text
    text = text.replace(_CUT, "")
    pieces, position = [], 0
    for aside in scan(text)[0]:
        pieces += [text[position : aside.start], _CUT]
        position = aside.end
    cut = "".join(pieces) + text[position:]
    return _CUT_BETWEEN_SPACES.sub("", _LINE_OF_CUTS.sub("", cut)).replace(_CUT, "")


def without_strays(text: str) -> str:
    r"""Return a text whose unclosed openers are escaped (``/\*``, ``[\[``): no later text can close them."""
    while strays := scan(text)[1] if has_opener(text) else []:
        pieces, position = [], 0
        for stray in strays:
            pieces += [text[position : stray + 1], "\\"]
            position = stray + 1
        text = "".join(pieces) + text[position:]
    return text
