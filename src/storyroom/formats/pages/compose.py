"""Composing: a script as rows in order, each knowing whether a page may begin with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from storyroom.formats.fountain import Run
from storyroom.formats.pages.acts import Part, acts_of
from storyroom.formats.pages.options import PageOptions, Sheet
from storyroom.formats.pages.rows import BLANK, Align, Piece, Row, lay, styled, trimmed
from storyroom.formats.pages.speech import KEPT_LINES, Numbered, dual_rows, speech_rows
from storyroom.story.script import SPOKEN, UNPRINTED, Element, Kind, Script

_HEADING_SPACE = 2
_SPACE = 1


def compose(script: Script, options: PageOptions, sheet: Sheet) -> list[Row]:
    """Lay out the elements of a script in rows, without dividing them into pages."""
    return _Composer(script, options, sheet).rows


def scene_numbers(script: Script) -> list[str]:
    """Return the number of each scene: as written where any heading has one, else counted from 1."""
    written = [scene.heading.scene_number or "" for scene in script.scenes]
    return written if any(written) else [str(number) for number in range(1, len(written) + 1)]


class _Composer:
    """Adds block after block, and remembers what the next one must know of the one before.

    Attributes:
        rows: what was laid out so far.
    """

    def __init__(self, script: Script, options: PageOptions, sheet: Sheet) -> None:
        self.rows: list[Row] = []
        self._options, self._sheet = options, sheet
        self._acts = acts_of(script) if options.teleplay else {}
        self._numbers = iter(scene_numbers(script))
        self._double = options.teleplay == "half_hour"
        self._joined = False  # the next block stands on the page of the last one: a heading was written
        self._after_act = False
        self._begun = False  # an act or a scene was written: before that, FADE IN: opens the first page
        self._page_break = False
        for block in _blocks(enumerate(script.elements()), self._acts):
            self._take(block)

    def _take(self, block: list[list[Numbered]]) -> None:
        index, element = block[0][0]
        if len(block) == 2:
            left, right = block
            self._add(dual_rows(left, right, self._sheet.dual, double_spaced=self._double))
        elif element.kind in SPOKEN:
            self._add(speech_rows(block[0], self._sheet.speech, double_spaced=self._double))
        elif element.kind is Kind.PAGE_BREAK:
            self._page_break = True
        elif part := self._acts.get(index):
            self._act(index, element, part)
        elif element.kind is Kind.SCENE_HEADING:
            self._heading(index, element)
        elif element.kind not in UNPRINTED:
            self._paragraph(index, element)

    def _heading(self, index: int, element: Element) -> None:
        number = next(self._numbers)
        rows = _rows(lay(trimmed(styled(element.text)), self._sheet.action, element=index))
        if rows and number and self._options.scene_numbers:
            rows[0] = replace(rows[0], pieces=(*rows[0].pieces, *self._in_margins(number, index)))
        new_page = self._double and self._begun and not self._after_act
        self._add(rows, space=_HEADING_SPACE, new_page=new_page, join_next=True)
        self._begun = True

    def _in_margins(self, number: str, index: int) -> Iterator[Piece]:
        for column in (max(1, self._sheet.action.column - 3 - len(number)), self._sheet.right + 1):
            yield Piece(column, (Run(number),), "scene_number", index)

    def _act(self, index: int, element: Element, part: Part) -> None:
        text = element.text.upper() if element.kind is Kind.SECTION else element.text
        runs = tuple(run._replace(underline=True) for run in trimmed(styled(text)))
        rows = _rows(lay(runs, self._sheet.action, element=index, align="centre"))
        title = part == "title"
        new_page = title and self._begun
        self._add(rows, space=_HEADING_SPACE, new_page=new_page, join_next=title, join_last=not title)
        self._after_act, self._begun = title, True

    def _paragraph(self, index: int, element: Element) -> None:
        """Lay out action, a transition, centred text or a lyric that stands outside speech."""
        area = self._sheet.action
        runs = styled(element.text)
        if element.kind is Kind.ACTION:
            pieces = lay(runs if trimmed(runs) else (), area, element=index)
        elif element.kind is Kind.LYRIC:
            sung = tuple(run._replace(italic=True) for run in trimmed(runs))
            pieces = lay(sung, self._sheet.speech.dialogue, element=index)
        else:
            align: Align = "right" if element.kind is Kind.TRANSITION else "centre"
            pieces = lay(trimmed(runs), area, element=index, align=align)
        self._add(_dividable(_rows(pieces)), join_last=element.kind is Kind.TRANSITION)

    def _add(
        self,
        rows: list[Row],
        *,
        space: int = _SPACE,
        new_page: bool = False,
        join_next: bool = False,
        join_last: bool = False,
    ) -> None:
        """Add a block.

        Args:
            rows: its rows.
            space: blank rows above it.
            new_page: whether it begins a page.
            join_next: whether the next block must begin on the same page.
            join_last: whether it must stand on the page on which the block before ends.
        """
        if not rows:
            return
        new_page = self.rows != [] and (new_page or self._page_break)
        starts = new_page or not (self._joined or join_last)
        if self.rows:
            self.rows += [BLANK] * space
        self.rows.append(replace(rows[0], starts=starts, new_page=new_page, interrupted=()))
        self.rows += rows[1:]
        self._joined, self._page_break, self._after_act = join_next, False, False


def _blocks(elements: Iterator[Numbered], acts: dict[int, Part]) -> Iterator[list[list[Numbered]]]:
    """Group elements: a speech with all its parts, two speeches if they are dual, any other element alone."""
    speeches: list[list[Numbered]] = []
    for index, element in elements:
        kind = element.kind
        if kind in UNPRINTED and kind is not Kind.PAGE_BREAK and index not in acts:
            continue
        if kind is Kind.CUE:
            if not (element.dual and len(speeches) == 1 and speeches[0][0][1].kind is Kind.CUE):
                yield from _flushed(speeches)
            speeches.append([(index, element)])
        elif kind in SPOKEN or (kind is Kind.LYRIC and speeches):
            speeches = speeches or [[]]
            speeches[-1].append((index, element))
        else:
            yield from _flushed(speeches)
            yield [[(index, element)]]
    yield from _flushed(speeches)


def _flushed(speeches: list[list[Numbered]]) -> Iterator[list[list[Numbered]]]:
    if speeches:
        yield list(speeches)
        speeches.clear()


def _rows(pieces: list[Piece | None]) -> list[Row]:
    return [Row((piece,)) if piece else BLANK for piece in pieces]


def _dividable(rows: list[Row]) -> list[Row]:
    """Allow page breaks that leave enough lines on either side."""
    last = len(rows) - KEPT_LINES
    return [
        replace(row, starts=KEPT_LINES <= index <= last and bool(row.pieces))
        for index, row in enumerate(rows)
    ]
