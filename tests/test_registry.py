"""The formats: found by name and by suffix, and every script goes through every pair of them."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest

from storyroom.errors import FormatError, InputError
from storyroom.formats.fdx import read_revised
from storyroom.formats.fountain import parse
from storyroom.formats.pages.report import report
from storyroom.formats.pdf import PdfOptions
from storyroom.formats.registry import FORMATS, format_named, format_of, left_out, read_script
from storyroom.story.asides import printed
from storyroom.story.script import Kind, Script

EPISODES = sorted((Path(__file__).parent.parent / "examples").glob("*/episodes/*.fountain"))
READ = ("fountain", "fdx")
TEXT = b"Title: Light\n\nINT. LAMP ROOM - NIGHT\n\nRain.\n"
PAPER = PdfOptions(size="a4", scene_numbers=True)


def said(script: Script) -> object:
    """Return all that a script says."""
    return script.title_page.entries, [element.content for element in script.elements()]


def in_format(script: Script, name: str, folder: Path) -> Path:
    """Write a script into a folder, in one format."""
    format = FORMATS[name]
    path = folder / f"script{format.suffixes[0]}"
    path.write_bytes(format.write(script, PAPER))
    return path


def seen_in(data: bytes, name: str) -> str:
    """Return the text that a reader of a file sees, without its white space."""
    if name == "pdf":
        pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]
        return "".join("".join(pages).split())
    if name == "docx":
        with ZipFile(io.BytesIO(data)) as file:
            data = file.read("word/document.xml")
    return "".join(data.decode().split())


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("from_", READ)
@pytest.mark.parametrize("path", EPISODES, ids=lambda path: path.stem)
def test_every_example_through_every_pair_of_formats(path: Path, from_: str, to: str, tmp_path: Path) -> None:
    """What can be read again says the same; of what cannot, every heading and cue is in the file.

    A PDF has the pages that the report on the script says, and a title page.
    """
    original = read_script(path)
    script = read_script(in_format(original, from_, tmp_path))
    assert said(script) == said(original)
    data = FORMATS[to].write(script, PAPER)
    if to in READ:
        assert said(read_script(in_format(script, to, tmp_path))) == said(original)
        return
    seen = seen_in(data, to)
    for element in script.elements():
        if element.kind in (Kind.SCENE_HEADING, Kind.CUE):
            assert "".join(printed(element.text).split()) in seen
    if to == "pdf":
        assert len(pypdfium2.PdfDocument(data)) == 1 + report(script, PAPER).pages


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("fdx", "fdx"),
        ("PDF", "pdf"),
        (" docx ", "docx"),
        ("md", "markdown"),
        (".htm", "html"),
        ("txt", "text"),
    ],
)
def test_a_format_is_named_by_its_name_or_a_suffix(name: str, found: str) -> None:
    """In any case."""
    assert format_named(name) is FORMATS[found]


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    """The hint has the nearest name if any is near, and all names."""
    with pytest.raises(InputError, match="'fountian'") as caught:
        format_named("fountian")
    assert "Did you mean fountain?" in caught.value.hint
    with pytest.raises(InputError) as caught:
        format_named("papyrus")
    assert "Did you mean" not in caught.value.hint
    assert all(name in caught.value.hint for name in FORMATS)
    with pytest.raises(InputError):
        format_named("")


def test_a_format_is_found_by_suffix() -> None:
    """In any case; every suffix belongs to one format."""
    assert format_of(Path("a.b/PILOT.FDX")) is FORMATS["fdx"]
    assert format_of(Path("pilot.spmd")) is FORMATS["fountain"]
    suffixes = [suffix for format in FORMATS.values() for suffix in format.suffixes]
    assert len(suffixes) == len(set(suffixes))
    for name in ("pilot.odt", "pilot", ".fdx"):
        with pytest.raises(InputError) as caught:
            format_of(Path(name))
        assert ".fdx" in caught.value.hint


def test_what_can_be_read(tmp_path: Path) -> None:
    """Fountain under three suffixes, FDX, and PDF; others say what can be read."""
    script = parse(TEXT.decode())
    for name in ("a.fountain", "a.spmd", "a.TXT", "a.fdx", "a.pdf"):
        path = tmp_path / name
        written = format_of(path).write(script, PdfOptions()) if name in ("a.fdx", "a.pdf") else TEXT
        path.write_bytes(written)
        assert said(read_script(path)) == said(script)
    for name in ("a.docx", "a.html", "a.md"):
        with pytest.raises(InputError, match="is only written") as caught:
            read_script(tmp_path / name)
        assert "fountain, fdx" in caught.value.hint
    with pytest.raises(FormatError, match="is a directory"):
        read_script(tmp_path)


def test_revised_elements_are_marked_in_final_draft() -> None:
    """The elements that the options name carry the revision of the colour, blue if none is named."""
    script = parse("INT. LAMP ROOM - NIGHT\n\nRain.\n\nSnow.\n")
    script = script.with_elements(
        element.edited(id=f"e{number}") for number, element in enumerate(script.elements())
    )
    for colour, revision in ((None, 1), ("blue", 1), ("yellow", 3)):
        options = PdfOptions(revised=frozenset({"e2"}), revision_colour=colour)
        assert read_revised(FORMATS["fdx"].write(script, options)).revisions == {2: revision}
    assert read_revised(FORMATS["fdx"].write(script, PdfOptions())).revisions == {}


def test_what_a_pdf_leaves_out_is_counted() -> None:
    """Notes within lines count like those between them; a section that is printed as an act does not."""
    script = parse(
        "# ACT ONE\n\n= They meet.\n\nINT. LAMP ROOM - NIGHT\n\n[[long?]]\n\nRain. [[why]] /* cut */\n\n"
        "MARA\nNo. [[no?]]\n"
    )
    counted = {Kind.SECTION: 1, Kind.SYNOPSIS: 1, Kind.NOTE: 3, Kind.BONEYARD: 1}
    assert left_out(script, FORMATS["pdf"], PdfOptions()) == counted
    del counted[Kind.SECTION]
    assert left_out(script, FORMATS["pdf"], PdfOptions(teleplay="one_hour")) == counted
    assert not left_out(script, FORMATS["fountain"], PdfOptions())
    assert not left_out(parse("Rain.\n\n===\n\nSnow.\n"), FORMATS["pdf"], PdfOptions())


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_leaves_out_is_not_in_it(name: str) -> None:
    """And what it does not leave out is: in a comment, in a list of scenes, wherever its readers see it."""
    words = {Kind.SECTION: "Flood", Kind.SYNOPSIS: "Drought", Kind.NOTE: "Thaw", Kind.BONEYARD: "Frost"}
    script = parse("INT. QUAY - DAY\n\n# Flood\n\n= Drought\n\nRain. [[Thaw]] Snow. /* Frost */ Hail.\n")
    data = FORMATS[name].write(script, PAPER)
    if name == "docx":
        with ZipFile(io.BytesIO(data)) as file:
            seen = "".join(file.read(part).decode() for part in file.namelist() if part.endswith(".xml"))
    else:
        seen = seen_in(data, name)
    assert {kind for kind, word in words.items() if word not in seen} == FORMATS[name].omits
