"""The breakdown: what scenes need, and lengths in eighths that agree with the pages."""

from __future__ import annotations

from math import ceil
from pathlib import Path

import pytest

from storyroom.formats.fountain import parse, read_file
from storyroom.formats.pages import PageOptions, SceneBreakdown, breakdown, in_eighths, pages

EPISODES = sorted(Path(__file__).parent.parent.glob("examples/*/episodes/*.fountain"))


def scenes(*rows: int) -> str:
    """Return a script whose scenes are that many rows long, as far as they begin below others."""
    paragraph = "Rain.\n\n"
    return "".join(f"INT. HOUSE {n} - DAY\n\n{paragraph * ((r - 3) // 2)}" for n, r in enumerate(rows))


def test_what_a_scene_needs() -> None:
    """Number, heading, setting, place, time, cast, length and page."""
    script = parse("FADE IN:\n\nEXT. QUAY - DAWN #4A#\n\nMARA\nYes.\n\nSILAS (V.O.)\nNo.\n\nMara\n")
    assert breakdown(script) == [
        SceneBreakdown("4A", "EXT. QUAY - DAWN", "EXT", "QUAY", "DAWN", ("MARA", "SILAS"), 2, 1)
    ]


def test_chinese_scenes() -> None:
    """The same of a Chinese script."""
    (scene,) = breakdown(parse("内景 灯塔 夜\n\n@玛拉（画外音）\n走吧。\n"))
    assert (scene.setting, scene.place, scene.time, scene.cast) == ("INT", "灯塔", "夜", ("玛拉",))


def test_a_full_page_is_eight_eighths() -> None:
    """A scene that fills a page of 54 rows, and a half page after it."""
    found = breakdown(parse(scenes(54, 27)))
    assert [(scene.eighths, scene.start_page) for scene in found] == [(8, 1), (4, 2)]


def test_no_scene_is_shorter_than_an_eighth() -> None:
    """However short it is; what it gains the next ones give."""
    found = breakdown(parse(scenes(5, 5, 5, 30)))
    assert [scene.eighths for scene in found[:3]] == [1, 1, 1]
    assert sum(scene.eighths for scene in found) == ceil((3 * 5 + 27) / 54 * 8)


@pytest.mark.parametrize("path", EPISODES, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", ["letter", "a4"])
def test_eighths_agree_with_the_page_count(path: Path, size: str) -> None:
    """The scenes of an episode fill as many pages as it has."""
    script = read_file(path)
    options = PageOptions(size=size)  # type: ignore[arg-type]
    found = breakdown(script, options)
    assert ceil(sum(scene.eighths for scene in found) / 8) == len(pages(script, options))
    assert [scene.start_page for scene in found] == sorted(scene.start_page for scene in found)


def test_a_scene_without_printed_heading_is_there() -> None:
    """A heading that is only a note prints nothing; the scene begins with what follows."""
    found = breakdown(parse("INT. A - DAY\n\nRain.\n\n.[[later]]\n\nSnow.\n"))
    assert [scene.heading for scene in found] == ["INT. A - DAY", ""]
    assert breakdown(parse("Only action.\n")) == []


@pytest.mark.parametrize(("eighths", "text"), [(1, "1/8"), (8, "1"), (19, "2 3/8"), (0, "0")])
def test_lengths_as_the_trade_writes_them(eighths: int, text: str) -> None:
    """Whole pages and eighths."""
    assert in_eighths(eighths) == text
