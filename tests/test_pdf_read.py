"""Scripts read from PDFs: our own pages, pages of other layouts, and what is no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image
from test_plain import ENGLISH, joined, kinds, said

from storyroom.errors import FormatError
from storyroom.formats.fountain import parse, read_file
from storyroom.formats.pdf import PdfOptions
from storyroom.formats.pdf_read import read
from storyroom.formats.plain import read as read_text
from storyroom.formats.plain import with_plain_headings
from storyroom.formats.registry import FORMATS, read_script
from storyroom.story.script import Kind

ROOT = Path(__file__).parents[1]
SCRIPTS = [
    ROOT / "examples/the-last-light/episodes/s01e01-the-notice.fountain",
    ROOT / "examples/the-long-river/episodes/s01e02-红线.fountain",
    *(ROOT / f"tests/corpus/scripts/{name}.fountain" for name in ("high_water_mark", "mo_du")),
    *(ROOT / f"tests/corpus/scripts/{name}.fountain" for name in ("the_fifth_letter", "wan_dian_ming")),
]
PROSE = "It was a dark night, and nothing in this letter is a scene. " * 40


def typed(text: str, *, size: float = 12, font: str = "courier", left: float = 0, **encryption: str) -> bytes:
    """Return a PDF of lines typed on a grid, ten columns to the inch; form feeds begin a page."""
    pdf = FPDF(unit="pt", format="letter")
    pdf.set_auto_page_break(False)
    if encryption:
        pdf.set_encryption(owner_password="owner", **encryption)
    for page in text.split("\f"):
        pdf.add_page()
        pdf.set_font(font, size=size)
        for row, line in enumerate(page.split("\n")):
            if line.strip():
                start = len(line) - len(line.lstrip())
                pdf.text(left + start * 7.2, 72 + 12 * row, line.strip())
    return bytes(pdf.output())


def drawn(draw: Callable[[FPDF], object]) -> bytes:
    """Return a PDF of one page."""
    pdf = FPDF(unit="pt", format="letter")
    pdf.add_page()
    pdf.set_font("courier", size=12)
    draw(pdf)
    return bytes(pdf.output())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_our_own_pages_read_back(path: Path) -> None:
    """All elements of a script, English or Chinese, with title page, but for what no page says.

    Emphasis is not read, and a lyric reads as dialogue.
    """
    script = with_plain_headings(read_file(path))
    back = read(FORMATS["pdf"].write(script, PdfOptions(scene_numbers=True, substitute="?"))).script
    assert joined(said(back)) == joined(said(script))
    title = script.title_page.get("Title", "标题") or ""
    assert back.title_page.get("Title") == re.sub("[*_]", "", title)


def test_revision_marks_and_headers_are_taken_off() -> None:
    """The asterisks of a revision and the line that names it are the page's, not the script's."""
    text = "INT. QUAY - DAY\n\n" + "".join(f"Wave number {'I' * n} comes in.\n\n" for n in range(1, 60))
    script = parse(text)
    script = script.with_elements(one.edited(id=f"e{n}") for n, one in enumerate(script.elements()))
    options = PdfOptions(
        revised=frozenset(one.id for one in script.elements()), revision_colour="blue", revision_date="3/4/25"
    )
    assert said(read(FORMATS["pdf"].write(script, options)).script) == said(script)


def test_a_proportional_font_and_another_margin() -> None:
    """Columns are learned from where lines begin, whatever the letters are as wide as."""
    reading = read(typed(ENGLISH.partition("\f")[2], font="helvetica", left=60))
    assert kinds(reading)[:6] == kinds(read_text(ENGLISH.encode()))[:6]


def test_flush_left_pages() -> None:
    """Names before a colon tell the speeches of a page that indents nothing; broken lines are joined."""
    reading = read(
        typed(
            "INT. QUAY - DAY\n\n"
            "Rain falls on the water, on the boats, on the rope that\nnobody has coiled.\n\n"
            "MARA: You are late, and the tide will not wait for you or\nfor anybody.\n"
            "DEV: I know.\nMARA: Then row.\n",
            left=72,
        )
    )
    assert kinds(reading) == [
        ("scene_heading", "INT. QUAY - DAY"),
        ("action", "Rain falls on the water, on the boats, on the rope that nobody has coiled."),
        ("cue", "MARA"),
        ("dialogue", "You are late, and the tide will not wait for you or for anybody."),
        ("cue", "DEV"),
        ("dialogue", "I know."),
        ("cue", "MARA"),
        ("dialogue", "Then row."),
    ]


def test_watermarks_and_letters_drawn_twice() -> None:
    """What climbs across the page is no part of it; a letter that was drawn twice to look bold is one."""

    def draw(pdf: FPDF) -> None:
        pdf.text(108, 72, "INT. QUAY - DAY")
        pdf.text(108.3, 72, "INT. QUAY - DAY")
        with pdf.rotation(45, 200, 400):
            pdf.text(200, 400, "DO NOT COPY")
        pdf.text(108, 96, "Rain.")

    assert kinds(read(drawn(draw))) == [("scene_heading", "INT. QUAY - DAY"), ("action", "Rain.")]


def test_a_doubt_names_page_and_line() -> None:
    """What is uncertain is marked with where it stands."""
    text = (
        ENGLISH.partition("\f")[2]
        .replace("Rain.\n", "Rain.\n\n       Odd one out.\n")
        .replace("DEV\n", "Dev\n")
    )
    reading = read(typed("INT. HALL - DAY\n\nNobody.\f" + text, left=72))
    assert [(one.page, one.where, one.taken_as) for one in reading.doubts] == [
        (2, "page 2, line 20", Kind.ACTION),
        (2, "page 2, line 24", Kind.CUE),
    ]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no PDF"),
        (b"%PDF-1.7\nnothing of the kind", "no PDF"),
        (b"\x89PNG\r\n\x1a\n", "no PDF"),
        (typed("INT. QUAY - DAY", user_password="secret"), "encrypted"),
        (drawn(lambda pdf: pdf.image(Image.new("L", (200, 300), 90), 72, 72, 400)), "holds no text"),
        (drawn(lambda pdf: None), "holds no text"),
        (drawn(lambda pdf: pdf.multi_cell(400, 14, PROSE)), "does not read as a screenplay"),
    ],
    ids=["empty", "cut off", "picture", "encrypted", "scanned", "blank", "prose"],
)
def test_what_is_no_script(data: bytes, word: str) -> None:
    """Each is refused in plain words, with what to do."""
    with pytest.raises(FormatError, match=word) as caught:
        read(data, name="pilot.pdf")
    assert "pilot.pdf" in caught.value.message
    assert len(caught.value.hint) > 20


def test_a_pdf_that_anybody_may_open_is_read() -> None:
    """Protection against printing or copying is no password."""
    data = typed("INT. QUAY - DAY\n\nRain.", left=72, user_password="")
    assert len(read(data).script.scenes) == 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named; so is a folder."""
    with pytest.raises(FormatError, match="cannot be read"):
        read_script(tmp_path / "nowhere.pdf")
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(FormatError, match="is a directory"):
        read_script(tmp_path / "folder.pdf")
