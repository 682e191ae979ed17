"""Font files: what characters they have, and how wide those are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storyroom.errors import FormatError

SIZE = 12.0
"""The size of all text in points."""
_SIMPLIFIED = (" SC", " CN", "GB")


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font in a file.

    Attributes:
        path: the file.
        number: its place in a collection.
        advances: the width of each character it has, in points at `SIZE`.
    """

    path: Path
    number: int
    advances: dict[str, float]


def read_font(path: Path) -> FontFile:
    """Read what characters a font has; of a collection, the one for simplified Chinese, or the first.

    Raises:
        FormatError: the file is not there, or is no font.
    """
    from fontTools.ttLib import TTCollection, TTFont, TTLibError  # type: ignore[import-untyped]

    try:
        number = 0
        with path.open("rb") as file:
            if file.read(4) == b"ttcf":
                with TTCollection(path, lazy=True) as collection:
                    number = _simplified([str(font["name"].getBestFamilyName()) for font in collection])
        with TTFont(path, fontNumber=number, lazy=True) as font:
            scale = SIZE / font["head"].unitsPerEm
            metrics = font["hmtx"].metrics
            names = font.getBestCmap() or {}
            return FontFile(path, number, {chr(c): metrics[name][0] * scale for c, name in names.items()})
    except OSError as error:
        raise FormatError(
            f"the font {path} cannot be read: {error.strerror or error}",
            hint="name a font file that is there",
        ) from error
    except (TTLibError, KeyError, AttributeError, AssertionError) as error:
        raise FormatError(
            f"{path} is not a font that can be embedded",
            hint="name a TrueType or OpenType font (.ttf, .otf) or a collection of them (.ttc)",
        ) from error


def _simplified(families: list[str]) -> int:
    for number, family in enumerate(families):
        if any(mark in family for mark in _SIMPLIFIED):
            return number
    return 0
