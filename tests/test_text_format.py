"""Plain text: what stands on the pages, in the same columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from format_kit import CHINESE, GENERATED, SCRIPTS, everything
from hypothesis import given, settings

from storyroom.formats.fountain import parse, read_file
from storyroom.formats.pages import PageOptions, pages, title_pages
from storyroom.formats.pages.columns import widths
from storyroom.formats.text import write
from storyroom.story.script import Script


def placed(text: str, *, chinese: bool = False) -> dict[str, int]:
    """The column at which each line begins that is not blank."""
    lines = [line for page in text.split("\f") for line in page.split("\n") if line]
    return {
        line.strip(" "): sum(widths(line[: len(line) - len(line.lstrip(" "))], chinese=chinese))
        for line in lines
    }


def test_elements_stand_in_their_columns() -> None:
    """As on paper: ten columns to the inch, counted from the edge of the sheet."""
    columns = placed(write(everything()))
    assert columns["INT. LIGHTHOUSE - NIGHT"] == columns["The lamp turns, twice."] == 15
    assert columns["MARA (V.O.)"] == 37
    assert columns["(reading)"] == 31
    assert columns["Nobody <wrote> this."] == 25
    assert columns["CUT TO:"] == 75 - len("CUT TO:")
    assert columns["Three words indented."] == 19


def test_two_speeches_stand_side_by_side() -> None:
    """In English and in Chinese, where a character before takes two columns."""
    assert "                       PRYCE                           MARA\n" in write(everything())
    chinese = write(parse(CHINESE))
    (names,) = (line for line in chinese.split("\n") if "玛拉（画外音）" in line)
    (said,) = (line for line in chinese.split("\n") if "（念）" in line)
    before = [line[: line.index(word)] for line, word in ((names, "老陈"), (said, "有。"))]
    assert [sum(widths(text, chinese=True)) for text in before] == [55, 47]


def test_pages_are_divided_by_form_feeds() -> None:
    """The title page first; each further page begins with its number."""
    title, first, second = write(everything()).split("\f")
    assert next(line.strip() for line in title.split("\n") if line) == "THE LAMP"
    assert first.startswith("               FADE IN:\n")
    assert second.split("\n")[0] == " " * 73 + "2."
    assert all(page.endswith("\n") for page in (title, first, second))


def test_options_count() -> None:
    """Scene numbers stand in both margins, revised lines have an asterisk behind them."""
    script = Script.of(element.edited(id="x") for element in parse("INT. A\n\nOne.").elements())
    assert write(script, PageOptions(scene_numbers=True, revised=frozenset("x"))).split("\n") == [
        "           1   INT. A                                                       1    *",
        "",
        "               One." + " " * 62 + "*",
        "",
    ]


def test_nothing_to_print_is_an_empty_text() -> None:
    """A script of notes alone too."""
    assert write(parse("")) == write(parse("[[Nothing yet.]]\n")) == ""


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("options", [PageOptions(), PageOptions(size="a4", teleplay="one_hour")])
def test_the_text_is_what_is_on_the_pages(path: Path, options: PageOptions) -> None:
    """Of each script of the corpus and the examples: the same text, row by row."""
    check_rows(read_file(path), options)


@settings(max_examples=100, deadline=None)
@given(GENERATED)
def test_any_script_can_be_written(script: Script) -> None:
    """Whatever stands in a script, the rows are those of its pages."""
    check_rows(script, PageOptions())


def check_rows(script: Script, options: PageOptions) -> None:
    """Compare a script's text with its pages: what stands in each row, and that nothing else does."""
    laid_out = [*title_pages(script, options), *pages(script, options)]
    text = write(script, options)
    assert text.count("\f") == max(0, len(laid_out) - 1)
    for page, written in zip(laid_out, text.split("\f"), strict=False):
        rows: dict[int, str] = {}
        for line in page.lines:
            rows[line.row] = rows.get(line.row, "") + line.text
        lines = written.split("\n")[:-1]
        top = min([page.sheet.top, *rows])
        assert len(lines) == max(rows, default=top - 1) - top + 1
        for row, line in enumerate(lines, top):
            assert "".join(line.split()) == "".join(rows.get(row, "").split())
            assert line == line.rstrip()
