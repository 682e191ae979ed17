"""Where output goes: results to standard output, everything said about them to standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

# What a terminal would act on instead of showing it: scripts and models may hold anything.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Return a text without the characters that would steer a terminal; line ends and tabs stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def stdout() -> Console:
    """Return the console for results."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def stderr() -> Console:
    """Return the console for what is said about them."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(text: str, style: str = "") -> None:
    """Say something to the human, without folding it: paths and commands stay whole."""
    _put(text, style, sys.stderr, stderr)


def show(text: str, style: str = "") -> None:
    """Write a result."""
    _put(text, style, sys.stdout, stdout)


def _put(text: str, style: str, stream: TextIO, console: Callable[[], Console]) -> None:
    # A file has no colours, and rich takes a while to import.
    if not stream.isatty():
        stream.write(clean(text) + "\n")
        return
    from rich.text import Text

    console().print(Text(clean(text), style=style), soft_wrap=True)


def show_json(value: Any) -> None:
    """Write a result as JSON, and nothing else."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """Write rows under their columns. A terminal folds long cells; a file gets each row on one line."""
    if not rows:
        say(empty)
    elif sys.stdout.isatty():
        _fold_table(columns, rows)
    else:
        cells = [[" ".join(clean(cell).splitlines()) for cell in row] for row in (columns, *rows)]
        widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            sys.stdout.write("  ".join(padded).rstrip() + "\n")


def _fold_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    console = stdout()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    with console.capture() as laid_out:
        console.print(table)
    sys.stdout.writelines(line.rstrip() + "\n" for line in laid_out.get().splitlines())


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
