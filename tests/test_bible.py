"""The bible as a model: names, relations, roles, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from storyroom.story.bible import Bible, Role, path_text, same_name


def bible_data(**changes: Any) -> dict[str, Any]:
    """Return a small bible as plain data."""
    voice = {"style": "dry", "samples": ["Sit."]}
    cast = [
        {
            "name": "Mara",
            "aliases": ["Keeper Quill"],
            "role": "keeper",
            "traits": ["proud"],
            "voice": voice,
            "want": "light",
            "relations": {"Tomas": "her brother in law"},
        },
        {"name": "Tomas", "role": "fisherman", "traits": ["sly"], "voice": voice, "want": "money"},
    ]
    return {
        "title": "The Last Light",
        "logline": "A lighthouse goes dark.",
        "genre": "drama",
        "tone": "quiet",
        "cast": cast,
        "locations": [{"name": "Lamp Room", "setting": "int", "description": "a lens"}],
    } | changes


def problems(data: dict[str, Any]) -> dict[str, str]:
    """Return field path to message for all that is wrong in a bible."""
    with pytest.raises(ValidationError) as caught:
        Bible.model_validate(data)
    found: dict[str, str] = {}
    for error in caught.value.errors():
        if error["type"] == "contradiction":
            found |= {path_text(where): text for where, text in error["ctx"]["problems"]}
        else:
            found[path_text(error["loc"])] = error["msg"]
    return found


def test_a_small_bible_is_enough() -> None:
    """What is not said has the values a small team would expect."""
    bible = Bible.model_validate(bible_data())
    assert bible.genre == ("drama",)
    assert bible.room.depth == "standard"
    assert bible.room.model is None
    assert bible.room.gates == ()
    assert bible.cast[1].status == "alive"
    assert bible.roles == tuple(Role)


def test_length_comes_from_the_format_unless_the_room_has_its_own() -> None:
    """A one-hour episode is 55 pages long; `room.pages` goes first."""
    assert Bible.model_validate(bible_data()).pages == 55
    assert Bible.model_validate(bible_data(format="short")).pages == 12
    assert Bible.model_validate(bible_data(room={"pages": 4.5})).pages == 4.5


@pytest.mark.parametrize("name", ["Mara", "MARA", " mara ", "KEEPER  QUILL", "ＭＡＲＡ"])
def test_characters_are_found_by_name_or_alias(name: str) -> None:
    """Case, width and spacing do not matter, as cues are written in capitals."""
    character = Bible.model_validate(bible_data()).character(name)
    assert character is not None
    assert character.name == "Mara"


def test_strangers_and_unknown_places_are_none() -> None:
    """A name that means nobody is answered with None, for the caller to report."""
    bible = Bible.model_validate(bible_data())
    assert bible.character("Pell") is None
    assert bible.character("") is None
    assert bible.location("Quay") is None
    place = bible.location("LAMP ROOM")
    assert place is not None
    assert place.setting == "int"


def test_a_bible_never_changes() -> None:
    """Fields cannot be set after it was made."""
    bible = Bible.model_validate(bible_data())
    with pytest.raises(ValidationError, match="frozen"):
        bible.title = "Another"


@pytest.mark.parametrize(
    "name",
    [
        "a/b",
        "a\\b",
        "a\nb",
        "a\tb",
        "a\x00b",
        "a\u200bb",
        "a\u202eb",
        "Mara (V.O.)",
        "何青（画外音）",
        "",
        "  ",
    ],
)
def test_names_that_no_cue_or_file_can_carry_are_refused(name: str) -> None:
    """Separators, control characters, invisible characters and Fountain's own marks."""
    data = bible_data()
    data["cast"][1]["name"] = name
    data["cast"][0]["relations"] = {}
    assert list(problems(data)) == ["cast[1].name"]


@pytest.mark.parametrize("name", ["何青", "O'Brien", "Dr. Lee", "Guard #2", "Jean-Luc", "No", "7"])
def test_ordinary_names_are_taken(name: str) -> None:
    """Chinese names, apostrophes, dots, dashes and numbers are names."""
    data = bible_data()
    data["cast"].append(data["cast"][1] | {"name": name})
    assert Bible.model_validate(data).cast[2].name == name


def test_one_name_means_one_person() -> None:
    """A name may not be another's name or alias, whatever its case."""
    data = bible_data()
    data["cast"][1]["aliases"] = ["keeper QUILL", "tomas"]
    found = problems(data)
    assert "cast[0].aliases[0]" in found["cast[1].aliases[0]"]
    assert "cast[1].name" in found["cast[1].aliases[1]"]


def test_places_and_members_are_unique() -> None:
    """Two places or two members of one name are refused."""
    data = bible_data(team=[{"name": "Rosa", "roles": ["editor"]}, {"name": "ROSA", "roles": ["editor"]}])
    data["locations"].append(data["locations"][0] | {"name": "LAMP room"})
    assert list(problems(data)) == ["locations[1].name", "team[1].name"]


@pytest.mark.parametrize(
    ("language", "name", "reads"),
    [("zh", "三号-仓库", False), ("zh", "三号 仓库", True), ("en", "Lighthouse - Lamp Room", True)],
)
def test_a_place_reads_back_from_its_heading(language: str, name: str, reads: bool) -> None:
    """A name that a heading would take apart is refused; a place within a place is none of those."""
    data = bible_data(language=language, locations=[{"name": name, "setting": "int", "description": "x"}])
    if reads:
        assert Bible.model_validate(data).locations[0].name == name
    else:
        assert list(problems(data)) == ["locations[0].name"]


def test_relations_are_between_the_cast() -> None:
    """A relation to nobody is refused with the nearest name; an alias counts; oneself does not."""
    data = bible_data()
    data["cast"][1]["relations"] = {"keeper quill": "feared", "Maro": "who", "Tomas": "himself"}
    found = problems(data)
    assert list(found) == ["cast[1].relations.Maro", "cast[1].relations.Tomas"]
    assert "did you mean Mara?" in found["cast[1].relations.Maro"]


def test_roles_exist_or_are_declared() -> None:
    """A role is one of the room's, or listed under `room.extra_roles`."""
    team = [{"name": "Rosa", "roles": ["showrunnr", "punch_up"]}]
    found = problems(bible_data(team=team, room={"models": {"stunt": "embedded"}}))
    assert list(found) == ["team[0].roles[0]", "team[0].roles[1]", "room.models.stunt"]
    assert "did you mean showrunner?" in found["team[0].roles[0]"]
    team[0]["roles"] = ["showrunner", "punch_up"]
    bible = Bible.model_validate(bible_data(team=team, room={"extra_roles": ["punch_up"]}))
    assert bible.roles[-1] == "punch_up"


@pytest.mark.parametrize("part", ["cast", "locations"])
def test_there_is_somebody_somewhere(part: str) -> None:
    """A series has at least one character and one place."""
    assert list(problems(bible_data(**{part: []}))) == [part]


def test_texts_are_bounded() -> None:
    """A field that a prompt carries has a limit, and control characters are refused in it."""
    assert list(problems(bible_data(logline="x" * 2001, tone="a\x1b[31m"))) == ["logline", "tone"]
    assert Bible.model_validate(bible_data(logline="One.\nTwo.")).logline == "One.\nTwo."


def test_every_field_says_what_it_means() -> None:
    """All fields of all parts carry a description, for the reference and the editor."""
    schema = Bible.model_json_schema()
    assert {"Character", "Voice", "Location", "Member", "RoomSettings"} <= set(schema["$defs"])
    for name, part in {"Bible": schema, **schema["$defs"]}.items():
        for field, what in part.get("properties", {}).items():
            assert what.get("description"), f"{name}.{field}"


def test_same_name_puts_spelling_aside() -> None:
    """Two spellings of one name have one form; two names have two."""
    assert same_name("  LAMP\u3000ROOM ") == same_name("Lamp Room")
    assert same_name("何青") != same_name("何清")
