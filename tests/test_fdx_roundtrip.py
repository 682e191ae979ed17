"""Fountain to FDX and back: everything that both can say comes back, in English and in Chinese."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyroom.formats import fdx, fountain
from storyroom.formats.fountain import Run, emphasis
from storyroom.story.asides import scan
from storyroom.story.script import Element, Kind, Script, TitlePage

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(
    [*ROOT.glob("tests/corpus/fountain/*.fountain"), *ROOT.glob("examples/*/episodes/*.fountain")]
)
WHOLE = ["low_water", "night_bus", "zuihou_de_deng", "s01e01-the-notice", "s01e02-eleven-minutes"]

MARKS = [
    "*",
    "**",
    "_",
    "\\",
    "(",
    ")",
    "（",
    "）",
    "#1A#",
    ":",
    "：",
    "TO:",
    ".",
    "[[",
    "]]",
    "/*",
    "*/",
]
WORDS = [
    "MARA",
    "Mara waits.",
    "INT. HOUSE - DAY",
    "内景 灯塔 夜",
    "玛拉",
    "V.O.",
    "画外音",
    "𠮷",
    "é",
    "😀",
    "ACT ONE",
]
ASIDES = ["[[why?]]", "[[玛拉：为什么]]", "[[two\nlines]]", "/* cut */", "[[ ]]"]
BLANKS = [" ", " ", "  ", "\t", "\u3000", "\u00a0", "\n"]
TEXTS = st.lists(st.sampled_from([*WORDS, *WORDS, *BLANKS, *MARKS, *ASIDES]), min_size=1, max_size=7).map(
    "".join
)
ELEMENTS = st.builds(
    Element,
    kind=st.sampled_from(Kind),
    text=st.builds(str.__add__, st.sampled_from(WORDS), TEXTS),
    extension=st.none() | TEXTS,
    dual=st.booleans(),
    scene_number=st.sampled_from([None, "1", "12A", "A-3"]),
    depth=st.integers(1, 4),
) | st.builds(
    Element, kind=st.sampled_from([Kind.ACTION, Kind.DIALOGUE, Kind.NOTE, Kind.BONEYARD]), text=TEXTS
)
WIDTHS = {"（": "(", "）": ")"}
KEYS = [
    "Title",
    "Episode",
    "Credit",
    "Author",
    "Authors",
    "Source",
    "Contact",
    "Draft date",
    "标题",
    "编剧",
    "稿次",
]
VALUES = [
    "LOW WATER",
    "Written by",
    "by",
    "Mara: a life",
    "玛拉",
    "*Mara*",
    "12 Harbour Road",
    "Tel: 1",
    "based on a song",
]
SAME = {"Authors": "Author", "编剧": "Author", "标题": "Title", "集名": "Episode", "署名": "Credit"}
SAME |= {"原著": "Source", "联系方式": "Contact"}
TITLE_PAGES = st.lists(
    st.tuples(st.sampled_from(KEYS), st.lists(st.sampled_from(VALUES), max_size=3).map(tuple)), max_size=5
).map(lambda entries: TitlePage(tuple(entries)))


def there_and_back(script: Script) -> Script:
    """A script as Fountain again, after it was FDX."""
    return fountain.parse(fountain.write(fdx.read(fdx.write(script))))


def shown(text: str) -> tuple[Run, ...]:
    """The styled text without white space, which is not told apart at line ends and beside notes."""
    runs: list[Run] = []
    for run in emphasis(text):
        for character in run.text:
            style = run._replace(text="" if character.isspace() else WIDTHS.get(character, character))
            runs += [style] if style.text else []
    return tuple(runs)


def printed(script: Script) -> list[object]:
    """What is printed: each element with its styled text and its fields."""
    said: list[object] = []
    for element in script.elements():
        kind, text, extension, _, number, depth = element.content
        if kind in (Kind.NOTE, Kind.BONEYARD):
            continue
        runs = list(shown(text))
        if extension:
            runs += [Run(run.text) for run in shown(f"({extension})")]
        if runs or kind is Kind.PAGE_BREAK:
            said.append((kind, runs, number, depth))
    return said


def asides(script: Script) -> Counter[str]:
    """All notes and boneyards, wherever they stand."""
    found: list[str] = []
    for element in script.elements():
        opened, closed = {Kind.NOTE: ("[[", "]]"), Kind.BONEYARD: ("/*", "*/")}.get(element.kind, ("", ""))
        for part in (f"{opened} {element.text} {closed}", element.extension or ""):
            found += [
                part[a.start : a.start + 2] + "".join(part[a.start + 2 : a.end - 2].split())
                for a in scan(part)[0]
            ]
    return Counter(found)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_comes_back(path: Path) -> None:
    """Every script of the corpus and of the examples comes back whole: print, notes, dual speeches, title."""
    script = fountain.read_file(path)
    back = there_and_back(script)
    assert printed(back) == printed(script)
    assert asides(back) == asides(script)
    if path.stem != "only_marks":  # its first cue is marked as dual, and has no speech to stand beside
        assert [e.dual for e in back.elements()] == [e.dual for e in script.elements()]
    if path.stem != "gbk":  # a page of one title: nothing tells that its key was Chinese
        assert [lines for _, lines in map(_plain, back.title_page.entries)] == [
            lines for _, lines in map(_plain, script.title_page.entries)
        ]


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.stem in WHOLE], ids=lambda path: path.stem)
def test_every_element_and_note_keeps_its_place(path: Path) -> None:
    """The elements come back one by one in the same order, and each note where it stood in the text."""
    script = fountain.read_file(path)
    assert [e.content for e in there_and_back(script).elements()] == [e.content for e in script.elements()]


def _plain(entry: tuple[str, tuple[str, ...]]) -> tuple[str, list[tuple[Run, ...]]]:
    return entry[0], [emphasis(line) for line in entry[1]]


@settings(max_examples=120, deadline=None)
@given(st.lists(ELEMENTS, max_size=8))
def test_any_script_that_fountain_can_say_comes_back(elements: list[Element]) -> None:
    """Whatever stands in a Fountain script is printed the same after FDX, and no note or boneyard is lost."""
    script = fountain.parse(fountain.write(Script.of(elements)))
    back = there_and_back(script)
    assert printed(back) == printed(script)
    assert asides(back) == asides(script)


@settings(max_examples=80, deadline=None)
@given(TITLE_PAGES)
def test_any_title_page_comes_back(page: TitlePage) -> None:
    """Each value of a title page comes back under its key, or under another word for the same."""
    back = there_and_back(Script(page)).title_page
    said, read = (
        Counter((SAME.get(key, key), _plain((key, lines))[1].__repr__()) for key, lines in p.entries)
        for p in (fountain.normalise(Script(page)).title_page, back)
    )
    assert read == said
