"""Looking at the pages of a PDF: what stands where, and which characters are really drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from PIL import Image

SCALE = 3
INK = 0.02
SHAPE = (24, 24)


class Glyph(NamedTuple):
    """A character of a page: its box in inches from the left and the top, and its picture.

    Attributes:
        look: the picture at a size of its own; empty if there is no ink in the box.
    """

    character: str
    left: float
    top: float
    right: float
    bottom: float
    look: bytes

    @property
    def middle(self) -> float:
        """Height of the middle of the line, in inches from the top."""
        return (self.top + self.bottom) / 2


def glyphs_of(page: pypdfium2.PdfPage) -> Iterator[Glyph]:
    """Yield the characters of a page in the order of its text, white space left out."""
    image = page.render(scale=SCALE, grayscale=True).to_pil()
    text, height = page.get_textpage(), page.get_height()
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        if character.strip():
            left, bottom, right, top = text.get_charbox(index, loose=True)
            box = left, height - top, right, height - bottom
            yield Glyph(character, *(side / 72 for side in box), _look(image, box))


def _look(image: Image.Image, box: tuple[float, ...]) -> bytes:
    part = image.crop(tuple(round(side * SCALE) for side in box))
    if not part.width or not part.height:
        return b""
    dark = sum(part.histogram()[:128]) / (part.width * part.height)
    return part.resize(SHAPE).tobytes() if dark > INK else b""


def drawn_of(path: Path, characters: set[str]) -> tuple[int, int, int]:
    """Return the number of pages, how many of the characters are in the text, and how many are drawn.

    A character counts as drawn if there is ink where it stands, and no other of them looks the same: fonts
    that lack a glyph draw nothing, or one box for all.
    """
    document = pypdfium2.PdfDocument(path)
    looks: dict[str, bytes] = {}
    for page in document:
        for glyph in glyphs_of(page):
            if glyph.character in characters:
                looks.setdefault(glyph.character, glyph.look)
    seen = list(looks.values())
    return len(document), len(looks), sum(bool(look) and seen.count(look) == 1 for look in seen)
