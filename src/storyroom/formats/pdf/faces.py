"""Faces: which font draws which character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.errors import FormatError
from storyroom.formats.pages.columns import has_han
from storyroom.formats.pdf.fonts import SIZE, FontFile, read_font
from storyroom.formats.pdf.options import PdfOptions
from storyroom.formats.pdf.system import CHINESE, COURIER_PRIME, MONOSPACED, installed

if TYPE_CHECKING:
    from fpdf import FPDF

_COURIER_WIDTH = 0.6 * SIZE
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Face:
    """A font of the PDF that is drawn.

    Attributes:
        family: its name there.
        advances: width of each character in points; None where all are as wide as Courier.
        styled: whether it has bold and italic of its own; else they are imitated.
    """

    family: str
    advances: dict[str, float] | None = None
    styled: bool = False

    def has(self, character: str) -> bool:
        """Whether it can draw a character."""
        return in_courier(character) if self.advances is None else character in self.advances

    def advance(self, character: str) -> float:
        """Return the width of a character in points."""
        return _COURIER_WIDTH if self.advances is None else self.advances[character]


@dataclass(frozen=True, slots=True)
class Faces:
    """The face of every character of a script.

    Attributes:
        latin: the face of Latin text.
        others: the faces of full-width characters and of those that `latin` lacks.
        substitute: what is drawn instead of a character that no face has.
    """

    latin: Face
    others: dict[str, Face] = field(default_factory=dict)
    substitute: str = "?"

    def of(self, character: str, *, full_width: bool) -> tuple[Face, str]:
        """Return the face for a character, and the character to draw."""
        if not full_width and self.latin.has(character):
            return self.latin, character
        if face := self.others.get(character):
            return face, character
        return self.latin, character if self.latin.has(character) else self.substitute


def in_courier(character: str) -> bool:
    """Whether the Courier of PDF readers has a character: those of Windows code page 1252."""
    return bool(character.encode("cp1252", "ignore"))


def choose_faces(pdf: FPDF, full_width: set[str], narrow: set[str], options: PdfOptions) -> Faces:
    """Find a face for every character, and make the faces known to the PDF.

    Args:
        pdf: the PDF that is drawn.
        full_width: the characters that stand on two columns.
        narrow: those that stand on one, or on another character.
        options: which fonts to use.

    Raises:
        FormatError: no font has some of the characters, or the font that was named cannot be read.
    """
    substitute = options.substitute
    if substitute is not None and not (len(substitute) == 1 and in_courier(substitute) and substitute > " "):
        raise FormatError(
            f"{substitute!r} cannot stand for other characters", hint="name one Latin character"
        )
    latin = _latin(pdf, options)
    others: dict[str, Face] = {}
    wanted = full_width | {character for character in narrow if not latin.has(character)}
    for number, font in enumerate(_candidates(wanted - full_width, wanted & full_width, options)):
        if taken := wanted & font.advances.keys():
            face = Face(f"font{number}", {character: font.advances[character] for character in taken})
            _add(pdf, face.family, "", font.path, font.number, taken)
            others |= dict.fromkeys(taken, face)
            wanted -= taken
        if not wanted:
            break
    missing = {character for character in wanted if not latin.has(character)}
    if missing and substitute is None:
        raise _no_font(missing, options)
    return Faces(latin, others, substitute or "?")


def _candidates(narrow: set[str], full_width: set[str], options: PdfOptions) -> Iterator[FontFile]:
    """Yield the fonts to take characters from, best first; the font that was named is the only one."""
    if options.font is not None:
        if narrow or full_width:
            yield read_font(Path(options.font).expanduser())
        return
    names = (*(MONOSPACED if narrow else ()), *(CHINESE if full_width else ()))
    for path in installed((*names, *MONOSPACED, *CHINESE)):
        try:
            yield read_font(path)
        except FormatError:  # the next font may do; if none does, the characters without a font are named
            continue


def _latin(pdf: FPDF, options: PdfOptions) -> Face:
    files = {style: next(installed(names), None) for style, names in COURIER_PRIME.items()}
    if options.courier_prime and None in files.values():
        raise FormatError(
            "Courier Prime is not installed",
            hint="apt install fonts-courier-prime, or leave Courier to the reader of the PDF",
        )
    if options.courier_prime is False or None in files.values():
        return Face("courier", styled=True)
    advances: dict[str, float] = {}
    for style, path in files.items():
        if path:
            advances = advances or read_font(path).advances
            _add(pdf, "prime", style, path)
    return Face("prime", advances, styled=True)


def _add(
    pdf: FPDF, family: str, style: str, path: Path, number: int = 0, characters: Iterable[str] = ()
) -> None:
    from fpdf.enums import TextEmphasis

    pdf.add_font(
        family,
        style=TextEmphasis.coerce(style).style,
        fname=path,
        unicode_range=[ord(character) for character in characters] or None,
        collection_font_number=number,
    )


def _no_font(missing: set[str], options: PdfOptions) -> FormatError:
    shown = " ".join(sorted(missing)[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    if options.font is not None:
        return FormatError(
            f"the font {Path(options.font).name} lacks: {shown}{more}",
            hint="name a font that has them, or no font at all to have one looked for, or give a substitute",
        )
    if has_han(shown):
        hint = "apt install fonts-wqy-microhei (or fonts-noto-cjk), or name a font file"
    else:
        hint = "apt install fonts-dejavu-core, or name a font file that has them, or give a substitute"
    return FormatError(f"no font that is installed has: {shown}{more}", hint=hint)
