"""Which element of a script continues which of another version.

Six steps, each of which pairs only what the ones before left over:

1. elements that carry the same id;
2. those whose text, said by the same speaker, stands once on each side, and whatever equal ones stand right
   above and below such a pair (Heckel, "A technique for isolating differences between files", CACM 21(4),
   1978): this finds what was moved, and tells one "Yes." from another by its neighbours;
3. those whose text alone does, for when a speaker was renamed;
4. reworded ones that share a phrase of three words which nobody else says, moved or not. Small pairs that
   cross the others are then parted again: a lone "No." in another scene is no move;
5. between two pairs, the heaviest alignment of equal and alike elements; and where as many elements went as
   came, each is taken for a rewording of the one in its place, if that is of its kind;
6. the same at the seams of blocks that moved.

Tables are bounded, and all else is linear or sorts, so no input takes quadratic time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from storyroom.story.headings import cue_name, heading_parts
from storyroom.story.script import Element, Kind
from storyroom.story.sequences import MOST_CELLS, Pair, common, heaviest_rise, once_in_both
from storyroom.story.wording import ALIKE, likeness, phrases, pieces

_SPEECH = frozenset({Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRIC})
_LEADING = frozenset({Kind.SCENE_HEADING, Kind.CUE})
_UNTELLING = frozenset({Kind.SCENE_HEADING, Kind.CUE, Kind.PAGE_BREAK, Kind.TRANSITION})
_ALIKE_ELSEWHERE = 0.6
_LEAST_MOVED = 12  # pieces of words: three or four short English ones, six or seven Chinese


def paired(before: Sequence[Element], after: Sequence[Element]) -> list[int | None]:
    """Return, for each element of `after`, the place in `before` of the one it continues; None for a new one.

    No place comes twice.
    """
    pairing = _Pairing(before, after)
    pairing.by_ids()
    pairing.by_texts(pairing.spoken)
    pairing.by_texts(pairing.texts)
    pairing.by_phrases()
    pairing.part_small_moves()
    pairing.fill_gaps()
    pairing.fill_seams()
    return pairing.origins


def weight(element: Element) -> int:
    """Return how much an element counts where two orders cannot both be kept."""
    return 5 + len(element.text)


def crossing(pairs: Sequence[Pair], weights: Sequence[int]) -> set[int]:
    """Return the indices of pairs that moved: those outside the heaviest part that kept its order.

    Args:
        pairs: old and new places, in order of the new ones.
        weights: of each pair.
    """
    return set(range(len(pairs))) - set(heaviest_rise([old for old, _ in pairs], weights))


class _Pairing:
    """Pairs in the making.

    Attributes:
        origins: of each new element, the place of the old one.
        partners: of each old element, the place of the new one.
        texts: of both sides, what the elements say.
        spoken: of both sides, what they say and who says it.
    """

    def __init__(self, before: Sequence[Element], after: Sequence[Element]) -> None:
        self.before, self.after = before, after
        self.origins: list[int | None] = [None] * len(after)
        self.partners: list[int | None] = [None] * len(before)
        self.texts = [one.content for one in before], [one.content for one in after]
        self.spoken = _spoken(before), _spoken(after)
        self._sure: set[int] = set()

    def by_ids(self) -> None:
        ids = [one.id or None for one in self.before], [one.id or None for one in self.after]
        for i, j in once_in_both(*ids):
            if ids[0][i] is not None:
                self._pair(i, j)
                self._sure.add(j)

    def by_texts(self, said: tuple[Sequence[Hashable], Sequence[Hashable]]) -> None:
        olds, news = self._left()
        for at, to in once_in_both([said[0][i] for i in olds], [said[1][j] for j in news]):
            self._pair(olds[at], news[to])
        self._spread()

    def by_phrases(self) -> None:
        olds, news = self._left()
        told = _alone(self.before, olds), _alone(self.after, news)
        votes = Counter((told[0][phrase], told[1][phrase]) for phrase in told[0].keys() & told[1].keys())
        for (i, j), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
            if self._free(i, j) and self._likeness(i, j) >= _ALIKE_ELSEWHERE:
                self._pair(i, j)
        self._spread()

    def part_small_moves(self) -> None:
        """Part blocks that cross heavier ones and say too little to be known again."""
        pairs = [(i, j) for j, i in enumerate(self.origins) if i is not None]
        moved = crossing(pairs, [weight(self.before[i]) for i, _ in pairs])
        for block in _blocks([pairs[at] for at in sorted(moved)]):
            said = sum(
                len(pieces(self.before[i].text)) for i, _ in block if self.before[i].kind not in _UNTELLING
            )
            for i, j in block:
                if said < _LEAST_MOVED and j not in self._sure:
                    self.partners[i] = self.origins[j] = None

    def fill_gaps(self) -> None:
        """Align what lies between two pairs with what lay between them."""
        for above, below, news in self._runs():
            if above < (end := self._free_until(above + 1)) == below:
                self._align(range(above + 1, end), news, in_place=True)

    def fill_seams(self) -> None:
        """Align what lies between two blocks with what lay behind the one and before the other."""
        for above, below, news in self._runs():
            end, start = self._free_until(above + 1), below
            while start > 0 and self.partners[start - 1] is None:
                start -= 1
            if end != below:
                self._align([*range(above + 1, end), *range(start, below)], news, in_place=False)

    def _free_until(self, place: int) -> int:
        while place < len(self.before) and self.partners[place] is None:
            place += 1
        return place

    def _runs(self) -> list[tuple[int, int, list[int]]]:
        """Return each run of new elements that continue none, and the old places of its neighbours."""
        found = []
        above, run = -1, list[int]()
        for j, i in enumerate((*self.origins, len(self.before))):
            if i is None:
                run.append(j)
                continue
            if run:
                found.append((above, i, run))
            above, run = i, []
        return found

    def _align(self, olds: Sequence[int], news: Sequence[int], *, in_place: bool) -> None:
        """Pair what is equal or alike in order; cut what is too large for a table at what is equal."""
        cuts = [(-1, -1)]
        if len(olds) * len(news) > MOST_CELLS:
            cuts += common([self.texts[0][i] for i in olds], [self.texts[1][j] for j in news])
            for at, to in cuts[1:]:
                self._pair(olds[at], news[to])
        cuts.append((len(olds), len(news)))
        for (i1, j1), (i2, j2) in pairwise(cuts):
            some, others = olds[i1 + 1 : i2], news[j1 + 1 : j2]
            alike = self._heaviest(some, others) if len(some) * len(others) <= MOST_CELLS else []
            for at, to in alike:
                self._pair(some[at], others[to])
            if in_place:
                ends = [(-1, -1), *alike, (len(some), len(others))]
                for (k1, m1), (k2, m2) in pairwise(ends):
                    self._replace(some[k1 + 1 : k2], others[m1 + 1 : m2])

    def _replace(self, olds: Sequence[int], news: Sequence[int]) -> None:
        """Take as many as went for rewordings of them; but another speaker's speech is another one."""
        whole = len(olds) > 1 and any(self.before[i].kind in _LEADING for i in olds)
        if len(olds) != len(news) or whole:
            return
        for i, j in zip(olds, news, strict=True):
            if self.before[i].kind is self.after[j].kind:
                self._pair(i, j)

    def _heaviest(self, olds: Sequence[int], news: Sequence[int]) -> list[Pair]:
        """Return the pairs, in order, of the alignment with the greatest likeness.

        Global alignment (Needleman and Wunsch, 1970); what stays beside its neighbour counts a little more,
        so that a cue goes with its speech.
        """
        scores = [[self._score(i, j) for j in news] for i in olds]
        best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
        taken = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
        for a in reversed(range(len(olds))):
            for b in reversed(range(len(news))):
                if scores[a][b]:
                    taken[a][b] = scores[a][b] + max(
                        best[a + 1][b + 1], taken[a + 1][b + 1] + bool(taken[a + 1][b + 1])
                    )
                best[a][b] = max(taken[a][b], best[a + 1][b], best[a][b + 1])
        return _walked(best, taken)

    def _score(self, i: int, j: int) -> float:
        alike = self._likeness(i, j)
        if alike < ALIKE:
            return 0.0
        same = self.texts[0][i] == self.texts[1][j]
        spoken = self.spoken[0][i][1] == self.spoken[1][j][1]
        return alike * (2 + len(pieces(self.before[i].text))) + same + spoken

    def _likeness(self, i: int, j: int) -> float:
        old, new = self.before[i], self.after[j]
        if old.kind is not new.kind:
            return 0.0
        if old.kind is Kind.SCENE_HEADING and old.text != new.text:
            # INT and DAY are on so many headings that they tell nothing; the place does.
            return likeness(_place(old.text), _place(new.text))
        return likeness(old.text, new.text)

    def _spread(self) -> None:
        """Pair the equal neighbours of pairs in a scene, upwards first: a cue belongs to what is below."""
        olds, news = self.spoken
        for j in reversed(range(1, len(news))):
            i = self.origins[j]
            if i and olds[i - 1] == news[j - 1] and not self._begins(j) and self._free(i - 1, j - 1):
                self._pair(i - 1, j - 1)
        for j in range(1, len(news)):
            i = self.origins[j - 1]
            if i is None or i + 1 == len(olds) or self._begins(j):
                continue
            if olds[i + 1] == news[j] and self._free(i + 1, j):
                self._pair(i + 1, j)

    def _begins(self, j: int) -> bool:
        return self.after[j].kind is Kind.SCENE_HEADING

    def _pair(self, i: int, j: int) -> None:
        self.partners[i], self.origins[j] = j, i

    def _free(self, i: int, j: int) -> bool:
        return self.partners[i] is None and self.origins[j] is None

    def _left(self) -> tuple[list[int], list[int]]:
        olds = [i for i, j in enumerate(self.partners) if j is None]
        return olds, [j for j, i in enumerate(self.origins) if i is None]


@lru_cache(maxsize=1 << 12)
def _place(heading: str) -> str:
    return heading_parts(heading).place


def _spoken(elements: Iterable[Element]) -> list[tuple[Hashable, str]]:
    """Return what each element says and, of speech, who says it."""
    found: list[tuple[Hashable, str]] = []
    speaker = ""
    for one in elements:
        if one.kind is Kind.CUE:
            speaker = cue_name(one.text)
        elif one.kind not in _SPEECH:
            speaker = ""
        found.append((one.content, speaker))
    return found


def _alone(elements: Sequence[Element], places: Iterable[int]) -> dict[str, int]:
    """Return the phrases that only one of these elements says, and its place."""
    said: dict[str, list[int]] = defaultdict(list)
    for place in places:
        for phrase in phrases(elements[place].text):
            said[phrase].append(place)
    return {phrase: found[0] for phrase, found in said.items() if len(found) == 1}


def _blocks(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Part pairs, in order of their new places, into runs that are neighbours on both sides."""
    blocks: list[list[Pair]] = []
    for i, j in pairs:
        if blocks and blocks[-1][-1] == (i - 1, j - 1):
            blocks[-1].append((i, j))
        else:
            blocks.append([(i, j)])
    return blocks


def _walked(best: Sequence[Sequence[float]], taken: Sequence[Sequence[float]]) -> list[Pair]:
    """Return the pairs that make up the best score of a table."""
    found: list[Pair] = []
    a = b = 0
    close = False  # whether the place right above was taken, and taking this one too is worth a bonus
    while a < len(best) - 1 and b < len(best[0]) - 1:
        if taken[a][b] and taken[a][b] + close >= best[a][b]:
            found.append((a, b))
            a, b, close = a + 1, b + 1, True
            continue
        close = False
        if best[a + 1][b] >= best[a][b + 1]:
            a += 1
        else:
            b += 1
    return found
