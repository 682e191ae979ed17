"""Isolated checks of Fountain: a small file each, and the pieces that a reader must find in it.

The pieces are neutral, so that every library can be asked the same. A piece is a kind, a text and whatever
else the element says:

- the text is what the audience gets: without notes and boneyards, styles as ``<b>bold</b>``, ``<i>``, ``<u>``
  or ``<bi>``, tabs as four spaces, headings and transitions in upper case (some libraries turn them);
- a note is a piece behind the one that holds it; lyrics and centred text are one piece for each line;
- a cue adds its extension ``(V.O.)`` and ``^`` for dual dialogue, a heading ``#1A``, a section its depth;
- a line of the title page is ``("title", "title: LOW TIDE")``, a further one of the same key
  ``("title", "title: a pilot")``.

Boneyards are no pieces: Fountain has readers ignore them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Piece = tuple[str | int, ...]
Group = Literal["Fountain 1.1", "Chinese", "beyond Fountain"]


@dataclass(frozen=True)
class Check:
    """One rule, on its own.

    Attributes:
        name: what is checked.
        about: the concept that a library must have to be asked at all: a kind of piece, or ``dual``,
            ``scene number``, ``style``, ``file`` (its encoding).
        data: the file.
        pieces: what must be found in it, in order.
        group: whether Fountain 1.1 says so; whether it does and the text is Chinese; or whether it leaves
            open what a reader of Chinese scripts needs.
        part: whether other pieces may be found too.
    """

    name: str
    about: str
    data: bytes
    pieces: tuple[Piece, ...]
    group: Group = "Fountain 1.1"
    part: bool = False


def title(*lines: str) -> tuple[Piece, ...]:
    """Lines of a title page."""
    return tuple(("title", line) for line in lines)


def h(text: str, *marks: str) -> Piece:
    """A scene heading."""
    return ("heading", text, *marks)


def a(text: str) -> Piece:
    """Action."""
    return ("action", text)


def c(text: str, *marks: str) -> Piece:
    """A cue."""
    return ("cue", text, *marks)


def p(text: str) -> Piece:
    """A parenthetical."""
    return ("parenthetical", text)


def d(text: str) -> Piece:
    """Dialogue."""
    return ("dialogue", text)


def t(text: str) -> Piece:
    """A transition."""
    return ("transition", text)


def n(text: str) -> Piece:
    """A note."""
    return ("note", text)


BOAT = h("INT. BOAT - DAY")


def _check(name: str, about: str, text: str, *pieces: Piece, encoding: str = "utf-8") -> Check:
    return Check(name, about, text.encode(encoding), pieces)


def _scene(
    name: str, about: str, text: str, *pieces: Piece, encoding: str = "utf-8", part: bool = False
) -> Check:
    """Return a check of what stands below a heading."""
    return Check(name, about, f"INT. BOAT - DAY\n\n{text}".encode(encoding), (BOAT, *pieces), part=part)


# fmt: off
_FOUNTAIN = [
    _check("title page", "title", "Title: Low Tide\nCredit: by\nAuthor: A. Writer\n\nRain.\n",
           *title("title: Low Tide", "credit: by", "author: A. Writer"), a("Rain.")),
    _check("title page, values below their key", "title",
           "Title:\n    LOW TIDE\n    a pilot\nContact:\n\tBoathouse 3\n\tThe Quay\n\nRain.\n",
           *title("title: LOW TIDE", "title: a pilot", "contact: Boathouse 3", "contact: The Quay"),
           a("Rain.")),
    _check("title page, a key of one's own", "title", "Title: Low Tide\nEpisode: 3\n\nRain.\n",
           *title("title: Low Tide", "episode: 3"), a("Rain.")),
    _check("heading", "heading", "EXT. BEACH - DAWN\n\nRain.\n", h("EXT. BEACH - DAWN"), a("Rain.")),
    _check("heading in lower case", "heading", "int. boathouse - night\n\nRain.\n",
           h("INT. BOATHOUSE - NIGHT"), a("Rain.")),
    _check("heading, inside and outside", "heading",
           "INT./EXT. VAN - DAY\n\nRain.\n\nI/E CAR - DAY\n\nSun.\n", h("INT./EXT. VAN - DAY"), a("Rain."),
           h("I/E CAR - DAY"), a("Sun.")),
    _check("heading with a number", "scene number",
           "INT. BOAT #12A#\n\nRain.\n\nEXT. SEA #110-A.2#\n\nSun.\n", h("INT. BOAT", "#12A"), a("Rain."),
           h("EXT. SEA", "#110-A.2"), a("Sun.")),
    _check("heading forced", "heading", ".THE LAMP ROOM\n\nRain.\n", h("THE LAMP ROOM"), a("Rain.")),
    _check("heading forced, with a number", "scene number", ".THE LAMP ROOM #3#\n\nRain.\n",
           h("THE LAMP ROOM", "#3"), a("Rain.")),
    _scene("ellipsis is no heading", "action", "...and then nothing.\n", a("...and then nothing.")),
    _scene("action keeps its lines", "action", "Rain.\nMore rain.\n\nSun.\n",
           a("Rain.\nMore rain."), a("Sun.")),
    _scene("action keeps tabs and spaces", "action", "Rain.\n\tin the sails\n      in the boat\n",
           a("Rain.\n    in the sails\n      in the boat")),
    _scene("action forced", "action", "!SPLASH\nShe is gone.\n", a("SPLASH\nShe is gone.")),
    _scene("upper case without speech is action", "action", "SPLASH\n\nShe is gone.\n",
           a("SPLASH"), a("She is gone.")),
    _scene("cue and dialogue", "cue", "MARA\nHello.\n", c("MARA"), d("Hello.")),
    _scene("cue with a figure", "cue", "UNIT 7\nBeep.\n", c("UNIT 7"), d("Beep.")),
    _scene("cue with an accent", "cue", "ÉLODIE\nBonjour.\n", c("ÉLODIE"), d("Bonjour.")),
    _scene("cue forced", "cue", "@McAVOY\nHello.\n", c("McAVOY"), d("Hello.")),
    _scene("cue with an extension", "cue", "MARA (V.O.)\nHello.\n", c("MARA", "(V.O.)"), d("Hello.")),
    _scene("cue with an extension in lower case", "cue", "MARA (on the radio)\nHello.\n",
           c("MARA", "(on the radio)"), d("Hello.")),
    _scene("cue forced, with an extension", "cue", "@McAVOY (O.S.)\nHello.\n",
           c("McAVOY", "(O.S.)"), d("Hello.")),
    _scene("(CONT'D) stays", "cue", "MARA (CONT'D)\nHello.\n", c("MARA", "(CONT'D)"), d("Hello.")),
    _scene("speech indented with tabs", "cue", "\t\tMARA\n\t(low)\n\tHello.\n",
           c("MARA"), p("low"), d("Hello.")),
    _scene("parenthetical", "parenthetical", "MARA\n(beat)\nHello.\n", c("MARA"), p("beat"), d("Hello.")),
    _scene("parenthetical within a speech", "parenthetical", "MARA\nOne.\n(beat)\nTwo.\n",
           c("MARA"), d("One."), p("beat"), d("Two.")),
    _scene("dialogue keeps its lines", "dialogue", "MARA\nOne.\nTwo.\n", c("MARA"), d("One.\nTwo.")),
    _scene("dialogue keeps a blank line of two spaces", "dialogue", "MARA\nOne.\n  \nTwo.\n\nRain.\n",
           c("MARA"), d("One.\n\nTwo."), a("Rain.")),
    _scene("dual dialogue", "dual", "MARA\nHi.\n\nTOM ^\nHo.\n",
           c("MARA"), d("Hi."), c("TOM", "^"), d("Ho.")),
    _scene("dual dialogue with an extension", "dual", "MARA\nHi.\n\nTOM (O.S.) ^\nHo.\n",
           c("MARA"), d("Hi."), c("TOM", "(O.S.)", "^"), d("Ho.")),
    _scene("dual dialogue of a forced cue", "dual", "MARA\nHi.\n\n@McAVOY ^\nHo.\n",
           c("MARA"), d("Hi."), c("McAVOY", "^"), d("Ho.")),
    _scene("lyrics", "lyric", "~La la\n~lo lo\n\nRain.\n",
           ("lyric", "La la"), ("lyric", "lo lo"), a("Rain.")),
    _scene("lyrics within a speech", "lyric", "MARA\n~La la\n\nRain.\n",
           c("MARA"), ("lyric", "La la"), a("Rain.")),
    _scene("dialogue goes on behind lyrics", "lyric", "MARA\n~La la\nThat one.\n",
           c("MARA"), ("lyric", "La la"), d("That one.")),
    _scene("transition", "transition", "Rain.\n\nSMASH CUT TO:\n\nSun.\n",
           a("Rain."), t("SMASH CUT TO:"), a("Sun.")),
    _scene("transition forced", "transition", "> Burn to white.\n\nSun.\n", t("BURN TO WHITE."), a("Sun.")),
    _scene("centred", "centered", "> THE END <\n", ("centered", "THE END")),
    _scene("centred over lines", "centered", "> ONE <\n>  TWO  <\n",
           ("centered", "ONE"), ("centered", "TWO")),
    _scene("italic, bold, both, underlined", "style", "One *two* **three** ***four*** _five six_.\n",
           a("One <i>two</i> <b>three</b> <bi>four</bi> <u>five six</u>.")),
    _scene("styles within styles", "style", "_One **two** three_ *four **five***.\n",
           a("<u>One </u><bu>two</bu><u> three</u> <i>four </i><bi>five</bi>.")),
    _scene("styles in dialogue", "style", "MARA\nI'm *not* sure.\n", c("MARA"), d("I'm <i>not</i> sure.")),
    _scene("stars escaped", "style", "A \\*star\\* and \\*\\*two\\*\\*.\n", a("A *star* and **two**.")),
    _scene("underscores escaped", "style", "A \\_line\\_ here.\n", a("A _line_ here.")),
    _scene("stars between spaces", "style", "2 * 3 * 4 is 24.\n", a("2 * 3 * 4 is 24.")),
    _scene("styles end with their line", "style", "A *star\nand one* more.\n", a("A *star\nand one* more.")),
    _check("sections", "section", "# ACT ONE\n\n## The dog\n\nINT. BOAT - DAY\n\nRain.\n",
           ("section", "ACT ONE", 1), ("section", "The dog", 2), BOAT, a("Rain.")),
    _check("synopsis below a section", "synopsis", "# ACT ONE\n\n= They meet.\n\nINT. BOAT - DAY\n\nRain.\n",
           ("section", "ACT ONE", 1), ("synopsis", "They meet."), BOAT, a("Rain.")),
    _scene("synopsis below a heading", "synopsis", "= They meet.\n\nRain.\n",
           ("synopsis", "They meet."), a("Rain.")),
    _scene("note alone", "note", "[[too dark?]]\n\nRain.\n", n("too dark?"), a("Rain.")),
    _scene("note within action", "note", "Rain [[or snow?]] falls.\n", a("Rain falls."), n("or snow?")),
    _scene("note within dialogue", "note", "MARA\nHello. [[too warm?]]\nYou.\n",
           c("MARA"), d("Hello.\nYou."), n("too warm?")),
    _scene("note over lines", "note", "Rain. [[or\nsnow?]]\n\nSun.\n", a("Rain."), n("or snow?"), a("Sun.")),
    _scene("note over a blank line of two spaces", "note", "[[one\n  \ntwo]]\n\nSun.\n",
           n("one two"), a("Sun.")),
    _scene("note never closed", "action", "Rain.\n\n[[snow\n\nSun.\n", a("Rain."), a("Sun."), part=True),
    _scene("boneyard within a line", "action", "Rain /* or snow */ falls.\n", a("Rain falls.")),
    _scene("boneyard over lines", "action", "Rain.\n\n/*\nMARA\nHello.\n\nEXT. SEA - DAY\n*/\n\nSun.\n",
           a("Rain."), a("Sun.")),
    _scene("boneyard that begins and ends within lines", "action", "Rain. /* Snow.\n\nHail.\n*/\n\nSun.\n",
           a("Rain."), a("Sun.")),
    _scene("boneyard never closed", "action", "Rain.\n\n/* Snow.\n\nSun.\n",
           a("Rain."), a("Sun."), part=True),
    _scene("page break", "page break", "Rain.\n\n===\n\nSun.\n\n=======\n\nSnow.\n",
           a("Rain."), ("page break", ""), a("Sun."), ("page break", ""), a("Snow.")),
    _check("lines that end in CR LF", "cue",
           "Title: Low Tide\r\n\r\nINT. BOAT - DAY\r\n\r\nMARA\r\nOne.\r\n  \r\nTwo.\r\n",
           *title("title: Low Tide"), BOAT, c("MARA"), d("One.\n\nTwo.")),
    _check("byte order mark", "file", "Title: Low Tide\n\nINT. BOAT - DAY\n\nRain.\n",
           *title("title: Low Tide"), BOAT, a("Rain."), encoding="utf-8-sig"),
    _scene("byte order mark before a heading", "file", "Rain.\n", a("Rain."), encoding="utf-8-sig"),
    _scene("no line end at the end", "cue", "MARA\nHello.", c("MARA"), d("Hello.")),
]

_CHINESE = [
    _check("title page", "title", "Title: 最后的灯\nAuthor: 玛拉\n\n下雨。\n",
           *title("title: 最后的灯", "author: 玛拉"), a("下雨。")),
    _check("heading forced", "heading", ".内景 灯塔 夜\n\n下雨。\n", h("内景 灯塔 夜"), a("下雨。")),
    _check("heading forced, with a number", "scene number", ".内景 灯塔 夜 #4#\n\n下雨。\n",
           h("内景 灯塔 夜", "#4"), a("下雨。")),
    _scene("cue forced", "cue", "@玛拉\n你好。\n", c("玛拉"), d("你好。")),
    _scene("cue forced, with an extension", "cue", "@玛拉 (画外音)\n你好。\n",
           c("玛拉", "(画外音)"), d("你好。")),
    _scene("parenthetical", "parenthetical", "@玛拉\n(轻声)\n你好。\n", c("玛拉"), p("轻声"), d("你好。")),
    _scene("dialogue keeps a blank line", "dialogue", "@玛拉\n你好。\n  \n再见。\n",
           c("玛拉"), d("你好。\n\n再见。")),
    _scene("dual dialogue", "dual", "@玛拉\n走！\n\n@老陈 ^\n不走！\n",
           c("玛拉"), d("走！"), c("老陈", "^"), d("不走！")),
    _scene("action", "action", "“走吧……”她说——然后停住。\n底下是海。\n",
           a("“走吧……”她说——然后停住。\n底下是海。")),
    _scene("Latin capitals within action", "action", "她打开TV\n屏幕亮了。\n", a("她打开TV\n屏幕亮了。")),
    _scene("action indented by full-width spaces", "action", "雨。\n　　大雨。\n", a("雨。\n　　大雨。")),
    _scene("transition forced", "transition", "下雨。\n\n> 切至：\n\n天晴。\n",
           a("下雨。"), t("切至："), a("天晴。")),
    _scene("centred", "centered", "> 剧终 <\n", ("centered", "剧终")),
    _scene("styles within words", "style", "他*真的*，**走了**，_再见_。\n",
           a("他<i>真的</i>，<b>走了</b>，<u>再见</u>。")),
    _check("section and synopsis", "section", "# 第一幕\n\n= 他们相遇。\n\nINT. BOAT - DAY\n\n下雨。\n",
           ("section", "第一幕", 1), ("synopsis", "他们相遇。"), BOAT, a("下雨。")),
    _scene("note", "note", "下雨[[还是雪？]]。\n", a("下雨。"), n("还是雪？")),
]

_BEYOND = [
    _check("heading", "heading", "内景 灯塔 夜\n\n下雨。\n", h("内景 灯塔 夜"), a("下雨。")),
    _check("heading with a full-width stop", "heading", "外景。海滩 - 日\n\n下雨。\n",
           h("外景。海滩 - 日"), a("下雨。")),
    _check("heading, inside and outside", "heading", "内外景 渔船 晨\n\n下雨。\n",
           h("内外景 渔船 晨"), a("下雨。")),
    _check("heading, traditional", "heading", "內景 燈塔 夜 #2#\n\n下雨。\n",
           h("內景 燈塔 夜", "#2"), a("下雨。")),
    _scene("extension in full-width parentheses", "cue", "@玛拉（画外音）\n你好。\n",
           c("玛拉", "(画外音)"), d("你好。")),
    _scene("parenthetical in full-width parentheses", "parenthetical", "@玛拉\n（轻声）\n你好。\n",
           c("玛拉"), p("轻声"), d("你好。")),
    _check("title page with full-width colons", "title",
           "标题：最后的灯\n编剧：\n    玛拉\n    老陈\n\n下雨。\n",
           *title("标题: 最后的灯", "编剧: 玛拉", "编剧: 老陈"), a("下雨。")),
    _check("a file in GBK", "file", "标题：最后的灯\n\n内景 灯塔 夜\n\n下雨。\n",
           *title("标题: 最后的灯"), h("内景 灯塔 夜"), a("下雨。"), encoding="gbk"),
    _check("a file in UTF-16", "file", "标题：最后的灯\n\n内景 灯塔 夜\n\n下雨。\n",
           *title("标题: 最后的灯"), h("内景 灯塔 夜"), a("下雨。"), encoding="utf-16"),
]
# fmt: on


def _grouped(checks: list[Check], group: Group) -> list[Check]:
    return [Check(c.name, c.about, c.data, c.pieces, group, c.part) for c in checks]


CHECKS = [
    *_FOUNTAIN,
    *_grouped(_CHINESE, "Chinese"),
    *_grouped(_BEYOND, "beyond Fountain"),
]


def passes(check: Check, found: list[Piece], *, lacks: frozenset[str] = frozenset()) -> bool:
    """Whether what a library found, boneyards aside, is what a check asks for.

    A library that keeps the extension within the cue's text is not blamed for it.
    """
    want = list(check.pieces)
    found = [piece for piece in found if piece[0] != "boneyard"]
    if "extension" in lacks:
        want = [_folded(piece) if piece[0] == "cue" else piece for piece in want]
    if not check.part:
        return found == want
    rest = iter(found)
    return all(piece in rest for piece in want)


def _folded(cue: Piece) -> Piece:
    extensions = [str(mark) for mark in cue[2:] if str(mark).startswith("(")]
    return ("cue", " ".join([str(cue[1]), *extensions]), *(mark for mark in cue[2:] if mark == "^"))
