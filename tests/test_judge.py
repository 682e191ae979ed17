"""The judge of the benchmark finds what a reader would find."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from judge import Idea, cut_off, is_about, is_noise, judge, scenes_of, stands_too_often

TEXT = "Mara climbs to the Lamp Room with the red lantern while the ferry waits. Tomas hides the rope."
IDEA = Idea.of(TEXT, ["Mara", "Tomas", "Bea"], ["Lamp Room", "Quay"])
SCENE = """Title: X

INT. LAMP ROOM - NIGHT

Mara lifts the lantern.

MARA
The ferry will not wait for a lantern.

TOMAS (V.O.)
I hid the rope.
"""


def test_an_idea_is_its_people_places_and_things():
    """Names that the bible knows are people and places; the other words of weight are things."""
    assert IDEA.people == {"Mara", "Tomas"}
    assert IDEA.places == {"Lamp Room"}
    assert {"lantern", "ferry", "rope"} <= IDEA.things
    assert not {"with", "while", "the"} & IDEA.things


def test_a_text_is_about_the_idea_when_it_names_who_and_what():
    """Somebody alone is not enough, nor are things alone."""
    assert is_about("Mara drops her lanterns on the rope.", IDEA)
    assert not is_about("Mara walks along and thinks.", IDEA)
    assert not is_about("A lantern hangs on a rope.", IDEA)


@pytest.mark.parametrize(
    "text",
    ["the the lamp", "she went to the sea and she went to the sea", "aaargh", "xkcdqr", "", "#$%& §§ a b"],
)
def test_noise_is_noise(text: str):
    """Stammering, loops, non-words, nothing."""
    assert is_noise(text)


def test_prose_is_no_noise():
    """A plain sentence passes."""
    assert not is_noise("I hid the rope, and I would hide it again.")


def test_a_good_script_meets_all_and_a_bad_one_does_not():
    """Each fault by itself is enough to fail."""
    good = {
        "brief": {"premise": TEXT},
        "beats": [TEXT],
        "casts": [["Mara", "Tomas"]],
        "places": ["Lamp Room"],
    }
    assert judge(SCENE, IDEA, **good).meets
    for worse in (
        SCENE.replace("I hid the rope.", "I hid the"),
        SCENE.replace("INT. LAMP ROOM", "INT. PALACE"),
        SCENE.replace("INT. LAMP ROOM - NIGHT", "INT LAMP ROOM"),
        SCENE.replace("TOMAS (V.O.)", "BEA"),
        SCENE.replace("lantern", "thing").replace("ferry", "other").replace("rope", "pen"),
        SCENE + "\nMARA\nGo.\n" * 3,
        SCENE.replace("lifts the lantern", "lifts lifts the lantern"),
    ):
        assert not judge(worse, IDEA, **good).meets, worse
    assert not judge(SCENE, IDEA, **{**good, "brief": {"premise": "A story about love."}}).meets
    assert not judge(SCENE, IDEA, **{**good, "beats": ["Bea sleeps."]}).meets


def test_lines_copied_from_the_idea_do_not_make_a_scene():
    """A scene whose only link to the idea is a sentence of it, word for word, is not about it."""
    scene = "INT. LAMP ROOM - NIGHT\n\nTomas hides the rope.\n\nMARA\nYes. I am well.\n"
    alone = {"brief": {"premise": TEXT}, "beats": [TEXT], "casts": [["Mara"]], "places": ["Lamp Room"]}
    assert judge(scene, IDEA, **alone).scenes == 0


def test_a_script_is_read_scene_by_scene():
    """Speakers, speeches and action are told apart."""
    (scene,) = scenes_of(SCENE)
    assert scene.speeches == [
        ("MARA", "The ferry will not wait for a lantern."),
        ("TOMAS", "I hid the rope."),
    ]
    assert scene.action == ["Mara lifts the lantern."]
    assert cut_off([scene]) == []
    assert stands_too_often([scene, scene, scene]) != []
