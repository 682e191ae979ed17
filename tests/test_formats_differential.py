"""Fountain read by this project and by screenplain, side by side.

Both must find the same wherever the text is in the part of Fountain that both read alike: `shared` brings a
script into it. Where they differ is written down case by case in `DISAGREEMENTS`, and each must still be so.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from fountain_checks import Piece
from fountain_readers import ours, screenplain_text
from hypothesis import given, settings
from hypothesis import strategies as st

from storyroom.formats.fountain import parse, read_file, write
from storyroom.story.script import Element, Kind, Script, TitlePage

ROOT = Path(__file__).parent.parent
STRAY_MARKS = {"only_marks", "open_marks"}
"""Files of marks that mean nothing, about which Fountain is silent: the cases tell how they are read."""
FILES = sorted(
    path
    for pattern in ("tests/corpus/**/*.fountain", "examples/*/episodes/*.fountain")
    for path in ROOT.glob(pattern)
    if path.stem not in STRAY_MARKS
)


class Case(NamedTuple):
    """A text that the two read differently, and why."""

    text: str
    ours: list[Piece]
    theirs: list[Piece]
    why: str


RAIN = ("action", "Rain.")
BOAT = ("heading", "INT. BOAT - DAY")
MARA = ("cue", "MARA")

# fmt: off
DISAGREEMENTS = {
    # what screenplain has no concept of
    "lyric": Case(
        "~La la\n", [("lyric", "La la")], [("action", "~La la")],
        "screenplain was written before Fountain had lyrics"),
    "lyric in a speech": Case(
        "MARA\n~La la\n", [MARA, ("lyric", "La la")], [MARA, ("dialogue", "~La la")],
        "the same, within dialogue"),
    "note": Case(
        "Rain. [[wet?]]\n", [RAIN, ("note", "wet?")], [RAIN],
        "screenplain drops notes; here they are part of the script"),
    "note below a heading": Case(
        "INT. BOAT - DAY\n[[dark?]]\n\nRain.\n", [BOAT, ("note", "dark?"), RAIN],
        [("cue", "INT. BOAT - DAY"), ("dialogue", ""), RAIN],
        "screenplain drops the note but not its line, and takes the heading above it for a cue"),
    "boneyard": Case(
        "/* Sun. */\n\nRain.\n", [("boneyard", "Sun."), RAIN], [RAIN],
        "screenplain drops boneyards; here they are part of the script"),
    "extension": Case(
        "MARA (V.O.)\nHi.\n", [("cue", "MARA", "(V.O.)"), ("dialogue", "Hi.")],
        [("cue", "MARA (V.O.)"), ("dialogue", "Hi.")], "screenplain leaves the extension in the name"),
    # Chinese
    "Chinese heading": Case(
        "内景 灯塔 夜\n", [("heading", "内景 灯塔 夜")], [("action", "内景 灯塔 夜")],
        "Fountain knows INT and EXT only; Chinese writers do not write them"),
    "full-width extension": Case(
        "@玛拉（画外音）\n走。\n", [("cue", "玛拉", "(画外音)"), ("dialogue", "走。")],
        [("cue", "玛拉（画外音）"), ("dialogue", "走。")], "Chinese keyboards give full-width parentheses"),
    "full-width parenthetical": Case(
        "@玛拉\n（轻声）\n走。\n", [("cue", "玛拉"), ("parenthetical", "轻声"), ("dialogue", "走。")],
        [("cue", "玛拉"), ("dialogue", "（轻声）\n走。")], "the same"),
    "full-width colon": Case(
        "标题：潮\n\n雨。\n", [("title", "标题: 潮"), ("action", "雨。")],
        [("action", "标题：潮"), ("action", "雨。")], "the same, on a title page"),
    "capitals in Chinese": Case(
        "她打开TV\n亮了。\n", [("action", "她打开TV\n亮了。")], [("cue", "她打开TV"), ("dialogue", "亮了。")],
        "str.isupper passes over Chinese; a name must be in upper case as a whole"),
    # headings
    "heading above text": Case(
        "INT. BOAT - DAY\nRain.\n", [BOAT, RAIN], [("cue", "INT. BOAT - DAY"), ("dialogue", "Rain.")],
        "Fountain wants a blank line below a heading; nobody is called INT. BOAT"),
    "heading below a section": Case(
        "# ACT\nINT. BOAT - DAY\n", [("section", "ACT", 1), BOAT],
        [("cue", "# ACT"), ("dialogue", "INT. BOAT - DAY")],
        "sections need no blank line; screenplain reads whole paragraphs"),
    "heading indented": Case(
        "  INT. BOAT - DAY\n", [BOAT], [("action", "  INT. BOAT - DAY")],
        "Fountain drops indents except in action"),
    "heading EXT/INT": Case(
        "EXT/INT CAR\n", [("heading", "EXT/INT CAR")], [("action", "EXT/INT CAR")],
        "not in Fountain, but written; EXT. does both"),
    "point before a space": Case(
        ". Rain\n", [("action", ". Rain")], [("heading", "RAIN")],
        "Fountain forces a heading by a point and a letter or digit"),
    # title pages
    "title page, value on the line and below": Case(
        "Title: Tide\n    a pilot\n\nRain.\n", [("title", "title: Tide"), ("title", "title: a pilot"), RAIN],
        [("action", "Title: Tide\n    a pilot"), RAIN], "screenplain then takes all of it for action"),
    "title page, two spaces": Case(
        "Title:\n  Tide\n\nRain.\n", [("title", "title: Tide"), RAIN], [("action", "Title:\n  Tide"), RAIN],
        "Fountain asks for three spaces or a tab; any indent will do here"),
    "title page above a heading": Case(
        "Title: Tide\nINT. BOAT - DAY\n", [("title", "title: Tide"), BOAT],
        [("action", "Title: Tide\nINT. BOAT - DAY")], "a heading ends the title page here"),
    "address": Case(
        "http://x.example\n", [("action", "http://x.example")], [("title", "http: //x.example")],
        "a colon before two slashes makes no key"),
    # speech
    "cue with two spaces behind it": Case(
        "MARA  \nHi.\n", [MARA, ("dialogue", "Hi.")], [("action", "MARA\nHi.")],
        "a rule from before Fountain 1.0, when nothing forced action"),
    "cue forced without speech": Case(
        "@Mara\n\nRain.\n", [("cue", "Mara"), RAIN], [("action", "@Mara"), RAIN],
        "forced is forced; and the mark is not text"),
    "dual without a first speech": Case(
        "TOM ^\nHi.\n", [("cue", "TOM", "^"), ("dialogue", "Hi.")], [("cue", "TOM ^"), ("dialogue", "Hi.")],
        "the mark is kept as a mark, even where there is no partner"),
    "parentheses within dialogue": Case(
        "MARA\n(Well) no.\n", [MARA, ("dialogue", "(Well) no.")], [MARA, ("parenthetical", "Well) no.")],
        "a parenthetical is a line in parentheses, not one that opens some"),
    "parenthetical over lines": Case(
        "MARA\n(one\ntwo)\nHi.\n", [MARA, ("dialogue", "(one\ntwo)\nHi.")],
        [MARA, ("parenthetical", "one"), ("parenthetical", "two"), ("dialogue", "Hi.")],
        "Fountain has a parenthetical on one line"),
    "empty parenthetical": Case(
        "MARA\n()\nHi.\n", [MARA, ("dialogue", "()\nHi.")],
        [MARA, ("parenthetical", ""), ("dialogue", "Hi.")], "it says nothing"),
    # paragraphs
    "blank line of spaces": Case(
        "Rain.\n  \nSun.\n", [RAIN, ("action", "Sun.")], [("action", "Rain.\n\nSun.")],
        "only dialogue keeps such a line"),
    "page break below text": Case(
        "Rain.\n===\nSun.\n", [RAIN, ("page break", ""), ("action", "Sun.")],
        [("action", "Rain.\n===\nSun.")], "a mark begins an element on any line"),
    "centred below text": Case(
        "Rain.\n> END <\n", [RAIN, ("centered", "END")], [("action", "Rain.\n> END <")], "the same"),
    "centred above text": Case(
        "> END <\nRain.\n", [("centered", "END"), RAIN], [("cue", "> END <"), ("dialogue", "Rain.")],
        "the same"),
    "section below text": Case(
        "Rain.\n# ACT\n", [RAIN, ("section", "ACT", 1)], [("action", "Rain.\n# ACT")], "the same"),
    "transition below text": Case(
        "Rain.\n> Burn.\n", [RAIN, ("transition", "BURN.")], [("action", "Rain.\n> Burn.")], "the same"),
    "transition with a space behind it": Case(
        "CUT TO: \n", [("transition", "CUT TO:")], [("action", "CUT TO:")],
        "white space at the end of a line says nothing"),
    # sections and synopses
    "synopsis alone": Case(
        "= They meet.\n", [("synopsis", "They meet.")], [("action", "= They meet.")],
        "screenplain hangs a synopsis on a heading or section"),
    "two synopses": Case(
        "INT. BOAT - DAY\n\n= One.\n\n= Two.\n", [BOAT, ("synopsis", "One."), ("synopsis", "Two.")],
        [BOAT, ("synopsis", "Two.")], "screenplain has room for one, and loses the first"),
    "deep section": Case(
        "####### Deep\n", [("section", "Deep", 7)], [("action", "####### Deep")],
        "Fountain names no limit; screenplain stops at six"),
    # emphasis
    "escaped underscores": Case(
        "A \\_line\\_.\n", [("action", "A _line_.")], [("action", "A \\<u>line\\</u>.")],
        "screenplain knows escaped stars only"),
    "stars between spaces": Case(
        "a ** b ** c\n", [("action", "a ** b ** c")], [("action", "a <i>* b *</i> c")],
        "Fountain leaves marks alone that stand between spaces"),
    "stars in a row": Case(
        "****\n", [("action", "****")], [("action", "<i>**</i>")], "there is nothing to style"),
    "unequal stars": Case("**a*\n", [("action", "**a*")], [("action", "<i>*a</i>")], "neither pair is whole"),
    # bare marks
    "bare mark": Case("!\n", [("action", "!")], [("action", "")], "a mark with nothing behind it is text"),
    "empty centred": Case("> <\n", [("action", "> <")], [("centered", "")], "the same"),
    "byte order mark": Case(
        "\ufeffTitle: x\n", [("title", "title: x")], [("title", "\ufefftitle: x")],
        "screenplain leaves it to whoever opens the file"),
}
# fmt: on


@pytest.mark.parametrize("name", DISAGREEMENTS)
def test_a_known_disagreement_is_still_one(name: str) -> None:
    """Both read what is written down, and not the same; a case that is settled must go from the list."""
    case = DISAGREEMENTS[name]
    assert list(ours(parse(case.text))) == case.ours
    assert screenplain_text(case.text) == case.theirs
    assert case.ours != case.theirs
    assert case.why


def shared(script: Script) -> str:
    """Return a script as text in the part of Fountain that both read alike.

    What is in it already stays as it was written; each change below answers a case in `DISAGREEMENTS`.
    """
    elements = [one for element in script.elements() for one in _shared(element)]
    kept = tuple(entry for entry in script.title_page.entries if entry[0].isascii())
    script = replace(script, title_page=TitlePage(kept), head="", newline="\n").with_elements(elements)
    return half_width(write(script))


def half_width(text: str) -> str:
    """Return a text with the parentheses that Fountain knows."""
    return text.replace("（", " (").replace("）", ")")


def _shared(element: Element) -> list[Element]:
    if element.kind in (Kind.NOTE, Kind.BONEYARD):
        return []
    changed = element
    if element.kind is Kind.LYRIC:
        changed = changed.edited(kind=Kind.DIALOGUE)  # which turns into action where no cue leads
    if "\\_" in element.text:
        changed = changed.edited(text=element.text.replace("\\_", ""))
    if element.kind is Kind.SCENE_HEADING and not element.text.isascii():
        changed = changed.edited(forced=True)
    if element.kind is not Kind.ACTION and element.source and element.source.raw[0].isspace():
        changed = changed.edited()  # and so without its indent
    return [changed]


def agreed(text: str) -> tuple[list[Piece], list[Piece]]:
    """Return what both find, without what screenplain drops and with extensions where it leaves them."""
    found = [piece for piece in ours(parse(text)) if piece[0] not in ("note", "boneyard")]
    return [_in_name(piece) for piece in found], screenplain_text(text)


def _in_name(piece: Piece) -> Piece:
    if piece[0] != "cue":
        return piece
    extension = [str(mark) for mark in piece[2:] if mark != "^"]
    return ("cue", " ".join([str(piece[1]), *extension]), *(mark for mark in piece[2:] if mark == "^"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_find_the_same_in_a_file(path: Path) -> None:
    """Every file of the corpus and every example, brought into what both read alike."""
    script = read_file(path)
    mine, theirs = agreed(shared(script))
    assert mine == theirs
    assert len(mine) >= len([e for e in script.elements() if e.kind not in (Kind.NOTE, Kind.BONEYARD)]) // 2


WORDS = st.lists(
    st.sampled_from(
        [
            "Rain",
            "falls,",
            "don’t",
            "and",
            "*so*",
            "**it**",
            "_goes_.",
            "***On.***",
            "“走吧”",
            "他*真的*走了。",
            "7",
        ]
    ),
    min_size=1,
    max_size=8,
).map(lambda words: " ".join(["Then", *words]))
LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
NAMES = st.sampled_from(["MARA", "UNIT 7", "ÉLODIE", "OLD TOM"])
PLACES = st.sampled_from(["INT. BOAT - DAY", "EXT. SEA", "INT./EXT. VAN - NIGHT", "I/E CAR - DUSK"])


def one(
    kind: Kind, text: st.SearchStrategy[str], **fields: st.SearchStrategy[object]
) -> st.SearchStrategy[object]:
    """Elements of a kind."""
    return st.builds(Element, kind=st.just(kind), text=text, **fields)


SPEECH = st.builds(
    lambda cue, parts: [cue, *(element for part in parts for element in part)],
    one(
        Kind.CUE,
        NAMES,
        extension=st.sampled_from([None, "V.O.", "on the radio"]),
        forced=st.booleans(),
    ),
    st.lists(
        st.one_of(
            one(Kind.DIALOGUE, LINES).map(lambda said: [said]),
            st.tuples(one(Kind.PARENTHETICAL, st.sampled_from(["low", "轻声"])), one(Kind.DIALOGUE, LINES)),
        ),
        min_size=1,
        max_size=3,
    ),
)
BESIDE = st.builds(lambda left, right: [*left, right[0].edited(dual=True), *right[1:]], SPEECH, SPEECH)
HEADING = st.builds(
    lambda heading, synopsis: [heading, *synopsis],
    st.one_of(
        one(Kind.SCENE_HEADING, PLACES, scene_number=st.sampled_from([None, "12A", "3-B.1"])),
        one(Kind.SCENE_HEADING, st.sampled_from(["THE LAMP ROOM", "内景 灯塔 夜"]), forced=st.just(True)),
        one(Kind.SECTION, st.sampled_from(["ACT ONE", "第一幕"]), depth=st.integers(1, 6)),
    ),
    st.lists(one(Kind.SYNOPSIS, st.sampled_from(["They meet.", "他们相遇。"])), max_size=1),
)
OTHER = st.one_of(
    one(Kind.ACTION, LINES, forced=st.booleans()),
    one(Kind.TRANSITION, st.sampled_from(["CUT TO:", "SMASH CUT TO:"])),
    one(Kind.TRANSITION, st.sampled_from(["Burn to white.", "切至："]), forced=st.just(True)),
    one(Kind.CENTERED, st.sampled_from(["THE END", "剧终"])),
    one(Kind.PAGE_BREAK, st.just("")),
).map(lambda element: [element])
SCRIPTS = st.builds(
    lambda blocks, page: Script.of((e for block in blocks for e in block), TitlePage(page)),
    st.lists(st.one_of(HEADING, OTHER, SPEECH, BESIDE), max_size=12),
    st.sampled_from(
        [(), (("Title", ("Low Tide",)),), (("Title", ("LOW", "TIDE")), ("Author", ("A. Writer",)))]
    ),
)


@settings(max_examples=200, deadline=None)
@given(SCRIPTS)
def test_both_find_the_same_in_a_well_formed_script(script: Script) -> None:
    """Any order of scenes, speeches, dual dialogue, sections, transitions, in English and Chinese."""
    mine, theirs = agreed(half_width(write(script)))
    assert mine == theirs
