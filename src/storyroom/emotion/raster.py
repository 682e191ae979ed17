"""The canvas as PNG, drawn by Pillow at four times its size and made smaller, so that edges are smooth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import groupby, pairwise
from math import hypot
from typing import TYPE_CHECKING

from storyroom.emotion.canvas import INK, PAPER, Anchor, Point
from storyroom.errors import FormatError
from storyroom.formats.pages.columns import has_han
from storyroom.formats.pdf.fonts import FontFile, read_font
from storyroom.formats.pdf.system import CHINESE, MONOSPACED, installed

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

_SCALE = 2
_FINER = 2
_SANS = (
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "Arial.ttf",
    "Helvetica.ttc",
    *MONOSPACED,
)
_SUBSTITUTE = "?"


class PngCanvas:
    """A chart as PNG, two pixels for each one of its own.

    Args:
        width: in pixels.
        height: in pixels.
    """

    def __init__(self, width: float, height: float) -> None:
        from PIL import Image, ImageDraw

        self._times = _SCALE * _FINER
        self._image = Image.new("RGB", (round(width * self._times), round(height * self._times)), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def line(
        self, points: Sequence[Point], *, width: float = 1, color: str = INK, dash: Sequence[float] = ()
    ) -> None:
        """Draw a line through points."""
        for part in _dashes(points, dash) if dash else [points]:
            self._draw.line(self._at(part), fill=color, width=round(width * self._times), joint="curve")

    def shape(
        self,
        points: Sequence[Point],
        *,
        fill: str | None,
        color: str = INK,
        width: float = 1,
        title: str = "",
    ) -> None:
        """Draw a closed shape; a picture cannot show its title."""
        place = self._at(points)
        self._draw.polygon(place, fill=fill or PAPER)
        self._draw.line(
            [*place, place[0], place[1]], fill=color, width=round(width * self._times), joint="curve"
        )

    def text(
        self,
        place: Point,
        said: str,
        *,
        size: float = 12,
        anchor: Anchor = "start",
        color: str = INK,
        bold: bool = False,
    ) -> None:
        """Write one line of text.

        Raises:
            FormatError: no font that is installed has its Chinese characters.
        """
        big = round(size * self._times)
        runs = [(_font(number, big), text) for number, text in _runs(said)]
        whole = sum(font.getlength(text) for font, text in runs)
        x, y = place[0] * self._times, place[1] * self._times
        x -= {"start": 0.0, "middle": whole / 2, "end": whole}[anchor]
        for font, text in runs:
            stroke = max(1, big // 28) if bold else 0
            self._draw.text((x, y), text, font=font, fill=color, anchor="ls", stroke_width=stroke)
            x += font.getlength(text)

    def png(self) -> bytes:
        """Return the whole picture."""
        from PIL import Image

        size = self._image.width // _FINER, self._image.height // _FINER
        file = BytesIO()
        self._image.resize(size, Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
        return file.getvalue()

    def _at(self, points: Sequence[Point]) -> list[float]:
        return [value * self._times for point in points for value in point]


def _dashes(points: Sequence[Point], dash: Sequence[float]) -> Iterator[list[Point]]:
    """Yield the strokes of a dashed line."""
    turn, left, stroke = 0, dash[0], [points[0]]
    for (x, y), (to_x, to_y) in pairwise(points):
        length, gone = hypot(to_x - x, to_y - y), 0.0
        while length - gone > left:
            gone += left
            here = (x + (to_x - x) * gone / length, y + (to_y - y) * gone / length)
            if turn % 2 == 0:
                yield [*stroke, here]
            turn += 1
            left, stroke = dash[turn % len(dash)], [here]
        left -= length - gone
        stroke.append((to_x, to_y))
    if turn % 2 == 0:
        yield stroke


def _runs(text: str) -> list[tuple[int | None, str]]:
    """Divide a text by the font that draws it: its number among the fonts, or None for Pillow's own."""
    drawn = [_font_for(one) for one in text]
    missing = {one for one, (_, shown) in zip(text, drawn, strict=True) if shown != one and has_han(one)}
    if missing:
        raise FormatError(
            f"no font that is installed has: {' '.join(sorted(missing)[:12])}",
            hint="apt install fonts-wqy-microhei (or fonts-noto-cjk), or write SVG or HTML instead",
        )
    groups = groupby(drawn, key=lambda one: one[0])
    return [(number, "".join(shown for _, shown in group)) for number, group in groups]


@lru_cache(maxsize=4096)
def _font_for(character: str) -> tuple[int | None, str]:
    if character.isascii() and not _fonts(has_han=False):
        return None, character
    for number, font in enumerate(_fonts(has_han=has_han(character))):
        if character in font.advances:
            return number if not has_han(character) else -1 - number, character
    return (0, _SUBSTITUTE) if _fonts(has_han=False) else (None, _SUBSTITUTE)


@lru_cache(maxsize=2)
def _fonts(*, has_han: bool) -> list[FontFile]:
    """Return the fonts to take characters from, best first."""
    fonts = []
    for path in installed((*CHINESE,) if has_han else (*_SANS, *CHINESE)):
        try:
            fonts.append(read_font(path))
        except FormatError:  # the next font may do; Chinese characters that none has are named
            continue
    return fonts


@lru_cache(maxsize=64)
def _font(number: int | None, size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    if number is None:
        return ImageFont.load_default(size)
    font = _fonts(has_han=True)[-1 - number] if number < 0 else _fonts(has_han=False)[number]
    return ImageFont.truetype(str(font.path), size, index=font.number)
