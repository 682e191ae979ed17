"""For tests of the formats that are only written: scripts, and what of them is printed."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import strategies as st

from storyroom.formats.fountain import emphasis, parse
from storyroom.story.script import UNPRINTED, Element, Kind, Script

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(
    [*ROOT.glob("tests/corpus/fountain/*.fountain"), *ROOT.glob("examples/*/episodes/*.fountain")]
)

EVERYTHING = """Title: THE *LAMP*
Credit: Written by
Author: Ada Quill
Contact: Boathouse 3
Draft date: 4 March

FADE IN:

# Act one

= Mara waits.

INT. LIGHTHOUSE - NIGHT #1A#

The lamp **turns**, _twice_.

    Three words indented.

MARA (V.O.)
(reading)
Nobody <wrote> this. [[Did she?]]
\x20\x20
& nobody *read* it.

PRYCE
Yes.

MARA ^
No.

PRYCE
~A song for the sea,
~and one for me.

> THE END OF THE ROAD <

CUT TO:

===

EXT. HARBOUR - DAY

[[Check the tide.]]
/* A cut scene. */

~Sung by nobody.

She goes.
"""
CHINESE = """标题：最后的灯
编剧：玛拉
日期：三月四日

# 第一幕

内景 灯塔 夜

灯在转。她说：“十一日”……

@玛拉（画外音）
（念）
两点交班——没有人。

@老陈 ^
有。

> 切至：

> 第一幕完 <
"""


def everything() -> Script:
    """A script with every kind of element."""
    return parse(EVERYTHING)


WORDS = [
    *(
        "Mara waits.",
        "INT. HOUSE - DAY",
        "内景 灯塔 夜",
        "玛拉",
        "V.O.",
        "𠮷",
        "é",
        "😀",
        "ACT ONE",
        "第一幕",
    ),
    *(
        "1.",
        "2)",
        "-",
        "+",
        "=",
        "===",
        "#",
        ">",
        "<b>",
        "&amp;",
        "</style>",
        "<!--",
        "`x`",
        "|",
        "~~",
        "$x$",
    ),
    *("**", "*a*", "_b_", "\\", "[", "](x)", "!", "“”", "——", "…", "http://x.y/_z_", "]]>", '"', "'"),
]
BLANKS = [" ", " ", "  ", "\t", "\u3000", "\u00a0", "\n", "\n", "\n\n", "\u2028", "\x0b", "\x00", "\ufffe"]
TEXTS = st.lists(st.sampled_from([*WORDS, *BLANKS, "[[a note]]", "/* cut */"]), max_size=7).map("".join)
ELEMENTS = st.builds(
    Element,
    kind=st.sampled_from(Kind),
    text=TEXTS,
    extension=st.none() | TEXTS,
    dual=st.booleans(),
    scene_number=st.sampled_from([None, "1", "12A"]),
    depth=st.integers(0, 3),
)
GENERATED = st.lists(ELEMENTS, max_size=8).map(Script.of)

_ADDED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufffe()（）]")


def letters(text: str) -> str:
    """A text without what layout adds and takes away: white space, control characters, parentheses."""
    return _ADDED.sub("", text)


def printed_letters(script: Script, *, also: frozenset[Kind] = frozenset()) -> str:
    """All that is printed of a script's elements, in order; of other kinds too, if asked for."""
    said: list[str] = []
    for element in script.elements():
        if element.kind in UNPRINTED - also or element.kind is Kind.PAGE_BREAK:
            continue
        extension = element.extension if element.kind is Kind.CUE else None
        for text in (element.text, extension or ""):
            said += [run.text for run in emphasis(text)]
    return letters("".join(said))
