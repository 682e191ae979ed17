"""FDX: what is read from documents in the forms that Final Draft writes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyroom.errors import FormatError
from storyroom.formats import fdx, fountain
from storyroom.formats.fdx import tree
from storyroom.story.script import Element, Kind, Script

CORPUS = Path(__file__).parent / "corpus" / "fdx"


def document(content: str, rest: str = "", version: str = "5") -> bytes:
    """A document with this content."""
    root = f'<FinalDraft DocumentType="Script" Version="{version}">'
    return f"{root}<Content>{content}</Content>{rest}</FinalDraft>".encode()


def paragraph(kind: str, text: str, more: str = "") -> str:
    """A paragraph of one run."""
    return f'<Paragraph Type="{kind}" {more}><Text>{text}</Text></Paragraph>'


def one(content: str, rest: str = "") -> Element:
    """The only element of a document."""
    (element,) = fdx.read(document(content, rest)).elements()
    return element


@pytest.fixture(scope="module")
def beside() -> fdx.Revised:
    """A script whose notes stand in a list, as Final Draft 12 and 13 write them."""
    return fdx.read_revised((CORPUS / "notes_beside.fdx").read_bytes())


def texts(script: Script, kind: Kind) -> list[str]:
    """The texts of one kind."""
    return [element.text for element in script.elements() if element.kind is kind]


def test_styled_runs_are_one_text(beside: fdx.Revised) -> None:
    """All runs of a paragraph are read, in their styles; what looks like a mark of Fountain is none."""
    action = texts(beside.script, Kind.ACTION)[0]
    assert [(run.text, run.bold, run.underline) for run in fountain.emphasis(action)] == [
        ("Rain on ", False, False),
        ("every", True, True),
        (" plank 😀, *real* rain.", False, False),
    ]


def test_notes_stand_behind_their_words(beside: fdx.Revised) -> None:
    """A note on words follows them, one on a paragraph follows it; Final Draft counts in UTF-16 units."""
    action, shot = texts(beside.script, Kind.ACTION)[:2]
    assert (
        action
        == r"Rain on _**every**_ [[Dana: sound: Rain first.]] plank 😀[[behind the face]], \*real\* rain."
    )
    assert shot == "CLOSE ON THE NINTH MOORING [[too neat]]"
    assert texts(beside.script, Kind.NOTE) == ["on nothing", "Which jetty?\nAsk [[Pau] ]."]
    kinds = [element.kind for element in beside.script.scenes[0].elements]
    assert kinds[:4] == [Kind.SYNOPSIS, Kind.SYNOPSIS, Kind.SYNOPSIS, Kind.NOTE]


def test_headings_carry_numbers_and_synopses(beside: fdx.Revised) -> None:
    """A heading has its number and shows capitals as its type says; its index card becomes synopses."""
    first, second = beside.script.scenes
    assert (first.heading.text, first.heading.scene_number) == ("EXT. JETTY - DUSK", "12A")
    assert [e.text for e in first.elements[:3]] == ["The jetty", "One boat is missing.", "Nobody says whose."]
    assert (second.heading.text, second.heading.scene_number) == ("OMITTED", "13")


def test_an_omitted_scene_is_kept_in_a_boneyard(beside: fdx.Revised) -> None:
    """The scene behind OMITTED stands below it, cut but readable."""
    (cut,) = texts(beside.script, Kind.BONEYARD)
    assert cut == "INT. SHED - NIGHT\n\nPAU\nCut me."


def test_dual_dialogue_has_its_second_cue_marked(beside: fdx.Revised) -> None:
    """Two speeches side by side are two speeches; the second cue says that it stands beside the first."""
    cues = [element for element in beside.script.elements() if element.kind is Kind.CUE]
    assert [(cue.text, cue.extension, cue.dual) for cue in cues] == [
        ("INES", "V.O.) (CONT'D", False),
        ("INES", None, False),
        ("PAU", None, True),
    ]


def test_acts_outline_and_page_breaks(beside: fdx.Revised) -> None:
    """Acts and outline headings are sections; an end of act is centred; a paragraph may start a page."""
    sections = [(e.text, e.depth) for e in beside.script.elements() if e.kind is Kind.SECTION]
    assert sections == [("TEASER", 1), ("The ferry is late", 2)]
    assert texts(beside.script, Kind.CENTERED) == ["ONE WEEK EARLIER", "END OF TEASER"]
    elements = list(beside.script.elements())
    at = [element.kind for element in elements].index(Kind.PAGE_BREAK)
    assert elements[at + 1].text == "OMITTED"


def test_a_type_of_the_writers_own_is_what_it_is_laid_out_like(beside: fdx.Revised) -> None:
    """An unknown type follows the type that it paginates as, and its own italics are no emphasis."""
    assert texts(beside.script, Kind.LYRIC) == ["Row, row"]
    assert one(paragraph("Zorp", "Something.")).kind is Kind.ACTION


def test_revision_marks_are_read(beside: fdx.Revised) -> None:
    """A revised run marks its element, by index, with the newest revision in it."""
    ((index, revision),) = beside.revisions.items()
    assert list(beside.script.elements())[index].text.startswith("Rain on")
    assert revision == 2


def test_the_title_page_gets_its_keys_from_places(beside: fdx.Revised) -> None:
    """Title, episode, credit, author and source from the middle, the others from labels or the foot."""
    assert beside.script.title_page.entries == (
        ("Title", ("**NINE BOATS**",)),
        ("Episode", ('"The Ferry"',)),
        ("Credit", ("Written by",)),
        ("Author", ("Storyroom maintainers",)),
        ("Source", ("Based on a harbour",)),
        ("Draft date", ("1 May",)),
        ("Contact", ("Jetty 3", "Harbour Road")),
    )


def test_a_document_of_an_older_version() -> None:
    """Notes inside paragraphs, a dual dialogue without a paragraph around it, an indented text, Chinese."""
    script = fdx.read_file(CORPUS / "notes_inside.fdx")
    assert fountain.write(script).splitlines()[:9] == [
        "[[ other titles: 磨坊 ]]",
        "",
        "# COLD OPENING",
        "",
        "内景 磨坊 夜 #1#",
        "",
        "[[ geography: North of the weir.",
        "  ",
        "Two rivers meet. ]]",
    ]
    cues = [element for element in script.elements() if element.kind is Kind.CUE]
    assert [(cue.text, cue.extension, cue.dual) for cue in cues] == [
        ("阿禾", "画外音", False),
        ("阿禾", None, False),
        ("守磨人", None, True),
    ]
    assert texts(script, Kind.DIALOGUE)[0] == "水涨了。\n听。"
    assert texts(script, Kind.CENTERED) == ["水磨"]


@pytest.mark.parametrize("name", ["notes_beside", "notes_inside"])
def test_what_was_read_from_fdx_is_written_to_fdx_again(name: str) -> None:
    """Runs, notes and their places, numbers, dual speeches, omitted scenes, revisions: FDX to FDX."""
    script, revisions = fdx.read_revised((CORPUS / f"{name}.fdx").read_bytes())
    again = fdx.read_revised(fdx.write(script, revisions=revisions))
    assert [e.content for e in again.script.elements()] == [e.content for e in script.elements()]
    assert again.script.title_page == script.title_page
    assert again.revisions == revisions


def test_capitals_come_from_the_type_unless_the_run_says_otherwise() -> None:
    """A type shows capitals; a run with styles of its own shows what was typed; without a type, as typed."""
    caps = '<ElementSettings Type="Character"><FontSpec Style="AllCaps"/></ElementSettings>'
    typed = '<Paragraph Type="Character"><Text Style="">McAvoy</Text></Paragraph>'
    assert one(paragraph("Character", "McAvoy"), caps).text == "MCAVOY"
    assert one(typed, caps).text == "McAvoy"
    assert one(paragraph("Character", "McAvoy")).text == "McAvoy"
    assert one('<Paragraph Type="Action"><Text Style="AllCaps">boom</Text></Paragraph>').text == "BOOM"


def test_other_encodings_that_xml_knows_are_read() -> None:
    """UTF-16 and a byte order mark are no obstacle."""
    text = document(paragraph("Action", "灯在转。")).decode()
    for data in (text.encode("utf-16"), text.encode("utf-8-sig")):
        assert texts(fdx.read(data), Kind.ACTION) == ["灯在转。"]


def test_text_that_fountain_would_read_as_marks_stays_text() -> None:
    """Brackets, stars and slashes of the text survive a way through Fountain."""
    said = "[[no note]] /* no cut */ *no* _style_ \\ "
    script = fdx.read(document(paragraph("Action", said)))
    (element,) = fountain.parse(fountain.write(script)).elements()
    assert "".join(run.text for run in fountain.emphasis(element.text)) == said.rstrip()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not XML"),
        (b"%PDF-1.7 \x00\xff", "not XML"),
        (b"Title: a\n\nINT. HOUSE - DAY\n", "not XML"),
        (b"<html><body/></html>", "begins with <html>"),
        (b"<FinalDraft>\n<Content>\n<Paragraph></Content></FinalDraft>", "line 3"),
        (b"<FinalDraft><Content>", "broken XML: line 1"),
        (b'<FinalDraft DocumentType="TextDocument"/>', "not a script"),
        (b'<FinalDraft Version="9"/>', "version '9'"),
        (b'<FinalDraft Version="six"/>', "version 'six'"),
        (b'<?xml version="1.0" encoding="klingon"?><FinalDraft/>', "encoding"),
        (b'<?xml version="1.0" encoding="gb18030"?><FinalDraft/>', "encoding"),
        (b"<!DOCTYPE FinalDraft SYSTEM 'file:///etc/passwd'><FinalDraft/>", "document type"),
        (b"<FinalDraft>&undefined;</FinalDraft>", "line 1"),
        (b"<a>" * 100 + b"</a>" * 100, "64 levels"),
    ],
)
def test_what_is_no_final_draft_script_is_refused(data: bytes, said: str) -> None:
    """The error names the file and says what it is, with a hint."""
    with pytest.raises(FormatError, match=said) as caught:
        fdx.read(data, name="pilot.fdx")
    assert "pilot.fdx" in caught.value.message
    assert caught.value.hint


def test_an_xml_bomb_is_refused_before_it_grows() -> None:
    """No entity is ever declared, let alone expanded."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE b [<!ENTITY e0 "ha">{entities}]><FinalDraft>&e9;</FinalDraft>'
    with pytest.raises(FormatError, match="document type"):
        fdx.read(bomb.encode())


def test_size_and_number_of_elements_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 200 MB is not read into memory; a file of nothing but tags is given up."""
    huge = tmp_path / "huge.fdx"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(FormatError, match="larger than 64 MB"):
        fdx.read_file(huge)
    monkeypatch.setattr(tree, "MAX_ELEMENTS", 100)
    with pytest.raises(FormatError, match="100 elements"):
        fdx.read(document("<Paragraph/>" * 200))


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    """A directory and a missing file are named."""
    with pytest.raises(FormatError, match="is a directory"):
        fdx.read_file(tmp_path)
    with pytest.raises(FormatError, match="cannot be read"):
        fdx.read_file(tmp_path / "none.fdx")


@pytest.mark.parametrize(
    "text",
    [
        "😀" * 20_000,
        "\n" * 200_000 + "x",
        "(" + " " * 200_000 + "x",
        "x " * 100_000,
        "(" * 50_000 + ")" * 50_000,
    ],
    ids=["emoji", "line ends", "spaces", "words", "parentheses"],
)
@pytest.mark.parametrize("kind", ["Action", "Parenthetical", "Character"])
def test_no_text_takes_more_than_linear_time(kind: str, text: str) -> None:
    """Long texts with many notes are read; the square of their length would never end."""
    notes = "".join(f'<ScriptNote Range="{2 * n},{2 * n}"><Paragraph/></ScriptNote>' for n in range(1, 5_000))
    script = fdx.read(document(paragraph(kind, text), f"<ScriptNotes>{notes}</ScriptNotes>"))
    assert "".join(element.text for element in script.elements()).count("[[]]") >= 4_998
