"""Reading a script whose columns tell what its lines are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from storyroom.formats.plain.columns import TOLERANCE, Columns
from storyroom.formats.plain.furniture import Body
from storyroom.formats.plain.joining import ends_sentence
from storyroom.formats.plain.looks import (
    heading,
    is_cue,
    is_parenthetical,
    is_transition,
    names_place_and_time,
    says_continued,
    without_continued,
)
from storyroom.formats.plain.reading import Draft, Reading
from storyroom.formats.plain.rows import Row, Segment
from storyroom.story.headings import cue_name, split_cue
from storyroom.story.script import Kind, TitlePage

_KNOWN = 2
_SPEECH = (Kind.CUE, Kind.PARENTHETICAL, Kind.DIALOGUE)
_ALIGNED = 0.6
_LEAST_CENTRED = 8  # columns from the left edge
_FAR_RIGHT = 0.45  # of the width of the text, from its left edge


class _Half(NamedTuple):
    """What stands in one of two columns of a dual speech."""

    row: Row
    segment: Segment


def read_indented(body: Body, columns: Columns, title_page: TitlePage, *, paged: bool) -> Reading:
    """Read rows by the columns they stand in."""
    reader = _Reader(body, columns, paged=paged)
    index = 0
    while index < len(body.rows):
        index += reader.take(index)
    return reader.draft.reading(title_page)


class _Reader:
    def __init__(self, body: Body, columns: Columns, *, paged: bool) -> None:
        self._rows, self._numbers, self._more = body.rows, body.numbers, body.more
        self._columns = columns
        self._limits = _limits(body.rows, columns)
        self._names = Counter(
            cue_name(row.text) for row in body.rows if abs(row.start - columns.cue) < TOLERANCE
        )
        self.draft = Draft(paged=paged)

    def take(self, index: int) -> int:
        """Read the row at an index; return how many rows that took."""
        row, columns = self._rows[index], self._columns
        if dual := self._dual(index):
            return dual
        if columns.is_base(row.start):
            self._take_base(index, row)
        elif self._speaks(index, row):
            self._take_speech(row)
        elif self._is_cue(index, row):
            self._take_cue(index, row)
        else:
            self._take_other(index, row)
        return 1

    def _top(self, index: int) -> bool:
        """Whether a row is the first of a page, so that the blank ones above it tell nothing."""
        return index > 0 and self._rows[index - 1].page != self._rows[index].page

    def _apart(self, index: int) -> bool:
        """Whether a blank row stands above a row."""
        return index == 0 or (self._rows[index].above > 0 and not self._top(index))

    def _below(self, index: int) -> Row | None:
        """Return the next row, if it is on the same page."""
        below = self._rows[index + 1] if index + 1 < len(self._rows) else None
        return below if below and below.page == self._rows[index].page else None

    def _take_base(self, index: int, row: Row) -> None:
        text = row.text
        number = self._numbers.get((row.page, row.line))
        below = self._below(index)
        alone = below is None or below.above > 0 or not self._columns.is_base(below.start)
        found = heading(text)
        directly = not self._apart(index) and not self._top(index)
        if number or (found and not (directly and self.draft.kind is Kind.ACTION)):
            said = found.text if found else text
            number = number or (found.number if found else None)
            self.draft.begin(Kind.SCENE_HEADING, row, said, scene_number=number)
        elif directly and self.draft.kind is Kind.SCENE_HEADING and self._goes_on(text, Kind.ACTION):
            self.draft.go_on(text, row.end, self._limits[Kind.ACTION])
        elif text.endswith("TO:") and is_transition(text) and alone:
            self.draft.begin(Kind.TRANSITION, row, text)
        elif self._spaced_as_heading(index, row) and alone and not ends_sentence(text):
            self.draft.begin(
                Kind.SCENE_HEADING, row, text, "" if text.isupper() else "only the space above tells"
            )
        elif alone and not directly and names_place_and_time(text):
            self.draft.begin(
                Kind.SCENE_HEADING, row, text, "it names a place and a time, but not INT. or EXT."
            )
        elif self.draft.kind is Kind.ACTION and (directly or self._crosses(index, text)):
            self.draft.go_on(text, row.end, self._limits[Kind.ACTION])
        else:
            self.draft.begin(Kind.ACTION, row, text, _not_a_cue(text, below, directly))

    def _spaced_as_heading(self, index: int, row: Row) -> bool:
        gap = self._columns.heading_gap
        return bool(gap) and not self._top(index) and row.above >= gap

    def _goes_on(self, text: str, kind: Kind) -> bool:
        return self.draft.joint(text, self._limits[kind]) != "\n"

    def _crosses(self, index: int, text: str) -> bool:
        """Whether action at the head of a page goes on with that at the foot of the last one."""
        if not self._top(index) or not self._goes_on(text, Kind.ACTION):
            return False
        return not ends_sentence(self.draft.last_text) or text[:1].islower()

    def _speaks(self, index: int, row: Row) -> bool:
        """Whether a row is part of the open speech."""
        if self.draft.kind not in _SPEECH or not self._columns.is_speech(row.start):
            return self.draft.kind is Kind.CUE and is_parenthetical(row.text) and not self._apart(index)
        if self._top(index):
            return not self._is_cue(index, row)
        return row.above == 0 or (
            self._columns.double_spaced and row.above == 1 and not self._is_cue(index, row)
        )

    def _take_speech(self, row: Row) -> None:
        text, draft = row.text, self.draft
        if draft.kind is Kind.PARENTHETICAL and not _closed(draft.last_text):
            draft.go_on(text, row.end, self._limits[Kind.PARENTHETICAL])
        elif is_parenthetical(text) and (_closed(text) or row.start > self._columns.dialogue + TOLERANCE):
            draft.begin(Kind.PARENTHETICAL, row, text)
        elif draft.kind is Kind.DIALOGUE:
            draft.go_on(text, row.end, self._limits[Kind.DIALOGUE])
        else:
            draft.begin(Kind.DIALOGUE, row, text)

    def _is_cue(self, index: int, row: Row) -> bool:
        below = self._below(index)
        if below is None or row.start < self._columns.cue - 2 * TOLERANCE or len(row.segments) > 1:
            return False
        if below.above > (1 if self._columns.double_spaced else 0):
            return False
        said = self._columns.is_speech(below.start) or is_parenthetical(below.text)
        return said and (is_cue(row.text) or abs(row.start - self._columns.cue) < TOLERANCE)

    def _take_cue(self, index: int, row: Row) -> None:
        name, extension, _ = split_cue(row.text)
        draft = self.draft
        goes_on = self._top(index) and draft.kind in _SPEECH and cue_name(name) == draft.speaker
        if goes_on and says_continued(extension):
            return  # the page put the name here again
        odd = not is_cue(row.text) and self._names[cue_name(name)] < _KNOWN
        why = "it stands where names stand, but does not look like one" if odd else ""
        if self._rows[index - 1].page in self._more and self._top(index):
            extension = without_continued(extension)
        draft.begin(Kind.CUE, row, name, why, extension=extension)

    def _take_other(self, index: int, row: Row) -> None:
        """Read a row that is neither at the left edge nor part of a speech."""
        text, columns, draft = row.text, self._columns, self.draft
        indent = " " * max(0, round(row.start - columns.base))
        apart = self._apart(index) or self._top(index)
        if not apart and draft.kind is Kind.CENTERED and self._in_the_middle(row):
            draft.add("\n" + text, row.end)
        elif not apart and draft.kind is Kind.ACTION:
            draft.add(f"\n{indent}{text}", row.end)
        elif not apart and draft.kind is Kind.LYRIC:
            draft.go_on(text, row.end, self._limits[Kind.DIALOGUE])
        elif self._after_kept_blank(index, row):
            draft.add("\n\n" + text, row.end)
            draft.doubt(row, text, "a blank line stands within the speech")
        else:
            kind, why = self._by_place(row)
            draft.begin(kind, row, indent + text if kind is Kind.ACTION else text, why)

    def _in_the_middle(self, row: Row) -> bool:
        middle = (row.start + row.end) / 2
        return (
            abs(middle - self._columns.centre) <= TOLERANCE
            and row.start > self._columns.base + _LEAST_CENTRED
        )

    def _after_kept_blank(self, index: int, row: Row) -> bool:
        """Whether a row goes on with a speech, over the blank line that its writer put there."""
        if self.draft.kind is not Kind.DIALOGUE or row.above != 1 or self._top(index):
            return False
        aligned = abs(row.start - self._columns.dialogue) <= _ALIGNED
        return aligned or (self._columns.is_speech(row.start) and not self._in_the_middle(row))

    def _by_place(self, row: Row) -> tuple[Kind, str]:
        """Return what a row is by its place on the line, and why that is uncertain."""
        text, columns = row.text, self._columns
        to_the_right = row.start > columns.base + _FAR_RIGHT * (columns.right - columns.base)
        at_the_edge = abs(row.end - columns.right) <= TOLERANCE
        if is_transition(text) and (to_the_right or at_the_edge):
            return Kind.TRANSITION, ""
        from_dialogue = abs(row.start - columns.dialogue)
        if self._in_the_middle(row) and (from_dialogue > _ALIGNED or text.isupper()):
            return Kind.CENTERED, ""
        if at_the_edge and to_the_right:
            return Kind.TRANSITION, "" if text.isupper() else "only its place at the right tells"
        if from_dialogue <= TOLERANCE:
            return Kind.LYRIC, "nobody speaks it, but it stands where speeches stand"
        return Kind.ACTION, "it is indented, but as no other kind of line is"

    def _dual(self, index: int) -> int:
        """Read two speeches side by side; return how many rows they took, 0 if there are none."""
        row = self._rows[index]
        if len(row.segments) != 2 or not all(is_cue(one.text) for one in row.segments):
            return 0
        border = (row.segments[0].end + row.segments[1].start) / 2
        halves: tuple[list[_Half], list[_Half]] = ([], [])
        count = 0
        for below in self._rows[index:]:
            spaced = self._columns.double_spaced and below.above == 1 and len(below.segments) == 2
            if count and (below.page != row.page or (below.above > 0 and not spaced)):
                break
            for segment in below.segments:
                halves[segment.start >= min(border, self._columns.centre)].append(_Half(below, segment))
            count += 1
        if count < 2 or any(len(half) < 2 for half in halves):
            return 0
        for half in halves:
            self._take_half(half, dual=half is halves[1])
        return count

    def _take_half(self, half: Sequence[_Half], *, dual: bool) -> None:
        name, extension, _ = split_cue(half[0].segment.text)
        draft = self.draft
        draft.begin(Kind.CUE, half[0].row, name, extension=extension, dual=dual)
        width = (self._columns.right - self._columns.base - 4) // 2
        left = min(segment.start for _, segment in half[1:])
        limit = max(left + width, max(segment.end for _, segment in half))
        for row, segment in half[1:]:
            text = segment.text
            open_aside = draft.kind is Kind.PARENTHETICAL and not _closed(draft.last_text)
            if open_aside or (draft.kind is Kind.DIALOGUE and not is_parenthetical(text)):
                draft.go_on(text, segment.end, limit)
            else:
                draft.begin(Kind.PARENTHETICAL if is_parenthetical(text) else Kind.DIALOGUE, row, text)
                draft.add("", segment.end)


def _limits(rows: Sequence[Row], columns: Columns) -> dict[Kind, float]:
    """Return for each kind of wrapped text the column at which its lines end at the latest."""
    speech = [row.end for row in rows if columns.is_speech(row.start) and row.end < columns.right]
    dialogue = max(speech, default=columns.right)
    action = max((row.end for row in rows if columns.is_base(row.start)), default=columns.right)
    limits = {Kind.ACTION: action, Kind.DIALOGUE: dialogue, Kind.PARENTHETICAL: float("-inf")}
    return dict.fromkeys(limits, float("inf")) if columns.unwrapped else limits


def _closed(text: str) -> bool:
    return text.count("(") + text.count("（") <= text.count(")") + text.count("）")


def _not_a_cue(text: str, below: Row | None, directly: bool) -> str:
    """Say why action could be a cue: capitals, and something directly below."""
    if directly or below is None or below.above or not is_cue(text) or not text.isupper():
        return ""
    return "it looks like a name above a speech"
