"""Who and where an episode may use, and how its acts are counted."""

from pathlib import Path

import pytest
from room_kit import EXAMPLES

from storyroom.agents.checking import about, apart, likeness, sound
from storyroom.agents.company import TIMES, acts, company_of, heading, living, places_of
from storyroom.series import load_bible
from storyroom.story.bible import Bible
from storyroom.story.headings import heading_parts
from storyroom.story.plan import Order


@pytest.fixture(params=["the-last-light", "the-long-river"])
def bible(request: pytest.FixtureRequest) -> Bible:
    """The bible of each example series."""
    return load_bible(Path(EXAMPLES / request.param))


def order(bible: Bible, idea: str = "x", **fields: object) -> Order:
    """Return an order for an episode of a series."""
    base = {"idea": idea, "episode": 1, "scenes": 2, "pages": 2.0, "model": "m", "language": bible.language}
    return Order(**{**base, **fields})  # type: ignore[arg-type]


def test_the_dead_and_the_absent_do_not_speak(bible: Bible):
    """Everybody who is alive may, and nobody else."""
    names = living(bible, order(bible))
    assert names == tuple(who.name for who in bible.cast if who.status == "alive")


def test_an_order_can_limit_the_cast(bible: Bible):
    """Only those it names speak, also by an alias."""
    first = next(who for who in bible.cast if who.aliases)
    assert living(bible, order(bible, cast=(first.aliases[0],))) == (first.name,)


def test_the_company_is_whom_the_idea_names_in_its_order(bible: Bible):
    """Two names or more are the company; with fewer the first of the cast are."""
    names = living(bible, order(bible))
    assert company_of(bible, order(bible, f"{names[2]}, {names[0]}")) == (names[2], names[0])
    assert company_of(bible, order(bible, "x")) == names[:5]


def test_places_are_those_that_a_text_names(bible: Bible):
    """All places where it names none."""
    every = tuple(place.name for place in bible.locations)
    assert places_of(bible, f"… {every[3].upper()} … {every[1]} …") == (every[1], every[3])
    assert places_of(bible, "…") == every


def test_a_heading_reads_back_as_its_place_and_time(bible: Bible):
    """Every place of the bible at every time makes a heading that means the same."""
    for place in bible.locations:
        for time in TIMES[bible.language]:
            parts = heading_parts(heading(bible, bible.language, place.name, time))
            found = bible.location(parts.place)
            assert found == place
            assert parts.time == time


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scenes", [1, 2, 3, 4, 5, 6, 9, 20, 160, 400])
def test_acts_are_in_order_and_there_is_one_for_each_scene(language: str, scenes: int):
    """A cold open from four scenes on, a tag from six on, at most four acts, none after a later one."""
    names = acts(scenes, language)
    assert len(names) == scenes
    assert names == sorted(names, key=list(dict.fromkeys(names)).index)
    assert (names[0] in ("cold open", "序幕")) == (scenes >= 4)
    assert (names[-1] in ("tag", "尾声")) == (scenes >= 6)
    middle = {name for name in names if name not in ("cold open", "序幕", "tag", "尾声")}
    assert 1 <= len(middle) <= 4


def test_texts_are_held_to_the_idea():
    """Enough of its words pass, too few are told with the numbers; an idea of few words asks for those."""
    assert about("The lamp fails and Tomas sails.", "The lamp fails while Tomas sails", least=3) == []
    assert about("Nothing at all.", "The lamp fails while Tomas sails", least=3)
    assert about("The lamp.", "lamp", least=3) == []


def test_texts_are_sound_or_told_why():
    """A sentence passes; a loop and half a sentence do not, in English and in Chinese."""
    assert sound("Mara lifts the lamp.", "罗三顺点亮了灯。") == []
    assert sound("Mara lifts the")
    assert sound("罗三顺点亮了")
    assert sound("the lamp the lamp the lamp the lamp the lamp.")


def test_texts_that_say_the_same_are_told():
    """Two near-equal sentences among several are a fault, different ones are none."""
    one, other = "Mara lifts the heavy lantern.", "Pell opens a sealed letter."
    assert apart(one, other) == []
    assert apart(one, other, "The heavy lantern Mara lifts.") == ["two of them are nearly the same"]
    assert likeness((), ()) == 0.0
    assert likeness("ab", "ab") == 1.0
