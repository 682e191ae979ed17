"""Speeches: cue, parentheticals and dialogue as rows, alone or two side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from storyroom.formats.fountain import Run
from storyroom.formats.pages.columns import has_han
from storyroom.formats.pages.options import SpeechAreas
from storyroom.formats.pages.rows import BLANK, Piece, Row, Speech, lay, styled, surrounded, trimmed
from storyroom.story.script import Element, Kind

KEPT_LINES = 2
"""The least number of lines that a page break leaves on either side, in speeches and in action."""

Numbered = tuple[int, Element]
"""An element with its index among `Script.elements()`."""


def speech_rows(speech: Sequence[Numbered], areas: SpeechAreas, *, double_spaced: bool = False) -> list[Row]:
    """Lay out one speech; a page break may divide it between lines of dialogue."""
    return _merge([_lines(speech, areas)], double_spaced)


def dual_rows(
    left: Sequence[Numbered],
    right: Sequence[Numbered],
    areas: tuple[SpeechAreas, SpeechAreas],
    *,
    double_spaced: bool = False,
) -> list[Row]:
    """Lay out two speeches side by side; a page break divides them where it may divide each."""
    return _merge([_lines(left, areas[0]), _lines(right, areas[1])], double_spaced)


@dataclass(slots=True)
class _Line:
    """A line of one speech.

    Attributes:
        piece: its text; None for a kept blank line.
        spoken: whether it counts as dialogue.
        breaks: whether a page break may stand before it.
        speech: what such a break needs.
    """

    piece: Piece | None
    spoken: bool = False
    breaks: bool = False
    speech: Speech | None = None


def _lines(elements: Sequence[Numbered], areas: SpeechAreas) -> list[_Line]:
    lines: list[_Line] = []
    speech: Speech | None = None
    for index, element in elements:
        spoken = element.kind in (Kind.DIALOGUE, Kind.LYRIC)
        lines += [_Line(piece, spoken, speech=speech) for piece in _pieces(index, element, areas)]
        if element.kind is Kind.CUE:
            speech = _interruption(element, index, areas)
    if speech is None:  # dialogue without a cue
        speech = _interruption(None, None, areas)
        lines = [replace(line, speech=speech) for line in lines]
    _find_breaks(lines)
    return lines


def _find_breaks(lines: list[_Line]) -> None:
    """Mark where a page break leaves dialogue on either side and no parenthetical at the foot of the page."""
    before, total = 0, sum(line.spoken and line.piece is not None for line in lines)
    above: _Line | None = None
    for line in lines:
        if line.piece is None:
            continue
        behind = total - before
        line.breaks = min(before, behind) >= KEPT_LINES and above is not None and above.spoken
        before += line.spoken
        above = line


def _pieces(index: int, element: Element, areas: SpeechAreas) -> list[Piece | None]:
    runs = trimmed(styled(element.text))
    if element.kind is Kind.CUE:
        return lay(cue_runs(element), areas.cue, element=index)
    if element.kind is Kind.PARENTHETICAL and runs:
        opening, closing = _parentheses(element.text)
        hang = 2 if opening == "（" else 1
        return lay(surrounded(runs, opening, closing), areas.parenthetical, element=index, hang=hang)
    if element.kind is Kind.LYRIC:
        runs = tuple(run._replace(italic=True) for run in runs)
    return lay(runs, areas.dialogue, element=index)


def cue_runs(cue: Element, *, continued: bool = False) -> tuple[Run, ...]:
    """Return a cue as it is printed: the name, its extension in parentheses, (CONT'D) if asked for."""
    runs = list(trimmed(styled(cue.text)))
    chinese = has_han(cue.text)
    extensions = [cue.extension] if cue.extension else []
    if continued and not (cue.extension and _says_continued(cue.extension)):
        extensions.append("续" if chinese else "CONT'D")
    for extension in extensions:
        opening, closing = _parentheses(extension if has_han(extension) else cue.text)
        runs += surrounded(styled(extension), opening if opening == "（" else f" {opening}", closing)
    return tuple(runs)


def _says_continued(extension: str) -> bool:
    return "CONT" in extension.upper() or "续" in extension or "續" in extension


def _parentheses(text: str) -> tuple[str, str]:
    return ("（", "）") if has_han(text) else ("(", ")")


def _interruption(cue: Element | None, index: int | None, areas: SpeechAreas) -> Speech:
    more = "（接下页）" if cue and has_han(cue.text) else "(MORE)"
    again = lay(cue_runs(cue, continued=True), areas.cue, element=index, role="continued") if cue else []
    (label,) = lay((Run(more),), areas.cue, element=index, role="more")
    assert label is not None
    return Speech(label, tuple(piece for piece in again if piece))


def _merge(speeches: list[list[_Line]], double_spaced: bool) -> list[Row]:
    """Put speeches side by side, line by line."""
    rows: list[Row] = []
    for lines in zip_longest(*speeches):
        going_on = [line for line in lines if line is not None]
        row = Row(
            pieces=tuple(line.piece for line in going_on if line.piece),
            starts=all(line.breaks for line in going_on),
            interrupted=tuple(line.speech for line in going_on if line.speech),
        )
        if double_spaced and rows and any(line.spoken for line in going_on):
            rows.append(BLANK)
        rows.append(row)
    return rows
