"""What two sequences have in common, in order, in near-linear time whatever they are.

Patience diff (Bram Cohen): what stands once on both sides anchors the rest, and what lies between two anchors
is looked at in the same way. Small remains are solved exactly. Large ones without an anchor, such as ten
thousand equal lines, are anchored by count: the third "Yes." is the third "Yes.".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise

MOST_CELLS = 64 * 64
"""How large a table may be that compares each of some with each of others."""

_MOST_LEVELS = 12

Pair = tuple[int, int]


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return pairs of places with equal members; both places grow from pair to pair.

    The pairs are a longest common subsequence where the parts without an anchor are small, and otherwise
    nearly one.
    """
    found: list[Pair] = []
    todo = [(0, len(old), 0, len(new), 0)]
    while todo:
        i1, i2, j1, j2, level = todo.pop()
        while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
            found.append((i1, j1))
            i1, j1 = i1 + 1, j1 + 1
        while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
            i2, j2 = i2 - 1, j2 - 1
            found.append((i2, j2))
        if (i2 - i1) * (j2 - j1) <= MOST_CELLS:
            found += [(i1 + i, j1 + j) for i, j in _longest(old[i1:i2], new[j1:j2])]
            continue
        deep = level >= _MOST_LEVELS
        anchors = [(i1 + i, j1 + j) for i, j in _anchors(old[i1:i2], new[j1:j2], by_count=deep)]
        found += anchors
        if anchors and not deep:
            ends = [(i1 - 1, j1 - 1), *anchors, (i2, j2)]
            todo += [(i + 1, k, j + 1, m, level + 1) for (i, j), (k, m) in pairwise(ends)]
    return sorted(found)


def heaviest_rise(places: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return the indices of the heaviest part of `places` that only rises.

    Args:
        places: no place twice.
        weights: how much each counts, at least 1.
    """
    rank = {place: number for number, place in enumerate(sorted(places), 1)}
    best = _Highest(len(places))
    before: list[int] = []
    for index, place in enumerate(places):
        weight, last = best.up_to(rank[place] - 1)
        before.append(last)
        best.put(rank[place], (weight + weights[index], index))
    found = []
    last = best.up_to(len(places))[1]
    while last >= 0:
        found.append(last)
        last = before[last]
    return found[::-1]


class _Highest:
    """A Fenwick tree: the highest (weight, index) that was put at or below a rank; ranks begin at 1."""

    def __init__(self, ranks: int) -> None:
        self._tree = [(0, -1)] * (ranks + 1)

    def up_to(self, rank: int) -> tuple[int, int]:
        found = (0, -1)
        while rank:
            found = max(found, self._tree[rank])
            rank -= rank & -rank
        return found

    def put(self, rank: int, value: tuple[int, int]) -> None:
        while rank < len(self._tree):
            self._tree[rank] = max(self._tree[rank], value)
            rank += rank & -rank


def once_in_both(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return the places of what stands exactly once on each side, in the order of `old`."""
    counts, others = Counter(old), Counter(new)
    place = {member: j for j, member in enumerate(new) if others[member] == 1}
    return [(i, place[member]) for i, member in enumerate(old) if counts[member] == 1 and member in place]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], *, by_count: bool) -> list[Pair]:
    """Return pairs, in order, of what stands once on both sides; if there is none, of what is numbered so."""
    pairs = [] if by_count else once_in_both(old, new)
    pairs = pairs or once_in_both(_counted(old), _counted(new))
    return [pairs[at] for at in heaviest_rise([j for _, j in pairs], [1] * len(pairs))]


def _counted(members: Sequence[Hashable]) -> list[Hashable]:
    """Tell equal members apart by their number."""
    seen: Counter[Hashable] = Counter()
    counted: list[Hashable] = []
    for member in members:
        seen[member] += 1
        counted.append((member, seen[member]))
    return counted


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return a longest common subsequence, by the table of the lengths of those that begin at each place."""
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        row, below, member = lengths[i], lengths[i + 1], old[i]
        for j in reversed(range(len(new))):
            row[j] = below[j + 1] + 1 if member == new[j] else max(below[j], row[j + 1])
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
