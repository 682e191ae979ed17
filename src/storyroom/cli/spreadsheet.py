"""Tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from storyroom.cli.places import put_out

# Excel, LibreOffice and Google Sheets take a cell that begins so for a formula and run it; so does what they
# strip or narrow to one of these.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def show_csv(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Write a table as CSV (RFC 4180) to standard output, and nothing else.

    It is UTF-8 with a byte order mark, without which Excel garbles Chinese. No text is taken for a formula.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(columns)
    writer.writerows([int(cell) if isinstance(cell, int) else inert(cell) for cell in row] for row in rows)
    put_out(table.getvalue().encode("utf-8-sig"))


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> inert("=2+2"), inert("MARA")
    ("'=2+2", 'MARA')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
