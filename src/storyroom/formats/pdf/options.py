"""The choices of a PDF beyond those of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storyroom.formats.pages import PageOptions

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class PdfOptions(PageOptions):
    """How a script is laid out and drawn.

    Attributes:
        font: a TrueType or OpenType file, or a collection of them, for what Courier lacks; None looks on the
            system.
        courier_prime: whether Courier Prime is embedded for Latin text; False leaves it to the Courier of the
            reader, None does so where Courier Prime is not installed.
        substitute: one character that stands for those no font has; None makes them an error.
        created: the time the file names as its own. The same script, options and fonts give the same bytes.
    """

    font: Path | str | None = None
    courier_prime: bool | None = None
    substitute: str | None = None
    created: datetime = UNDATED
