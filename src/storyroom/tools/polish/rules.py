"""All code rules on one script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from storyroom.story.bible import Bible
from storyroom.story.headings import cue_name
from storyroom.story.script import Element, Kind, Script
from storyroom.tools.polish import marks, story_slips
from storyroom.tools.polish.change import Change, Polished, Refused, apart
from storyroom.tools.polish.chinese import chinese
from storyroom.tools.polish.english import english
from storyroom.tools.polish.guard import Guard
from storyroom.tools.polish.library import by_library
from storyroom.tools.polish.view import Line, lines_of

_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][a-z]+)?")
_ENGLISH = frozenset(
    """
    the and you that is it of to in i a he she was for with not on what this have we are they my at me
    """.split()  # noqa: SIM905
)
_LEAST_WORDS = 20


def polish(script: Script, bible: Bible | None = None) -> Polished:
    """Look at a script by code rules, and by the grammar library where that is installed.

    Args:
        script: what to polish.
        bible: of its series, where there is one; its names are watched over.
    """
    elements = tuple(script.elements())
    guard = Guard(elements, bible)
    lines = list(lines_of(elements))
    in_english = is_english(lines)
    changes, told = [*_rules(elements, lines, english_script=in_english)], []
    if in_english and not all(line.chinese for line in lines):
        more, said = by_library(lines)
        changes += more
        told += said
    elif not any(line.chinese for line in lines) and lines:
        told.append("The script is neither English nor Chinese: only marks and spaces were looked at.")
    proposed, refused = guarded(changes, elements, guard)
    return Polished(script, tuple(proposed), tuple(refused), tuple(told))


def guarded(
    changes: Iterable[Change], elements: Sequence[Element], guard: Guard
) -> tuple[list[Change], list[Refused]]:
    """Part changes into those that may be proposed and those that are refused.

    What touches an earlier change is left out: it is found again when that one has been made.
    """
    proposed: list[Change] = []
    refused: list[Refused] = []
    for change in changes:
        text = elements[change.place].text
        why = "" if change.remark else guard.against(text, change.wording(text))
        if why:
            refused.append(Refused(change, why))
        else:
            proposed.append(change)
    return apart(proposed)[0], refused


def is_english(lines: Sequence[Line]) -> bool:
    """Whether what is written in Latin letters is English; in doubt, where there is hardly any, it is."""
    words = Counter(word.lower() for line in lines for word in _LATIN.findall(line.text))
    known = sum(words[word] for word in _ENGLISH)
    return words.total() < _LEAST_WORDS or known > 0.12 * words.total()


def _rules(elements: Sequence[Element], lines: Sequence[Line], *, english_script: bool) -> Iterator[Change]:
    for line in lines:
        if line.chinese:
            yield from chinese(line)
        elif english_script:
            yield from english(line)
        yield from marks.marks(line, english=english_script)
    yield from marks.wide_gaps([line for line in lines if not line.chinese])
    yield from marks.missing_ends(lines, english=english_script)
    yield from marks.odd_quotes(lines)
    yield from marks.two_customs(lines)
    yield from story_slips.headings(elements)
    yield from story_slips.cues(elements)
    yield from story_slips.gone(elements)
    yield from story_slips.long_speeches(lines)
    yield from story_slips.worn(lines)
    names = {word for one in elements if one.kind is Kind.CUE for word in cue_name(one.text).split()}
    yield from story_slips.thrice(lines, frozenset(names))
