"""Columns and line breaks of page text, in English and Chinese."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyroom.formats.pages.columns import NO_END, NO_START, has_han, widths, wrap


def lines(text: str, width: int, *, chinese: bool = True) -> list[str]:
    """Return the lines of a text."""
    return [text[start:end] for start, end in wrap(text, width, chinese=chinese)]


CASES = {
    "after spaces": ("one two three", 8, ["one two", "three"]),
    "spaces at a break belong to no line": ("one     two", 5, ["one", "two"]),
    "a full line takes the space behind it": ("one two", 3, ["one", "two"]),
    "after a hyphen": ("half-blind", 7, ["half-", "blind"]),
    "after a dash": ("here—there", 7, ["here—", "there"]),
    "not before a number's sign": ("at -5 deg", 4, ["at", "-5", "deg"]),
    "a long word is cut": ("abcdefgh", 3, ["abc", "def", "gh"]),
    "written line ends stay": ("a\n\nb", 9, ["a", "", "b"]),
    "an indent stays": ("  a b", 3, ["  a", "b"]),
    "between any two Han characters": ("江水先到", 4, ["江水", "先到"]),
    "an odd column stays empty": ("江水先到", 5, ["江水", "先到"]),
    "no line begins with a full stop": ("江水先到。雾散", 8, ["江水先", "到。雾散"]),
    "no line begins with two closing marks": ("他说走吧。”她听", 10, ["他说走", "吧。”她听"]),
    "no line ends with an opening mark": ("他说（低声）", 6, ["他说", "（低", "声）"]),
    "no line ends with an opening quotation mark": ("他说：“走”", 8, ["他说：", "“走”"]),
    "an ellipsis stays with its word": ("他走了……吗", 8, ["他走", "了……吗"]),
    "a dash stays with its word": ("他走了——", 8, ["他走", "了——"]),
    "Latin words within Chinese stay whole": ("他用WQY字", 4, ["他用", "WQY", "字"]),
    "full-width spaces at a break go": ("江水　先到", 4, ["江水", "先到"]),
    "an apostrophe is narrow": ("说don’t吧", 9, ["说don’t吧"]),
}


@pytest.mark.parametrize("name", CASES)
def test_lines_break_where_they_may(name: str) -> None:
    """Lines break as the writing of their characters allows."""
    text, width, expected = CASES[name]
    assert lines(text, width, chinese=has_han(text)) == expected


def test_widths() -> None:
    """A Han character takes two columns, a letter one, a combining mark none, and so do full-width forms."""
    assert widths("江a（é", chinese=True) == [2, 1, 2, 1]
    assert widths("e\u0301", chinese=False) == [1, 0]


def test_shared_marks_are_full_width_beside_chinese_only() -> None:
    """Curly quotation marks, dashes and ellipses have one code for both scripts, and two widths."""
    assert widths("“…—”", chinese=True) == [2, 2, 2, 2]
    assert widths("“…—”", chinese=False) == [1, 1, 1, 1]


def test_the_first_line_may_be_longer() -> None:
    """A hanging indent leaves less room to all lines but the first."""
    assert wrap("aa bb cc", 2, first=5, chinese=False) == [(0, 5), (6, 8)]


def test_a_combining_mark_stays_with_its_letter() -> None:
    """A word that is cut is never cut between a letter and its mark."""
    assert lines("abe\u0301d", 2, chinese=False) == ["ab", "e\u0301d"]
    assert lines("abcde\u0301", 5, chinese=False) == ["abcde\u0301"]


ANY_TEXT = st.text(st.sampled_from("ab-' 江水。，、“”（）《》…—！\n①　e\u0301"), max_size=60)


@given(ANY_TEXT, st.integers(2, 20))
def test_nothing_is_lost_and_lines_fit(text: str, width: int) -> None:
    """Lines hold all that is not white space, once and in order, and none is too long."""
    found = lines(text, width)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sum(widths(line, chinese=True)) <= width for line in found)


CHINESE_CLAUSE = st.builds(
    lambda a, words, b: a + words + b,
    st.sampled_from(["", "“", "（", "《", "「"]),
    st.text(st.sampled_from("江水先到雾散灯塔桥影"), min_size=1, max_size=9),
    st.sampled_from(["，", "。", "”", "）。", "》", "！”", "、", "……", "——", "？", "："]),
)


@given(st.lists(CHINESE_CLAUSE, min_size=1, max_size=20).map("".join), st.integers(12, 60))
def test_chinese_lines_begin_and_end_as_they_may(text: str, width: int) -> None:
    """No line begins with a closing mark, none ends with an opening one, no dash or ellipsis stands apart."""
    found = lines(text, width)
    for line, following in pairwise(found):
        assert following[0] not in NO_START
        assert line[-1] not in NO_END
        assert following[0] not in "…—"
