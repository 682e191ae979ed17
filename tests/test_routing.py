"""Routing: a note without a role goes where its words say, and the words are told."""

from pathlib import Path

import pytest
from room_kit import a_series, open_room

from storyroom.bible_file import load_bible
from storyroom.routing import route

EXAMPLES = Path(__file__).parents[1] / "examples"
GUIDED = ("showrunner",)


@pytest.mark.parametrize(
    ("text", "roles", "told"),
    [
        ("Her dialogue is too wordy.", {"dialogue_writer"}, "“dialogue”"),
        ("Let Bea say “Then when?”", {"dialogue_writer"}, "words in quotes"),
        ("The ending comes without any setup.", {"plot_writer"}, "“ending”"),
        ("The theme of the season is lost.", {"showrunner"}, "“theme”"),
        ("It has no tension, I feel nothing.", {"emotion_critic"}, "“feel”"),
        ("The pacing drags, and the motivation is unclear.", {"editor"}, "“pacing”"),
        ("Check the spelling in the headings.", {"script_coordinator"}, "“spelling”"),
        ("Editor, look at the plot of this once more.", {"editor"}, "names the editor"),
        ("@dialogue_writer please", {"dialogue_writer"}, "names the dialogue writer"),
        ("Keep Bea out of it.", {"plot_writer"}, "“Bea”"),
        ("More of the lamp room.", {"plot_writer"}, "“Lamp Room”"),
        ("Put the copper kettle into it.", {"showrunner"}, "its author guides"),
        ("这几句台词太书面了。", {"dialogue_writer"}, "“台词”"),
        ("结局没有伏笔。", {"plot_writer"}, "“伏笔”"),
        ("主题散了。", {"showrunner"}, "“主题”"),
        ("看完没有情绪。", {"emotion_critic"}, "“情绪”"),
        ("动机说不通。", {"editor"}, "“动机”"),
        ("有两个错别字。", {"script_coordinator"}, "“错别字”"),
    ],
)
def test_a_note_goes_where_its_words_say(text: str, roles: set[str], told: str):
    """English or Chinese; what decided stands in the reason."""
    routed = route(text, load_bible(EXAMPLES / "the-last-light"), GUIDED)
    assert set(routed.roles) == roles
    assert told in routed.reason


def test_a_note_on_a_scene_reaches_somebody_who_can_change_it():
    """What only critics watch goes to the dialogue writer too; what tells nothing goes there alone."""
    bible = load_bible(EXAMPLES / "the-last-light")
    feeling = route("No tension here.", bible, GUIDED, in_a_scene=True)
    assert feeling.roles == ("emotion_critic", "dialogue_writer")
    assert "can change the scene" in feeling.reason
    assert route("Put the copper kettle into it.", bible, GUIDED, in_a_scene=True).roles == (
        "dialogue_writer",
    )


def test_names_of_the_bible_are_no_words_in_other_words():
    """“Bea” does not stand in “beach”."""
    bible = load_bible(EXAMPLES / "the-last-light")
    assert route("Less beach.", bible, GUIDED).roles == GUIDED


def test_the_same_note_goes_the_same_way_and_says_why(tmp_path: Path):
    """What was routed is kept with the note; a role that is named by its author is not routed."""
    with open_room(a_series(tmp_path)) as room:
        first = room.note("Her dialogue is too wordy.", member="Kit")
        again = room.note("Her dialogue is too wordy.", member="Kit")
        assert first.roles == again.roles == ("dialogue_writer",)
        assert first.routed == again.routed == "“dialogue” is for the dialogue writer."
        assert room.note("Her dialogue is too wordy.", member="Kit", roles=["editor"]).routed == ""
        assert [life.note.routed for life in room.notes()] == [first.routed, first.routed, ""]


def test_a_role_of_the_series_own_can_be_named(tmp_path: Path):
    """Roles listed in `series.yaml` are called by their names like the others."""
    folder = a_series(tmp_path)
    page = folder / "series.yaml"
    page.write_text(page.read_text("utf-8").replace("room:\n", "room:\n  extra_roles: [punch_up]\n"), "utf-8")
    with open_room(folder) as room:
        assert room.note("For the punch up: the second joke.", member="Kit").roles == ("punch_up",)
