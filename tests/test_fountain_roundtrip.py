"""Fountain: what is read and not changed is written as it was; what is changed reads back as it was meant."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from storyroom.formats.fountain import normalise, parse, write
from storyroom.story.asides import scan
from storyroom.story.script import Element, Kind, Script, TitlePage

FRAGMENTS = [
    *[
        "MARA",
        "Mara waits",
        "INT. HOUSE - DAY",
        "ext. beach",
        "内景 灯塔 夜",
        "外景。海边",
        "玛拉",
        "CUT TO:",
        "TITLE",
        "Title:",
        "标题：",
    ],
    *[
        "(beat)",
        "（轻声）",
        "(V.O.)",
        "()",
        "^",
        "#1A#",
        "#",
        "##",
        "=",
        "===",
        "==",
        "!",
        "@",
        "~",
        ">",
        "<",
        ".",
        "..",
        "\\",
    ],
    *[
        "[[",
        "]]",
        "/*",
        "*/",
        "[",
        "]",
        "/",
        "*",
        "**",
        "_",
        ":",
        "：",
        " ",
        "  ",
        "\t",
        "    ",
        "\u3000",
        "\ufeff",
        "//",
        "é",
        "1",
    ],
]
ENDS = [
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\n  \n",
    "\n \n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\x0b",
    "\x85",
    "\u2028",
    "\x1c",
]
LINES = st.lists(st.sampled_from(FRAGMENTS), max_size=4).map("".join)
NASTY = st.lists(st.one_of(LINES, st.sampled_from(ENDS), st.sampled_from(ENDS)), max_size=40).map("".join)
TEXTS = st.lists(st.one_of(LINES, st.sampled_from(ENDS)), min_size=1, max_size=5).map("".join)
ELEMENTS = st.builds(
    Element,
    kind=st.sampled_from(Kind),
    text=TEXTS,
    extension=st.none() | TEXTS,
    dual=st.booleans(),
    scene_number=st.none() | TEXTS,
    depth=st.integers(0, 3),
    forced=st.booleans(),
)
TITLE_PAGES = st.lists(
    st.tuples(
        st.sampled_from(["Title", "AUTHOR", "标题", "Draft date", "A:b", ":"]),
        st.lists(TEXTS, max_size=3).map(tuple),
    ),
    max_size=3,
).map(lambda entries: TitlePage(tuple(entries)))


def said(script: Script) -> object:
    """Everything that a reader of the script sees: ids, force marks and sources aside."""
    return script.title_page.entries, [element.content for element in script.elements()]


@settings(max_examples=150, deadline=None)
@given(NASTY | st.text())
def test_an_unchanged_script_is_written_byte_for_byte(text: str) -> None:
    """Whatever the text, writing what was read gives the same text."""
    assert write(parse(text)) == text


@settings(max_examples=150, deadline=None)
@given(NASTY)
def test_the_lines_of_the_elements_are_the_text(text: str) -> None:
    """The raw lines of all elements, in order, are the text; line numbers count line ends."""
    script = parse(text)
    sources = [element.source for element in script.elements()]
    page = script.title_page.source
    assert text == script.head + "".join(source.raw for source in [page, *sources] if source)
    for source in sources:
        assert source is not None
        assert text.startswith(source.raw, _offset(text, source.line))
        assert source.line <= source.last_line < source.line + _count_ends(source.raw + "\n")


def _count_ends(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


def _offset(text: str, line: int) -> int:
    offset = int(text.startswith("\ufeff") and line == 1)
    for _ in range(line - 1):
        ends = [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0]
        offset = min(ends) + (2 if text.startswith("\r\n", min(ends)) else 1)
    return offset


@settings(max_examples=150, deadline=None)
@given(st.lists(ELEMENTS, max_size=8), TITLE_PAGES)
def test_any_tree_reads_back_as_its_normal_form(elements: list[Element], page: TitlePage) -> None:
    """Any tree can be written, and reads back as `normalise` says; a normal form is its own normal form."""
    script = Script.of(elements, page)
    normal = normalise(script)
    assert said(parse(write(script))) == said(normal)
    assert said(normalise(normal)) == said(normal)


@settings(max_examples=150, deadline=None)
@given(NASTY)
def test_a_tree_that_was_read_is_normal(text: str) -> None:
    """What was read can be laid out afresh and reads back the same, if it leaves no note or boneyard open."""
    script = parse(text)
    fresh = replace(script, title_page=TitlePage(script.title_page.entries)).with_elements(
        element.edited() for element in script.elements()
    )
    if not any(scan(element.text)[1] for element in script.elements()):
        assert said(normalise(fresh)) == said(script)
        assert said(parse(write(fresh))) == said(script)


@settings(max_examples=150, deadline=None)
@given(NASTY, st.data())
def test_an_edited_script_reads_back_as_it_was_edited(text: str, data: st.DataObject) -> None:
    """Elements may go, move, change and be put in anywhere, in any number."""
    script = parse(text)
    elements = list(script.elements())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(elements)))
        change = data.draw(st.sampled_from(["insert", "delete", "move", "edit", "title", "other file"]))
        if change == "insert":
            elements.insert(at, data.draw(ELEMENTS))
        elif change == "title":
            script = replace(script, title_page=data.draw(TITLE_PAGES))
        elif change == "other file":
            elements[at:at] = parse(data.draw(NASTY)).elements()
        elif at < len(elements):
            element = elements.pop(at)
            if change == "move":
                elements.insert(data.draw(st.integers(0, len(elements))), element)
            elif change == "edit":
                elements.insert(at, element.edited(text=data.draw(TEXTS)))
    edited = script.with_elements(elements)
    assert said(parse(write(edited))) in (said(normalise(edited)), said(edited))
