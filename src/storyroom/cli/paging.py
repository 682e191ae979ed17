"""The options of pages that several commands share, and what they make together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from storyroom.formats.pdf import PdfOptions

_PANEL = "Pages"

PageSize = Annotated[Literal["letter", "a4"], typer.Option(help="The paper.", rich_help_panel=_PANEL)]
SceneNumbers = Annotated[
    bool, typer.Option("--scene-numbers", help="Number the scenes in both margins.", rich_help_panel=_PANEL)
]
TeleplayKind = Annotated[
    Literal["one_hour", "half_hour"] | None,
    typer.Option(
        help="one_hour: acts begin new pages. half_hour: scenes too, and speeches are double-spaced.",
        rich_help_panel=_PANEL,
    ),
]
LinesPerInch = Annotated[
    Literal[5, 6] | None,
    typer.Option(help="Default: 5 for Chinese, 6 for others.", rich_help_panel=_PANEL),
]
Font = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="PDF: a font for what Courier lacks, such as Chinese. Default: one that is installed.",
        rich_help_panel=_PANEL,
    ),
]
Courier = Annotated[
    Literal["prime", "plain"] | None,
    typer.Option(
        help="PDF: prime embeds Courier Prime, plain leaves Latin text to the Courier of the reader. "
        "Default: prime where it is installed.",
        rich_help_panel=_PANEL,
    ),
]
Substitute = Annotated[
    str | None,
    typer.Option(
        metavar="CHAR",
        help="PDF: what is drawn for characters that no font has. Default: they are an error.",
        rich_help_panel=_PANEL,
    ),
]


def page_options(
    *,
    size: Literal["letter", "a4"],
    scene_numbers: bool = False,
    teleplay: Literal["one_hour", "half_hour"] | None = None,
    lines_per_inch: Literal[5, 6] | None = None,
    font: Path | None = None,
    courier: Literal["prime", "plain"] | None = None,
    substitute: str | None = None,
) -> PdfOptions:
    """Return what the options say.

    Raises:
        FormatError: the font that was named is not there, or is none: said even if no page needs it.
    """
    from storyroom.formats.pdf import PdfOptions
    from storyroom.formats.pdf.fonts import read_font

    if font is not None:
        read_font(font.expanduser())
    return PdfOptions(
        size=size,
        scene_numbers=scene_numbers,
        teleplay=teleplay,
        lines_per_inch=lines_per_inch,
        font=font,
        courier_prime=None if courier is None else courier == "prime",
        substitute=substitute,
    )
