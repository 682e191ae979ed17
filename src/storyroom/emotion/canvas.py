"""A small surface to draw charts on, and its SVG form. `raster.py` is its other form."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal, Protocol

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]

INK, FAINT, RULE, PAPER = "#111111", "#555555", "#c8c8c8", "#ffffff"
_SANS = (
    "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', Arial, 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)


class Canvas(Protocol):
    """What a chart can be drawn on. Lengths are in pixels, from the upper left corner."""

    def line(
        self, points: Sequence[Point], *, width: float = 1, color: str = INK, dash: Sequence[float] = ()
    ) -> None:
        """Draw a line through points; `dash` is lengths of strokes and gaps in turn."""

    def shape(
        self,
        points: Sequence[Point],
        *,
        fill: str | None,
        color: str = INK,
        width: float = 1,
        title: str = "",
    ) -> None:
        """Draw a closed shape. What `title` says is shown to who points at it, where that is possible."""

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
        """Write one line of text; `place` is where its baseline starts, has its middle or ends."""


class SvgCanvas:
    """A chart as SVG 1.1, with no reference to anything outside it.

    Args:
        width: in pixels.
        height: in pixels.
        language: of its text, as an HTML language tag.
        label: what it shows, for those who cannot see it.
        data: attributes `data-…` of its root, for a script that works on it.
    """

    def __init__(
        self, width: float, height: float, *, language: str, label: str, data: dict[str, float] | None = None
    ) -> None:
        about = "".join(f' data-{name}="{_n(value)}"' for name, value in (data or {}).items())
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" '
            f'width="{_n(width)}" height="{_n(height)}" xml:lang="{language}" lang="{language}" role="img" '
            f'aria-label="{_safe(label)}" font-family="{_SANS}"{about}>',
            f"<title>{_safe(label)}</title>",
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        ]

    def line(
        self, points: Sequence[Point], *, width: float = 1, color: str = INK, dash: Sequence[float] = ()
    ) -> None:
        """Draw a line through points."""
        dashes = f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""
        self._parts.append(
            f'<polyline points="{_joined(points)}" fill="none" stroke="{color}" '
            f'stroke-width="{_n(width)}" stroke-linejoin="round"{dashes}/>'
        )

    def shape(
        self,
        points: Sequence[Point],
        *,
        fill: str | None,
        color: str = INK,
        width: float = 1,
        title: str = "",
    ) -> None:
        """Draw a closed shape."""
        inside = f"<title>{_safe(title)}</title>" if title else ""
        self._parts.append(
            f'<polygon points="{_joined(points)}" fill="{fill or PAPER}" stroke="{color}" '
            f'stroke-width="{_n(width)}">{inside}</polygon>'
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
        """Write one line of text."""
        weight = ' font-weight="bold"' if bold else ""
        self._parts.append(
            f'<text x="{_n(place[0])}" y="{_n(place[1])}" font-size="{_n(size)}" text-anchor="{anchor}" '
            f'fill="{color}"{weight}>{_safe(said)}</text>'
        )

    def svg(self) -> str:
        """Return the whole picture."""
        return "\n".join([*self._parts, "</svg>"]) + "\n"


def _safe(text: str) -> str:
    """Escape a text, and drop what XML 1.0 cannot hold."""
    return escape("".join(c for c in text if c.isprintable()))


def _joined(points: Sequence[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
