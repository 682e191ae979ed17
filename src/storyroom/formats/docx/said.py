"""What an element says, as Word keeps it: styled text in pieces, and the notes about each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from storyroom.formats.fdx.inline import Placed, divided, plain, sliced
from storyroom.formats.fountain import Run
from storyroom.formats.printed import cleaned, parentheses, span
from storyroom.story.script import Element, Kind

_NEXT_NOTE = re.compile(r"\]\]\s*\[\[")


class Piece(NamedTuple):
    """Text and the notes that stand behind it; either may be empty."""

    runs: tuple[Run, ...]
    notes: tuple[str, ...] = ()


def said(element: Element) -> list[Piece]:
    """Return the text of an element: a cue with its extension, a parenthetical in its parentheses.

    Boneyards are left out.
    """
    pieces = pieces_of(element.text, indented=element.kind is Kind.ACTION)
    opening, closing = parentheses(element)
    if element.kind is Kind.PARENTHETICAL and any(piece.runs for piece in pieces):
        pieces = [Piece((Run(opening),)), *pieces, Piece((Run(closing),))]
    elif element.kind is Kind.CUE and element.extension:
        extension = pieces_of(element.extension)
        if any(piece.runs for piece in extension):
            extension = [Piece((Run(opening),)), *extension, Piece((Run(closing),))]
        pieces += extension
    return _merged(pieces)


def pieces_of(text: str, *, indented: bool = False) -> list[Piece]:
    """Part a text at its notes.

    Args:
        text: with marks of emphasis, notes and boneyards.
        indented: whether white space before it is kept.
    """
    runs, placed = divided(text)
    start, end = span(plain(runs), indented=indented)
    kept = sliced(runs, start, end)
    pieces: list[Piece] = []
    position = 0
    for note in placed:
        if _is_note(note):
            place = max(position, note.offset - start)
            pieces.append(Piece(cleaned(sliced(kept, position, place)), (note_text(note.aside),)))
            position = place
    rest = cleaned(sliced(kept, position, end))
    return [*pieces, Piece(rest)] if rest or not pieces else pieces


def note_text(aside: str) -> str:
    """Return what a note says, without its marks; of several on one line, each on its own."""
    text = _NEXT_NOTE.sub("\n", aside.removeprefix("[[").removesuffix("]]"))
    return plain(cleaned([Run("\n".join(line.strip() for line in text.strip().split("\n")))]))


def _is_note(placed: Placed) -> bool:
    return placed.aside.startswith("[[")


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Join text to the piece behind it that has a note, and notes without text to the piece before."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and not (merged[-1].notes and piece.runs):
            before = merged.pop()
            piece = Piece((*before.runs, *piece.runs), (*before.notes, *piece.notes))
        merged.append(piece)
    return merged
