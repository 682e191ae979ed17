"""PDF: what stands where in the file, and that the file is whole or not there."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from storyroom.errors import FormatError
from storyroom.formats.fountain import parse
from storyroom.formats.pages import PageOptions, pages
from storyroom.formats.pdf import PdfOptions, write_pdf
from storyroom.formats.pdf import system as fonts_of_system
from storyroom.story.script import Script

SCRIPT = """Title: THE LAST LIGHT
Author: Rosa

INT. LAMP ROOM - NIGHT #1A#

The lens **turns** and _stops_. “Don’t” — (a \\*star\\*).

MARA
You stopped on ninety.

===

EXT. QUAY - DAY

Rain.
"""
BUILTIN = PdfOptions(courier_prime=False)


def pdf_of(script: Script | str, options: PdfOptions = BUILTIN) -> pypdfium2.PdfDocument:
    """Write a script and open what was written."""
    target = io.BytesIO()
    write_pdf(parse(script) if isinstance(script, str) else script, target, options)
    return pypdfium2.PdfDocument(target.getvalue())


def text_of(document: pypdfium2.PdfDocument, page: int) -> str:
    """Return the text of a page, one line for each of the page."""
    return document[page].get_textpage().get_text_bounded().replace("\r\n", "\n")


def where(document: pypdfium2.PdfDocument, page: int, text: str) -> tuple[float, float]:
    """Return where a text begins: inches from the left, and its middle from the top."""
    textpage = document[page].get_textpage()
    found = textpage.search(text, match_case=True).get_next()
    assert found is not None, f"{text!r} is not on page {page}"
    left, bottom, _, top = textpage.get_charbox(found[0], loose=True)
    return left / 72, (document[page].get_height() - (top + bottom) / 2) / 72


def fonts_of(document: pypdfium2.PdfDocument) -> set[str]:
    """Return the names of the fonts that draw the text."""
    names = set()
    for page in document:
        for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            names.add(text.get_font().get_base_name().split("+")[-1])
    return names


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A system without any font."""
    monkeypatch.setattr(fonts_of_system, "FOLDERS", (tmp_path / "fonts",))


@pytest.mark.parametrize(("size", "points"), [("letter", (612, 792)), ("a4", (595.28, 841.89))])
def test_the_sheet_has_its_size(size: str, points: tuple[float, float]) -> None:
    """US Letter or A4, in points."""
    options = PdfOptions(size=size, courier_prime=False)  # type: ignore[arg-type]
    assert pdf_of("Rain.\n", options)[0].get_size() == pytest.approx(points, abs=0.01)


def test_text_stands_where_the_trade_has_it() -> None:
    """Inches from the left and the top of US Letter; the title page comes first."""
    document = pdf_of(SCRIPT, PdfOptions(scene_numbers=True, courier_prime=False))
    assert len(document) == 3
    assert where(document, 0, "THE LAST LIGHT")[0] == pytest.approx(4.5 - 0.7, abs=0.06)
    for text, left, top in [
        ("INT. LAMP", 1.5, 1.0),
        ("1A", 1.0, 1.0),
        ("The lens", 1.5, 1 + 2 / 6),
        ("MARA", 3.7, 1 + 4 / 6),
        ("You stopped", 2.5, 1 + 5 / 6),
    ]:
        assert where(document, 1, text) == pytest.approx((left, top + 1 / 12), abs=0.05)
    assert where(document, 2, "2.") == pytest.approx((7.3, 0.5 + 1 / 12), abs=0.05)


def test_text_can_be_copied_out() -> None:
    """Curly quotation marks and dashes included; marks of emphasis and escapes are gone."""
    assert "The lens turns and stops. “Don’t” — (a *star*)." in text_of(pdf_of(SCRIPT), 1)


def test_styles_have_their_own_fonts(no_fonts: None) -> None:
    """Courier of the reader, plain and bold."""
    assert fonts_of(pdf_of(SCRIPT)) == {"Courier", "Courier-Bold"}
    assert fonts_of(pdf_of("*a* and ***b***\n")) == {"Courier", "Courier-Oblique", "Courier-BoldOblique"}


def ink(document: pypdfium2.PdfDocument, page: int, box: tuple[float, float, float, float]) -> float:
    """Return how much of a box (left, top, right, bottom in inches) is dark when the page is rendered."""
    image = document[page].render(scale=2, grayscale=True).to_pil()
    part = image.crop(tuple(round(side * 144) for side in box))
    dark = sum(part.histogram()[:128])
    return dark / (part.width * part.height)


def test_pages_are_not_blank() -> None:
    """Rendered, there is ink where text stands, a line below what is underlined, and none in the margins."""
    document = pdf_of(SCRIPT)
    assert 0.03 < ink(document, 1, (2.5, 1 + 5 / 6, 4.7, 2.0)) < 0.4
    assert ink(document, 1, (0, 0, 1.4, 11)) == 0
    assert ink(document, 1, (7.6, 0, 8.5, 11)) == 0
    line = (3.42, 1.475, 3.65, 1.5)
    assert ink(document, 1, line) > 0.15
    assert ink(pdf_of(SCRIPT.replace("_stops_", "stops")), 1, line) == 0


def test_scenes_are_bookmarks() -> None:
    """The outline names each scene with the page and the height it stands at."""
    document = pdf_of(SCRIPT)
    found = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert found == [("INT. LAMP ROOM - NIGHT", 1), ("EXT. QUAY - DAY", 2)]
    first = next(iter(document.get_toc())).get_dest().get_view()[1]
    assert first[1] == pytest.approx(792 - 72)


def test_the_file_names_title_and_author() -> None:
    """And no time but the one it is given."""
    created = datetime(2026, 5, 1, 12, tzinfo=UTC)
    document = pdf_of(SCRIPT, PdfOptions(created=created, courier_prime=False))
    assert document.get_metadata_value("Title") == "THE LAST LIGHT"
    assert document.get_metadata_value("Author") == "Rosa"
    assert "20260501120000" in document.get_metadata_value("CreationDate")


def test_the_same_script_gives_the_same_bytes() -> None:
    """Two writings differ in nothing."""
    targets = io.BytesIO(), io.BytesIO()
    for target in targets:
        write_pdf(parse(SCRIPT), target)
    assert targets[0].getvalue() == targets[1].getvalue()


def test_the_pages_that_were_drawn_are_returned() -> None:
    """So that nobody lays them out a second time."""
    assert write_pdf(parse(SCRIPT), io.BytesIO(), BUILTIN) == pages(parse(SCRIPT), PageOptions())


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """The new file takes the place of the old, keeps its permissions, and leaves nothing else behind."""
    path = tmp_path / "script.pdf"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_pdf(parse(SCRIPT), path, BUILTIN)
    assert path.read_bytes().startswith(b"%PDF-")
    assert path.read_bytes().rstrip().endswith(b"%%EOF")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file(tmp_path: Path, no_fonts: None) -> None:
    """A script that cannot be drawn changes nothing on disk."""
    path = tmp_path / "script.pdf"
    path.write_bytes(b"old")
    with pytest.raises(FormatError):
        write_pdf(parse("Жара.\n"), path, BUILTIN)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    """A directory is no place for a file; nothing is left behind."""
    with pytest.raises(FormatError, match="could not be written") as caught:
        write_pdf(parse(SCRIPT), tmp_path, BUILTIN)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_print_is_an_error() -> None:
    """A PDF has a page at least."""
    with pytest.raises(FormatError, match="nothing to print"):
        write_pdf(parse("[[only a note]]\n"), io.BytesIO())


def test_characters_without_a_font_are_named(no_fonts: None) -> None:
    """The error names them, the hint a package."""
    with pytest.raises(FormatError, match="Ж а р") as caught:
        write_pdf(parse("Жара.\n"), io.BytesIO(), BUILTIN)
    assert "apt install" in caught.value.hint


def test_a_substitute_stands_for_them(no_fonts: None) -> None:
    """If the caller chooses one."""
    options = PdfOptions(substitute="?", courier_prime=False)
    assert text_of(pdf_of("Жар at 9.\n", options), 0) == "??? at 9."
    with pytest.raises(FormatError, match="cannot stand"):
        pdf_of("Rain.\n", PdfOptions(substitute="§§"))


def test_a_font_that_is_none(tmp_path: Path) -> None:
    """A missing file, and one that holds something else."""
    with pytest.raises(FormatError, match="cannot be read"):
        pdf_of("雨。\n", PdfOptions(font=tmp_path / "absent.ttf"))
    path = tmp_path / "text.ttf"
    for content in (b"no font at all", b"ttcf\x00", b""):
        path.write_bytes(content)
        with pytest.raises(FormatError, match="not a font"):
            pdf_of("雨。\n", PdfOptions(font=path))


def test_courier_prime_must_be_installed_to_be_asked_for(no_fonts: None) -> None:
    """The hint names its package."""
    with pytest.raises(FormatError, match="Courier Prime") as caught:
        pdf_of("Rain.\n", PdfOptions(courier_prime=True))
    assert "fonts-courier-prime" in caught.value.hint


def test_without_courier_prime_the_reader_s_courier_is_used(no_fonts: None) -> None:
    """That is the default where it is not installed."""
    assert fonts_of(pdf_of("Rain.\n", PdfOptions())) == {"Courier"}


def test_courier_prime_is_embedded_where_it_is_installed() -> None:
    """Then all readers show the same face."""
    if not next(fonts_of_system.installed(fonts_of_system.COURIER_PRIME[""]), None):
        pytest.skip("fonts-courier-prime is not installed")
    document = pdf_of(SCRIPT, PdfOptions())
    assert all(name.startswith("CourierPrime") for name in fonts_of(document))
    assert where(document, 1, "You stopped") == pytest.approx((2.5, 1 + 5 / 6 + 1 / 12), abs=0.06)
    assert "The lens turns and stops." in text_of(document, 1)


def test_fonts_are_written_without_noise(caplog: pytest.LogCaptureFixture) -> None:
    """The library that embeds fonts does not speak to the user, and its logger is left as it was."""
    level = logging.getLogger("fontTools").level
    pdf_of(SCRIPT, PdfOptions())
    assert [record for record in caplog.records if record.name.startswith("fontTools")] == []
    assert logging.getLogger("fontTools").level == level
