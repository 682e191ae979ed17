"""Word documents: named styles in the trade's places, every word once, notes as comments, the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from format_kit import CHINESE, GENERATED, SCRIPTS, everything, letters, printed_letters
from hypothesis import given, settings

from storyroom.formats.docx import write
from storyroom.formats.fountain import parse, read_file
from storyroom.formats.pages import PageOptions
from storyroom.story.script import Element, Kind, Script, TitlePage


def written(script: Script | str, options: PageOptions | None = None) -> DocumentObject:
    """A script as a document, read back."""
    return Document(BytesIO(write(parse(script) if isinstance(script, str) else script, options)))


def paragraphs(document: DocumentObject) -> Iterator[Paragraph]:
    """All paragraphs in order, those in the columns of dual dialogue too."""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for cell in block.rows[0].cells:
                yield from cell.paragraphs
        else:
            yield block


def styled(document: DocumentObject) -> list[tuple[str, str]]:
    """The style and text of each paragraph that says anything."""
    return [(p.style.name, p.text) for p in paragraphs(document) if p.style and p.text.strip()]


def comments(document: DocumentObject) -> list[tuple[str, str, str]]:
    """Author and text of each comment, and the words it is about."""
    found = []
    for comment in document.comments:
        words, on = "", False
        for node in document.element.body.iter():
            if node.get(qn("w:id")) == str(comment.comment_id):
                on = node.tag == qn("w:commentRangeStart") or (on and node.tag != qn("w:commentRangeEnd"))
            elif on and node.tag == qn("w:t"):
                words += node.text or ""
        found.append((comment.author, comment.text, words))
    return found


def test_every_kind_of_element_has_its_style() -> None:
    """Each paragraph is in the style named after what it is; dual dialogue in styles of its own."""
    assert styled(written(everything())) == [
        ("Title", "THE LAMP"),
        ("Title Page", "Written by"),
        ("Title Page", "Ada Quill"),
        ("Contact", "Boathouse 3"),
        ("Draft", "4 March"),
        ("Action", "FADE IN:"),
        ("Scene Heading", "INT. LIGHTHOUSE - NIGHT"),
        ("Action", "The lamp turns, twice."),
        ("Action", "    Three words indented."),
        ("Character", "MARA (V.O.)"),
        ("Parenthetical", "(reading)"),
        ("Dialogue", "Nobody <wrote> this.\n\n& nobody read it."),
        ("Dual Character", "PRYCE"),
        ("Dual Dialogue", "Yes."),
        ("Dual Character", "MARA"),
        ("Dual Dialogue", "No."),
        ("Character", "PRYCE"),
        ("Lyrics", "A song for the sea,\nand one for me."),
        ("Centered", "THE END OF THE ROAD"),
        ("Transition", "CUT TO:"),
        ("Scene Heading", "EXT. HARBOUR - DAY"),
        ("Lyrics", "Sung by nobody."),
        ("Action", "She goes."),
    ]


@pytest.mark.parametrize(
    ("style", "left", "right"),
    [("Character", 2.2, 0), ("Parenthetical", 1.7, 1.9), ("Dialogue", 1.0, 1.5), ("Action", 0, 0)],
)
def test_indents_are_those_of_the_trade(style: str, left: float, right: float) -> None:
    """Cue, parenthetical and dialogue stand where they stand on a Letter page, in inches from its margins."""
    layout = written(everything()).styles[style].paragraph_format
    assert layout.left_indent.inches == pytest.approx(left, abs=0.01)
    assert layout.right_indent.inches == pytest.approx(right, abs=0.01)


def test_type_is_twelve_point_courier_on_six_lines_to_the_inch() -> None:
    """Normal, on which all styles stand, has fonts for both scripts, widow control, Chinese line rules."""
    document = written(everything())
    normal = document.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert (normal.font.name, normal.font.size.pt) == ("Courier New", 12)
    assert fonts.get(qn("w:eastAsia")) == "SimSun"
    assert normal.paragraph_format.widow_control
    assert normal.paragraph_format.line_spacing_rule is WD_LINE_SPACING.EXACTLY
    assert normal.paragraph_format.line_spacing.pt == 12
    assert normal.element.pPr.find(qn("w:kinsoku")) is not None
    screenplay = [document.styles[name] for name in ("Scene Heading", "Character", "Dual Dialogue", "Act")]
    assert {style.base_style.name for style in screenplay} == {"Normal"}


def test_cues_and_headings_stay_with_what_follows() -> None:
    """Neither is left at the foot of a page; a short speech is kept whole, for Word cannot say (MORE)."""
    document = written("INT. A\n\nMARA\n(low)\nYes.\n(beat)\nNo.\n\nPRYCE\n" + "Long. " * 200)
    for name in ("Scene Heading", "Character", "Parenthetical", "Dual Character", "Act"):
        assert document.styles[name].paragraph_format.keep_with_next
    assert document.styles["Dialogue"].paragraph_format.keep_together
    said = {
        p.text[:4]: p.paragraph_format for p in paragraphs(document) if p.style and p.style.name == "Dialogue"
    }
    assert said["Yes."].keep_with_next
    assert not said["No."].keep_with_next
    assert said["Long"].keep_together is False


@pytest.mark.parametrize(("size", "width", "height"), [("letter", 8.5, 11), ("a4", 8.27, 11.69)])
def test_paper_and_margins(size: str, width: float, height: float) -> None:
    """The text stands between the margins of the printed page; its columns are as wide on both papers."""
    section = written(everything(), PageOptions(size=size)).sections[-1]  # type: ignore[arg-type]
    assert section.page_width.inches == pytest.approx(width, abs=0.01)
    assert section.page_height.inches == pytest.approx(height, abs=0.01)
    assert section.left_margin.inches == pytest.approx(1.5, abs=0.01)
    assert section.top_margin.inches == pytest.approx(1, abs=0.01)
    assert section.right_margin.inches == pytest.approx(1, abs=0.08)


def test_scenes_stand_in_the_navigation_pane() -> None:
    """Acts have the outline level above that of scenes."""
    styles = written(everything()).styles
    levels = {
        name: styles[name].element.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))
        for name in ("Act", "Scene Heading")
    }
    assert levels == {"Act": "0", "Scene Heading": "1"}


def test_the_title_page_is_a_section_without_a_page_number() -> None:
    """Numbers are a field at the upper right, counted from the script's first page, which shows none."""
    document = written(everything())
    title, script = document.sections
    assert title.header.is_linked_to_previous
    assert script.different_first_page_header_footer
    assert "PAGE" in script.header._element.xml
    assert script.header.paragraphs[0].style.paragraph_format.alignment is WD_ALIGN_PARAGRAPH.RIGHT
    assert 'w:pgNumType w:start="1"' in script._sectPr.xml
    assert len(written("INT. A\n\nNo title page.").sections) == 1


def test_contact_and_draft_stand_in_frames_at_the_foot() -> None:
    """They hold to the bottom margin, on their own sides."""
    framed = {}
    for paragraph in written(everything()).paragraphs:
        properties = paragraph._p.pPr
        frame = None if properties is None else properties.find(qn("w:framePr"))
        if frame is not None:
            framed[paragraph.text] = (frame.get(qn("w:xAlign")), frame.get(qn("w:yAlign")))
    assert framed == {"Boathouse 3": ("left", "bottom"), "4 March": ("right", "bottom")}


def test_emphasis_becomes_character_formatting() -> None:
    """Bold, italic and underline, nested too; asterisks that mark nothing stay."""
    (paragraph,) = (p for p in written("She is **never _ever_** *late* * ok").paragraphs if p.text)
    runs = [(run.text, run.bold, run.italic, run.underline) for run in paragraph.runs]
    assert runs == [
        ("She is ", None, None, None),
        ("never ", True, None, None),
        ("ever", True, None, True),
        (" ", None, None, None),
        ("late", None, True, None),
        (" * ok", None, None, None),
    ]


def test_dual_dialogue_is_a_table_of_two_columns_without_borders() -> None:
    """One speech in each cell; two such tables never touch, and none ends the document."""
    document = written("A\nOne.\n\nB ^\nTwo.\n\nC\nThree.\n\nD ^\nFour.\n")
    cells = [[cell.paragraphs[-1].text for cell in table.rows[0].cells] for table in document.tables]
    assert cells == [["One.", "Two."], ["Three.", "Four."]]
    assert "tblBorders" not in document.element.xml
    kinds = [type(block).__name__ for block in document.iter_inner_content()]
    assert kinds == ["Table", "Paragraph", "Table", "Paragraph"]


def test_scene_numbers_stand_in_both_margins() -> None:
    """They are given only where asked for; a heading without one does not hang out."""
    text = "INT. A #7#\n\nx\n\nINT. B\n\ny"
    assert ("Scene Heading", "INT. A") in styled(written(text))
    document = written(text, PageOptions(scene_numbers=True))
    assert [p for p in styled(document) if p[0] == "Scene Heading"] == [
        ("Scene Heading", "7\tINT. A\t7"),
        ("Scene Heading", "INT. B"),
    ]
    assert document.styles["Scene Heading"].paragraph_format.first_line_indent.inches == pytest.approx(-0.6)
    assert document.paragraphs[2].paragraph_format.first_line_indent == 0


def test_a_teleplay_begins_its_acts_on_new_pages() -> None:
    """Sections stand in for titles that are not printed; half-hour shows turn the page at each scene."""
    text = "# Act one\n\nINT. A\n\nx\n\nINT. B\n\ny\n\n# Act two\n\nINT. C\n\nz\n\n> END OF ACT TWO <"
    assert turned(written(text)) == []
    assert turned(written(text, PageOptions(teleplay="one_hour"))) == ["ACT TWO"]
    half_hour = written(text, PageOptions(teleplay="half_hour"))
    assert turned(half_hour) == ["INT. B", "ACT TWO"]
    assert ("Act End", "END OF ACT TWO") in styled(half_hour)
    assert half_hour.styles["Dialogue"].paragraph_format.line_spacing.pt == 24


def test_page_breaks_are_kept() -> None:
    """A page break belongs to what follows it; before and behind all text it breaks nothing."""
    assert turned(written("===\n\nOne.\n\n===\n\nTwo.\n\n===\n")) == ["Two."]


def turned(document: DocumentObject) -> list[str]:
    """The paragraphs that begin a page."""
    return [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]


def test_notes_are_comments_on_the_words_before_them() -> None:
    """A note between paragraphs is about the one above; the author says if it was a synopsis or section."""
    document = written(
        "[[First.]]\n\n# Part one\n\nINT. A\n\n= She waits.\n\nOne. [[Two\nlines.]] Two.\n\n"
        "MARA\n[[Low.]]\nYes.\n\n[[After.]]"
    )
    assert comments(document) == [
        ("Note", "First.", "INT. A"),
        ("Section", "Part one", "INT. A"),
        ("Synopsis", "She waits.", "INT. A"),
        ("Note", "Two\nlines.", "One."),
        ("Note", "Low.", "Yes."),
        ("Note", "After.", "Yes."),
    ]


def test_a_script_of_notes_alone_keeps_them() -> None:
    """They are comments on an empty paragraph; a boneyard is gone."""
    document = written("[[Nothing yet.]]\n\n/* cut */\n")
    assert [(author, text) for author, text, _ in comments(document)] == [("Note", "Nothing yet.")]


def test_chinese_is_set_as_chinese() -> None:
    """Five lines to the inch, Chinese as East Asian language, full-width marks, labels in Chinese."""
    document = written(CHINESE + "\n[[问一问]]\n")
    normal = document.styles["Normal"]
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(14.4)
    assert normal.element.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
    assert ("Character", "玛拉（画外音）") not in styled(document)  # it stands beside another
    assert ("Dual Character", "玛拉（画外音）") in styled(document)
    assert ("Dual Parenthetical", "（念）") in styled(document)
    hinted = [
        run.text
        for paragraph in paragraphs(document)
        for run in paragraph.runs
        if run._r.rPr is not None and run._r.rPr.rFonts is not None and run._r.rPr.rFonts.get(qn("w:hint"))
    ]
    assert hinted == ["灯在转。她说：“十一日”……", "两点交班——没有人。"]
    assert {author for author, _, _ in comments(document)} == {"备注", "段落"}


def test_title_and_author_are_properties_of_the_document() -> None:
    """Word and file managers show them; nothing tells of the library, or of a time."""
    properties = written(everything()).core_properties
    assert (properties.title, properties.author, properties.language) == ("THE LAMP", "Ada Quill", "en")
    assert properties.comments == ""
    long = written(Script(TitlePage((("Title", ("word " * 100,)),))))
    assert long.core_properties.title == ("word " * 100)[:255]


def test_the_same_script_gives_the_same_bytes() -> None:
    """Nothing in the file tells when it was written, in the zip neither."""
    data = write(everything())
    assert data == write(everything())
    with zipfile.ZipFile(BytesIO(data)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert b"w:date" not in file.read("word/comments.xml")
        assert not [name for name in file.namelist() if "thumbnail" in name or "customXml" in name]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_printed_word_arrives_once(path: Path) -> None:
    """Of each script of the corpus and the examples, in order."""
    script = read_file(path)
    document = written(Script.of(script.elements()))
    assert letters("".join(p.text for p in paragraphs(document))) == printed_letters(script)


@settings(max_examples=80, deadline=None)
@given(GENERATED)
def test_any_script_can_be_written(script: Script) -> None:
    """Whatever stands in a script, what is printed of it arrives once and in order."""
    document = written(script)
    assert letters("".join(p.text for p in paragraphs(document))) == printed_letters(script)


def test_what_xml_cannot_hold_is_left_out() -> None:
    """Control characters, surrogates and marks that turn the direction of the text."""
    action = Element(kind=Kind.ACTION, text="a\x00b\x1bc\ud800d\u202ee\ufffff\u2067g")
    assert styled(written(Script.of([action]))) == [("Action", "abcdefg")]


def test_an_empty_script_is_an_empty_document() -> None:
    """It opens, and holds nothing."""
    assert styled(written("")) == []
