"""Rules for Chinese: the marks of GB/T 15834-2011, and characters that stand twice by a slip of the hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storyroom.story.han import HAN
from storyroom.tools.polish.change import Change, Edit
from storyroom.tools.polish.finding import CODE, Pattern
from storyroom.tools.polish.view import Line

_FULL = dict(zip(",.;:!?", "，。；：！？", strict=True))
_SPACE = re.compile(rf"(?<=[{HAN}，。！？；：、”」])[ \t]+(?=[{HAN}“「])")
# So many gaps in a line are a list or verse, and meant.
_MEANT = 3
_QUOTE = re.compile(r'"([^"\n]*)"')
_HAN = re.compile(f"[{HAN}]")

_PATTERNS = (
    Pattern(
        "punctuation",
        re.compile(rf"(?<=[{HAN}”》」』）])(?P<old>[,;!?]|:(?!\d)|\.(?![.\d]))"),
        lambda one: _FULL[one["old"]],
        "Behind Chinese the mark is full-width: “{new}”.",
    ),
    Pattern(
        "punctuation",
        re.compile(rf"(?<=[A-Za-z0-9])(?P<old>[,;!?])(?=[{HAN}“「])"),
        lambda one: _FULL[one["old"]],
        "Before Chinese the mark is full-width: “{new}”.",
    ),
    Pattern(
        "punctuation",
        re.compile(rf"\([^()（）\n]*[{HAN}][^()（）\n]*\)"),
        lambda one: f"（{one[0][1:-1]}）",
        "Around Chinese the parentheses are full-width.",
    ),
    Pattern(
        "punctuation",
        re.compile(r"(?P<mark>[，、；：])(?P=mark)+"),
        lambda one: one["mark"],
        "“{new}” stands twice.",
    ),
    Pattern("punctuation", re.compile(r"(?<!。)。。(?!。)"), lambda _: "。", "“{new}” stands twice."),
    Pattern(
        "punctuation",
        re.compile(r"(?P<mark>[！？])(?P=mark)+"),
        lambda one: one["mark"],
        "One “{new}” is enough.",
    ),
    Pattern(
        "punctuation",
        re.compile(rf"。。。+|(?<=[{HAN}，。！？“])\.\.\.+|\.\.\.+(?=[{HAN}])"),
        lambda _: "……",
        "An ellipsis is six dots: “{new}”.",
    ),
    Pattern(
        "punctuation",
        re.compile(r"(?<!…)(?:…|…{3,})(?!…)"),
        lambda _: "……",
        "An ellipsis is six dots: “{new}”.",
    ),
    Pattern(
        "punctuation",
        re.compile(rf"(?<=[{HAN}，。！？”])(?P<old> ?(?:--+|(?<!—)—(?!—)) ?)(?![\d—])"),
        lambda _: "——",
        "A dash is two characters wide: “{new}”.",
    ),
    Pattern(
        "repetition",
        re.compile(
            r"(?<![目有标准])的的(?![确士哥])|(?<![不得一])了了(?![之事结解])|(?<!横)把把(?![脉尿])|"
            r"(?<![执沉])着着(?![急凉火])|就就(?![业近位地])|也也|都都|和和(?![气美睦谐平])"
        ),
        lambda one: one[0][: len(one[0]) // 2],
        "“{new}” stands twice.",
    ),
)


def chinese(line: Line) -> Iterator[Change]:
    """Yield what is certainly wrong in a line of Chinese."""
    for rule in _PATTERNS:
        yield from rule.changes(line)
    gaps = list(_SPACE.finditer(line.text))
    if len(gaps) < _MEANT:
        for gap in gaps:
            edit = Edit(*gap.span(), "")
            yield Change(line.place, (edit,), "punctuation", "Chinese has no spaces between words.", CODE)
    for quote in _QUOTE.finditer(line.text):
        if line.text.count('"') % 2 == 0 and _HAN.search(quote[1]):
            edits = (Edit(quote.start(), quote.start() + 1, "“"), Edit(quote.end() - 1, quote.end(), "”"))
            yield Change(line.place, edits, "punctuation", "Around Chinese the quotes are “ and ”.", CODE)
