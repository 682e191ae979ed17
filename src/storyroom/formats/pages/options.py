"""What a page is: the sheet of paper as a grid, where each kind of element stands on it, and the choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, get_args

from storyroom.errors import FormatError

Size = Literal["letter", "a4"]
Teleplay = Literal["one_hour", "half_hour"]

REVISION_COLOURS = (
    "white",
    "blue",
    "pink",
    "yellow",
    "green",
    "goldenrod",
    "buff",
    "salmon",
    "cherry",
    "tan",
)
"""The colours of revised pages, in the order in which the trade uses them."""

COLUMNS_PER_INCH = 10
_INCHES: dict[Size, tuple[float, float]] = {"letter": (8.5, 11.0), "a4": (8.2677, 11.6929)}
_LEFT = 15  # columns; a binding margin of an inch and a half


@dataclass(frozen=True, kw_only=True)
class PageOptions:
    """How a script is laid out.

    Attributes:
        size: ``letter`` or ``a4``.
        scene_numbers: whether scenes are numbered in both margins: as written where any heading has a number,
            else counted from 1.
        teleplay: ``one_hour`` begins each act on a new page under its title; so do half-hour shows shot
            with one camera. ``half_hour`` is the multi-camera page: it also begins each scene on a new page
            and sets speeches double-spaced. None knows no acts.
        revised: ids of the elements that are marked with an asterisk in the right margin.
        revision_colour: one of `REVISION_COLOURS`, named at the head of each page that has a mark.
        revision_date: stands behind the colour, as written.
        lines_per_inch: 6, or 5; None takes 5 for a script that is mostly Chinese (a Han character then stands
            in a square of two columns by one line) and 6 for others.
    """

    size: Size = "letter"
    scene_numbers: bool = False
    teleplay: Teleplay | None = None
    revised: frozenset[str] = field(default_factory=frozenset)
    revision_colour: str | None = None
    revision_date: str = ""
    lines_per_inch: Literal[5, 6] | None = None

    def __post_init__(self) -> None:
        _one_of("page size", self.size, get_args(Size))
        _one_of("revision colour", self.revision_colour, (None, *REVISION_COLOURS))
        _one_of("teleplay", self.teleplay, (None, *get_args(Teleplay)))
        _one_of("lines per inch", self.lines_per_inch, (None, 5, 6))


def _one_of(what: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known:
        names = ", ".join(str(one) for one in known if one is not None)
        raise FormatError(f"unknown {what} {value!r}", hint=f"choose one of: {names}")


class Area(NamedTuple):
    """A column of text on the sheet: where it begins and how wide it is, in columns."""

    column: int
    width: int


class SpeechAreas(NamedTuple):
    """Where the parts of a speech stand."""

    cue: Area
    parenthetical: Area
    dialogue: Area


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper as a grid: ten columns to the inch, five or six lines.

    The text of a page stands between `top` and `top + rows`; all rows and columns count from the upper left
    corner of the paper.
    """

    size: Size = "letter"
    lines_per_inch: int = 6

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points (1/72 inch)."""
        width, height = _INCHES[self.size]
        return round(width * 72, 2), round(height * 72, 2)

    @property
    def top(self) -> int:
        """The first row of text, an inch below the edge."""
        return self.lines_per_inch

    @property
    def header(self) -> int:
        """The row of the page number."""
        return self.lines_per_inch // 2

    @cached_property
    def rows(self) -> int:
        """How many rows of text a page holds."""
        return int((_INCHES[self.size][1] - 2) * self.lines_per_inch + 1e-6)

    @cached_property
    def right(self) -> int:
        """The column at which text ends, an inch before the edge."""
        return int(_INCHES[self.size][0] * COLUMNS_PER_INCH) - COLUMNS_PER_INCH

    @property
    def mark(self) -> int:
        """The column of revision asterisks."""
        return self.right + 6

    @cached_property
    def action(self) -> Area:
        """Headings, action, centred text and transitions: the whole width."""
        return Area(_LEFT, self.right - _LEFT)

    @cached_property
    def speech(self) -> SpeechAreas:
        """A speech that stands alone."""
        return SpeechAreas(Area(37, self.right - 37), Area(31, 25), Area(25, 35))

    @cached_property
    def dual(self) -> tuple[SpeechAreas, SpeechAreas]:
        """Two speeches side by side."""
        width = (self.action.width - 4) // 2
        return _half(_LEFT, width), _half(self.right - width, width)


def _half(column: int, width: int) -> SpeechAreas:
    return SpeechAreas(Area(column + 8, width - 8), Area(column + 4, width - 6), Area(column, width))
