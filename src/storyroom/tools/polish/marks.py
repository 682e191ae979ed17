"""Rules for marks: doubled ones, spaces beside them, missing ends, and two customs in one script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from storyroom.story.han import HAN
from storyroom.story.script import Kind
from storyroom.tools.polish.change import Change, ChangeKind, Edit
from storyroom.tools.polish.finding import CODE, Pattern, remark
from storyroom.tools.polish.view import HIDDEN, Line

_ANYWHERE = (
    Pattern(
        "punctuation",
        re.compile(r"(?P<mark>[,;:])(?P=mark)+"),
        lambda one: one["mark"],
        "“{new}” stands twice.",
    ),
    Pattern("punctuation", re.compile(r",(?=[.!?])"), lambda _: "", "Two marks stand where one ends it."),
    Pattern(
        "punctuation",
        re.compile(r"(?<![.!?])(?P<mark>[!?])(?P=mark)+(?![.!?])"),
        lambda one: one["mark"],
        "One “{new}” is enough.",
    ),
    Pattern(
        "punctuation",
        re.compile(r"(?<=[a-z]),(?=[A-Za-z]{2})"),
        lambda _: ", ",
        "Behind a comma there is a space.",
    ),
    Pattern(
        "punctuation",
        re.compile(r"(?<=[a-z]{3})(?P<old>[.!?])(?=[A-Z][a-z]+ )"),
        lambda one: one["old"] + " ",
        "Between two sentences there is a space.",
    ),
)
_IN_ENGLISH = (
    Pattern(
        "punctuation",
        re.compile(r"(?<=\w)(?P<old> +)[,;:.!?](?=\s|$)"),
        lambda _: "",
        "Before a mark there is no space.",
    ),
    Pattern(
        "punctuation",
        re.compile(r"(?<![.\d])\.\.(?![./])"),
        lambda _: "...",
        "Two dots are neither a full stop nor an ellipsis.",
    ),
)
_GAP = re.compile(r"(?<=\S)(?P<old>  +)(?=\S)")
_AFTER_SENTENCE = re.compile(r"[.!?][\"”')]*( +)(?=[A-Z\"“'])")
_UNENDED = re.compile(rf"[\w{HAN}](?P<close>[*_\"”’'）)」]*)$")
_ASKS = re.compile(
    r"(?:^|[.!?,] |\b(?:and|but|so|well),? )(?:who|what|where|when|why|how)(?:'s|'re|\b) "
    r"(?:the|this|that|it|is|are|was|were|do|does|did|have|has|had|can|could|will|would|should)\b[^.!?]*$|"
    r"(?:^|[.!?] )(?:do|does|did|are|is|was|were|have|has|can|could|will|would) (?:you|i|he|she|it|we|they)\b"
    r"[^.!?,]*$",
    re.IGNORECASE,
)
_ENDED = 0.65
_LEAST_SPEECHES = 5


def marks(line: Line, *, english: bool) -> Iterator[Change]:
    """Yield marks that are doubled, and spaces that are missing or too many.

    Args:
        english: whether the script is in English; in French there is a space before some marks.
    """
    for rule in (*_ANYWHERE, *(_IN_ENGLISH if english else ())):
        if not line.chinese:
            yield from rule.changes(line)


def wide_gaps(lines: Sequence[Line]) -> Iterator[Change]:
    """Yield double spaces, but those behind sentences only where the script mostly has one there."""
    ends = Counter(len(one[1]) for line in lines for one in _AFTER_SENTENCE.finditer(line.text))
    typewriter = ends[2] > ends[1]
    for line in lines:
        behind = {one.start(1) for one in _AFTER_SENTENCE.finditer(line.text)} if typewriter else set()
        for gap in _GAP.finditer(line.text):
            if gap.start() not in behind and not line.element.text.startswith(" "):
                edit = Edit(*gap.span("old"), " ")
                yield Change(line.place, (edit,), "punctuation", "One space is enough.", CODE)


def missing_ends(lines: Sequence[Line], *, english: bool) -> Iterator[Change]:
    """Yield speeches without an end mark, in a script that ends most of its speeches with one."""
    last = [line for line in lines if line.ends_speech and line.text.strip()]
    open_ = [(line, found) for line in last if (found := _UNENDED.search(line.text.rstrip()))]
    if len(last) < _LEAST_SPEECHES or len(open_) > (1 - _ENDED) * len(last):
        return
    for line, found in open_:
        text = line.text.rstrip()
        if HIDDEN in text[-2:] or text.isupper() or (line.element.kind is not Kind.DIALOGUE):
            continue
        if line.chinese:
            mark = "？" if re.search(r"[吗么]$", text[: found.start("close")]) else "。"
        elif english:
            mark = "?" if _ASKS.search(text[: found.start("close")]) else "."
        else:
            mark = "."
        at = found.start("close") if found["close"].strip("\"”’'」") == "" else found.end("close")
        yield Change(line.place, (Edit(at, at, mark),), "punctuation", "The speech has no end mark.", CODE)


def odd_quotes(lines: Sequence[Line]) -> Iterator[Change]:
    """Yield remarks on speeches that open a quotation and do not close it, or the other way round."""
    for line in lines:
        straight = line.text.count('"') % 2
        curly = line.text.count("“") - line.text.count("”")
        corner = line.text.count("「") - line.text.count("」")
        # A quotation that goes on in the next paragraph is opened again there and closed only once.
        if (straight and line.ends_speech) or curly < 0 or corner != 0 or (curly > 0 and line.ends_speech):
            yield remark(line.place, "punctuation", "A quotation is opened and not closed, or the other way.")


class _Custom(NamedTuple):
    """Two ways to write one thing, of which a script keeps to one.

    Attributes:
        one, other: find each of them.
        to_one, to_other: give the wording the other way.
    """

    kind: ChangeKind
    what: str
    one: re.Pattern[str]
    other: re.Pattern[str]
    to_one: Callable[[re.Match[str]], str]
    to_other: Callable[[re.Match[str]], str]


def _curly(one: re.Match[str]) -> str:
    opens = one.start() == 0 or one.string[one.start() - 1] in " \t\n([—-*_"
    return "“" if opens else "”"


_CUSTOMS = (
    _Custom(
        "punctuation",
        "quotes",
        re.compile(r'"'),
        re.compile(r"[“”]"),
        lambda _: '"',
        _curly,
    ),
    _Custom(
        "punctuation",
        "apostrophes",
        re.compile(r"(?<=[A-Za-z])'(?=[A-Za-z])"),
        re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])"),
        lambda _: "'",
        lambda _: "’",
    ),
    _Custom(
        "style",
        "dashes",
        re.compile(r"(?<!-)--(?!-)"),
        re.compile(r"(?<!—)—(?!—)"),
        lambda _: "--",
        lambda _: "—",
    ),
    _Custom(
        "style",
        "ellipses",
        re.compile(r"(?<!\.)\.\.\.(?!\.)"),
        re.compile(r"(?<!…)…(?!…)"),
        lambda _: "...",
        lambda _: "…",
    ),
)
_CORNERS = (re.compile(r"[“”]"), re.compile(r"[「」]"))
_TO_CORNERS = str.maketrans("“”「」", "「」“”")
_CLEARLY = 2


def two_customs(lines: Sequence[Line]) -> Iterator[Change]:
    """Yield what is written the rarer of two ways, where the script clearly prefers the other."""
    western = [line for line in lines if not line.chinese]
    for custom in _CUSTOMS:
        ones = [(line, found) for line in western for found in custom.one.finditer(line.text)]
        others = [(line, found) for line in western for found in custom.other.finditer(line.text)]
        rare, new = (others, custom.to_one) if len(ones) >= len(others) else (ones, custom.to_other)
        if rare and max(len(ones), len(others)) >= _CLEARLY * len(rare):
            for line, found in rare:
                edit = Edit(*found.span(), new(found))
                reason = f"The script's other {custom.what} are written “{edit.new}”."
                yield Change(line.place, (edit,), custom.kind, reason, CODE)
    yield from _corners([line for line in lines if line.chinese])


def _corners(lines: Sequence[Line]) -> Iterator[Change]:
    """Yield the rarer of the two kinds of Chinese quotes, pair by pair."""
    counts = [sum(len(kind.findall(line.text)) for line in lines) for kind in _CORNERS]
    if not min(counts) or max(counts) < _CLEARLY * min(counts):
        return
    rare = counts.index(min(counts))
    pair = re.compile(("“[^“”]*”", "「[^「」]*」")[rare])
    for line in lines:
        for found in pair.finditer(line.text):
            first, last = found[0][0].translate(_TO_CORNERS), found[0][-1].translate(_TO_CORNERS)
            edits = (
                Edit(found.start(), found.start() + 1, first),
                Edit(found.end() - 1, found.end(), last),
            )
            reason = f"The script's other quotes are {first} and {last}."
            yield Change(line.place, edits, "punctuation", reason, CODE)
