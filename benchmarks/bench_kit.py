"""What the benchmarks share: the tests' scripted room, and tables."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from room_kit import EXAMPLES, IDEA, a_series, open_room

__all__ = ["EXAMPLES", "IDEA", "a_series", "machine", "median", "open_room", "table"]


def table(title: str, head: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    """Print a table, numbers to the right."""
    cells = [list(head), *([_cell(value) for value in line] for line in lines)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    print(f"\n{title}")
    for number, row in enumerate(cells):
        first, *rest = row
        print(
            "  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))])
        )
        if number == 0:
            print("  ".join("-" * width for width in widths))


def median(values: Sequence[float]) -> float:
    """Return the value in the middle."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def machine() -> str:
    """Say where this was measured."""
    import os

    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    )


def _cell(value: object) -> str:
    return (
        f"{value:,.1f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )
