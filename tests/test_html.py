"""HTML: one page that stands alone, in sections and headings, with all that is printed and nothing else."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from format_kit import CHINESE, EVERYTHING, GENERATED, SCRIPTS, everything, letters, printed_letters
from hypothesis import given, settings

from storyroom.formats.fountain import parse, read_file
from storyroom.formats.html import write
from storyroom.formats.pages import PageOptions
from storyroom.story.script import Element, Kind, Script

EMPTY = {"meta", "br"}


class Page(HTMLParser):
    """A page as a list of its elements: name, attributes and text of each, in order.

    Attributes:
        elements: the text of an element is also that of the elements in it.
        unbalanced: tags that close what is not open.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.unbalanced: list[str] = []
        self._open: list[int] = []
        self.feed(html)
        self.unbalanced += [self.elements[index][0] for index in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in EMPTY:
            self._open.append(len(self.elements) - 1)
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if not self._open or self.elements[self._open.pop()][0] != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Add text to all elements that are open."""
        for index in self._open:
            self.elements[index][2].append(data)

    def texts(self, tag: str, **attributes: str) -> list[str]:
        """The texts of all elements of a name that have these attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            "".join(text)
            for name, has, text in self.elements
            if name == tag and wanted.items() <= has.items()
        ]

    def one(self, tag: str) -> dict[str, str]:
        """The attributes of the only element of a name."""
        (found,) = (has for name, has, _ in self.elements if name == tag)
        return found


def page(script: Script | str, options: PageOptions | None = None) -> Page:
    """A script as a page, read back."""
    return Page(write(parse(script) if isinstance(script, str) else script, options))


def test_every_kind_of_element_has_its_class() -> None:
    """Paragraphs say by their class what they are; a speech holds its parts."""
    found = page(everything())
    assert found.texts("h1") == ["THE LAMP"]
    assert found.texts("h2") == ["INT. LIGHTHOUSE - NIGHT", "EXT. HARBOUR - DAY"]
    kinds = ("action", "cue", "parenthetical", "dialogue", "lyric", "centered", "transition")
    assert {kind: found.texts("p", class_=kind) for kind in kinds} == {
        "action": ["FADE IN:", "The lamp turns, twice.", "    Three words indented.", "She goes."],
        "cue": ["MARA (V.O.)", "PRYCE", "MARA", "PRYCE"],
        "parenthetical": ["(reading)"],
        "dialogue": ["Nobody <wrote> this.\n\n& nobody read it.", "Yes.", "No."],
        "lyric": ["A song for the sea,\nand one for me.", "Sung by nobody."],
        "centered": ["THE END OF THE ROAD"],
        "transition": ["CUT TO:"],
    }
    assert found.texts("strong") == ["turns"]
    assert found.texts("u") == ["twice"]
    assert found.texts("em") == ["LAMP", "read"]


def test_each_scene_is_a_section_that_can_be_linked_to() -> None:
    """The list of scenes links to each, by its place; acts and sections stand between them."""
    found = page(everything())
    assert [has["id"] for name, has, _ in found.elements if name == "section"] == ["scene-1", "scene-2"]
    assert [has["href"] for name, has, _ in found.elements if name == "a"] == [
        "#script",
        "#scene-1",
        "#scene-2",
    ]
    assert found.texts("li") == ["Act one", "INT. LIGHTHOUSE - NIGHT", "EXT. HARBOUR - DAY"]
    assert page("A line without a scene.").texts("nav") == []


def test_the_page_needs_nothing_else() -> None:
    """No scripts and nothing fetched; the policy lets in this very style sheet alone."""
    html = write(everything())
    found = Page(html)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = found.elements[3][1]["content"]
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert not {"script", "link", "img", "iframe"} & {name for name, _, _ in found.elements}
    assert not re.search(r"url\(|@import|https?:", html)
    assert not [has for _, has, _ in found.elements if "style" in has]


def test_two_speeches_at_once_are_announced_as_such() -> None:
    """What is seen as two columns is said by a label; other speeches are plain."""
    found = page(everything())
    labels = [has["aria-label"] for _, has, _ in found.elements if has.get("role") == "group"]
    assert labels == ["PRYCE and MARA, at the same time"]


def test_notes_boneyards_and_synopses_are_left_out() -> None:
    """The page is for readers; a section shows in the list of scenes only."""
    html = write(everything())
    for hidden in ("Did she?", "Check the tide", "A cut scene", "Mara waits."):
        assert hidden in EVERYTHING
        assert hidden not in html
    assert html.count("Act one") == 1


def test_text_is_never_html() -> None:
    """Tags, entities, quotes and the ends of attributes show as they are, in every place."""
    attack = '</title><script>alert("1")</script>&lt;\'"><img src=x onerror=y>'
    elements = [
        Element(kind=kind, text=attack, extension=attack, scene_number=attack, dual=True)
        for kind in (Kind.CUE, Kind.DIALOGUE, Kind.CUE, Kind.DIALOGUE, *Kind)
    ]
    script = Script.of(elements, parse(f"Title: {attack}\nAuthor: {attack}\nContact: {attack}").title_page)
    found = page(script, PageOptions(scene_numbers=True, teleplay="half_hour"))
    assert not {"script", "img"} & {name for name, _, _ in found.elements}
    assert found.unbalanced == []
    assert found.texts("h1") == found.texts("title") == [attack]
    assert found.texts("p", class_="action") == [attack]


def test_what_could_disguise_a_text_is_left_out() -> None:
    """Control characters, surrogates, and marks that turn the direction; joiners of emoji and names stay."""
    action = Element(kind=Kind.ACTION, text="a\x00b\x1bc\ud800d\u202ee\u2066f\ufeffg👩\u200d🚒")
    assert page(Script.of([action])).texts("p", class_="action") == ["abcdefg👩\u200d🚒"]
    write(Script.of([action])).encode()


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (EVERYTHING, "en"),
        (CHINESE, "zh-Hans"),
        ("Title: 燈\nLanguage: zh-Hant\n\n燈塔。", "zh-Hant"),
        ("Language: Engl<ish\n\nYes.", "en"),
    ],
)
def test_the_page_says_its_language(text: str, tag: str) -> None:
    """So that screen readers speak it and the right glyphs are chosen; the title page may name it."""
    assert page(text).one("html")["lang"] == tag


def test_a_line_in_the_other_language_says_so() -> None:
    """A Chinese line in an English script, and the other way round."""
    english = page("INT. A\n\nShe reads the sign on the door.\n\n灯塔关闭。").elements
    assert [has["lang"] for name, has, _ in english if name == "p" and "lang" in has] == ["zh-Hans"]
    chinese = page("内景 灯塔 夜\n\n门上写着字，她念了两遍。\n\n!Closed.").elements
    assert [has["lang"] for name, has, _ in chinese if name == "p" and "lang" in has] == ["en"]


def test_chinese() -> None:
    """Names and parentheses as in Chinese, and the page's own words too."""
    found = page(CHINESE)
    assert found.texts("summary") == ["场景"]
    assert found.texts("p", class_="cue") == ["玛拉（画外音）", "老陈"]
    assert found.texts("p", class_="parenthetical") == ["（念）"]
    assert [has["aria-label"] for _, has, _ in found.elements if has.get("role") == "group"] == [
        "玛拉（画外音）与老陈同时说"
    ]
    assert "line-break: strict" in write(parse(CHINESE))


@pytest.mark.parametrize(("size", "margin"), [("letter", "size: letter"), ("a4", "size: a4")])
def test_it_prints_as_a_screenplay(size: str, margin: str) -> None:
    """On the paper asked for, with dialogue where it stands on the page, and without the list of scenes."""
    style = write(everything(), PageOptions(size=size)).split("@media print")[1]  # type: ignore[arg-type]
    assert margin in style
    assert "margin-left: 1in; max-width: 3.5in" in style
    assert ".skip, .scenes { display: none; }" in style


def test_page_breaks_scene_numbers_and_revisions() -> None:
    """Numbers stand in both margins and are read once; marks are on the elements that were revised."""
    script = parse("INT. A #7#\n\nOne.\n\n===\n\nTwo.")
    elements = [e.edited(id=f"e{i}") for i, e in enumerate(script.elements())]
    found = page(Script.of(elements), PageOptions(scene_numbers=True, revised=frozenset({"e1"})))
    assert found.texts("span", class_="number") == ["7"]
    assert found.texts("span", class_="number right", aria_hidden="true") == ["7"]
    assert found.texts("p", class_="action revised") == ["One."]
    assert found.texts("p", class_="action new-page") == ["Two."]


def test_a_teleplay_shows_its_acts() -> None:
    """A section stands in for a title that is not printed; it stands between scenes, not in one."""
    found = page("# Act one\n\nINT. A\n\nx\n\n# Act two\n\nINT. B\n\ny", PageOptions(teleplay="one_hour"))
    assert found.texts("p", class_="act") == ["ACT ONE"]
    assert found.texts("p", class_="act new-page") == ["ACT TWO"]
    assert not [text for text in found.texts("section") if "ACT" in text]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_printed_word_arrives_once(path: Path) -> None:
    """Of each script of the corpus and the examples, in order, with every tag closed."""
    script = read_file(path)
    found = page(script)
    assert letters("".join(found.texts("main"))) == printed_letters(script)
    assert found.unbalanced == []


@settings(max_examples=150, deadline=None)
@given(GENERATED)
def test_any_script_can_be_written(script: Script) -> None:
    """Whatever stands in a script, what is printed of it arrives once and in order, with every tag closed."""
    found = page(script)
    assert letters("".join(found.texts("main"))) == printed_letters(script)
    assert found.unbalanced == []


def test_the_same_script_gives_the_same_page() -> None:
    """Nothing on it tells when it was written; an empty script is a page too."""
    assert write(everything()) == write(everything())
    assert page("").texts("main") == ["\n"]
