"""Writing Fountain: the room's own scenes, forced marks, title pages, edits that leave the rest alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storyroom.errors import FormatError
from storyroom.formats.fountain import normalise, parse, parse_elements, write
from storyroom.story.script import Element, Kind, Script, TitlePage


def element(kind: Kind, text: str, **fields: object) -> Element:
    """An element of the room's, without a source."""
    return Element(kind=kind, text=text, **fields)  # type: ignore[arg-type]


def test_a_scene_of_the_room_is_laid_out() -> None:
    """Elements without a source get one blank line between paragraphs and none within a speech."""
    scene = [
        element(Kind.SCENE_HEADING, "INT. LAMP ROOM - NIGHT", scene_number="3"),
        element(Kind.ACTION, "The lamp turns."),
        element(Kind.CUE, "Mara", extension="V.O."),
        element(Kind.PARENTHETICAL, "quietly"),
        element(Kind.DIALOGUE, "One.\n\nTwo."),
        element(Kind.CUE, "TOM", dual=True),
        element(Kind.DIALOGUE, "Three."),
        element(Kind.CUE, "玛拉", extension="画外音"),
        element(Kind.PARENTHETICAL, "轻声"),
        element(Kind.DIALOGUE, "你好。"),
        element(Kind.SCENE_HEADING, "教室 内 夜"),
        element(Kind.TRANSITION, "CUT TO:"),
        element(Kind.TRANSITION, "Burn to white."),
        element(Kind.CENTERED, "THE\nEND"),
        element(Kind.NOTE, "more?"),
        element(Kind.PAGE_BREAK, ""),
    ]
    assert write(Script.of(scene, TitlePage((("Title", ("Tide", "a pilot")), ("标题", ("潮",)))))) == (
        "Title:\n    Tide\n    a pilot\n标题：潮\n\nINT. LAMP ROOM - NIGHT #3#\n\nThe lamp turns.\n\n"
        "@Mara (V.O.)\n(quietly)\nOne.\n  \nTwo.\n\nTOM ^\nThree.\n\n@玛拉（画外音）\n（轻声）\n你好。\n\n"
        ".教室 内 夜\n\nCUT TO:\n\n> Burn to white.\n\n> THE <\n> END <\n\n[[ more? ]]\n\n===\n"
    )


FORCED = {
    "action like a heading": (element(Kind.ACTION, "INT. HOUSE"), "!INT. HOUSE\n"),
    "action like a Chinese heading": (element(Kind.ACTION, "内景 灯塔"), "!内景 灯塔\n"),
    "action like a cue": (element(Kind.ACTION, "MARA\nwaits."), "!MARA\nwaits.\n"),
    "action like a transition": (element(Kind.ACTION, "CUT TO:"), "!CUT TO:\n"),
    "action like a section below": (element(Kind.ACTION, "Rain.\n# 9"), "Rain.\n!# 9\n"),
    "action like a note": (element(Kind.ACTION, "[[no]]"), "![[no]]\n"),
    "action like a title page": (element(Kind.ACTION, "Title: no"), "!Title: no\n"),
    "heading like a title page": (element(Kind.SCENE_HEADING, "FLASHBACK: 1987"), ".FLASHBACK: 1987\n"),
    "cue that speaks not": (element(Kind.CUE, "MARA"), "@MARA\n"),
    "action kept forced": (element(Kind.ACTION, "Rain.", forced=True), "!Rain.\n"),
}


@pytest.mark.parametrize("name", FORCED)
def test_marks_force_what_the_look_does_not_say(name: str) -> None:
    """An element that would read as something else is forced."""
    one, text = FORCED[name]
    assert write(Script.of([one])) == text
    assert [e.content for e in parse(text).elements()] == [one.content]


def test_an_edit_leaves_the_rest_of_the_file_alone() -> None:
    """Only the changed element's lines change: spacing, indents and marks of the others stay."""
    text = "Title:   Tide\n\n\n\n.BAR\n\n\n  Rain.\n\n\tMARA\n\t(beat)\n\tOne.\n\n\n\n[[x]]\n\nCUT TO:\n"
    script = parse(text)
    elements = list(script.elements())
    elements[4] = elements[4].edited(text="Two.")
    assert write(script.with_elements(elements)) == text.replace("\tOne.\n\n\n\n", "Two.\n\n")


def test_new_lines_end_as_the_file_does() -> None:
    """What is put into a CRLF file gets CRLF."""
    script = parse("INT. BAR - DAY\r\n\r\nRain.")
    script = script.with_elements([*script.elements(), element(Kind.ACTION, "More.\nAnd more.")])
    assert write(script) == "INT. BAR - DAY\r\n\r\nRain.\r\n\r\nMore.\r\nAnd more.\r\n"


def test_a_speech_that_loses_its_dialogue_keeps_its_cue() -> None:
    """A cue left alone is forced, so that it does not turn into action."""
    script = parse("MARA\nOne.\n\nRain.\n")
    cue, _, rain = script.elements()
    assert write(script.with_elements([cue, rain])) == "@MARA\n\nRain.\n"
    assert write(script.with_elements([cue])) == "@MARA\n"


def test_an_open_boneyard_does_not_swallow_what_is_added() -> None:
    """An opener that nothing closed is escaped once text that could close it joins the script."""
    script = parse("Rain /* wet\n")
    script = script.with_elements([*script.elements(), element(Kind.ACTION, "Stars */ fall.")])
    assert [e.text for e in parse(write(script)).elements()] == ["Rain /\\* wet", "Stars */ fall."]


def test_what_fountain_cannot_say_is_brought_to_what_it_can() -> None:
    """Speech without a cue is action, asides join speech, dialogue joins dialogue; the first keeps its id."""
    script = Script.of(
        [
            element(Kind.PARENTHETICAL, "beat", id="a"),
            element(Kind.DIALOGUE, "Who?", id="b"),
            element(Kind.CUE, "MARA (V.O.)", id="c"),
            element(Kind.NOTE, "why?", id="d"),
            element(Kind.DIALOGUE, "One.", id="e"),
            element(Kind.DIALOGUE, "Two.", id="f"),
            element(Kind.ACTION, "Rain.\n\nSun.", id="g"),
            element(Kind.ACTION, "  ", id="h"),
        ]
    )
    assert [(e.id, *e.content[:3]) for e in normalise(script).elements()] == [
        ("a", Kind.ACTION, "(beat)", None),
        ("b", Kind.ACTION, "Who?", None),
        ("c", Kind.CUE, "MARA", "V.O."),
        ("e", Kind.DIALOGUE, "[[ why? ]]\nOne.\n\nTwo.", None),
        ("g", Kind.ACTION, "Rain.", None),
        ("", Kind.ACTION, "Sun.", None),
    ]


def test_a_title_page_may_change_alone() -> None:
    """A changed title page is laid out; the script below stays as it was."""
    script = parse("title : Tide\nAuthor: A\nDraft: 1\n\n\n\n  Rain.\n")
    page = script.title_page.with_entry("Author", "B", "C").with_entry("Draft")
    assert write(replace(script, title_page=page)) == "title: Tide\nAuthor:\n    B\n    C\n\n  Rain.\n"
    assert write(replace(script, title_page=TitlePage())) == "  Rain.\n"


def test_a_title_page_key_that_reads_as_a_heading_is_refused() -> None:
    """There is no way to write such a key."""
    with pytest.raises(FormatError, match="INT"):
        write(Script(TitlePage((("INT. HOUSE", ("x",)),))))


def test_fragments_join_into_a_script() -> None:
    """Elements of two fragments stand together as one script, a blank line between them."""
    both = [*parse_elements("Rain.\nMore."), *parse_elements("MARA\nOne.")]
    assert write(Script.of(both)) == "Rain.\nMore.\n\nMARA\nOne."
