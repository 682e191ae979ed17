"""The mark of each emotion: a shape that is known without its colour."""

from __future__ import annotations

from math import cos, pi, sin

from storyroom.emotion.canvas import FAINT, Canvas, Point

# Okabe & Ito's palette, which most colour-blind people can tell apart.
COLORS = {
    "anger": "#d55e00",
    "disgust": "#009e73",
    "fear": "#5b3a8c",
    "joy": "#e69f00",
    "sadness": "#0072b2",
    "surprise": "#cc79a7",
    "neutral": "#777777",
}


def _ring(corners: int, turn: float, inner: float = 0.0) -> list[Point]:
    count = corners * 2 if inner else corners
    radius = [inner if inner and n % 2 else 1.0 for n in range(count)]
    return [
        (r * sin(turn + 2 * pi * n / count), -r * cos(turn + 2 * pi * n / count))
        for n, r in enumerate(radius)
    ]


_SHAPES = {
    "anger": _ring(3, 0),  # a triangle that points up
    "disgust": _ring(4, pi / 4),  # a square
    "fear": _ring(3, pi),  # a triangle that points down
    "joy": _ring(24, 0),  # a circle
    "sadness": [(0.0, -1.1), (0.7, 0.0), (0.0, 1.1), (-0.7, 0.0)],  # a narrow diamond
    "surprise": _ring(5, 0, 0.42),  # a star
    "neutral": [(-1.0, -0.3), (1.0, -0.3), (1.0, 0.3), (-1.0, 0.3)],  # a bar
}


def draw_mark(
    canvas: Canvas, place: Point, emotion: str, *, weak: bool = False, size: float = 6, title: str = ""
) -> None:
    """Draw the mark of an emotion; hollow where it is weak."""
    canvas.shape(
        [(place[0] + x * size, place[1] + y * size) for x, y in _SHAPES[emotion]],
        fill=None if weak else COLORS[emotion],
        color=FAINT if weak else "#111111",
        width=1.2 if weak else 0.8,
        title=title,
    )
