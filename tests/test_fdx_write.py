"""FDX: the document that is written."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from storyroom.errors import FormatError, InputError
from storyroom.formats import fdx, fountain
from storyroom.story.script import Element, Kind, Script


def written(text: str) -> ET.Element:
    """The document of a Fountain script."""
    return ET.fromstring(fdx.write(fountain.parse(text)))


def paragraphs(root: ET.Element) -> list[tuple[str | None, str]]:
    """The types and texts of the paragraphs of the script."""
    return [
        (node.get("Type"), "".join(text.text or "" for text in node.iterfind("Text")))
        for node in root.iterfind("Content/Paragraph")
    ]


def test_the_document_says_what_it_is() -> None:
    """The root and the parts that Final Draft lays a script out with are there; the text is UTF-8."""
    data = fdx.write(fountain.parse("内景 灯塔 夜\n\n灯在转。\n"))
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<FinalDraft ')
    assert "内景 灯塔 夜".encode() in data
    root = ET.fromstring(data)
    assert root.attrib == {"DocumentType": "Script", "Template": "No", "Version": "5"}
    parts = list(dict.fromkeys(node.tag for node in root))
    assert parts == [
        *["Content", "HeaderAndFooter", "PageLayout", "ElementSettings"],
        *["SmartType", "MoresAndContinueds", "Revisions", "SceneNumberOptions"],
    ]
    declared = {node.get("Type") for node in root.iterfind("ElementSettings")}
    assert {kind for kind, _ in paragraphs(root)} <= declared


def test_every_kind_has_its_type() -> None:
    """Each element of Fountain is the paragraph type that a writer would choose in Final Draft."""
    root = written(
        "# ACT ONE\n\n## The dog\n\n= why\n\nINT. A - DAY #7#\n\nHe runs.\n\n@Ada (V.O.)\n(low)\nNo.\n~la\n\n"
        "CUT TO:\n\n> THE END <\n\n> END OF ACT ONE <\n\n# Cold open\n\n# 第二幕\n"
    )
    assert paragraphs(root) == [
        ("New Act", "ACT ONE"),
        ("Outline 2", "The dog"),
        ("Summary", "why"),
        ("Scene Heading", "INT. A - DAY"),
        ("Action", "He runs."),
        ("Character", "Ada (V.O.)"),
        ("Parenthetical", "(low)"),
        ("Dialogue", "No."),
        ("Lyrics", "la"),
        ("Transition", "CUT TO:"),
        ("Action", "THE END"),
        ("End of Act", "END OF ACT ONE"),
        ("Cold Opening", "Cold open"),
        ("New Act", "第二幕"),
    ]
    assert [node.get("Number") for node in root.iter("Paragraph") if node.get("Number")] == ["7"]
    assert [node.get("Alignment") for node in root.iterfind("Content/Paragraph[@Type='Action']")] == [
        None,
        "Center",
    ]


def test_small_letters_are_kept_from_a_type_that_shows_capitals() -> None:
    """A run in small letters names its styles, so that Final Draft shows what was written."""
    root = written("@Ada\nNo.\n\nBOB\nYes.\n")
    assert [text.get("Style") for text in root.iterfind("Content/Paragraph[@Type='Character']/Text")] == [
        "",
        None,
    ]


def test_synopses_below_a_heading_are_its_summary() -> None:
    """Synopses directly below a heading stand on its index card, others where they are."""
    root = written("INT. A - DAY\n\n= one\n= two\n\nHe runs.\n\n= three\n")
    lines = [text.text for text in root.iterfind("Content/Paragraph/SceneProperties/Summary/Paragraph/Text")]
    assert lines == ["one", "two"]
    assert paragraphs(root)[-1] == ("Summary", "three")


def test_dual_speeches_stand_in_one_paragraph() -> None:
    """A cue that is dual takes the speech before it along; what follows is a paragraph of its own."""
    root = written("ADA\nOne.\n\nBOB ^\n(low)\nTwo.\n\nADA\nThree.\n")
    inner = root.findall("Content/Paragraph/DualDialogue/Paragraph")
    assert [node.get("Type") for node in inner] == [
        *["Character", "Dialogue"],
        *["Character", "Parenthetical", "Dialogue"],
    ]
    assert len(paragraphs(root)) == 3


def test_notes_name_the_range_that_they_are_about() -> None:
    """A note in the text is at its place, one between paragraphs on the one before it; in UTF-16 units."""
    root = written("INT. A - DAY\n\n[[todo: light]]\n\n😀 He [[who?]] runs. /* fast */\n\n[[last]]\n")
    notes = [
        (n.get("Range"), n.get("Name"), n.get("Type"), n.findtext("Paragraph/Text"))
        for n in root.iter("ScriptNote")
    ]
    assert notes == [
        ("0,12", "todo", "", "light"),
        ("18,18", "", "", "who?"),
        ("24,24", "", "Boneyard", "fast"),
        ("13,24", "", "", "last"),
    ]


def test_ranges_count_dual_dialogue_and_omitted_scenes_as_two() -> None:
    """An embedded block counts two units wherever it stands, whatever it holds."""
    root = written("A\nx\n\nB ^\ny\n\n.OMITTED #2#\n\n/*\nINT. A - DAY\n\nGone.\n*/\n\nEnd.\n\n[[here]]\n")
    assert root.find("Content/Paragraph/OmittedScene/Paragraph[@Type='Scene Heading']") is not None
    assert [note.get("Range") for note in root.iter("ScriptNote")] == ["13,17"]


def test_page_breaks_start_the_next_paragraph() -> None:
    """A page break is said by the paragraph behind it; at the end, by an empty one."""
    root = written("One.\n\n===\n\nTwo.\n\n===\n")
    breaks = [
        (text, node.get("StartsNewPage"))
        for node, (_, text) in zip(root.iterfind("Content/Paragraph"), paragraphs(root), strict=True)
    ]
    assert breaks == [("One.", None), ("Two.", "Yes"), ("", "Yes")]


def test_revisions_mark_the_runs_of_changed_elements() -> None:
    """A changed element's runs carry the revision, the document its colours in the trade's order."""
    script = fountain.parse("INT. A - DAY\n\nHe *runs*.\n\nShe stays.\n")
    root = ET.fromstring(fdx.write(script, revisions={1: 2}))
    assert [text.get("RevisionID") for text in root.iterfind("Content/Paragraph/Text")] == [
        None,
        "2",
        "2",
        "2",
        None,
    ]
    revisions = root.find("Revisions")
    assert revisions is not None
    assert revisions.get("ActiveSet") == "2"
    names = [node.get("Name", "").removesuffix(" Rev.") for node in revisions]
    assert names[:10] == [
        "Blue",
        "Pink",
        "Yellow",
        "Green",
        "Goldenrod",
        "Buff",
        "Salmon",
        "Cherry",
        "Tan",
        "2nd White",
    ]
    with pytest.raises(InputError, match="no revision 20"):
        fdx.write(script, revisions={0: 20})


def test_smart_type_offers_the_words_of_the_script() -> None:
    """Names, places, times and transitions of the script, each once, in English and in Chinese."""
    root = written(
        "INT. HALL - NIGHT\n\nADA (ON TAPE)\nNo.\n\nAda\n\nINT. HALL - DAY\n\nADA\nYes.\n\n> OUT.\n"
    )
    smart = root.find("SmartType")
    assert smart is not None
    assert [node.text for node in smart.iter("Character")] == ["ADA"]
    assert [node.text for node in smart.iter("Extension")][-1] == "(ON TAPE)"
    assert [node.text for node in smart.iter("Location")] == ["HALL"]
    assert [node.text for node in smart.iter("TimeOfDay")] == ["NIGHT", "DAY"]
    assert [node.text for node in smart.iter("Transition")][-1] == "OUT."
    chinese = written("内景 灯塔 夜\n\n@玛拉\n听。\n")
    assert next(node.text for node in chinese.iter("SceneIntro")) == "内景"
    assert [node.text for node in chinese.iter("Location")] == ["灯塔"]


def test_paper() -> None:
    """The page is US Letter, or A4."""
    script = fountain.parse("One.\n")
    for paper, height in (("letter", "11.00"), ("a4", "11.69")):
        size = ET.fromstring(fdx.write(script, paper=paper)).find("PageLayout/PageSize")  # type: ignore[arg-type]
        assert size is not None
        assert size.get("Height") == height


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1c", "\ufffe", "\ud800"])
def test_a_character_that_xml_cannot_hold_is_refused(character: str) -> None:
    """Nothing is dropped in silence: the error names the character and the words around it."""
    script = Script.of([Element(kind=Kind.ACTION, text=f"Mara waits{character} there.")])
    with pytest.raises(FormatError, match=f"U\\+{ord(character):04X} near .*Mara waits") as caught:
        fdx.write(script)
    assert "delete it" in caught.value.hint


def test_a_script_without_anything_is_written() -> None:
    """An empty script is an empty document, and is read as one."""
    assert list(fdx.read(fdx.write(Script())).elements()) == []
