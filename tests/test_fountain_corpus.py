"""Fountain files as they come: whole episodes, odd encodings, odd line ends, hostile and unusable ones."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from storyroom.errors import FormatError
from storyroom.formats.fountain import files, parse, read_file, write
from storyroom.story.asides import scan
from storyroom.story.script import Kind, Script

CORPUS = Path(__file__).parent / "corpus" / "fountain"
FILES = sorted(CORPUS.glob("*.fountain"))


def said(script: Script) -> object:
    """What a reader of the script sees."""
    return script.title_page.entries, [element.content for element in script.elements()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_written_as_it_was_read(path: Path) -> None:
    """Every file of the corpus comes back byte for byte, and reads the same when laid out afresh."""
    data, script = path.read_bytes(), read_file(path)
    encoding = {"utf16": "utf-16", "gbk": "gbk"}.get(path.stem, "utf-8")
    assert write(script).encode(encoding) == data
    fresh = script.with_elements(element.edited() for element in script.elements())
    if not any(scan(element.text)[1] for element in script.elements()):
        assert said(parse(write(fresh))) == said(script)


def test_an_english_episode() -> None:
    """The first English episode holds what its writer put in."""
    script = read_file(CORPUS / "low_water.fountain")
    kinds = Counter(element.kind for element in script.elements())
    assert script.title_page.get("title") == '_**LOW WATER**_\nEpisode 3: "The Lamp Log"'
    assert [element.kind for element in script.preamble] == [Kind.BONEYARD, Kind.SECTION, Kind.SYNOPSIS]
    assert [scene.heading.scene_number for scene in script.scenes] == ["1", "2", "3", "4", "5", None, "6"]
    assert [scene.parts.setting for scene in script.scenes] == [
        "INT",
        "INT",
        "EXT",
        "INT-EXT",
        "EXT",
        None,
        "INT",
    ]
    assert script.scenes[1].speakers == ("PRYCE", "MARA", "DEV", "McBride")
    assert (kinds[Kind.CENTERED], kinds[Kind.PAGE_BREAK], kinds[Kind.LYRIC], kinds[Kind.NOTE]) == (3, 1, 1, 1)
    assert [e.text for e in script.elements() if e.dual] == ["PRYCE"]
    assert [e.text for e in script.elements() if e.kind is Kind.TRANSITION] == [
        *("SMASH CUT TO:", "CUT TO:", "FADE TO:", "FADE OUT."),
    ]


def test_a_chinese_episode() -> None:
    """The Chinese episode reads as the English one does: headings, speakers, asides, words."""
    script = read_file(CORPUS / "zuihou_de_deng.fountain")
    assert script.title_page.get("Title", "标题") == "《最后的灯》\n第一集：缺页"
    assert [tuple(scene.parts) for scene in script.scenes] == [
        ("INT", "灯塔 灯室", "夜"),
        ("INT", "港务办公室", "日"),
        ("EXT", "船台", "日"),
        ("INT-EXT", "老陈的车", "日"),
        ("EXT", "防波堤", "傍晚"),
        ("INT", "灯室", "夜"),
    ]
    assert script.scenes[0].speakers == ("玛拉", "老陈")
    assert {e.extension for e in script.elements() if e.extension} == {"续", "画外音", "V.O."}
    assert sum(e.kind is Kind.BONEYARD for e in script.elements()) == 1
    assert script.scenes[2].words > 100


@pytest.mark.parametrize(
    ("name", "title"),
    [("bom", "Byte order mark"), ("utf16", "Sixteen bits"), ("gbk", "国标"), ("crlf", "CRLF")],
)
def test_encodings_are_told_apart(name: str, title: str) -> None:
    """UTF-8 with or without byte order mark, UTF-16 and GBK are read alike."""
    page = read_file(CORPUS / f"{name}.fountain").title_page
    assert page.get("Title", "标题") == title


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n\0\1\2", "binary"),
        (b"\xff\xfeI\0N", "no encoding"),
        ("INT. CAFÉ - DAY\n\nÉLODIE\nDéjà vu, là.\n".encode("latin-1"), "neither UTF-8 nor GBK|no encoding"),
        ("She said “don’t” – twice – to a café.\n".encode("cp1252"), "neither UTF-8 nor GBK|no encoding"),
        (b"Title: x\n" + b"Key: value\n" * 1500, "title page"),
    ],
    ids=["binary", "half UTF-16", "Latin-1", "Windows-1252", "endless title page"],
)
def test_a_file_that_is_no_script(tmp_path: Path, data: bytes, message: str) -> None:
    """A file that cannot be a script is refused with a reason and a hint."""
    path = tmp_path / "x.fountain"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=message) as caught:
        read_file(path)
    assert caught.value.hint


def test_no_file_a_directory_a_giant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is no file, or one too large, is refused before it is read whole."""
    with pytest.raises(FormatError, match="cannot be read"):
        read_file(tmp_path / "gone.fountain")
    with pytest.raises(FormatError, match="directory"):
        read_file(tmp_path)
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (tmp_path / "giant.fountain").write_text("INT. HOUSE - DAY")
    with pytest.raises(FormatError, match="larger than"):
        read_file(tmp_path / "giant.fountain")


HOSTILE = [
    *[
        "[[",
        "[[\n",
        "[[ \n\n",
        "/*",
        "]]",
        "[[ ]]",
        "/* */\n",
        "(",
        ")",
        "() ",
        "A(B) ",
        "(A",
        "*a ",
        "_*",
        "\\",
    ],
    *[
        "MARA\n",
        "MARA\n\n",
        "@A\n",
        "  \n",
        "\n",
        "\r",
        "===\n",
        "#",
        "#a",
        "~",
        ">",
        "<",
        "> <",
        "A:",
        "A:\n",
        "内外景/",
    ],
]


def calls(text: str) -> int:
    """Number of function calls, Python's and C's, that reading and writing a text takes."""
    count = 0

    def called(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(called)
    try:
        script = parse(text)
        write(script.with_elements(element.edited() for element in script.elements()))
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("before", ["", "@X\nOne.\n", "INT. "])
def test_work_grows_with_the_text_and_no_faster(before: str) -> None:
    """Twice the text takes at most about twice the calls, whatever mark is repeated."""
    for unit in HOSTILE:
        once, twice = (calls(before + unit * n) for n in (200, 400))
        assert twice < 2.2 * once + 200, f"{unit!r} after {before!r}"


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_long_hostile_text_is_read(unit: str) -> None:
    """A hundred thousand characters of one mark are read and written like any text."""
    text = "@X\nOne.\n" + unit * (100_000 // len(unit))
    assert write(parse(text)) == text
