"""Pages of a PDF as they are seen: rendered, measured in inches, and looked at glyph by glyph."""

from __future__ import annotations

import io
import string
from itertools import groupby
from pathlib import Path

import pypdfium2
import pytest
from pdf_glyphs import Glyph, drawn_of, glyphs_of
from PIL import Image

from storyroom.formats.fountain import parse, read_file
from storyroom.formats.pdf import PdfOptions, write_pdf
from storyroom.formats.pdf import system as fonts_of_system
from storyroom.story.asides import printed

EXAMPLES = Path(__file__).parent.parent / "examples"
ENGLISH = EXAMPLES / "the-last-light/episodes/s01e01-the-notice.fountain"
CHINESE = next(EXAMPLES.glob("the-long-river/episodes/s01e01-*.fountain"))
NOT_FIRST = set("。，、；：？！”’』」）》】…—")
LIKE_A_BOX = set("口日曰回国四田目")


@pytest.fixture(scope="module")
def font() -> Path:
    """A Chinese font of the system."""
    path = next(fonts_of_system.installed(fonts_of_system.CHINESE), None)
    if path is None:
        pytest.skip("no Chinese font is installed: apt install fonts-wqy-microhei")
    return path


def pages_of(text: str, **options: object) -> list[list[Glyph]]:
    """Write a script and return the glyphs of each page."""
    target = io.BytesIO()
    write_pdf(parse(text), target, PdfOptions(courier_prime=False, **options))  # type: ignore[arg-type]
    return [list(glyphs_of(page)) for page in pypdfium2.PdfDocument(target.getvalue())]


def lines_of(glyphs: list[Glyph]) -> list[tuple[float, float, float, str]]:
    """Return the lines of a page: left, right and middle in inches, and the text without white space."""
    rows = groupby(
        sorted(glyphs, key=lambda g: (round(g.middle, 1), g.left)), key=lambda g: round(g.middle, 1)
    )
    found = [list(row) for _, row in rows]
    return [(r[0].left, r[-1].right, r[0].middle, "".join(g.character for g in r)) for r in found]


def line(glyphs: list[Glyph], text: str) -> tuple[float, float, float]:
    """Return left, right and middle of the line that is a text."""
    (place,) = [found[:3] for found in lines_of(glyphs) if found[3] == text]
    return place


# The trade's places on US Letter: headings and action 1.5 inches from the left edge, dialogue 2.5,
# parentheticals 3.1, cues 3.7, transitions to the right margin.
SPEECHES = {
    "English": ("INT. BOAT - DAY\n\nRain.\n\nMARA\n(low)\nHello there.\n\nCUT TO:\n", 6, 1.0),
    "Chinese": ("内景 渔船 日\n\n江上起雾了。\n\n@玛拉\n（轻声）\n你好吗。\n\n> 切至：\n", 5, 1.0),
}
PLACES = {
    "English": ["INT.BOAT-DAY", "Rain.", "MARA", "(low)", "Hellothere.", "CUTTO:"],
    "Chinese": ["内景渔船日", "江上起雾了。", "玛拉", "（轻声）", "你好吗。", "切至："],
}


@pytest.mark.parametrize("language", SPEECHES)
@pytest.mark.parametrize(("size", "right"), [("letter", 7.5), ("a4", 7.2)])
def test_each_element_stands_in_its_column(language: str, size: str, right: float, font: Path) -> None:
    """Heading, action, cue, parenthetical, dialogue and transition, measured on the drawn page."""
    text, lines_per_inch, top = SPEECHES[language]
    (page,) = pages_of(text, size=size, font=font if language == "Chinese" else None)
    rows = [0, 2, 4, 5, 6, 8]
    lefts = [1.5, 1.5, 3.7, 3.1, 2.5, None]
    for wanted, row, left in zip(PLACES[language], rows, lefts, strict=True):
        found_left, found_right, middle = line(page, wanted)
        assert middle == pytest.approx(top + (row + 0.5) / lines_per_inch, abs=0.06), wanted
        if left is None:
            assert found_right == pytest.approx(right, abs=0.12), wanted
        else:
            assert found_left == pytest.approx(left, abs=0.06), wanted


@pytest.mark.parametrize(
    ("text", "options", "number"),
    [("Rain.\n\n===\n\nSun.\n", {}, "2."), ("江上起雾。\n\n===\n\n天晴。\n", {"size": "a4"}, "2.")],
    ids=["English", "Chinese"],
)
def test_the_page_number_stands_at_the_upper_right(
    text: str, options: dict[str, object], number: str, font: Path
) -> None:
    """On the line half an inch from the top, ending at the right margin; none on the first page."""
    first, second = pages_of(text, font=font, **options)
    assert number not in [found[3] for found in lines_of(first)]
    _, right, middle = line(second, number)
    assert right == pytest.approx(7.5 if not options else 7.2, abs=0.12)
    assert 0.45 < middle < 0.65


def test_scene_numbers_stand_in_both_margins() -> None:
    """One inch from the left, and right of the right margin."""
    (page,) = pages_of("INT. BOAT - DAY #1A#\n\nRain.\n", scene_numbers=True)
    left, right, _ = line(page, "1AINT.BOAT-DAY1A")
    assert left == pytest.approx(1.0, abs=0.06)
    assert 7.5 < right < 8.2


@pytest.mark.parametrize("language", ["English", "Chinese"])
def test_dual_dialogue_stands_side_by_side(language: str, font: Path) -> None:
    """Both cues on one line, and both speeches on the next, each in its half."""
    texts = {
        "English": ("MARA\nHi.\n\nTOM ^\nHo.\n", "MARATOM", "Hi.Ho."),
        "Chinese": ("@玛拉\n走。\n\n@老陈 ^\n不走。\n", "玛拉老陈", "走。不走。"),
    }
    text, cues, speeches = texts[language]
    (page,) = pages_of(text, font=font if language == "Chinese" else None)
    line(page, cues)
    left, right, _ = line(page, speeches)
    assert left == pytest.approx(1.5, abs=0.06)
    assert 4.7 < right < 5.6


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("path", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_margins_are_empty(path: Path, size: str, font: Path) -> None:
    """Every page of an episode has ink, and all of it within the margins."""
    target = io.BytesIO()
    write_pdf(read_file(path), target, PdfOptions(size=size))  # type: ignore[arg-type]
    for page in pypdfium2.PdfDocument(target.getvalue()):
        image = page.render(scale=1, grayscale=True).to_pil()
        box = image.point(lambda value: 255 if value < 200 else 0).getbbox()
        assert box
        left, top, right, bottom = (side / 72 for side in box)
        assert left >= 1.45
        assert top >= 0.45
        assert right <= page.get_width() / 72 - 0.9
        assert bottom <= page.get_height() / 72 - 0.95


def test_letters_are_drawn() -> None:
    """Each Latin letter and digit has ink where it stands, and looks like no other."""
    characters = string.ascii_letters + string.digits
    text = "\n\n".join(characters[at : at + 20] for at in range(0, len(characters), 20))
    looks = [glyph.look for page in pages_of(f"!{text}\n") for glyph in page]
    assert len(looks) == len(characters)
    assert all(looks)
    assert len(set(looks)) == len(looks)


def test_every_chinese_character_is_drawn(font: Path, tmp_path: Path) -> None:
    """All that a whole episode uses: each has ink, and looks like no other."""
    out = tmp_path / "episode.pdf"
    write_pdf(read_file(CHINESE), out)
    han = {character for character in printed(CHINESE.read_text()) if "一" <= character <= "鿿"}
    _, copied, seen = drawn_of(out, han)
    assert len(han) > 400
    assert copied == seen == len(han)


def test_no_chinese_character_is_the_box_of_a_font_that_lacks_it(font: Path) -> None:
    """The glyph that stands for missing ones is not what is drawn for those that are there."""
    from fpdf import FPDF

    lacking = FPDF(unit="pt", format="letter")
    lacking.add_page()
    lacking.add_font("chinese", fname=font)
    lacking.set_font("chinese", size=12)
    lacking.text(108, 108, "\U0010fffd")
    page = pypdfium2.PdfDocument(bytes(lacking.output()))[0]
    box = trimmed(page.render(scale=6, grayscale=True).to_pil())
    characters = sorted({c for c in CHINESE.read_text() if "一" <= c <= "鿿"} - LIKE_A_BOX)
    target = io.BytesIO()
    write_pdf(parse("".join(characters) + "\n"), target, PdfOptions(font=font))
    page = pypdfium2.PdfDocument(target.getvalue())[0]
    image = page.render(scale=6, grayscale=True).to_pil()
    glyphs = list(glyphs_of(page))
    assert [glyph.character for glyph in glyphs] == characters
    for glyph in glyphs:
        look = trimmed(image.crop(tuple(round(side * 72 * 6) for side in glyph[1:5])))
        assert look, glyph.character
        different = sum(abs(a - b) > 100 for a, b in zip(look, box, strict=True)) if box else len(look)
        assert different > 0.15 * len(look), glyph.character


def trimmed(image: Image.Image) -> bytes:
    """Return what is drawn, at one size; nothing for a blank picture."""
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    return image.crop(box).resize((20, 20)).tobytes() if box else b""


@pytest.mark.parametrize("size", ["letter", "a4"])
def test_no_drawn_line_begins_with_what_may_not(size: str, font: Path) -> None:
    """In a whole Chinese episode, and in paragraphs of every length up to two lines."""
    ends = "\n\n".join("江" * length + "。”他说，“走——”……" for length in range(10, 34))
    speeches = "\n\n".join(f"@玛拉\n{'江' * length}，走！”、（好）" for length in range(10, 24))
    for text in (CHINESE.read_text(), ends, speeches):
        for page in pages_of(text, font=font, size=size):
            for *_, found in lines_of(page):
                assert found[0] not in NOT_FIRST, found
