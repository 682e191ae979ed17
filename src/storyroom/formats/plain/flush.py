"""Reading a script that stands at the left edge: names above speeches, or before them with a colon.

许知遥                     许知遥（画外音）：搬完就走。
搬完就走。                 △ 陆一鸣插上电。
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from storyroom.formats.pages.columns import has_han
from storyroom.formats.plain.furniture import Body
from storyroom.formats.plain.looks import (
    ColonSpeech,
    colon_speech,
    heading,
    is_chinese_name,
    is_cue,
    is_parenthetical,
    is_transition,
)
from storyroom.formats.plain.reading import Draft, Reading
from storyroom.formats.plain.rows import Row
from storyroom.story.headings import cue_name, split_cue
from storyroom.story.script import Kind, TitlePage

_ACTION_MARKS = "△▲Δ∆"
_LEAST = 2
_INDENT = 1.5
_UNWRAPPED = 110


@dataclass(frozen=True, slots=True)
class Names:
    """Who speaks, learned from what comes again.

    Attributes:
        colon: how often each name stands before a colon, by its key.
        above: how often each stands alone above a line.
    """

    colon: Counter[str]
    above: Counter[str]

    @property
    def told(self) -> bool:
        """Whether names tell the speeches of this script, more surely than capitals do."""
        return any(times >= _LEAST for times in (*self.colon.values(), *self.above.values()))


def find_names(rows: Sequence[Row]) -> Names:
    """Find the names that stand before colons, and the Chinese ones that stand above lines."""
    colon: Counter[str] = Counter()
    above: Counter[str] = Counter()
    for row in rows:
        if (speech := colon_speech(row.text)) and speech.said and not heading(row.text):
            colon[cue_name(speech.name)] += 1
    for index, row in enumerate(rows):
        if _stands_above(rows, index) and has_han(row.text):
            above[cue_name(row.text)] += 1
    return Names(colon, above)


def read_flush(body: Body, names: Names, title_page: TitlePage, *, paged: bool) -> Reading:
    """Read rows that stand at the left edge."""
    reader = _Reader(body, names, paged=paged)
    for index, row in enumerate(body.rows):
        reader.take(index, row)
    return reader.draft.reading(title_page)


def _stands_above(rows: Sequence[Row], index: int) -> bool:
    """Whether a row could be a name above a speech: apart from what is above it, not from what is below."""
    row = rows[index]
    if index + 1 == len(rows) or (index and rows[index - 1].page == row.page and not row.above):
        return False
    below = rows[index + 1]
    if below.page != row.page or below.above:
        return False
    text = row.text
    return (
        is_cue(text)
        and (not has_han(text) or is_chinese_name(split_cue(text)[0]))
        and not heading(below.text)
    )


class _Reader:
    def __init__(self, body: Body, names: Names, *, paged: bool) -> None:
        self._rows, self._numbers, self._names = body.rows, body.numbers, names
        self._edge = min((row.start for row in body.rows), default=0.0)
        self._limit = _limit(body.rows)
        self.draft = Draft(paged=paged)
        self._above_speech = False

    def take(self, index: int, row: Row) -> None:
        """Read one row."""
        text, draft = row.text, self.draft
        apart = index == 0 or row.above > 0
        top = index > 0 and self._rows[index - 1].page != row.page
        number = self._numbers.get((row.page, row.line))
        if apart and not top:
            self._above_speech = False
        found = heading(text)
        if found or number:
            said = found.text if found else text
            draft.begin(
                Kind.SCENE_HEADING, row, said, scene_number=number or (found.number if found else None)
            )
        elif text[0] in _ACTION_MARKS:
            draft.begin(Kind.ACTION, row, text.lstrip(_ACTION_MARKS + " 　"))
        elif self._above_speech:
            self._take_speech(row, text)
        elif (speech := colon_speech(text)) and (why := self._colon(speech)) is not None:
            self._take_colon(row, speech, why)
        elif _stands_above(self._rows, index) and (why := self._above(text)) is not None:
            name, extension, _ = split_cue(text)
            draft.begin(Kind.CUE, row, name, why, extension=extension)
            self._above_speech = True
        elif is_transition(text) and (not text.isascii() or text.endswith("TO:")):
            draft.begin(Kind.TRANSITION, row, text)
        elif draft.kind in (Kind.ACTION, Kind.DIALOGUE) and self._goes_on(row, apart=apart and not top):
            draft.go_on(text, row.end, self._limit)
        else:
            draft.begin(Kind.ACTION, row, text, may_be_speech(text))

    def _take_speech(self, row: Row, text: str) -> None:
        """Read a row below a name."""
        draft = self.draft
        if is_parenthetical(text) and text[-1] in ")）":
            draft.begin(Kind.PARENTHETICAL, row, text)
        elif draft.kind is Kind.DIALOGUE:
            draft.go_on(text, row.end, self._limit)
        else:
            draft.begin(Kind.DIALOGUE, row, text)

    def _colon(self, speech: ColonSpeech) -> str | None:
        """Say why a name before a colon is uncertain; None if it is nobody's."""
        key = cue_name(speech.name)
        if not speech.said:
            return None
        if self._names.colon[key] >= _LEAST or self._names.above[key]:
            return ""
        # Where nobody else speaks so, a colon in a sentence is only a colon.
        return "this name stands before a colon only once" if self._names.told else None

    def _above(self, text: str) -> str | None:
        """Say why a name above a line is uncertain; None if it is nobody's."""
        if not has_han(text):
            return ""
        key = cue_name(text)
        if self._names.above[key] >= _LEAST or self._names.colon[key]:
            return ""
        return "this name stands above a line only once" if self._names.told else None

    def _take_colon(self, row: Row, speech: ColonSpeech, why: str) -> None:
        draft = self.draft
        draft.begin(Kind.CUE, row, speech.name, why, extension=speech.extension)
        if speech.manner:
            draft.begin(Kind.PARENTHETICAL, row, speech.manner)
        said = speech.said
        opening = said[:1]
        if opening in ("（", "(") and (end := said.find("）" if opening == "（" else ")")) > 0:
            draft.begin(Kind.PARENTHETICAL, row, said[: end + 1])
            said = said[end + 1 :].strip()
        if said:
            draft.begin(Kind.DIALOGUE, row, said)

    def _goes_on(self, row: Row, *, apart: bool) -> bool:
        """Whether a row goes on with the paragraph above it, which was too long for its line."""
        if apart or row.start > self._edge + _INDENT:
            return False
        if self._limit > _UNWRAPPED:
            return False
        return self.draft.joint(row.text, self._limit) != "\n"


def may_be_speech(text: str) -> str:
    """Say why Chinese action is uncertain: it may be what one of the names says that come only once each."""
    speech = colon_speech(text)
    found = speech is not None and speech.said and has_han(text) and is_chinese_name(speech.name)
    return "it may be a speech: what stands before the colon may be a name" if found else ""


def _limit(rows: Sequence[Row]) -> float:
    """Return the column at which wrapped lines end at the latest."""
    wrapped = [row.end for row, below in pairwise(rows) if below.page != row.page or not below.above]
    return max(wrapped, default=0.0)
