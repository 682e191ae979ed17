"""Pages: where each kind of element stands on the sheet."""

from __future__ import annotations

import pytest

from storyroom.errors import FormatError
from storyroom.formats.fountain import Run, parse
from storyroom.formats.pages import REVISION_COLOURS, Line, Page, PageOptions, Sheet, pages, title_pages
from storyroom.story.script import Script


def place(script: Script | str, text: str, options: PageOptions | None = None) -> tuple[int, int]:
    """Return row and column of the line with this text on the first page."""
    line = line_of(script, text, options)
    return line.row, line.piece.column


def line_of(script: Script | str, text: str, options: PageOptions | None = None) -> Line:
    """Return the line with this text on the first page."""
    script = parse(script) if isinstance(script, str) else script
    (found,) = (line for line in pages(script, options)[0].lines if line.text == text)
    return found


def texts(page: Page) -> list[str]:
    """Return the texts on a page, from the top down."""
    return [line.text for line in page.lines]


SCENE = """INT. LAMP ROOM - NIGHT

The lens turns.

MARA (V.O.)
(tired)
You stopped on ninety.

CUT TO:
"""


def test_the_first_line_stands_an_inch_and_a_half_from_the_left_and_an_inch_from_the_top() -> None:
    """Six lines and fifteen columns are those margins in 12-point Courier."""
    assert place(SCENE, "INT. LAMP ROOM - NIGHT") == (6, 15)


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("The lens turns.", 8, 15),
        ("MARA (V.O.)", 10, 37),
        ("(tired)", 11, 31),
        ("You stopped on ninety.", 12, 25),
        ("CUT TO:", 14, 75 - 7),
    ],
)
def test_each_kind_has_its_column(text: str, row: int, column: int) -> None:
    """Action at 1.5 inches, cues at 3.7, parentheticals at 3.1, dialogue at 2.5, transitions to the right."""
    assert place(SCENE, text) == (row, column)


def test_a_heading_has_two_blank_lines_above() -> None:
    """Scenes stand apart more than paragraphs do."""
    assert place("Rain.\n\nINT. HOUSE - DAY\n\nMore rain.\n", "INT. HOUSE - DAY") == (9, 15)


def test_dialogue_is_35_columns_wide() -> None:
    """A word that ends beyond column 35 goes to the next line."""
    text = "MARA\n" + "a" * 20 + " " + "b" * 14 + " c\n"
    assert texts(pages(parse(text))[0])[1:] == ["a" * 20 + " " + "b" * 14, "c"]


def test_a_long_parenthetical_hangs() -> None:
    """Its lines but the first stand under the first letter."""
    text = "MARA\n(who has been told this many times)\nYes.\n"
    assert place(text, "(who has been told this") == (7, 31)
    assert place(text, "many times)") == (8, 32)


def test_a_long_chinese_parenthetical_hangs_by_a_whole_character() -> None:
    """A full-width parenthesis is two columns wide."""
    options = PageOptions(lines_per_inch=6)
    text = "@玛拉\n（像是对自己说的一样，很轻地说着）\n走。\n"
    assert place(text, "（像是对自己说的一样，很", options) == (7, 31)
    assert place(text, "轻地说着）", options) == (8, 33)


def test_centred_text_and_transitions_are_measured_in_columns() -> None:
    """A Han character counts two."""
    options = PageOptions(lines_per_inch=6)
    assert place("> 全剧终 <\n", "全剧终", options)[1] == 15 + (60 - 6) // 2
    assert place("雨。\n\n> 淡出\n", "淡出", options)[1] == 75 - 4


def test_notes_sections_synopses_and_boneyards_are_not_printed() -> None:
    """They speak to writers; a speech goes on across them."""
    text = "# Act One\n\n= He leaves.\n\n[[why?]]\n\n/* old */\n\nRain [[how much?]] falls.\n"
    assert [texts(page) for page in pages(parse(text))] == [["Rain falls."]]


def test_styles_reach_the_page() -> None:
    """Bold, italic and underlined text keeps its style across line breaks; lyrics are italic."""
    line = line_of("a **b** *c* _d_\n", "a b c d")
    bold, italic, underlined = Run("b", bold=True), Run("c", italic=True), Run("d", underline=True)
    assert line.piece.runs == (Run("a "), bold, Run(" "), italic, Run(" "), underlined)
    assert line_of("~La la.\n", "La la.").piece.runs == (Run("La la.", italic=True),)
    broken = pages(parse("MARA\n**" + "a" * 30 + " " + "b" * 30 + "**\n"))[0].lines[1:]
    assert [line.piece.runs for line in broken] == [(Run(c * 30, bold=True),) for c in "ab"]


def test_lyrics_within_a_speech_stand_with_it() -> None:
    """They are set as dialogue, without blank lines."""
    text = "MARA\nListen.\n~La la.\n(beat)\nDone.\n"
    assert [place(text, t) for t in ("Listen.", "La la.", "Done.")] == [(7, 25), (8, 25), (10, 25)]


def test_dual_dialogue_stands_side_by_side() -> None:
    """Both speeches begin on one line, and what follows stands below the longer one."""
    text = "MARA\nNo.\n\nSILAS ^\nYes. Yes. Yes. Yes. Yes. Yes. Yes.\n\nRain.\n"
    left, right = place(text, "MARA"), place(text, "SILAS")
    assert left[0] == right[0] == 6
    assert (left[1], right[1]) == (15 + 8, 47 + 8)
    assert place(text, "No.") == (7, 15)
    assert place(text, "Yes. Yes. Yes. Yes. Yes.") == (7, 47)
    assert place(text, "Rain.") == (10, 15)


def test_a_third_dual_speech_stands_alone() -> None:
    """There are two sides; a speech that has none left is set as any other."""
    text = "A\nOne.\n\nB ^\nTwo.\n\nC ^\nThree.\n"
    assert place(text, "Two.") == (7, 47)
    assert place(text, "Three.") == (10, 25)


def test_kept_blank_lines_stay_in_dialogue() -> None:
    """A line of two spaces in a speech is a pause on the page."""
    text = "MARA\nOne.\n  \nTwo.\n"
    assert (place(text, "One.")[0], place(text, "Two.")[0]) == (7, 9)


def test_page_numbers_begin_on_the_second_page() -> None:
    """They stand at the upper right, with a full stop."""
    first, second = pages(parse("One.\n\n===\n\nTwo.\n"))
    assert texts(first) == ["One."]
    assert texts(second) == ["2.", "Two."]
    assert (second.lines[0].row, second.lines[0].piece.column) == (3, 73)


def test_page_breaks_make_no_empty_pages() -> None:
    """Neither first, last, nor several in a row."""
    found = pages(parse("===\n\nOne.\n\n===\n\n===\n\nTwo.\n\n===\n"))
    assert [[t for t in texts(page) if t != "2."] for page in found] == [["One."], ["Two."]]


def test_nothing_to_print_is_no_page() -> None:
    """A script of notes has no pages, and no title page if it has no title."""
    assert pages(parse("[[only a note]]\n")) == []
    assert title_pages(parse("Rain.\n")) == []


NUMBERS = "INT. A - DAY #7A#\n\nRain.\n\nINT. B - DAY\n\nRain.\n"


def test_scene_numbers_stand_in_both_margins() -> None:
    """As written where any heading has one; the others then have none."""
    page = pages(parse(NUMBERS), PageOptions(scene_numbers=True))[0]
    found = [(line.piece.column, line.text) for line in page.lines if line.piece.role == "scene_number"]
    assert found == [(10, "7A"), (76, "7A")]


def test_scenes_without_numbers_are_counted() -> None:
    """A script without any written number is numbered from 1; without the option nothing is shown."""
    script = parse(NUMBERS.replace(" #7A#", ""))
    page = pages(script, PageOptions(scene_numbers=True))[0]
    assert [line.text for line in page.lines if line.piece.role == "scene_number"] == ["1", "1", "2", "2"]
    assert all(line.piece.role == "text" for line in pages(script)[0].lines)


def test_revised_elements_have_asterisks() -> None:
    """Each line of a changed element has one, and the head of such a page names colour and date."""
    script = parse("Rain.\n\n" + "Snow falls. " * 8 + "\n\n===\n\nSun.\n")
    script = script.with_elements(e.edited(id=f"e{i}") for i, e in enumerate(script.elements()))
    options = PageOptions(revised=frozenset({"e1"}), revision_colour="blue", revision_date="1 May")
    first, second = pages(script, options)
    assert [(line.row, line.piece.column) for line in first.lines if line.text == "*"] == [(8, 81), (9, 81)]
    assert first.lines[0].text == "BLUE REVISION 1 May"
    assert texts(second) == ["2.", "Sun."]


def test_no_id_is_no_revision() -> None:
    """Elements that no draft has named are not marked, even if an empty id is."""
    assert texts(pages(parse("Rain.\n"), PageOptions(revised=frozenset({""})))[0]) == ["Rain."]


def test_the_colour_is_named_in_chinese_in_a_chinese_script() -> None:
    """蓝页 is what a Chinese crew calls a blue page."""
    script = parse("雨。\n")
    script = script.with_elements(e.edited(id="e") for e in script.elements())
    options = PageOptions(revised=frozenset({"e"}), revision_colour="blue")
    assert texts(pages(script, options)[0]) == ["蓝页", "雨。", "*"]


def test_colours_are_in_the_order_of_the_trade() -> None:
    """White first, tan last."""
    assert REVISION_COLOURS[:4] == ("white", "blue", "pink", "yellow")
    assert REVISION_COLOURS[4:] == ("green", "goldenrod", "buff", "salmon", "cherry", "tan")


@pytest.mark.parametrize(
    ("size", "lines_per_inch", "rows", "right"),
    [("letter", 6, 54, 75), ("letter", 5, 45, 75), ("a4", 6, 58, 72), ("a4", 5, 48, 72)],
)
def test_sheets(size: str, lines_per_inch: int, rows: int, right: int) -> None:
    """What fits between margins of an inch."""
    sheet = Sheet(size, lines_per_inch)  # type: ignore[arg-type]
    assert (sheet.rows, sheet.right) == (rows, right)
    left, other = sheet.dual
    assert left.dialogue.column + left.dialogue.width < other.dialogue.column
    assert other.dialogue.column + other.dialogue.width == right


def test_chinese_scripts_have_five_lines_to_the_inch() -> None:
    """A Han character then stands in a square of the grid; it may be chosen otherwise."""
    assert pages(parse("雨下了一夜。\n"))[0].sheet.lines_per_inch == 5
    assert pages(parse("Rain.\n"))[0].sheet.lines_per_inch == 6
    assert pages(parse("雨。\n"), PageOptions(lines_per_inch=6))[0].sheet.lines_per_inch == 6


@pytest.mark.parametrize(
    "wrong", [{"size": "a5"}, {"revision_colour": "mauve"}, {"teleplay": "film"}, {"lines_per_inch": 7}]
)
def test_unknown_choices_are_refused(wrong: dict[str, object]) -> None:
    """The error names the value, its hint the known ones."""
    with pytest.raises(FormatError, match=str(next(iter(wrong.values())))) as caught:
        PageOptions(**wrong)  # type: ignore[arg-type]
    assert "choose one of" in caught.value.hint


def test_control_characters_are_not_printed() -> None:
    """Tabs become four spaces, marks of direction and zero-width spaces go, accents are joined."""
    assert texts(pages(parse("a\tb\u200b\u202ec e\u0301\n"))[0]) == ["a    bc é"]


TITLE = """Title: _**BRICK**_
Credit: Written by
Author: Ann
    Bob
Episode: 101
Contact:
    1588 Mission Dr.
    Town
Draft date: 1 May

Rain.
"""


def test_the_title_page() -> None:
    """Title and authors in the middle, contact at the lower left, the draft at the lower right."""
    (page,) = title_pages(parse(TITLE))
    found = {line.text: (line.row, line.piece.column) for line in page.lines}
    assert found["BRICK"] == (24, 42)
    assert found["Ann"][0] + 1 == found["Bob"][0]
    assert found["Town"] == (59, 15)
    assert found["1 May"] == (59, 70)
    assert page.number == 0


def test_a_title_page_that_is_too_long_goes_on() -> None:
    """Nothing of it is lost."""
    script = parse("Title: X\nNotes:\n" + "".join(f"    line {n}\n" for n in range(150)) + "\nRain.\n")
    found = title_pages(script)
    assert [t for page in found for t in texts(page)] == ["X", *(f"line {n}" for n in range(150))]
    assert all(line.row < 60 for page in found for line in page.lines)
