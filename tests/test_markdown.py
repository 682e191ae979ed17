"""Markdown: what a CommonMark reader makes of it is what the script says, whatever characters are in it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from format_kit import CHINESE, GENERATED, SCRIPTS, everything, letters, printed_letters
from hypothesis import given, settings
from markdown_it import MarkdownIt

from storyroom.formats.fountain import emphasis, parse, read_file
from storyroom.formats.markdown import write
from storyroom.formats.pages import PageOptions
from storyroom.story.script import Element, Kind, Script

MARKS = [
    *("1. First.", "12) Twelve.", "1986. A great year.", "- A list.", "+ Another.", r"\* A third.", "-", "+"),
    *("> Quoted.", "# A heading.", "#", ">", "---", "===", "A line.\n===", "A line.\n---", "a  \nb", "="),
    *("```\ncode", "~~~", "`code`", "~~gone~~", "$x$", "    Indented.", "a\n    b", "\tTab.", "*half"),
    *("<b>bold</b>", "&copy; &#65;", "[a](b) ![c](d)", "<!-- c", "| a | b |\n|---|---|", r"back\slash" "\\"),
    *(r"http://x.y/\_z\_", r"snake\_case\_here", "__init__"),
]
OUTLINE = frozenset({Kind.SECTION, Kind.SYNOPSIS})


def rendered(script: Script | str, options: PageOptions | None = None) -> str:
    """What a reader of CommonMark makes of a script."""
    return MarkdownIt("commonmark").render(
        write(parse(script) if isinstance(script, str) else script, options)
    )


def shown(html: str) -> str:
    """The text of HTML."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def action(text: str) -> Script:
    """A script of one paragraph."""
    return Script.of([Element(kind=Kind.ACTION, text=text)])


def test_every_kind_of_element() -> None:
    """Headings by their depth, speeches as quotes, two at once as a table, centred text in the middle."""
    assert (
        write(everything())
        == r"""# THE *LAMP*

Credit: Written by\
Author: Ada Quill\
Contact: Boathouse 3\
Draft date: 4 March

---

FADE IN:

## Act one

*Mara waits.*

### INT. LIGHTHOUSE - NIGHT

The lamp **turns**, <u>twice</u>.

&nbsp;&nbsp;&nbsp;&nbsp;Three words indented.

> **MARA (V.O.)**\
> *(reading)*\
> Nobody \<wrote\> this.
>
> \& nobody *read* it.

<table><tr><td>

> **PRYCE**\
> Yes.

</td><td>

> **MARA**\
> No.

</td></tr></table>

> **PRYCE**\
> *A song for the sea,*\
> *and one for me.*

<div align="center">

THE END OF THE ROAD

</div>

*CUT TO:*

---

### EXT. HARBOUR - DAY

*Sung by nobody.*

She goes.
"""
    )


def test_chinese() -> None:
    """Marks stand where CommonMark sees them; beside Chinese punctuation, tags do."""
    assert "> **玛拉（画外音）**\\\n> *（念）*\\\n> 两点交班——没有人。" in write(parse(CHINESE))
    assert write(parse("内景 灯塔 夜\n\n她说*“走”*就走，*马上*走，**十二日。**下一页。")).split("\n")[2] == (
        "她说<em>“走”</em>就走，*马上*走，<strong>十二日。</strong>下一页。"
    )


@pytest.mark.parametrize("text", MARKS)
def test_text_is_never_a_mark(text: str) -> None:
    """What begins like a list, a rule, a heading, code, a link or a tag is text, line for line."""
    html = rendered(action(text))
    assert re.fullmatch(r"<p>[^<]*(<br />[^<]*)*</p>\n", html)
    expected = "".join(run.text for run in emphasis(text)).replace("\t", "    ")
    assert shown(html).replace("\xa0", " ").split("\n")[:-1] == [
        line.rstrip() for line in expected.split("\n")
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a*b", "<em>a</em>b"),
        ("a**b**c *d*", "a<strong>b</strong>c <em>d</em>"),
        ("*a***b**", "<em>a</em><strong>b</strong>"),
        ("**“Stop.”**she", "<strong>“Stop.”</strong>she"),
        ("She *never **ever*** sleeps", "She <em>never</em> <strong><em>ever</em></strong> sleeps"),
        ("_**x**_ *_y_*", "<u><strong>x</strong></u> <u><em>y</em></u>"),
        ("2 \\* 3 \\* 4", "2 * 3 * 4"),
    ],
)
def test_emphasis(text: str, html: str) -> None:
    """Nested, adjoining and beside punctuation, a reader sees the styles of the script."""
    found = re.sub(
        r"<em><strong>(.*?)</strong></em>", r"<strong><em>\1</em></strong>", rendered(action(text))
    )
    assert found == f"<p>{html}</p>\n"


def test_headings_follow_acts_and_sections() -> None:
    """A scene is a level below the section it stands in; a printed act title is a section too."""
    found = re.findall(
        r"<h(\d)>(.*?)</h\d>", rendered("INT. A\n\n# One\n\n## Two\n\nINT. B\n\n> ACT TWO <\n\nINT. C\n")
    )
    assert found == [
        ("2", "INT. A"),
        ("2", "One"),
        ("3", "Two"),
        ("4", "INT. B"),
        ("2", "ACT TWO"),
        ("3", "INT. C"),
    ]
    deep = "".join(f"{'#' * depth} S{depth}\n\n" for depth in range(1, 9))
    assert re.findall(r"<h(\d)>", rendered(deep + "INT. A\n")) == list("234566666")


def test_notes_and_boneyards_are_left_out() -> None:
    """They are between the writers; sections and synopses are kept."""
    text = write(everything())
    assert not [hidden for hidden in ("Did she?", "Check the tide", "A cut scene") if hidden in text]


def test_scene_numbers_where_asked_for() -> None:
    """Before the heading."""
    assert write(parse("INT. A #7-B#\n\nx"), PageOptions(scene_numbers=True)).startswith("## 7-B INT. A\n")


def test_title_page_of_several_lines() -> None:
    """The first line of the title is the heading; keys that would be marks are text."""
    text = "Title:\n    LAMP\n    Episode 3\nContact:\n    A\n    B\n1. Draft: x\nLanguage: en\n\nYes."
    assert write(parse(text)) == "# LAMP\n\nEpisode 3\n\nContact: A, B\\\n1\\. Draft: x\n\n---\n\nYes.\n"
    assert write(parse("标题：灯\n联系方式：\n    甲\n    乙\n\n有。")).startswith(
        "# 灯\n\n联系方式：甲，乙\n"
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_printed_word_arrives_once(path: Path) -> None:
    """Of each script of the corpus and the examples, in order, as a reader of CommonMark shows it."""
    script = Script.of(read_file(path).elements())
    assert letters(shown(rendered(script))) == printed_letters(script, also=OUTLINE)


@settings(max_examples=200, deadline=None)
@given(GENERATED)
def test_any_script_can_be_written(script: Script) -> None:
    """Whatever stands in a script, what is printed of it arrives once and in order."""
    assert letters(shown(rendered(script))) == printed_letters(script, also=OUTLINE)


def test_an_empty_script_is_an_empty_text() -> None:
    """And the same script gives the same text."""
    assert write(parse("")) == ""
    assert write(everything()) == write(everything())
    write(action("\ud800")).encode()
