"""The example series: what a newcomer copies has to be whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyroom.formats.fountain import parse
from storyroom.series import Series
from storyroom.story.headings import cue_name, heading_parts
from storyroom.story.script import Kind, Scene, Script

EXAMPLES = Path(__file__).parent.parent / "examples"
LANGUAGES = {"the-last-light": "en", "the-long-river": "zh"}

on_each_series = pytest.mark.parametrize("name", LANGUAGES)


def scripts(series: Series) -> list[Script]:
    """Read the earlier episodes of a series, in order."""
    return [parse(file.read_text(encoding="utf-8")) for file in sorted(series.episodes.glob("*.fountain"))]


def scenes(series: Series) -> list[Scene]:
    """Return all scenes of the earlier episodes."""
    return [scene for script in scripts(series) for scene in script.scenes]


@on_each_series
def test_an_example_is_a_whole_series(name: str) -> None:
    """Four characters and more with relations, four places and more, rules, a team of three, two episodes."""
    series = Series.open(EXAMPLES / name)
    bible = series.bible
    assert bible.language == LANGUAGES[name]
    assert len(bible.cast) >= 4
    assert all(character.relations and character.voice.samples for character in bible.cast)
    assert len(bible.locations) >= 4
    assert len(bible.rules) >= 3
    assert len(bible.team) == 3
    assert [file.name[:6] for file in sorted(series.episodes.iterdir())] == ["s01e01", "s01e02"]
    assert all(4 <= len(script.scenes) <= 7 for script in scripts(series))


@on_each_series
def test_scenes_are_set_in_the_bible(name: str) -> None:
    """The place of every heading is a location, inside or outside as that location is, at a time."""
    bible = Series.open(EXAMPLES / name).bible
    for scene in scenes(Series.open(EXAMPLES / name)):
        assert scene.heading is not None
        heading = heading_parts(scene.heading.text)
        place = bible.location(heading.place)
        assert place is not None, scene.heading.text
        assert heading.time
        assert heading.setting is not None
        assert place.setting in ("both", heading.setting.lower()), scene.heading.text


@on_each_series
def test_everyone_who_speaks_is_in_the_cast(name: str) -> None:
    """Every cue means a character of the bible, and every one of the cast speaks."""
    series = Series.open(EXAMPLES / name)
    spoken = {
        cue_name(cue.text) for scene in scenes(series) for cue in scene.elements if cue.kind is Kind.CUE
    }
    cast = {found.name for cue in spoken if (found := series.bible.character(cue))}
    assert {cue for cue in spoken if series.bible.character(cue) is None} == set()
    assert cast == {character.name for character in series.bible.cast}


@on_each_series
def test_each_scene_is_played(name: str) -> None:
    """A scene has action and talk; no speech is swallowed by action through a missing mark."""
    for scene in scenes(Series.open(EXAMPLES / name)):
        kinds = [element.kind for element in scene.elements]
        assert kinds.count(Kind.ACTION) >= 2
        assert kinds.count(Kind.DIALOGUE) >= 1
        for element in scene.elements:
            assert not (element.kind is Kind.ACTION and element.text.lstrip().startswith("@"))


@on_each_series
def test_the_idea_names_the_series_own_people_and_places(name: str) -> None:
    """The third episode's idea is about this cast and these locations."""
    bible = Series.open(EXAMPLES / name).bible
    idea = (EXAMPLES / name / "idea.txt").read_text(encoding="utf-8")
    assert sum(any(n in idea for n in character.names) for character in bible.cast) >= 3
    assert sum(place.name in idea for place in bible.locations) >= 1


def test_the_english_bible_fits_a_small_model() -> None:
    """What the embedded model has to read stays under 700 words."""
    bible = Series.open(EXAMPLES / "the-last-light").bible
    assert _words(bible.model_dump(exclude={"team", "room"})) <= 700


def _words(value: object) -> int:
    if isinstance(value, dict):
        return sum(_words(part) for part in value.values())
    if isinstance(value, list | tuple):
        return sum(_words(part) for part in value)
    return len(str(value).split())
