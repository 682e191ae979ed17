r"""The text of an element as FDX keeps it: styled runs, and beside them the notes with their places.

Fountain writes a note into the line (``Mara waits. [[how long?]] She leaves.``), FDX beside it, with a place.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from storyroom.formats.fountain import Run, emphasis, mark_up
from storyroom.story.asides import scan


class Placed(NamedTuple):
    """A note or boneyard, marks included, that stands before the character with this index."""

    offset: int
    aside: str


def plain(runs: Iterable[Run]) -> str:
    """The text of runs, without their styles."""
    return "".join(run.text for run in runs)


def divided(text: str) -> tuple[tuple[Run, ...], tuple[Placed, ...]]:
    """Part the text of an element into what is printed, and the asides in it.

    >>> divided("Mara waits. [[how long?]] She leaves.")[1]
    (Placed(offset=11, aside='[[how long?]]'),)
    """
    runs = emphasis(text)
    found = scan(text)[0]
    if not found:
        return runs, ()
    peg = _unused(text)
    pieces, position = [], 0
    for aside in found:
        pieces.append(text[position : aside.start])
        position = aside.end
    marked = emphasis(_tidied(peg.join([*pieces, text[position:]]), peg))
    offsets, length = [], 0
    for piece in plain(marked).split(peg):
        length += len(piece)
        offsets.append(length)
    unpegged = merged(run._replace(text=run.text.replace(peg, "")) for run in marked)
    runs = merged(runs)
    if unpegged != runs:
        end = len(plain(runs).rstrip("\n"))
        offsets = [end] * len(found)  # a peg changed what the marks beside it mean: behind the text, then
    asides = (text[aside.start : aside.end] for aside in found)
    return _without_end(runs), tuple(map(Placed, offsets, asides))


def joined(runs: Sequence[Run], placed: Sequence[Placed], *, in_lines: bool) -> str:
    """Put the asides back into a text: the inverse of `divided`, but for white space beside them.

    Args:
        runs: what is printed.
        placed: in order of their offsets.
        in_lines: whether an aside may be a line of its own within this kind of element.
    """
    if not placed:
        return mark_up(runs)
    text = plain(runs)
    peg = _unused(text)
    pieces = _split(runs, [offset for offset, _ in placed])
    pegged = list(pieces[0])
    for (offset, _), piece, style in zip(placed, pieces[1:], _styles(pieces), strict=True):
        before, behind = text[max(0, offset - 1) : offset], text[offset : offset + 1]
        own_line = in_lines and (not before or before == "\n") and behind and not behind.isspace()
        spaced = before and not _ends_apart(before) and (not behind or behind.isspace())
        spaced = spaced or before in ("[", "\\")  # or it would take part in the mark
        pegged.append(style._replace(text=(" " if spaced else "") + peg + ("\n" if own_line else "")))
        pegged += piece
    first, *others = mark_up(pegged).split(peg)
    return first + "".join(aside + piece for (_, aside), piece in zip(placed, others, strict=True))


def _ends_apart(character: str) -> bool:
    """Whether a note is written right behind this character: white space, and all of Chinese."""
    return character.isspace() or unicodedata.east_asian_width(character) in "WF"


def _split(runs: Sequence[Run], offsets: Sequence[int]) -> list[list[Run]]:
    """Part runs at places in their text, which grow: one piece more than there are places."""
    pieces: list[list[Run]] = [[]]
    position = 0
    for run in runs:
        text = run.text
        while len(pieces) <= len(offsets) and offsets[len(pieces) - 1] < position + len(text):
            cut = max(0, offsets[len(pieces) - 1] - position)
            pieces[-1] += [run._replace(text=text[:cut])] if cut else []
            pieces.append([])
            text, position = text[cut:], position + cut
        if text:
            pieces[-1].append(run._replace(text=text))
            position += len(text)
    return pieces + [[] for _ in range(len(offsets) + 1 - len(pieces))]


def sliced(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """The runs of a stretch of the text."""
    found, position = [], 0
    for run in runs:
        text = run.text[max(0, start - position) : max(0, end - position)]
        position += len(run.text)
        if text:
            found.append(run._replace(text=text))
    return found


def _styles(pieces: Sequence[Sequence[Run]]) -> list[Run]:
    """The style that the text on both sides has, for each place between two pieces."""
    before = _filled(pieces[:-1])
    behind = _filled(pieces[:0:-1])[::-1]
    return [
        Run("", *map(all, zip(one[-1][1:], two[0][1:], strict=True))) if one and two else Run("")
        for one, two in zip(before, behind, strict=True)
    ]


def _filled(pieces: Sequence[Sequence[Run]]) -> list[Sequence[Run]]:
    """The same pieces, with the one before in place of each that is empty."""
    last: Sequence[Run] = ()
    return [last := piece or last for piece in pieces]


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same text in as few runs as can be."""
    groups = groupby((run for run in runs if run.text), key=lambda run: run._replace(text=""))
    return tuple(style._replace(text=plain(group)) for style, group in groups)


def _without_end(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(sliced(runs, 0, len(plain(runs).rstrip("\n"))))


def _unused(text: str) -> str:
    """A character that is not in the text, and is no white space."""
    return next(peg for code in range(0xE000, 0x110000) if (peg := chr(code)) not in text)


def _tidied(text: str, peg: str) -> str:
    """Take the white space away that goes with an aside, as `asides.printed` does."""
    text = re.sub(
        rf"^[^\S\n]*{peg}[^\S\n{peg}]*(?:{peg}[^\S\n{peg}]*)*(?:\n|\Z)",
        lambda line: peg * line[0].count(peg),
        text,
        flags=re.MULTILINE,
    )
    return re.sub(rf"[ \t]({peg}+)(?=\s|\Z)", r"\1", text)
