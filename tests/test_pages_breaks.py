"""Page breaks: what may stand at the foot of a page, speeches that go over it, acts."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyroom.formats.fountain import emphasis, parse
from storyroom.formats.pages import Page, PageOptions, pages
from storyroom.story.script import Element, Kind, Script


def after(rows: int, text: str, options: PageOptions | None = None) -> list[list[str]]:
    """Return the texts of each page, of a script whose first rows are taken by a paragraph of action."""
    filler = Element(kind=Kind.ACTION, text="\n".join("x" for _ in range(rows)))
    script = Script.of([filler, *parse(text).elements()])
    return [[line.text for line in page.lines if line.text != "x"] for page in pages(script, options)]


FOUR_LINES = "MARA\n" + " ".join(letter * 30 for letter in "abcd") + "\n"
A, B, C, D = (letter * 30 for letter in "abcd")


def test_a_speech_that_runs_over_has_more_and_continued() -> None:
    """Two lines stay under the cue with (MORE); two go on under the cue with (CONT'D)."""
    assert after(49, FOUR_LINES) == [["MARA", A, B, "(MORE)"], ["2.", "MARA (CONT'D)", C, D]]


def test_more_needs_a_line_of_its_own() -> None:
    """Where two lines and (MORE) do not fit, the whole speech goes over."""
    assert after(50, FOUR_LINES) == [[], ["2.", "MARA", A, B, C, D]]


def test_three_lines_of_dialogue_stay_together() -> None:
    """There is no way to leave two on either side."""
    text = "MARA\n" + " ".join((A, B, C)) + "\n"
    assert after(50, text) == [[], ["2.", "MARA", A, B, C]]
    assert after(49, text) == [["MARA", A, B, C]]


def test_a_cue_is_never_alone_nor_with_its_parenthetical() -> None:
    """They go to the next page with their dialogue."""
    assert after(51, "MARA\n(tired)\nYes.\n") == [[], ["2.", "MARA", "(tired)", "Yes."]]
    assert after(52, "MARA\nYes.\n") == [[], ["2.", "MARA", "Yes."]]


def test_a_parenthetical_within_a_speech_goes_over_with_what_follows_it() -> None:
    """The page closes after dialogue, never after a parenthetical."""
    text = f"MARA\n{A} {B}\n(beat)\n{C} {D}\n"
    assert after(48, text) == [["MARA", A, B, "(MORE)"], ["2.", "MARA (CONT'D)", "(beat)", C, D]]


def test_an_extension_stays_and_continued_is_not_said_twice() -> None:
    """MARA (V.O.) goes on as MARA (V.O.) (CONT'D); MARA (CONT'D) as itself."""
    assert after(49, FOUR_LINES.replace("MARA", "MARA (V.O.)"))[1][1] == "MARA (V.O.) (CONT'D)"
    assert after(49, FOUR_LINES.replace("MARA", "MARA (CONT'D)"))[1][1] == "MARA (CONT'D)"


def test_chinese_labels() -> None:
    """（接下页） closes the page, （续） stands behind the name."""
    text = "@玛拉 (画外音)\n" + "灯塔亮着，" * 12 + "。\n"
    first, second = after(49, text, PageOptions(lines_per_inch=6))
    assert (first[0], first[-1]) == ("玛拉（画外音）", "（接下页）")
    assert second[1] == "玛拉（画外音）（续）"


def test_a_speech_over_three_pages() -> None:
    """Each page but the last says (MORE), each but the first (CONT'D)."""
    found = pages(parse("MARA\n" + "word " * 900 + "\n"))
    roles = [[line.piece.role for line in page.lines if line.piece.role != "text"] for page in found]
    assert roles[0] == ["more"]
    assert roles[1] == ["page_number", "continued", "more"]
    assert roles[-1] == ["page_number", "continued"]


def test_dual_dialogue_runs_over_on_both_sides() -> None:
    """Each side says so; a side that has ended does not."""
    words = " ".join(letter * 20 for letter in "abcd")
    both = f"MARA\n{words}\n\nSILAS ^\n{words}\n"
    first, second = after(49, both)
    assert (first[-2:], second[1:3]) == (["(MORE)"] * 2, ["MARA (CONT'D)", "SILAS (CONT'D)"])
    first, second = after(49, f"MARA\nNo.\n\nSILAS ^\n{words}\n")
    assert (first[-1], second[1]) == ("(MORE)", "SILAS (CONT'D)")
    assert first.count("(MORE)") == 1


def test_a_heading_is_never_last() -> None:
    """It takes two lines of what follows with it, or goes to the next page."""
    action = " ".join(letter * 50 for letter in "abcd")
    assert after(48, f"INT. HOUSE - DAY\n\n{action}\n")[0] == ["INT. HOUSE - DAY", "a" * 50, "b" * 50]
    assert after(49, f"INT. HOUSE - DAY\n\n{action}\n")[0] == []
    assert after(49, "INT. HOUSE - DAY\n\nRain.\n")[0] == ["INT. HOUSE - DAY", "Rain."]
    assert after(50, "INT. HOUSE - DAY\n\nMARA\nYes.\n")[0] == []


def test_action_leaves_two_lines_on_either_side() -> None:
    """Three lines stay together, four divide in the middle."""
    three, four = (" ".join(letter * 50 for letter in letters) for letters in ("abc", "abcd"))
    assert after(51, three) == [[], ["2.", "a" * 50, "b" * 50, "c" * 50]]
    assert after(51, four) == [["a" * 50, "b" * 50], ["2.", "c" * 50, "d" * 50]]
    assert after(50, four) == [["a" * 50, "b" * 50], ["2.", "c" * 50, "d" * 50]]


def test_a_transition_stays_with_what_it_ends() -> None:
    """It never opens a page: the paragraph before it goes over too."""
    assert after(51, "Rain.\n\nCUT TO:\n") == [[], ["2.", "Rain.", "CUT TO:"]]


def test_more_headings_than_a_page_holds_still_end() -> None:
    """Where no break is allowed the page is filled."""
    found = pages(Script.of(Element(kind=Kind.SCENE_HEADING, text=f"INT. {n}") for n in range(60)))
    assert [t.text for page in found for t in page.lines if t.piece.role == "text"] == [
        f"INT. {n}" for n in range(60)
    ]
    assert all(line.row < 60 for page in found for line in page.lines)


def test_a_cue_longer_than_a_page_still_ends() -> None:
    """Such a cue is not repeated, but its speech is whole."""
    script = Script.of(
        [Element(kind=Kind.CUE, text="M" * 5000), Element(kind=Kind.DIALOGUE, text="word " * 900)]
    )
    assert "".join(spoken(pages(script), 1)) == "word" * 900


ACTS = """FADE IN:

> ACT ONE <

INT. A - DAY

Rain.

> END OF ACT ONE <

> **ACT TWO** <

INT. B - DAY

MARA
Yes. It is what I have always said, and nobody has ever listened to me.

INT. C - DAY

Rain.
"""


def contents(found: list[Page]) -> list[list[str]]:
    """Return the script's own texts of each page."""
    return [[line.text for line in page.lines if line.piece.role == "text"] for page in found]


def test_acts_begin_on_new_pages() -> None:
    """Titles are centred and underlined; the first act stays under FADE IN:."""
    first, second = pages(parse(ACTS), PageOptions(teleplay="one_hour"))
    assert contents([first]) == [["FADE IN:", "ACT ONE", "INT. A - DAY", "Rain.", "END OF ACT ONE"]]
    title = next(line.piece for line in second.lines if line.text == "ACT TWO")
    assert (title.column, title.runs[0].underline) == (15 + (60 - 7) // 2, True)
    assert len(pages(parse(ACTS))) == 1


def test_half_hour_scenes_begin_pages_and_speeches_are_double_spaced() -> None:
    """The multi-camera page."""
    found = pages(parse(ACTS), PageOptions(teleplay="half_hour"))
    assert [texts[0] for texts in contents(found)] == ["FADE IN:", "ACT TWO", "INT. C - DAY"]
    rows = [line.row for line in found[1].lines if line.piece.column in (25, 37)]
    assert [b - a for a, b in pairwise(rows)] == [2, 2]


@pytest.mark.parametrize(
    "title", ["COLD OPEN", "TEASER", "ACT 3", "ACT IV: THE FOG", "第二幕", "尾声", "TAG"]
)
def test_act_titles_are_known_by_their_words(title: str) -> None:
    """Centred, or in capitals as action."""
    options = PageOptions(teleplay="one_hour")
    centred = parse(f"INT. A - DAY\n\nRain.\n\n> {title} <\n\nINT. B - DAY\n\nRain.\n")
    assert len(pages(centred, options)) == 2
    assert len(pages(parse(f"INT. A - DAY\n\nRain.\n\n!{title}\n\nINT. B - DAY\n\nRain.\n"), options)) == 2


def test_sections_stand_for_acts_that_are_not_printed() -> None:
    """# Act One becomes a title in a teleplay, unless the script prints titles of its own."""
    text = "# Act One\n\nINT. A - DAY\n\nRain.\n\n# Act Two\n\n## A beat\n\nINT. B - DAY\n\nRain.\n"
    options = PageOptions(teleplay="one_hour")
    assert [texts[0] for texts in contents(pages(parse(text), options))] == ["ACT ONE", "ACT TWO"]
    assert "# Act Two" in (both := text.replace("# Act Two", "# Act Two\n\n> ACT TWO <"))
    assert [texts[0] for texts in contents(pages(parse(both), options))] == ["INT. A - DAY", "ACT TWO"]


def spoken(found: list[Page], element: int) -> list[str]:
    """Return what the pages print of an element, without white space, line by line."""
    lines = [line for page in found for line in page.lines]
    return [
        "".join(line.text.split())
        for line in lines
        if line.piece.element == element and line.piece.role == "text"
    ]


WORD = ["Rain", "and", "the-lamp", "don’t", "*goes*", "**out**", "江水先到，", "雾散。", "“走！”", "[[n]]"]
WORDS = st.lists(st.sampled_from(WORD), min_size=1, max_size=70).map(" ".join)
SHORT = st.sampled_from(["Mara", "SILAS", "何守渡", "MARA AND SILAS AT THE SAME TIME, FROM AFAR"])
HEADING = st.builds(Element, kind=st.just(Kind.SCENE_HEADING), text=st.just("INT. HOUSE - DAY"))
OTHER = st.builds(
    Element, kind=st.sampled_from([Kind.ACTION, Kind.TRANSITION, Kind.CENTERED, Kind.LYRIC]), text=WORDS
)
SPOKEN_PART = st.one_of(
    st.builds(lambda t: [Element(kind=Kind.DIALOGUE, text=t)], WORDS),
    st.builds(
        lambda p, t: [Element(kind=Kind.PARENTHETICAL, text=p), Element(kind=Kind.DIALOGUE, text=t)],
        SHORT,
        WORDS,
    ),
)
SPEECH = st.builds(
    lambda name, dual, parts: [Element(kind=Kind.CUE, text=name, dual=dual), *(e for p in parts for e in p)],
    SHORT,
    st.booleans(),
    st.lists(SPOKEN_PART, min_size=1, max_size=3),
)
BLOCK = st.one_of(HEADING.map(lambda e: [e]), OTHER.map(lambda e: [e]), SPEECH, SPEECH)
SCRIPTS = st.lists(BLOCK, max_size=40).map(lambda blocks: Script.of(e for block in blocks for e in block))
OPTIONS = st.builds(
    PageOptions,
    size=st.sampled_from(["letter", "a4"]),
    scene_numbers=st.booleans(),
    teleplay=st.sampled_from([None, "one_hour", "half_hour"]),
)


@settings(deadline=None, max_examples=60)
@given(SCRIPTS, OPTIONS)
def test_every_word_is_printed_once_and_in_order(script: Script, options: PageOptions) -> None:
    """The pages hold each element's text whole, within the margins, and elements in their order."""
    found = pages(script, options)
    for index, element in enumerate(script.elements()):
        text = "".join(run.text for run in emphasis(element.text))
        if element.kind is Kind.PARENTHETICAL:
            text = re.sub(r"\A|\Z", "|", text)
        printed = "".join(spoken(found, index))
        if element.kind is Kind.PARENTHETICAL:
            printed = f"|{printed[1:-1]}|"
        assert printed == "".join(text.split())
    for page in found:
        sheet = page.sheet
        body = [line for line in page.lines if line.piece.role in ("text", "more", "continued")]
        assert all(sheet.top <= line.row < sheet.top + sheet.rows for line in body)
        assert all(
            p.column >= 15 and p.column + sum(p.widths) <= sheet.right for p in (b.piece for b in body)
        )
    if not any(element.dual for element in script.elements()):
        order = [line.piece.element for page in found for line in page.lines if line.piece.role == "text"]
        assert order == sorted(e for e in order if e is not None)


@settings(deadline=None, max_examples=60)
@given(SCRIPTS, OPTIONS)
def test_nothing_is_left_alone_at_a_page_break(script: Script, options: PageOptions) -> None:
    """No page but the last closes with heading, cue or parenthetical; (MORE) and (CONT'D) come in pairs."""
    elements = list(script.elements())
    found = pages(script, options)
    for page, following in pairwise(found):
        body = [line for line in page.lines if line.piece.role == "text"]
        more = [line for line in page.lines if line.piece.role == "more"]
        again = [line for line in following.lines if line.piece.role == "continued"]
        assert bool(more) == bool(again)
        assert {line.piece.element for line in more} == {line.piece.element for line in again}
        kinds = [elements[line.piece.element].kind for line in body if line.piece.element is not None]
        last = kinds[-1]
        forced = (
            options.teleplay == "half_hour" and last is Kind.SCENE_HEADING
        )  # the next scene begins a page
        headings_only = set(kinds) == {Kind.SCENE_HEADING}
        assert forced or headings_only or last not in (Kind.SCENE_HEADING, Kind.CUE, Kind.PARENTHETICAL)
        for line in more:
            assert line.row < page.sheet.top + page.sheet.rows
            above = [b for b in body if line.row - 5 < b.row < line.row]
            assert any(elements[b.piece.element or 0].kind is Kind.DIALOGUE for b in above)
