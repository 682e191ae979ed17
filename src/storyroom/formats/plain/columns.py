"""Which column means what, learned from the script itself: no two writers set the same tabs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from storyroom.formats.plain.looks import heading, is_cue, is_parenthetical
from storyroom.formats.plain.rows import Row

TOLERANCE = 1.6
_LEAST_SHARE = 0.04
USUAL_WIDTH = 60
"""Columns of a line of action on the page of the trade."""
_LEAST_INDENT = 2.5


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the kinds of elements stand, in columns of a tenth of an inch.

    Attributes:
        base: headings and action.
        dialogue: speeches.
        cue: names, the leftmost of them.
        right: where lines end.
        unwrapped: whether a paragraph is one line, however long.
        double_spaced: whether the lines of a speech have blank ones between them.
        heading_gap: blank rows above a heading, where that is more than above other elements; else 0.
    """

    base: float
    dialogue: float
    cue: float
    right: float
    unwrapped: bool
    double_spaced: bool
    heading_gap: int

    @property
    def centre(self) -> float:
        """The middle of the text."""
        return (self.base + self.right) / 2

    def is_base(self, column: float) -> bool:
        """Whether headings and action stand here."""
        return column <= self.base + TOLERANCE

    def is_speech(self, column: float) -> bool:
        """Whether dialogue and parentheticals stand here."""
        low = min(self.dialogue, (self.base + self.dialogue) / 2 + TOLERANCE)
        return low < column < max(self.dialogue + 2 * TOLERANCE, self.cue)


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """Learn the columns of a script; None where indentation tells nothing."""
    base = _base(rows)
    pairs = list(_speeches(rows, base))
    if not pairs or (len(pairs) == 1 and len(rows) > 60):
        return None
    dialogue = _usual(said.start for _, said in pairs if not is_parenthetical(said.text)) or pairs[0][1].start
    cue = min(name.start for name, _ in pairs if name.start >= dialogue - TOLERANCE)
    ends = [row.end for row in rows if row.start <= base + TOLERANCE]
    widest = max(ends, default=base)
    unwrapped = widest > base + 1.4 * USUAL_WIDTH
    right = base + USUAL_WIDTH if unwrapped or widest < base + USUAL_WIDTH * 0.6 else widest
    right = max(right, min(max(row.end for row in rows), base + USUAL_WIDTH))
    double = Counter(
        below.above == 0
        for row, below in pairwise(rows)
        if row.page == below.page
        and abs(row.start - dialogue) < TOLERANCE
        and abs(below.start - dialogue) < TOLERANCE
    )
    return Columns(
        base, dialogue, cue, right, unwrapped, double[False] > double[True], _heading_gap(rows, base)
    )


def _base(rows: Sequence[Row]) -> float:
    headings = Counter(round(row.start) for row in rows if heading(row.text))
    if headings:
        return float(min(column for column, times in headings.items() if times * 3 >= max(headings.values())))
    starts = Counter(round(row.start) for row in rows)
    least = _LEAST_SHARE * len(rows)
    return float(min((column for column, times in starts.items() if times >= least), default=0))


def _speeches(rows: Sequence[Row], base: float) -> Iterator[tuple[Row, Row]]:
    """Yield each row that is a cue by look and place, with the first row of what is said."""
    for index, row in enumerate(rows[:-1]):
        if row.start < base + 2 * _LEAST_INDENT or len(row.segments) > 1 or not is_cue(row.text):
            continue
        for below in rows[index + 1 : index + 5]:
            if below.page != row.page or below.above > 1 or below.start < base + _LEAST_INDENT:
                break
            if below.start > row.start + TOLERANCE and not is_parenthetical(below.text):
                break
            if not is_parenthetical(below.text):
                yield row, below
                break


def _usual(columns: Iterator[float]) -> float | None:
    found = Counter(map(round, columns))
    return float(found.most_common(1)[0][0]) if found else None


def _heading_gap(rows: Sequence[Row], base: float) -> int:
    """Return the blank rows above headings, if there are more of them than above any other kind of row."""
    above_headings: Counter[int] = Counter()
    others: Counter[int] = Counter()
    for row, below in pairwise(rows):
        if row.page == below.page and below.start <= base + TOLERANCE and below.above:
            (above_headings if heading(below.text) else others)[below.above] += 1
    if not above_headings or not others:
        return 0
    gap, usual = above_headings.most_common(1)[0][0], others.most_common(1)[0][0]
    return gap if gap > usual else 0
