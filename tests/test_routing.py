"""Routing: a note without a role goes where its words say, and the words are told."""

from pathlib import Path

import pytest
from room_kit import a_series, begin, open_room

from storyroom.bible_file import load_bible
from storyroom.errors import InputError
from storyroom.memory.notes import standing
from storyroom.routing import route
from storyroom.story.scene_names import scene_meant

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
        ("Put the copper kettle into it.", {"showrunner"}, "whom its author guides"),
        ("这几句台词太书面了。", {"dialogue_writer"}, "“台词”"),
        ("结局没有伏笔。", {"plot_writer"}, "“伏笔”"),
        ("主题散了。", {"showrunner"}, "“主题”"),
        ("看完没有情绪。", {"emotion_critic"}, "“情绪”"),
        ("动机说不通。", {"editor"}, "“动机”"),
        ("有两个错别字。", {"script_coordinator"}, "“错别字”"),
        ("让小满说「船不等人。」", {"dialogue_writer"}, "words in quotes"),
        ("请剧本编辑再看一遍结局。", {"editor"}, "names the editor"),
    ],
)
def test_a_note_goes_where_its_words_say(text: str, roles: set[str], told: str):
    """English or Chinese; what decided stands in the reason."""
    routed = route(text, load_bible(EXAMPLES / "the-last-light"), GUIDED)
    assert set(routed.roles) == roles
    assert told in routed.reason


@pytest.mark.parametrize(
    ("text", "in_a_scene", "reason"),
    [
        ("台词太书面，要说：“船不等人。”", False, "意见里有引号里的原话和“台词”，归对白编剧管。"),
        (
            "结局没有伏笔，节奏太慢。",
            False,
            "意见里有“结局”和“伏笔”，归情节编剧管；有“节奏”和“太慢”，归剧本编辑管。",
        ),
        ("逻辑不对。", True, "意见里有“逻辑”，归剧本编辑管。能改这一场的是对白编剧，所以也交给对白编剧。"),
        ("对白编剧和总编剧看看。", False, "意见里点名了总编剧和对白编剧。"),
        ("小满到哪里去了？", False, "意见说的是“小满”，没有指明哪一场。"),
        ("铜壶。", False, "看不出归谁管，交给提意见的人所带的岗位：总编剧。"),
    ],
)
def test_the_reason_is_a_sentence_in_the_language_of_the_series(text: str, in_a_scene: bool, reason: str):
    """A Chinese series tells it in Chinese."""
    assert (
        route(text, load_bible(EXAMPLES / "the-long-river"), GUIDED, in_a_scene=in_a_scene).reason == reason
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            'Ines must say "Eleven minutes."',
            "It gives words in quotes and speaks of “say”, which is the work of",
        ),
        (
            "The joke is unclear.",
            "It speaks of “joke”, which is the work of the dialogue writer, and speaks of",
        ),
        ("Keep Bea and Pell out.", "It is about “Bea” and “Pell” and names no scene."),
    ],
)
def test_several_words_are_told_in_one_sentence(text: str, reason: str):
    """What decided is joined as people would say it."""
    assert route(text, load_bible(EXAMPLES / "the-last-light"), GUIDED).reason.startswith(reason)


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
        assert (
            first.routed
            == again.routed
            == ("It speaks of “dialogue”, which is the work of the dialogue writer.")
        )
        assert room.note("Her dialogue is too wordy.", member="Kit", roles=["editor"]).routed == ""
        assert [life.note.routed for life in room.notes()] == [first.routed, first.routed, ""]


def test_a_role_of_the_series_own_can_be_named(tmp_path: Path):
    """Roles listed in `series.yaml` are called by their names like the others."""
    folder = a_series(tmp_path)
    page = folder / "series.yaml"
    page.write_text(page.read_text("utf-8").replace("room:\n", "room:\n  extra_roles: [punch_up]\n"), "utf-8")
    with open_room(folder) as room:
        assert room.note("For the punch up: the second joke.", member="Kit").roles == ("punch_up",)


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("Scene 3 drags.", 3),
        ("Let Bea sit down in scene two.", 2),
        ("The third scene is too long; cut scene 3.", 3),
        ("SCENE #4: more rain.", 4),
        ("第三场太慢。", 3),
        ("第 12 场里小满不该笑。", 12),
        ("第十场再短一点", 10),
        ("Scene 3 is too like scene 1.", None),
        ("Scenes 2 and 3 are one.", None),
        ("As in episode 2, scene 3, she counts.", None),
        ("像上一集第三场那样。", None),
        ("第二集第三场说过了。", None),
        ('Mara says "Scene three, take one."', None),
        ("The scene is long.", None),
        ("这一场太长。", None),
    ],
)
def test_a_note_is_about_the_scene_that_it_names(text: str, scene: int | None):
    """The only scene that it names in its own words, in English and Chinese; of this episode alone."""
    assert scene_meant(text) == scene


@pytest.mark.parametrize(
    ("series", "text", "told"),
    [
        (
            "the-last-light",
            "The dialogue of scene 2 is too long.",
            "It speaks of scene 2, so it is about scene 2.",
        ),
        ("the-long-river", "第二场的台词太长。", "意见说的是第 2 场，就归到第 2 场。"),
    ],
)
def test_a_note_is_placed_by_its_words_and_can_be_placed_anew(
    tmp_path: Path, series: str, text: str, told: str
):
    """The reason is told; what is said beside it comes first; it can be assigned elsewhere or everywhere."""
    with open_room(a_series(tmp_path, series)) as room:
        member = room.bible.team[0].name
        note = room.note(text, member=member)
        assert (note.scene, note.placed, note.roles) == (2, told, ("dialogue_writer",))
        assert (room.note(text, member=member, scene=1).scene, room.note("好。", member=member).placed) == (
            1,
            "",
        )
        room.change_note(note.id, "assign", member=member, everywhere=True)
        life = room.notes()[0]
        assert (life.note.scene, life.note.roles) == (None, ("dialogue_writer",))
        assert note.id in {one.id for one in standing(room.ledger, None, scene=7)}
        room.change_note(note.id, "assign", member=member, scene=3)
        assert room.notes()[0].note.scene == 3
        assert [event.reason for event in room.notes()[0].history][1:] == ["everywhere", "scene 3"]
        for wrong in ({}, {"scene": 3, "everywhere": True}):
            with pytest.raises(InputError):
                room.change_note(note.id, "assign", member=member, **wrong)


def test_a_scene_that_a_session_does_not_have_places_no_note(tmp_path: Path):
    """The note stays with the whole session; to assign it there is refused."""
    with open_room(a_series(tmp_path)) as room:
        session = begin(room).session
        note = room.note("Scene 9 of the book was better.", member="Kit", session=session.id)
        assert (note.scene, note.placed) == (None, "")
        with pytest.raises(InputError, match="no scene 9"):
            room.change_note(note.id, "assign", member="Kit", scene=9)
        assert room.note("Scene 2 drags.", member="Kit", session=session.id).scene == 2
