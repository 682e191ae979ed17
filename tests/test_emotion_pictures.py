"""The arcs as SVG, PNG and HTML: whole, labelled, readable without colour, and nothing fetched."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from io import BytesIO

import pytest
from emotion_kit import Told, episode, feeling
from PIL import Image
from test_emotion_report import plan

from storyroom.emotion import EMOTIONS, Report, as_page, as_png, as_svg, raster, read, with_plan
from storyroom.emotion.canvas import SvgCanvas
from storyroom.emotion.marks import draw_mark
from storyroom.emotion.wording import wording
from storyroom.errors import FormatError
from storyroom.formats.fountain import parse

SVG = "{http://www.w3.org/2000/svg}"
CHINESE = """标题: 灯塔

内景 灯塔 夜

@马拉
anger: 你把灯卖了。

@塞拉斯
fear: 他们要收房子。
"""


def planned() -> Report:
    """Return a report with a plan beside it."""
    plans = [plan(1, Mara="anger", Silas="joy", Pell="fear"), plan(2, Bea="joy")]
    return with_plan(read(episode(), Told()), plans)


def texts(svg: str) -> list[str]:
    """Return every text that an SVG shows."""
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SVG}text")]


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and the text of its list of lines."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep a text that is no style and no script."""
        if self.open and self.open[-1] not in ("style", "script"):
            self.said.append(data)

    def ids(self) -> list[str]:
        """Return the ids of the lines."""
        return [str(about["id"]) for tag, about in self.tags if tag == "li"]


def test_the_svg_is_labelled() -> None:
    """Title, source, axes, scenes, acts, characters and all seven emotions stand in it as text."""
    found = texts(as_svg(planned()))
    assert found[:2] == ["Two Lamps", "6 lines, 1 of them weak (?) · said by told v1"]
    for said in (
        "valence",
        "strength",
        "Act One",
        "Act Two",
        "MARA",
        "BEA",
        "planned",
        "measured",
        *EMOTIONS,
    ):
        assert said in found
    assert "joy?" in found
    assert "Planned above, measured below" in found


def test_chinese_scripts_have_chinese_labels() -> None:
    """Every word of the picture is in the script's language, and its language is marked."""
    svg = as_svg(read(parse(CHINESE), Told()))
    assert 'lang="zh-Hans"' in svg
    for said in ("灯塔", "效价", "强度", "愤怒", "恐惧", "惊讶", "马拉"):
        assert said in texts(svg)
    words = [text for text in texts(svg) if re.search("[A-Za-z]", text)]
    assert words == [next(text for text in texts(svg) if "told v1" in text)]


def test_both_languages_say_the_same() -> None:
    """No label is missing in either."""
    english, chinese = wording("en"), wording("zh")
    assert english.keys() == chinese.keys()
    for key, said in english.items():
        assert set(re.findall(r"{\w+}", said)) == set(re.findall(r"{\w+}", chinese[key]))


def test_emotions_are_told_apart_without_colour() -> None:
    """Each has a shape of its own, and a weak one is hollow."""
    shapes, hollow = set(), set()
    for emotion in EMOTIONS:
        for weak, found in ((False, shapes), (True, hollow)):
            canvas = SvgCanvas(20, 20, language="en", label="mark")
            draw_mark(canvas, (10, 10), emotion, weak=weak)
            (shape,) = ET.fromstring(canvas.svg()).iter(f"{SVG}polygon")
            found.add(shape.attrib["points"])
            assert (shape.attrib["fill"] == "#ffffff") == weak
    assert len(shapes) == len(EMOTIONS)
    assert shapes == hollow


def test_planned_is_dashed_and_a_miss_is_marked() -> None:
    """The plan is told from the measure by its dashes, not only by its colour."""
    svg = ET.fromstring(as_svg(planned()))
    dashes = [one.attrib.get("stroke-dasharray") for one in svg.iter(f"{SVG}polyline")]
    assert dashes.count("7 4") == 3  # two scenes and the legend
    plain = ET.fromstring(as_svg(read(episode(), Told())))
    assert "7 4" not in [one.attrib.get("stroke-dasharray") for one in plain.iter(f"{SVG}polyline")]


@pytest.mark.parametrize("script", [episode(), parse(CHINESE)], ids=["en", "zh"])
def test_the_png_is_a_picture(script) -> None:
    """It is twice as wide as the chart, white at its corners, and drawn on in more than greys."""
    with Image.open(BytesIO(as_png(read(script, Told())))) as image:
        assert image.width == 1920
        assert (
            image.getpixel((0, 0)) == image.getpixel((image.width - 1, image.height - 1)) == (255, 255, 255)
        )
        colours = image.getcolors(1 << 24)
        assert colours is not None
        assert any(max(colour) - min(colour) > 60 for _, colour in colours)


def test_a_png_without_a_chinese_font_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the characters and a package that has a font."""
    monkeypatch.setattr(raster, "installed", lambda names: iter(()))
    for cached in (raster._fonts, raster._font_for, raster._font):
        cached.cache_clear()
    try:
        with pytest.raises(FormatError, match="no font that is installed has") as refused:
            as_png(read(parse(CHINESE), Told()))
        assert "fonts-wqy-microhei" in refused.value.hint
        assert as_png(read(episode(), Told())).startswith(b"\x89PNG")
    finally:
        for cached in (raster._fonts, raster._font_for, raster._font):
            cached.cache_clear()


@pytest.mark.parametrize("scenes", [1, 20, 90])
def test_scripts_of_any_length_are_drawn(scenes: int) -> None:
    """One line, many scenes, more scenes than a plan can be drawn for."""
    script = parse("INT. HALL - DAY\n\nBEA\njoy: Ha!\n\n" * scenes)
    report = with_plan(read(script, Told()), [plan(n + 1, Bea="joy") for n in range(scenes)])
    svg = ET.fromstring(as_svg(report))
    height = float(svg.attrib["height"])
    for one in svg.iter(f"{SVG}text"):
        assert 0 <= float(one.attrib["x"]) <= 960
        assert 0 <= float(one.attrib["y"]) <= height
    assert any("90 scenes" in (text or "") for text in texts(as_svg(report))) == (scenes == 90)
    assert as_page(report)


def test_the_page_needs_nothing_else() -> None:
    """No address, no file, no font is asked for, and a policy forbids all of them."""
    page = as_page(planned())
    assert re.findall(r"https?://[^\"'\s]+", page) == ["http://www.w3.org/2000/svg"]
    assert "default-src 'none'" in page
    for tag, about in Page(page).tags:
        assert "src" not in about
        assert tag != "link"
        assert about.get("href", "#") is not None
        assert str(about.get("href", "#")).startswith("#")


def test_the_page_holds_every_line() -> None:
    """Each line has an id and takes the focus, links lead to where scenes begin, and the plan is told."""
    page = Page(as_page(planned()))
    assert page.ids() == [f"l{number}" for number in range(1, 7)]
    assert all(about["tabindex"] == "-1" for tag, about in page.tags if tag == "li")
    anchors = {about.get("id") for _, about in page.tags}
    assert {str(about["href"])[1:] for tag, about in page.tags if tag == "a"} <= anchors
    (slider,) = [about for _, about in page.tags if about.get("role") == "slider"]
    assert (slider["tabindex"], slider["aria-valuemax"]) == ("0", "6")
    for said in ("You sold", "unsure", "says nothing", "Act Two"):
        assert any(said in text for text in page.said)


def test_hostile_text_stays_text() -> None:
    """What a script says is never markup, neither in the page nor in the picture."""
    script = parse(
        "Title: <script>alert(1)</script>\n\nINT. <b>HALL</b> - DAY\n\nA\"'><IMG\n\x0b<img src=x onerror=y>"
    )
    report = read(script, Told())
    tags = [tag for tag, _ in Page(as_page(report)).tags]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert "b" not in tags
    ET.fromstring(as_svg(report))


def test_a_reason_is_shown() -> None:
    """What a judge gives as its reason stands beside the line."""

    class Judge(Told):
        def score(self, lines):
            from dataclasses import replace

            return [replace(feeling("fear"), reason=f"because {line}") for line in lines]

    assert any("because Dust." in text for text in Page(as_page(read(parse("Dust."), Judge()))).said)
