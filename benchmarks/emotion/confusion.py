"""A picture of confusion matrices, one for each language: shares of each row, in greys and in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storyroom.emotion.canvas import FAINT, Canvas, SvgCanvas
from storyroom.emotion.feeling import EMOTIONS
from storyroom.emotion.raster import PngCanvas
from storyroom.emotion.wording import wording

CELL, LEFT, TOP = 52, 84, 92
WIDTH, HEIGHT = 2 * (LEFT + len(EMOTIONS) * CELL) + 40, TOP + len(EMOTIONS) * CELL + 50


def draw_confusion(counts: dict[str, Any], place: Path) -> None:
    """Write the matrices of two languages beside each other, as SVG and as PNG."""
    label = "Confusion of emotions: rows are labels, columns are what the head said."
    svg, png = SvgCanvas(WIDTH, HEIGHT, language="en", label=label), PngCanvas(WIDTH, HEIGHT)
    for canvas in (svg, png):
        _draw(counts, canvas)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(svg.svg(), encoding="utf-8")
    place.with_suffix(".png").write_bytes(png.png())


def _draw(counts: dict[str, Any], canvas: Canvas) -> None:
    canvas.text((20, 28), "Of 100 lines with the label of a row, how many the head gave each label", size=15)
    for number, (name, matrix) in enumerate(counts.items()):
        _draw_matrix(name, matrix, 10 + number * (LEFT + len(EMOTIONS) * CELL + 20), canvas)


def _draw_matrix(name: str, matrix: Any, left: float, canvas: Canvas) -> None:
    words = wording("zh" if name == "中文" else "en")
    canvas.text((left + LEFT, 56), f"{name} (n = {matrix.sum()})", size=14, bold=True)
    for row, label in enumerate(EMOTIONS):
        y = TOP + row * CELL
        canvas.text((left + LEFT - 8, y + CELL / 2 + 4), words[label], size=12, anchor="end")
        x = left + LEFT + row * CELL + CELL / 2
        canvas.text((x, TOP - 8), words[label], size=11, anchor="middle", color=FAINT)
        for column in range(len(EMOTIONS)):
            share = matrix[row, column] / max(1, matrix[row].sum())
            _draw_cell(left + LEFT + column * CELL, y, float(share), canvas, hit=row == column)


def _draw_cell(x: float, y: float, share: float, canvas: Canvas, *, hit: bool) -> None:
    grey = round(255 - 215 * share)
    corners = [(x + 1, y + 1), (x + CELL - 1, y + 1), (x + CELL - 1, y + CELL - 1), (x + 1, y + CELL - 1)]
    edge = "#111111" if hit else "#dddddd"
    canvas.shape(corners, fill=f"#{grey:02x}{grey:02x}{grey:02x}", color=edge, width=2 if hit else 1)
    color = "#ffffff" if share > 0.5 else "#111111"
    said = f"{100 * share:.0f}" if share else "·"
    canvas.text((x + CELL / 2, y + CELL / 2 + 5), said, size=14, anchor="middle", color=color, bold=hit)
