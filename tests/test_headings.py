"""What headings and cues say, in English and Chinese, and the tree's own counts."""

from __future__ import annotations

import pytest

from storyroom.story.asides import printed
from storyroom.story.headings import cue_name, heading_parts
from storyroom.story.script import Element, Kind, Script, TitlePage, count_words

HEADINGS = {
    "INT. LIGHTHOUSE - NIGHT": ("INT", "LIGHTHOUSE", "NIGHT"),
    "INT. LIGHTHOUSE - LAMP ROOM - NIGHT": ("INT", "LIGHTHOUSE - LAMP ROOM", "NIGHT"),
    "INT. LIGHTHOUSE - LAMP ROOM": ("INT", "LIGHTHOUSE - LAMP ROOM", ""),
    "int. hospital - day room": ("INT", "hospital - day room", ""),
    "EXT. PARIS, FRANCE - MOMENTS LATER": ("EXT", "PARIS, FRANCE", "MOMENTS LATER"),
    "EXT. BEACH, NIGHT": ("EXT", "BEACH", "NIGHT"),
    "EXT. BEACH - DAY 3 (FLASHBACK)": ("EXT", "BEACH", "DAY 3 (FLASHBACK)"),
    "EST. HARBOUR — DAWN": ("EXT", "HARBOUR", "DAWN"),
    "INT./EXT. VAN - CONTINUOUS": ("INT-EXT", "VAN", "CONTINUOUS"),
    "I/E VAN - DAY": ("INT-EXT", "VAN", "DAY"),
    "INT / EXT. VAN - DAY": ("INT-EXT", "VAN", "DAY"),
    "EXT. / INT VAN - DAY": ("INT-EXT", "VAN", "DAY"),
    "THE LAMP ROOM": (None, "THE LAMP ROOM", ""),
    "INT. NIGHT BUS": ("INT", "NIGHT BUS", ""),
    "INT. BAR [[which?]] - DAY": ("INT", "BAR", "DAY"),
    "内景 灯塔 夜": ("INT", "灯塔", "夜"),
    "内景。灯塔 - 夜": ("INT", "灯塔", "夜"),
    "外景 海滩 礁石 傍晚": ("EXT", "海滩 礁石", "傍晚"),
    "内外景 渔船 晨": ("INT-EXT", "渔船", "晨"),
    "內景 燈塔 夜": ("INT", "燈塔", "夜"),
    "4 教室 内 夜": ("INT", "教室", "夜"),
    "12A、教室 外 日": ("EXT", "教室", "日"),
    "第三场 教室 内/外 清晨": ("INT-EXT", "教室", "清晨"),
    "教室 夜内": ("INT", "教室", "夜"),
    "教室 日/外": ("EXT", "教室", "日"),
    "INT. 灯塔 - 夜": ("INT", "灯塔", "夜"),
    "灯塔": (None, "灯塔", ""),
    "": (None, "", ""),
}


@pytest.mark.parametrize("text", HEADINGS)
def test_heading_parts(text: str) -> None:
    """A heading says inside or outside, where and when; what it leaves out is empty."""
    assert tuple(heading_parts(text)) == HEADINGS[text]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MARA (V.O.)", "Mara"),
        ("MARA (V.O.) (CONT'D) ^", "mara"),
        ("MARA CONT'D", "mara"),
        ("@McBRIDE", "mcbride"),
        ("MARA   QUILL", "Mara Quill"),
        ("玛拉（画外音）", "玛拉"),
        ("玛拉 (续)", "玛拉"),
        ("ＭＡＲＡ", "mara"),
        ("MARA [[who?]]", "mara"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    """Extensions, marks, case, width and asides make no other speaker."""
    assert cue_name(one) == cue_name(other)


def test_different_names_stay_apart() -> None:
    """A name is not its beginning, nor its neighbour."""
    assert len({cue_name(name) for name in ("MARA", "MARA QUILL", "MARA 2", "玛拉", "小玛拉")}) == 5


def test_words_are_counted_in_both_languages() -> None:
    """A Chinese character is a word, so is a run of letters or figures with its apostrophes and hyphens."""
    assert count_words("She didn't re-read 12 logs.") == 5
    assert count_words("玛拉说 OK。") == 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a [[x]] b", "a b"),
        ("a\n[[x]]\nb", "a\nb"),
        ("a [[x]]", "a"),
        ("[[x]] a", " a"),
        ("a/*x\n\ny*/b", "ab"),
        ("a [[x", "a [[x"),
        ("[[x\n\ny]]", "[[x\n\ny]]"),
        ("[[x\n  \ny]]", ""),
    ],
)
def test_the_audience_gets_no_asides(text: str, shown: str) -> None:
    """Closed notes and boneyards go, lines of nothing else too; the rest stays."""
    assert printed(text) == shown


def test_scenes_hold_what_follows_their_heading() -> None:
    """A script divides at its headings; a scene knows its speakers and words."""
    script = Script.of(
        [
            Element(kind=Kind.ACTION, text="Rain."),
            Element(kind=Kind.SCENE_HEADING, text="INT. BAR - DAY"),
            Element(kind=Kind.CUE, text="MARA"),
            Element(kind=Kind.DIALOGUE, text="You [[who?]] again."),
            Element(kind=Kind.CUE, text="Tom"),
            Element(kind=Kind.CUE, text="Mara"),
            Element(kind=Kind.NOTE, text="many words that do not count"),
            Element(kind=Kind.SCENE_HEADING, text="EXT. BAR"),
        ],
        TitlePage((("Title", ("Tide",)),)),
    )
    assert [e.text for e in script.preamble] == ["Rain."]
    assert [scene.heading.text for scene in script.scenes] == ["INT. BAR - DAY", "EXT. BAR"]
    assert script.scenes[0].speakers == ("MARA", "Tom")
    assert script.scenes[0].words == 8
    assert script.title_page.get("TITLE") == "Tide"
    assert Script.of(script.elements(), script.title_page) == script
