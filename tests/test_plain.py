"""Scripts in plain text, in the layouts that writers use, English and Chinese."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyroom.errors import FormatError
from storyroom.formats.fountain import emphasis, parse, read_file
from storyroom.formats.pdf import PdfOptions
from storyroom.formats.plain import Reading, read, with_plain_headings
from storyroom.formats.registry import FORMATS, read_script
from storyroom.story.script import UNPRINTED, Kind, Script

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted(
    [
        *(ROOT / "tests/corpus/scripts").glob("*.fountain"),
        *(ROOT / "examples").glob("*/episodes/*.fountain"),
        *(ROOT / "tests/corpus/fountain").glob("[lnz]*.fountain"),
    ]
)
OPTIONS = [PdfOptions(), PdfOptions(size="a4", scene_numbers=True)]
ENGLISH = """
                                  THE LAMP

                                 written by

                                 Ada Quill

\f
INT. LIGHTHOUSE - NIGHT

The lamp turns. MARA, 38, polishes a brass fitting that is
already bright.

                        MARA (V.O.)
                  (not looking)
            Nobody wrote this down, and nobody is
            going to.
                  (then, after she has thought of
                   it)
            Are they?

                                                        CUT TO:

EXT. QUAY - DAY

Rain.

FADE IN:

                        DEV
            No.
"""


def kinds(reading: Reading) -> list[tuple[str, str]]:
    """Return kind and text of all elements, a cue with its extension."""
    return [
        (element.kind.value, element.text + (f" ({element.extension})" if element.extension else ""))
        for element in reading.script.elements()
    ]


def from_text(text: str) -> Reading:
    """Read a text that was indented with the test."""
    return read(textwrap.dedent(text).lstrip("\n").encode())


def said(script: Script) -> list[tuple[object, ...]]:
    """Return what is printed of a script, lyrics as dialogue: no column tells them apart."""
    found = []
    for element in script.elements():
        text = "".join(run.text for run in emphasis(element.text)).replace("\t", "    ").strip()
        if element.kind not in UNPRINTED and text:
            kind = Kind.DIALOGUE if element.kind is Kind.LYRIC else element.kind
            found.append((kind, text, element.extension, element.dual))
    return found


def joined(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Join neighbours of dialogue, and Latin with Chinese: where a line was broken, a space may be lost."""
    whole: list[tuple[object, ...]] = []
    for kind, text, *rest in found:
        if kind is Kind.DIALOGUE:
            text = " ".join(str(text).split())
            if whole and whole[-1][0] is Kind.DIALOGUE:
                text = f"{whole.pop()[1]} {text}"
        whole.append((kind, re.sub(r"(?<=[A-Za-z]) (?=[一-鿿])", "", str(text)), *rest))
    return whole


def test_columns_tell_the_elements() -> None:
    """Headings and action stand at the left, speeches further in, names further still; lines are joined."""
    reading = read(ENGLISH.encode())
    assert kinds(reading) == [
        ("scene_heading", "INT. LIGHTHOUSE - NIGHT"),
        ("action", "The lamp turns. MARA, 38, polishes a brass fitting that is already bright."),
        ("cue", "MARA (V.O.)"),
        ("parenthetical", "not looking"),
        ("dialogue", "Nobody wrote this down, and nobody is going to."),
        ("parenthetical", "then, after she has thought of it"),
        ("dialogue", "Are they?"),
        ("transition", "CUT TO:"),
        ("scene_heading", "EXT. QUAY - DAY"),
        ("action", "Rain."),
        ("action", "FADE IN:"),
        ("cue", "DEV"),
        ("dialogue", "No."),
    ]
    assert reading.doubts == ()
    assert reading.script.title_page.entries == (
        ("Title", ("THE LAMP",)),
        ("Credit", ("written by",)),
        ("Author", ("Ada Quill",)),
    )


@pytest.mark.parametrize("indent", [(4, 8, 6), (10, 20, 15), (12, 30, 20), (15, 22, 18)])
def test_the_columns_are_learned(indent: tuple[int, int, int]) -> None:
    """No two writers set the same tabs: any that part names from speeches, and both from action, will do."""
    speech, name, aside = indent
    text = "INT. QUAY - DAY\n\nMara waits.\n\n"
    for who, line in (("MARA", "Is it Dev who comes?"), ("DEV", "It is."), ("MARA", "Late.")):
        text += f"{' ' * name}{who}\n{' ' * aside}(low)\n{' ' * speech}{line}\n\n"
    found = kinds(read(text.encode()))
    assert [kind for kind, _ in found[2:5]] == ["cue", "parenthetical", "dialogue"]
    assert [text for kind, text in found if kind == "dialogue"] == ["Is it Dev who comes?", "It is.", "Late."]


def test_what_the_pages_added_is_taken_off() -> None:
    """Page numbers, headers, (CONTINUED), scene numbers and asterisks in the margins, (MORE) and (CONT'D)."""
    head = "   THE LAMP - BLUE REVISION 3/4/25                              {}.\n\n"
    text = (
        "  1    INT. LAMP ROOM - NIGHT                                         1\n\n"
        "       Mara waits at the window.                                        *\n\n"
        "                             MARA\n"
        "                 I have waited for it all night, and\n"
        "                             (MORE)\n"
        "                                                          (CONTINUED)\f"
        + head.format(2)
        + "       CONTINUED:\n\n"
        "                             MARA (CONT'D)\n"
        "                 it never came.\n\n"
        "       She goes down.\f"
        + head.format(3)
        + "  2    EXT. QUAY - DAWN                                               2\n\n"
        "                             DEV\n"
        "                 Twelve.\n\f" + head.format(4) + "       Nobody is there.\n"
    )
    reading = read(text.encode())
    assert kinds(reading) == [
        ("scene_heading", "INT. LAMP ROOM - NIGHT"),
        ("action", "Mara waits at the window."),
        ("cue", "MARA"),
        ("dialogue", "I have waited for it all night, and it never came."),
        ("action", "She goes down."),
        ("scene_heading", "EXT. QUAY - DAWN"),
        ("cue", "DEV"),
        ("dialogue", "Twelve."),
        ("action", "Nobody is there."),
    ]
    assert [scene.heading.scene_number for scene in reading.script.scenes] == ["1", "2"]


def test_a_name_is_not_taken_for_a_header() -> None:
    """A name that tops page after page is a name: it stands elsewhere too."""
    speech = "                      MARA\n            No.\n\n"
    pages = ["INT. QUAY - DAY\n\n" + speech + "Rain.\n"] + [speech + "Rain.\n\n" + speech + "Rain."] * 4
    assert sum(kind == "cue" for kind, _ in kinds(read("\f".join(pages).encode()))) == 9


def test_two_speeches_side_by_side() -> None:
    """Each name has its own words below it, and the second is dual."""
    reading = from_text(
        """
        INT. QUAY - DAY

        Rain.

                            MARA
                  Alone.

                MARA                          DEV
        It does not need you. The     (low)
        order takes two.              Yes.

        She goes.
        """
    )
    assert kinds(reading)[4:] == [
        ("cue", "MARA"),
        ("dialogue", "It does not need you. The order takes two."),
        ("cue", "DEV"),
        ("parenthetical", "low"),
        ("dialogue", "Yes."),
        ("action", "She goes."),
    ]
    assert [element.dual for element in reading.script.elements() if element.kind is Kind.CUE] == [
        False,
        False,
        True,
    ]


def test_a_speech_on_one_line_behind_a_colon() -> None:
    """`角色：台词`, with manner or source of the voice in parentheses; labels are nobody's names."""
    reading = from_text(
        """
        第一集

        1-1 教室 日 内
        人物：许知遥、陆一鸣
        △ 黑板上写着：距高考23天。
        许知遥：搬完就走。
        陆一鸣（画外音）：（停了一下）明天？
        陆一鸣（笑）：明天有饭吃。
        许知遥OS：没有人应。
        切至：

        4 操场看台 外 夜
        陆一鸣：到。
        """
    )
    assert kinds(reading) == [
        ("action", "第一集"),
        ("scene_heading", "教室 日 内"),
        ("action", "人物：许知遥、陆一鸣"),
        ("action", "黑板上写着：距高考23天。"),
        ("cue", "许知遥"),
        ("dialogue", "搬完就走。"),
        ("cue", "陆一鸣 (画外音)"),
        ("parenthetical", "停了一下"),
        ("dialogue", "明天？"),
        ("cue", "陆一鸣"),
        ("parenthetical", "笑"),
        ("dialogue", "明天有饭吃。"),
        ("cue", "许知遥 (OS)"),
        ("dialogue", "没有人应。"),
        ("transition", "切至："),
        ("scene_heading", "4 操场看台 外 夜"),
        ("cue", "陆一鸣"),
        ("dialogue", "到。"),
    ]
    assert reading.script.scenes[0].heading.scene_number == "1-1"
    assert reading.doubts == ()


def test_chinese_names_above_their_speeches() -> None:
    """At the left edge a name is known by coming again; one that stands there once is uncertain."""
    reading = from_text(
        """
        内景 灯塔 夜

        灯在转。

        玛拉（画外音）
        （念）
        两点交班。

        老陈
        有。

        玛拉
        没有人。

        路人甲
        谁？
        """
    )
    assert kinds(reading)[2:7] == [
        ("cue", "玛拉 (画外音)"),
        ("parenthetical", "念"),
        ("dialogue", "两点交班。"),
        ("cue", "老陈"),
        ("dialogue", "有。"),
    ]
    assert [(doubt.text, doubt.taken_as, doubt.line) for doubt in reading.doubts] == [
        ("老陈", Kind.CUE, 9),
        ("路人甲", Kind.CUE, 15),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "内景 灯塔 夜",
        "4 教室 内 夜",
        "第三场 教室 夜 内",
        "12. 外景 码头 - 黄昏",
        "1-2 教室 日 内",
        "内景。港务办公室 - 日",
    ],
)
def test_chinese_headings(line: str) -> None:
    """However they are numbered, and in whatever order they name place, time and setting."""
    scene = from_text(f"{line}\n玛拉：来。\n玛拉：去。\n").script.scenes[0]
    assert scene.parts.setting in ("INT", "EXT")
    assert scene.parts.place in ("灯塔", "教室", "码头", "港务办公室")
    assert scene.parts.time


def test_a_sentence_is_no_heading() -> None:
    """A line of action with the words of a heading stays action."""
    for line in ("他在教室内，夜很深。", "外面 夜 里有人。", "4 个人 走进来。"):
        assert from_text(f"{line}\n\n玛拉：来。\n玛拉：去。\n").script.scenes == ()


def test_what_has_no_layout_is_fountain() -> None:
    """Fountain in a text file is read as Fountain, and written back byte by byte."""
    for path in (
        ROOT / "tests/corpus/fountain/low_water.fountain",
        ROOT / "tests/corpus/scripts/mo_du.fountain",
    ):
        data = path.read_bytes()
        assert FORMATS["fountain"].write(read(data).script, PdfOptions()) == data
    assert kinds(read(b"INT. QUAY\n\nMARA\nNo.\n\nShe goes."))[1:] == [
        ("cue", "MARA"),
        ("dialogue", "No."),
        ("action", "She goes."),
    ]


def test_a_heading_without_its_setting_is_uncertain() -> None:
    """Capitals that name a place and a time are taken for a heading, and marked."""
    page = ENGLISH.partition("\f")[2].replace("EXT. QUAY - DAY", "THE BOATHOUSE - NIGHT")
    reading = read(page.encode())
    assert [scene.heading.text for scene in reading.script.scenes][1:] == ["THE BOATHOUSE - NIGHT"]
    assert [doubt.text for doubt in reading.doubts] == ["THE BOATHOUSE - NIGHT"]


def test_headings_that_fountain_takes_for_action() -> None:
    """`4 教室 内 夜` is a heading by what it says; the facts count thirteen scenes."""
    script = read_file(ROOT / "tests/corpus/scripts/wan_dian_ming.fountain")
    assert len(with_plain_headings(script).scenes) == 13
    forced = parse("!4 教室 内 夜\n")
    assert with_plain_headings(forced) is forced


PIECES = [
    *("INT. QUAY - DAY", "4 教室 内 夜", "MARA", "玛拉：", "玛拉", "(low)", "（低声）", "CUT TO:"),
    *("Rain.", "12.", "*", "(MORE)", "(CONT'D)", "△", "\n", "\n", "\n\n", "\f", "\t", "\u3000"),
    *(" " * columns for columns in (10, 25, 37, 60)),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_read(text: str) -> None:
    """No text is too odd; no element is empty, and each stands where a script can have it."""
    reading = read(text.encode())
    for element in reading.script.elements():
        assert element.text.strip()
    assert all(scene.heading.kind is Kind.SCENE_HEADING for scene in reading.script.scenes)
    assert all(doubt.line <= 1 + len(re.findall("\n", text)) for doubt in reading.doubts)


def test_a_very_long_script() -> None:
    """A script of a thousand scenes is read in one go, all of it."""
    page = ENGLISH.partition("\f")[2]
    assert len(read((page * 500).encode()).script.scenes) == 1000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    """Chinese Windows writes GBK and UTF-16."""
    text = "内景 灯塔 夜\n玛拉：两点交班，没有人接我的班。\n玛拉：有。\n"
    assert kinds(read(text.encode(encoding)))[1] == ("cue", "玛拉")


def test_what_is_no_text(tmp_path: Path) -> None:
    """A binary file is refused; an empty one is a script without scenes."""
    with pytest.raises(FormatError, match="binary"):
        read(b"\x7fELF\0\0\0\0")
    assert read(b"").script.scenes == ()
    (tmp_path / "a.txt").write_bytes(b"\n \n")
    assert list(read_script(tmp_path / "a.txt").elements()) == []


@pytest.mark.parametrize("options", OPTIONS, ids=["letter", "a4 with numbers"])
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_pages_read_back_as_the_script_they_show(path: Path, options: PdfOptions) -> None:
    """Every element of the examples and the corpus, but for what no page says.

    Emphasis is not read; a lyric reads as dialogue; a line that was broken between Latin and Chinese has lost
    the space that may have been there.
    """
    script = with_plain_headings(read_file(path))
    back = read(FORMATS["text"].write(script, options)).script
    assert joined(said(back)) == joined(said(script))


def test_names_that_come_once_each_before_a_colon_are_listed():
    """They may speak or not: nothing tells it, so they stay action, and each line is a doubt."""
    reading = read("内景 教室 夜\n\n老王走进来。\n\n张三：你来了。\n\n李四：嗯。\n".encode())
    assert [one.kind for one in reading.script.elements()] == [Kind.SCENE_HEADING] + [Kind.ACTION] * 3
    assert [(doubt.text, doubt.line) for doubt in reading.doubts] == [
        ("张三：你来了。", 5),
        ("李四：嗯。", 7),
    ]
    sure = read("内景 教室 夜\n\n张三：你来了。\n\n李四：嗯。\n\n张三：坐。\n\n李四：好。\n".encode())
    assert sure.doubts == ()
