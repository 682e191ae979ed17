"""Fountain 1.1, rule by rule, in English and Chinese: each case is a text and the tree it stands for."""

from __future__ import annotations

import pytest

from storyroom.formats.fountain import parse, parse_elements, write
from storyroom.story.script import Element, Kind

Row = tuple[object, ...]


def row(element: Element) -> Row:
    """An element as kind, text, and whatever else it says, in short."""
    marks: list[object] = []
    if element.extension is not None:
        marks.append(f"({element.extension})")
    if element.dual:
        marks.append("^")
    if element.scene_number is not None:
        marks.append(f"#{element.scene_number}")
    if element.depth:
        marks.append(element.depth)
    return (element.kind.value, element.text, *marks)


def h(text: str, *marks: str) -> Row:
    """A scene heading."""
    return ("scene_heading", text, *marks)


def a(text: str) -> Row:
    """Action."""
    return ("action", text)


def c(text: str, *marks: str) -> Row:
    """A cue."""
    return ("cue", text, *marks)


def d(text: str) -> Row:
    """Dialogue."""
    return ("dialogue", text)


def p(text: str) -> Row:
    """A parenthetical."""
    return ("parenthetical", text)


def t(text: str) -> Row:
    """A transition."""
    return ("transition", text)


CASES: dict[str, tuple[str, list[Row]]] = {
    # scene headings
    "heading INT": ("INT. BOATHOUSE - NIGHT\n\nRain.", [h("INT. BOATHOUSE - NIGHT"), a("Rain.")]),
    "heading EXT with space": ("EXT BEACH\n\nRain.", [h("EXT BEACH"), a("Rain.")]),
    "heading EST": ("EST. HARBOUR - DAWN", [h("EST. HARBOUR - DAWN")]),
    "heading INT./EXT": ("INT./EXT. VAN - DAY", [h("INT./EXT. VAN - DAY")]),
    "heading INT/EXT": ("INT/EXT VAN - DAY", [h("INT/EXT VAN - DAY")]),
    "heading I/E": ("I/E. VAN - DAY", [h("I/E. VAN - DAY")]),
    "heading in lower case": ("int. boathouse - night", [h("int. boathouse - night")]),
    "heading with a number": ("INT. BOATHOUSE #12A#", [h("INT. BOATHOUSE", "#12A")]),
    "heading with a number in points": ("INT. BOATHOUSE #110-A.2#", [h("INT. BOATHOUSE", "#110-A.2")]),
    "heading with an unclosed number": ("INT. BOATHOUSE #12", [h("INT. BOATHOUSE #12")]),
    "heading forced": (".THE LAMP ROOM", [h("THE LAMP ROOM")]),
    "heading forced with a number": (".FLASHBACK #3#", [h("FLASHBACK", "#3")]),
    "ellipsis is action": ("...and then nothing.", [a("...and then nothing.")]),
    "point before a space is action": (". not a heading", [a(". not a heading")]),
    "interior is no heading": ("Interior monologue again.", [a("Interior monologue again.")]),
    "heading above a note": (
        "INT. BOATHOUSE\n[[too dark?]]\n\nRain.",
        [h("INT. BOATHOUSE"), ("note", "too dark?"), a("Rain.")],
    ),
    "heading above text stays one": ("INT. BOATHOUSE\nRain.", [h("INT. BOATHOUSE"), a("Rain.")]),
    "heading within action is action": ("Rain.\nINT. BOATHOUSE", [a("Rain.\nINT. BOATHOUSE")]),
    # action
    "action keeps its lines": ("Rain.\nMore rain.", [a("Rain.\nMore rain.")]),
    "action keeps its indent": ("\tRain.\n    More.", [a("\tRain.\n    More.")]),
    "blank line ends action": ("Rain.\n\n\nMore.", [a("Rain."), a("More.")]),
    "action forced": ("!SPLASH\nShe is gone.", [a("SPLASH\nShe is gone.")]),
    "action forced in lower lines": ("Rain.\n!# not a section", [a("Rain.\n# not a section")]),
    "upper case before a blank line is action": ("SPLASH\n\nShe is gone.", [a("SPLASH"), a("She is gone.")]),
    "upper case at the end is action": ("SPLASH", [a("SPLASH")]),
    "bare mark is action": ("!\n\n@\n\n~", [a("!"), a("@"), a("~")]),
    # cues
    "cue": ("MARA\nHello.", [c("MARA"), d("Hello.")]),
    "cue indented": ("\t\tMARA\n\tHello.", [c("MARA"), d("Hello.")]),
    "cue with an extension": ("MARA (V.O.)\nHello.", [c("MARA", "(V.O.)"), d("Hello.")]),
    "cue with a lower-case extension": (
        "MARA (on the radio)\nHello.",
        [c("MARA", "(on the radio)"), d("Hello.")],
    ),
    "cue with two extensions": ("MARA (V.O.) (CONT'D)\nHello.", [c("MARA", "(V.O.) (CONT'D)"), d("Hello.")]),
    "cue with a figure": ("R2D2\nBeep.", [c("R2D2"), d("Beep.")]),
    "figures alone are no cue": ("23\nskidoo.", [a("23\nskidoo.")]),
    "cue forced": ("@McAVOY\nHello.", [c("McAVOY"), d("Hello.")]),
    "cue forced without speech": ("@Mara\n\nRain.", [c("Mara"), a("Rain.")]),
    "cue with accents": ("ÉLODIE\nBonjour.", [c("ÉLODIE"), d("Bonjour.")]),
    "mixed case is no cue": ("McAVOY\nHello.", [a("McAVOY\nHello.")]),
    "dual dialogue": ("MARA\nHi.\n\nTOM ^\nHi.", [c("MARA"), d("Hi."), c("TOM", "^"), d("Hi.")]),
    "dual dialogue with an extension": ("TOM (O.S.)^\nHi.", [c("TOM", "(O.S.)", "^"), d("Hi.")]),
    # speeches
    "parenthetical": ("MARA\n(beat)\nHello.", [c("MARA"), p("beat"), d("Hello.")]),
    "parenthetical within speech": ("MARA\nOne.\n(beat)\nTwo.", [c("MARA"), d("One."), p("beat"), d("Two.")]),
    "parentheses within a line are dialogue": ("MARA\n(Well) no.", [c("MARA"), d("(Well) no.")]),
    "dialogue keeps its lines": ("MARA\nOne.\nTwo.", [c("MARA"), d("One.\nTwo.")]),
    "dialogue keeps a blank line of two spaces": ("MARA\nOne.\n  \nTwo.", [c("MARA"), d("One.\n\nTwo.")]),
    "one space ends a speech": ("MARA\nOne.\n \nTwo.", [c("MARA"), d("One."), a("Two.")]),
    "marks within speech are dialogue": ("MARA\n#metoo\n=1\n.5", [c("MARA"), d("#metoo\n=1\n.5")]),
    "lyric in a speech": ("MARA\n~La la\n~lo\nThat.", [c("MARA"), ("lyric", "La la\nlo"), d("That.")]),
    "lyric alone": ("~ La la", [("lyric", "La la")]),
    # transitions, centred text, page breaks
    "transition": ("Rain.\n\nCUT TO:\n\nSun.", [a("Rain."), t("CUT TO:"), a("Sun.")]),
    "transition needs a blank line below": ("CUT TO:\nSun.", [c("CUT TO:"), d("Sun.")]),
    "transition forced": ("> Burn to white.", [t("Burn to white.")]),
    "FADE OUT needs force": ("Rain.\n\nFADE OUT.", [a("Rain."), a("FADE OUT.")]),
    "centred": (">THE END<", [("centered", "THE END")]),
    "centred over lines": ("> ONE <\n>  TWO  <", [("centered", "ONE\nTWO")]),
    "page break": ("Rain.\n\n=====\n\nSun.", [a("Rain."), ("page_break", ""), a("Sun.")]),
    "two equals signs are action": ("==", [a("==")]),
    # sections, synopses
    "section": ("# ACT ONE\n## Sequence", [("section", "ACT ONE", 1), ("section", "Sequence", 2)]),
    "section without a space": ("###Beat", [("section", "Beat", 3)]),
    "synopsis": ("= They meet.\nINT. BAR - DAY", [("synopsis", "They meet."), h("INT. BAR - DAY")]),
    # notes, boneyards
    "note alone": ("[[ a thought ]]", [("note", "a thought")]),
    "note over lines": ("[[one\n  \ntwo]]", [("note", "one\n  \ntwo")]),
    "note in action": ("Rain [[wet]] falls.", [a("Rain [[wet]] falls.")]),
    "note ends at an empty line": ("Rain [[wet\n\nfalls]].", [a("Rain [[wet"), a("falls]].")]),
    "note unclosed": ("Rain [[wet", [a("Rain [[wet")]),
    "note in a speech": (
        "MARA\nHi. [[# not\n# sections]]\nOh.",
        [c("MARA"), d("Hi. [[# not\n# sections]]\nOh.")],
    ),
    "boneyard alone": (
        "/*\nINT. BAR - DAY\n\nMARA\nHi.\n*/\nRain.",
        [("boneyard", "INT. BAR - DAY\n\nMARA\nHi."), a("Rain.")],
    ),
    "boneyard in action": ("Rain /* and\n\nsnow */ falls.", [a("Rain /* and\n\nsnow */ falls.")]),
    "boneyard within speech": (
        "MARA\nHi. /* no\n\nno */ Yes.\nOh.",
        [c("MARA"), d("Hi. /* no\n\nno */ Yes.\nOh.")],
    ),
    "boneyard unclosed": ("Rain /* wet\n\nMARA\nHi.", [a("Rain /* wet"), c("MARA"), d("Hi.")]),
    "boneyard before a heading": ("/* old */ INT. BAR - DAY", [h("/* old */ INT. BAR - DAY")]),
    # line ends
    "CRLF": ("MARA\r\nOne.\r\nTwo.\r\n\r\nRain.\r\n", [c("MARA"), d("One.\nTwo."), a("Rain.")]),
    "old Mac line ends": ("MARA\rOne.\r\rRain.", [c("MARA"), d("One."), a("Rain.")]),
    "byte order mark": ("\ufeffINT. BAR - DAY", [h("INT. BAR - DAY")]),
    "Unicode line separators do not end lines": ("MARA\u2028B\x0b\nHi.", [c("MARA\u2028B"), d("Hi.")]),
    # Chinese
    "Chinese heading": ("内景 灯塔 夜\n\n下雨。", [h("内景 灯塔 夜"), a("下雨。")]),
    "Chinese heading with full-width stop": ("内景。灯塔 - 夜", [h("内景。灯塔 - 夜")]),
    "Chinese exterior": ("外景 海滩 日", [h("外景 海滩 日")]),
    "Chinese interior and exterior": ("内外景 渔船 晨", [h("内外景 渔船 晨")]),
    "Chinese heading, traditional": ("內景 燈塔 夜", [h("內景 燈塔 夜")]),
    "Chinese heading forced": (".灯塔 内 夜 #4#", [h("灯塔 内 夜", "#4")]),
    "Chinese prefix within a word is action": ("外景地下着雨。", [a("外景地下着雨。")]),
    "Chinese cue forced": ("@玛拉 (画外音)\n你好。", [c("玛拉", "(画外音)"), d("你好。")]),
    "Chinese cue with full-width parentheses": (
        "@玛拉（画外音）^\n你好。",
        [c("玛拉", "(画外音)", "^"), d("你好。")],
    ),
    "Chinese parenthetical": ("@玛拉\n（轻声）\n你好。", [c("玛拉"), p("轻声"), d("你好。")]),
    "Chinese action is no cue": ("她打开TV\n屏幕亮了。", [a("她打开TV\n屏幕亮了。")]),
    "Chinese transition": ("> 切至：", [t("切至：")]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_rule(name: str) -> None:
    """A text reads as its tree, alone and as a fragment; laid out afresh it reads as the same tree."""
    text, tree = CASES[name]
    script = parse(text)
    assert [row(element) for element in script.elements()] == tree
    assert [row(element) for element in parse_elements(text.lstrip("\ufeff"))] == tree
    assert write(script) == text
    fresh = script.with_elements(element.edited() for element in script.elements())
    if name not in {"note unclosed", "note ends at an empty line", "boneyard unclosed"}:
        assert [row(element) for element in parse(write(fresh)).elements()] == tree


TITLE_PAGES = {
    "one line each": (
        "Title: Low Tide\nAuthor: A. Writer\n\nRain.",
        {"Title": ["Low Tide"], "Author": ["A. Writer"]},
    ),
    "lines below": (
        "Title:\n    _**LOW TIDE**_\n    a pilot\nCredit: by\n",
        {"Title": ["_**LOW TIDE**_", "a pilot"], "Credit": ["by"]},
    ),
    "tab below": (
        "Contact:\n\tBoathouse 3\n\thttp://x.example\n",
        {"Contact": ["Boathouse 3", "http://x.example"]},
    ),
    "any key": ("Working title: Tide\nEpisode: 3\n", {"Working title": ["Tide"], "Episode": ["3"]}),
    "key without value": ("Title: Tide\nNotes:\n\nRain.", {"Title": ["Tide"], "Notes": []}),
    "full-width colon": (
        "标题：最后的灯\n编剧：\n    玛拉\n    老陈\n\n",
        {"标题": ["最后的灯"], "编剧": ["玛拉", "老陈"]},
    ),
    "behind a byte order mark and blank lines": ("\ufeff\n\r\nTitle: Tide\r\n", {"Title": ["Tide"]}),
    "none: a transition": ("FADE IN:\n\nINT. BAR - DAY", {}),
    "upper-case keys": (
        "TITLE:\n    TIDE\nAUTHOR: A. Writer\n",
        {"TITLE": ["TIDE"], "AUTHOR": ["A. Writer"]},
    ),
    "none: a heading with a colon": ("INT. BAR: BACK ROOM - DAY\n\nRain.", {}),
    "none: prose": ("Rain.\nTitle: no\n", {}),
    "a form that nobody has filled in": ("Title:\nAuthor:\n\nRain.\n", {"Title": [], "Author": []}),
    "none: prose that ends in a colon": ("On the wall a sign:\n\nRain.\n", {}),
    "none: Chinese prose that ends in a colon": ("墙上有一块牌子：\n\n雨。\n", {}),
    "none: an address": ("http://x.example\n", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", TITLE_PAGES)
def test_title_page(name: str) -> None:
    """The title page is keys and lines; what only looks like one is script."""
    text, entries = TITLE_PAGES[name]
    script = parse(text)
    assert script.title_page.entries == tuple((key, tuple(lines)) for key, lines in entries.items())
    assert write(script) == text


def test_a_heading_ends_a_title_page_that_no_blank_line_ends() -> None:
    """A scene heading directly below the title page is a scene heading."""
    script = parse("Title: Tide\nINT. BAR - DAY\n\nRain.")
    assert script.title_page.get("title") == "Tide"
    assert script.scenes[0].heading.text == "INT. BAR - DAY"


def test_a_fragment_has_no_title_page() -> None:
    """Text from the middle of a scene may begin with a word and a colon."""
    assert [row(e) for e in parse_elements("Mara: gone.\n")] == [a("Mara: gone.")]


def test_lines_are_known() -> None:
    """Each element knows its first and last line, blank lines aside."""
    text = "Title: Tide\n\nINT. BAR - DAY\n\nMARA\nOne.\n  \nTwo.\n\n\nRain /* no\n\nno */.\n"
    lines = [(e.kind, e.source.line, e.source.last_line) for e in parse(text).elements() if e.source]
    assert lines == [
        (Kind.SCENE_HEADING, 3, 3),
        (Kind.CUE, 5, 5),
        (Kind.DIALOGUE, 6, 8),
        (Kind.ACTION, 11, 13),
    ]
