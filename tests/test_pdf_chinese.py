"""Chinese PDFs: real glyphs on the grid of the page."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest

from storyroom.errors import FormatError
from storyroom.formats.fountain import parse, read_file
from storyroom.formats.pdf import PdfOptions, write_pdf
from storyroom.formats.pdf import system as fonts_of_system

EXAMPLES = Path(__file__).parent.parent / "examples"
SCENE = "内景 灯塔 夜\n\n@玛拉（画外音）\n（很轻）\n他说：“**走吧**，don’t——”\n"


@pytest.fixture
def font() -> Path:
    """A Chinese font of the system."""
    path = next(fonts_of_system.installed(fonts_of_system.CHINESE), None)
    if path is None:
        pytest.skip("no Chinese font is installed: apt install fonts-wqy-microhei")
    return path


def pdf_of(text: str, options: PdfOptions) -> pypdfium2.PdfDocument:
    """Write a script and open what was written."""
    target = io.BytesIO()
    write_pdf(parse(text), target, options)
    return pypdfium2.PdfDocument(target.getvalue())


def boxes(document: pypdfium2.PdfDocument) -> list[tuple[str, float, float]]:
    """Return each character of the first page with its left edge in columns and its middle in rows."""
    page = document[0]
    textpage = page.get_textpage()
    found = []
    for index in range(textpage.count_chars()):
        character = textpage.get_text_range(index, 1)
        left, bottom, _, top = textpage.get_charbox(index, loose=True)
        if not character.isspace():
            found.append((character, left / 7.2, (page.get_height() - (top + bottom) / 2) / 14.4))
    return found


def test_text_can_be_copied_out(font: Path) -> None:
    """Every character of the scene is in the file, once and in order."""
    document = pdf_of(SCENE, PdfOptions(font=font))
    found = "".join(character for character, _, _ in boxes(document))
    assert found == "内景灯塔夜玛拉（画外音）（很轻）他说：“走吧，don’t——”"


def test_characters_stand_on_the_grid(font: Path) -> None:
    """Two columns for each Han character, five lines to the inch, margins as ever."""
    characters = {c: (column, row) for c, column, row in boxes(pdf_of(SCENE, PdfOptions(font=font)))}
    for character, column, row in [("内", 15, 5), ("景", 17, 5), ("玛", 37, 7), ("拉", 39, 7), ("他", 25, 9)]:
        assert characters[character] == pytest.approx((column + 0.17, row + 0.5), abs=0.3)


def test_glyphs_are_drawn(font: Path) -> None:
    """Each Han character of a line has ink of its own in its square, and no two look alike."""
    image = (
        pdf_of("江水先到雾散灯塔桥影\n", PdfOptions(font=font))[0].render(scale=4, grayscale=True).to_pil()
    )
    side = 57.6
    squares = [
        image.crop((int(432 + n * side), 288, int(432 + (n + 1) * side), 288 + int(side))) for n in range(10)
    ]
    dark = [sum(square.histogram()[:128]) / (square.width * square.height) for square in squares]
    assert all(0.04 < share < 0.6 for share in dark)
    assert len({square.resize((24, 24)).tobytes() for square in squares}) == 10


def test_bold_is_imitated(font: Path) -> None:
    """A font that has no bold face is drawn heavier."""
    plain, bold = (
        pdf_of(text, PdfOptions(font=font))[0].render(scale=4, grayscale=True).to_pil()
        for text in ("江水先到\n", "**江水先到**\n")
    )
    assert sum(bold.histogram()[:128]) > 1.05 * sum(plain.histogram()[:128])


def test_an_episode(font: Path) -> None:
    """A whole example is drawn with the font that is found, all its text in its place."""
    script = read_file(next(EXAMPLES.glob("the-long-river/episodes/s01e01-*.fountain")))
    target = io.BytesIO()
    drawn = write_pdf(script, target)
    document = pypdfium2.PdfDocument(target.getvalue())
    assert len(document) == len(drawn) + 1
    for number, page in enumerate(drawn, 1):
        text = document[number].get_textpage().get_text_bounded()
        expected = "".join(line.text for line in page.lines)
        assert sorted("".join(text.split())) == sorted("".join(expected.split()))


def test_the_file_holds_no_more_of_the_font_than_it_uses(font: Path) -> None:
    """Ten characters out of twenty thousand."""
    target = io.BytesIO()
    write_pdf(parse("江水先到雾散灯塔桥影\n"), target, PdfOptions(font=font, courier_prime=False))
    assert len(target.getvalue()) < 100_000


def test_glyphs_that_the_font_lacks_are_named(font: Path) -> None:
    """A font that was named is the only one; a substitute helps."""
    with pytest.raises(FormatError, match="lacks: \U0001f600") as caught:
        pdf_of("灯塔 \U0001f600\n", PdfOptions(font=font))
    assert "substitute" in caught.value.hint
    document = pdf_of("灯塔\U0001f600\n", PdfOptions(font=font, substitute="?"))
    assert [character for character, _, _ in boxes(document)] == ["灯", "塔", "?"]


def test_without_a_chinese_font_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is drawn blank."""
    monkeypatch.setattr(fonts_of_system, "FOLDERS", (tmp_path,))
    with pytest.raises(FormatError, match="塔 灯") as caught:
        pdf_of("灯塔\n", PdfOptions())
    assert "fonts-wqy-microhei" in caught.value.hint
    assert "fonts-noto-cjk" in caught.value.hint


def test_a_font_on_the_system_that_is_broken_is_passed_over(
    font: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The next one is taken."""
    (tmp_path / "NotoSerifCJK-Regular.ttc").write_bytes(b"broken")
    (tmp_path / "wqy-microhei.ttc").write_bytes(font.read_bytes())
    monkeypatch.setattr(fonts_of_system, "FOLDERS", (tmp_path,))
    assert [character for character, _, _ in boxes(pdf_of("灯塔\n", PdfOptions()))] == ["灯", "塔"]
