"""Who is who: aliases, spellings that only a human can settle, and who is present in a scene."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from storyroom.formats.fountain import parse
from storyroom.story.bible import Bible
from storyroom.story.numerals import number_of
from storyroom.story.people import People, appearances
from storyroom.story.script import Element
from storyroom.story.spellings import Place, Question, find_questions


def a_bible(**cast: Sequence[str]) -> Bible:
    """Return a bible with these people and their aliases; an underscore is a space."""
    return Bible.model_validate(
        {
            "title": "T",
            "logline": "L",
            "genre": "drama",
            "tone": "dry",
            "cast": [
                {
                    "name": name.replace("_", " "),
                    "aliases": list(aliases),
                    "role": "r",
                    "traits": "t",
                    "voice": {"style": "s", "samples": ["x"]},
                    "want": "w",
                }
                for name, aliases in cast.items()
            ],
            "locations": [{"name": "Quay", "setting": "ext", "description": "d"}],
        }
    )


BIBLE = a_bible(Mara=["Mara Quill", "The Keeper"], Silas_Pryce=["Old Pryce"], Ines_Pryce=[], 许知遥=["小许"])


def scenes(*texts: str) -> list[tuple[Place, Sequence[Element]]]:
    """Return scenes of episode 1 from the Fountain below their headings."""
    return [(Place(1, number), list(parse(text).elements())) for number, text in enumerate(texts, 1)]


def cue(name: str, times: int = 1) -> str:
    """Return speeches under a name."""
    return f"@{name}\nNo.\n\n" * times


@pytest.mark.parametrize(
    ("spelled", "name", "known"),
    [
        ("MARA (V.O.)", "Mara", True),
        ("mara quill (CONT'D)", "Mara", True),
        ("THE KEEPER", "Mara", True),
        ("ＭＡＲＡ", "Mara", True),
        ("许知遥（画外音）", "许知遥", True),
        ("小许", "许知遥", True),
        ("MARAH", "MARAH", False),
    ],
)
def test_a_cue_means_somebody(spelled: str, name: str, known: bool) -> None:
    """Case, width, extensions and aliases are put aside; nothing else is."""
    assert People(BIBLE).who(spelled) == (name, known)


def test_what_was_settled_holds() -> None:
    """A spelling that was settled means whom it was settled for, over two steps too."""
    people = People(BIBLE, {"marah": "Mara", "marra": "Marah", "guard 1": "Guard One"})
    assert people.who("MARAH").name == "Mara"
    assert people.who("Marra (V.O.)") == ("Mara", True)
    assert people.who("GUARD 1") == ("Guard One", False)
    assert people.digest != People(BIBLE).digest
    assert People(BIBLE).digest == People(BIBLE).digest
    assert People(BIBLE, {"a": "B", "b": "A"}).who("A").name in ("A", "B")


def test_a_cue_for_two() -> None:
    """Two names that the bible knows are two speakers; else it is a name of its own."""
    people = People(BIBLE)
    assert [who.name for who in people.everyone("MARA AND OLD PRYCE")] == ["Mara", "Silas Pryce"]
    assert [who.name for who in people.everyone("MARA / 小许")] == ["Mara", "许知遥"]
    assert [who.name for who in people.everyone("PIP AND GERALD")] == ["PIP AND GERALD"]


def test_appearances() -> None:
    """Speeches and words are counted for all spellings of one name; action names the silent."""
    said = cue("MARA") + "@MARA QUILL (V.O.)\nTwo words.\n\n@X\nIs Ines Pryce here?\n"
    ((_, elements),) = scenes("The keeper of Marathon waits. 小许站着。\n\n" + said)
    mara, stranger, xu = appearances(elements, People(BIBLE))
    assert (mara.name, mara.cues) == ("Mara", ("MARA", "MARA QUILL"))
    assert (mara.speeches, mara.words, mara.named) == (2, 3, True)
    assert (stranger.name, stranger.known, stranger.words) == ("X", False, 4)
    assert (xu.name, xu.speeches, xu.named) == ("许知遥", 0, True)


def questions(
    *texts: str, settled: dict[str, str] | None = None, strangers: Sequence[str] = ()
) -> list[Question]:
    """Ask about scenes."""
    return find_questions(scenes(*texts), People(BIBLE, settled), strangers)


def test_one_character_under_five_spellings() -> None:
    """Each is asked about by itself, with whom it could mean; none is merged."""
    spellings = ("MARAH", "MARRA", "MAR A", "DR. MARA", "MARA'S VOICE")
    found = questions("".join(cue(one) for one in spellings))
    assert [(one.kind, one.spelling, one.candidates) for one in found] == [
        ("near", spelling, ("Mara",)) for spelling in spellings
    ]
    assert questions("".join(map(cue, spellings)), settled={one.lower(): "Mara" for one in spellings}) == []


def test_a_name_that_fits_two_of_the_cast() -> None:
    """Both are named."""
    (found,) = questions(cue("PRYCE", 3))
    assert (found.kind, found.candidates, found.speeches) == ("fits", ("Silas Pryce", "Ines Pryce"), 3)
    assert str(found) == (
        "PRYCE (episode 1, scene 1) is not in the bible: is this Silas Pryce or Ines Pryce, or somebody else?"
    )


def test_people_whom_the_bible_does_not_know() -> None:
    """Of two spellings the rarer one is asked about; one that an earlier episode had is what it means."""
    (found,) = questions(cue("GUNNARSON", 3) + cue("GUNARSON"))
    assert (found.spelling, found.candidates) == ("GUNARSON", ("GUNNARSON",))
    (found,) = questions(cue("GUNARSON", 5), strangers=["GUNNARSON"])
    assert found.candidates == ("GUNNARSON",)


@pytest.mark.parametrize(
    "names",
    [
        ("GUARD 1", "GUARD 2"),
        ("COP A", "COP B"),
        ("BOB", "ROB"),
        ("LARA",),
        ("许知", "许文"),
        ("MAN", "WOMAN"),
    ],
)
def test_names_that_are_only_alike(names: Sequence[str]) -> None:
    """Numbered people, short names and other first letters are nobody's misspelling."""
    assert questions("".join(map(cue, names))) == []


def test_chinese_names() -> None:
    """One character off, or the given name alone; two who speak in one scene are two."""
    assert [one.candidates for one in questions(cue("许知瑶") + cue("知遥"))] == [("许知遥",), ("许知遥",)]
    assert questions(cue("林德福", 2) + cue("林德顺")) == []
    (found,) = questions(cue("林德福", 2), cue("林德顺"))
    assert found.candidates == ("林德福",)


def test_two_people_of_one_name() -> None:
    """Ages too far apart for one person, in English or Chinese, are listed with both scenes."""
    first, second = questions(
        "MARA (38) and 许知遥，十八岁，wait.\n", "Mara, 39, older. A girl, MARA, 9, and 许知遥（45岁）.\n"
    )
    assert (first.kind, first.spelling, first.ages) == ("twice", "Mara", (9, 38))
    assert first.places == (Place(1, 2), Place(1, 1))
    assert (second.spelling, second.ages) == ("许知遥", (18, 45))
    assert "one person or two?" in str(first)
    assert questions("MARA (38)\n", "MARA, 39, waits. Mara, 1200 feet up.\n") == []


def test_chinese_numbers() -> None:
    """Up to 999, in characters or digits."""
    said = ("七", "十", "十八", "二十", "三十八", "一百零二", "九百九十九", "两百", "12")
    assert [number_of(one) for one in said] == [7, 10, 18, 20, 38, 102, 999, 200, 12]
