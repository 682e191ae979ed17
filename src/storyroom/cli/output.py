"""Where output goes: results to standard output, everything said about them to standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

# What a terminal would act on instead of showing it: scripts and models may hold anything.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_NEVER_FOLD = 100_000


def clean(text: str) -> str:
    """Return a text without the characters that would steer a terminal; line ends and tabs stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def stdout() -> Console:
    """Return the console for results."""
    return Console(highlight=False, markup=False, emoji=False)


def stderr() -> Console:
    """Return the console for what is said about them."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(text: str, style: str = "") -> None:
    """Say something to the human, without folding it: paths and commands stay whole."""
    stderr().print(Text(clean(text), style=style), soft_wrap=True)


def show(text: str, style: str = "") -> None:
    """Write a result."""
    stdout().print(Text(clean(text), style=style), soft_wrap=True)


def show_json(value: Any) -> None:
    """Write a result as JSON, and nothing else."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """Write rows under their columns. A terminal folds long cells; a file gets each row on one line."""
    from rich.table import Table

    if not rows:
        say(empty)
        return
    console = stdout()
    if not console.is_terminal:
        console = Console(width=_NEVER_FOLD, highlight=False, markup=False, emoji=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    with console.capture() as laid_out:
        console.print(table)
    sys.stdout.writelines(line.rstrip() + "\n" for line in laid_out.get().splitlines())
