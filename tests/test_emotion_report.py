"""Scripts read for their feelings: lines, scenes, characters, arcs, plans."""

from __future__ import annotations

import json

import pytest
from emotion_kit import Told, episode, feeling

from storyroom.emotion import EMOTIONS, as_json, lines_of, mood_of, read, score, with_plan
from storyroom.emotion.arc import arc_of, resampled
from storyroom.emotion.planned import planned_valence
from storyroom.errors import InputError, ModelRefused
from storyroom.formats.fountain import parse
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Element, Kind, Script


def plan(number: int, act: str = "", **emotions: str) -> ScenePlan:
    """Return the plan of a scene in which these feelings are planned."""
    return ScenePlan(
        number=number,
        act=act,
        heading="",
        place="",
        time="",
        story="A",
        cast=tuple(emotions),
        beat="",
        change="",
        emotions=emotions,
    )


def test_lines_are_speech_and_action_as_the_audience_gets_them() -> None:
    """Notes, emphasis, parentheticals, act titles and transitions are not read; cues give the speaker."""
    found = [(line.number, line.scene, line.character, line.text) for line in lines_of(episode())]
    assert found == [
        (1, 1, "", "neutral: A boat comes in."),
        (2, 1, "MARA", "anger: You sold the lamp. anger: Say it again."),
        (3, 1, "MARA", "anger: Slower."),
        (4, 1, "SILAS", "fear: They would have taken the house."),
        (5, 2, "BEA", "joy: It is a girl!"),
        (6, 2, "MARA", "joy 0.3: Who?"),
    ]


def test_a_script_is_read_by_scene_and_by_character() -> None:
    """Each scene and each character has a mood of its own lines, whatever the spelling of a cue."""
    report = read(episode(), Told())
    assert (report.title, report.language, report.source) == ("Two Lamps", "en", "told v1")
    assert [(scene.number, scene.first, scene.last) for scene in report.scenes] == [(1, 1, 4), (2, 5, 6)]
    assert [scene.mood.label for scene in report.scenes if scene.mood] == ["anger", "joy"]
    mara = report.characters[0]
    assert mara.name == "MARA"
    assert mara.scenes == (1, 2)
    assert mara.mood is not None
    assert (mara.mood.label, mara.mood.lines) == ("anger", 3)
    assert mara.arc.valence[0] < mara.arc.valence[-1]
    assert report.weak == 1


def test_acts_begin_before_their_first_line() -> None:
    """A section or a printed title names the act of the scenes behind it."""
    report = read(episode(), Told())
    assert [(act.line, act.title) for act in report.acts] == [(1, "Act One"), (5, "Act Two")]
    assert [scene.act for scene in report.scenes] == ["Act One", "Act Two"]


def test_lines_before_the_first_heading_are_a_scene_of_their_own() -> None:
    """They stand under the number 0, and only if there are any."""
    report = read(parse("Rain.\n\nINT. HALL - DAY\n\nSun."), Told())
    assert [scene.number for scene in report.scenes] == [0, 1]


def test_only_action() -> None:
    """A script in which nobody speaks has scenes and no characters."""
    report = read(parse("INT. HALL - DAY\n\nfear: The light goes out.\n\nINT. ROOM - DAY\n\nDust."), Told())
    assert report.characters == ()
    assert report.scenes[0].mood is not None


def test_a_character_without_lines() -> None:
    """A cue with nothing said counts as being there and saying nothing; so does a scene without lines."""
    cue = Element(kind=Kind.CUE, text="PELL")
    heading = Element(kind=Kind.SCENE_HEADING, text="INT. HALL - DAY")
    action = Element(kind=Kind.ACTION, text="Dust.")
    report = read(Script.of([heading, action, cue, heading]), Told())
    assert [(one.name, one.mood, one.arc.at) for one in report.characters] == [("PELL", None, ())]
    assert report.scenes[0].cast == {"PELL": None}
    assert report.scenes[1].mood is None
    assert json.loads(json.dumps(as_json(report)))["characters"][0]["mood"] is None


@pytest.mark.parametrize("text", ["", "Title: X\n", "INT. HALL - DAY\n\n[[a note]]\n\n# Act One\n"])
def test_a_script_without_lines_is_refused(text: str) -> None:
    """There is nothing to measure, and the error says so."""
    with pytest.raises(InputError, match="no line of speech or action"):
        read(parse(text), Told())


def test_a_hundred_thousand_lines() -> None:
    """A script of any length is read; equal lines are scored once, and arcs keep to what can be drawn."""
    heading = Element(kind=Kind.SCENE_HEADING, text="INT. HALL - DAY")
    action = [Element(kind=Kind.ACTION, text=f"{label}: Dust.") for label in EMOTIONS]
    source = Told()
    report = read(Script.of([heading, *action * 14_286]), source)
    assert len(report.lines) == 100_002
    assert len(source.asked) == len(EMOTIONS)
    assert len(report.arc.at) == 240
    assert report.arc.at[0] < report.arc.at[-1] <= 100_002


def test_chinese_scripts_are_told_by_their_characters() -> None:
    """A script is Chinese when more of its words are, names in Latin letters notwithstanding."""
    assert read(parse("内景 灯塔 夜\n\n@MARA\n灯灭了，他还在海上。"), Told()).language == "zh"
    assert (
        read(parse("INT. TEAHOUSE 茶馆 - DAY\n\nMara says 好 and leaves by the door."), Told()).language
        == "en"
    )


def test_a_mood_counts_lines_by_confidence() -> None:
    """Lines that are hardly believed do not outvote one that is."""
    mood = mood_of([*[feeling("joy", 0.2)] * 3, *[feeling("sadness", 0.9)] * 3])
    assert mood is not None
    assert mood.label == "sadness"
    assert mood.valence < -0.3


def test_a_mood_counts_lines_by_intensity() -> None:
    """An outburst weighs more than the small talk around it."""
    mood = mood_of([*[feeling("neutral", intensity=0.05)] * 6, *[feeling("anger", intensity=0.9)] * 3])
    assert mood is not None
    assert mood.label == "anger"


@pytest.mark.parametrize(
    "feelings",
    [
        [feeling("fear", 0.9)] * 2,
        [feeling("fear", 0.3)] * 9,
        [feeling("fear", 0.9), feeling("joy", 0.9)] * 4,
        [feeling("fear", 0.0)] * 9,
    ],
    ids=["few lines", "low confidence", "two alike", "nothing to go on"],
)
def test_a_weak_mood_is_known_as_weak(feelings: list) -> None:
    """Few lines, low confidence and a close second make a mood weak."""
    mood = mood_of(feelings)
    assert mood is not None
    assert mood.weak
    strong = mood_of([feeling("fear", 0.9)] * 4)
    assert strong is not None
    assert not strong.weak


def test_no_lines_have_no_mood() -> None:
    """Nothing is made up where nothing was said."""
    assert mood_of([]) is None


def test_an_arc_follows_what_is_believed() -> None:
    """It rises from sadness to joy, stays flat where nothing changes, and passes over unsure lines."""
    rising = arc_of(range(1, 41), [feeling("sadness")] * 20 + [feeling("joy")] * 20)
    assert rising.valence[0] < -0.5 < 0.5 < rising.valence[-1]
    assert list(rising.valence) == sorted(rising.valence)
    flat = arc_of(range(1, 10), [feeling("fear"), feeling("joy", 0.0), feeling("fear")] * 3)
    assert set(flat.valence) == {-0.6}


def test_resampling_keeps_the_mean() -> None:
    """Values are averaged into fewer; few values stay as they are."""
    assert resampled([1.0, 3.0, 5.0, 7.0], 2) == [2.0, 6.0]
    assert resampled([1.0], 9) == [1.0]


def test_planned_beside_measured() -> None:
    """A plan is met, missed, unsure where the measure is weak, or silent where nobody spoke."""
    report = with_plan(
        read(episode(), Told()),
        [plan(1, Mara="anger", silas="joy", Pell="fear"), plan(2, Bea="joy", Mara="fear")],
    )
    assert [(one.scene, one.character, one.verdict) for one in report.planned] == [
        (1, "Mara", "met"),
        (1, "silas", "unsure"),
        (1, "Pell", "silent"),
        (2, "Bea", "met"),
        (2, "Mara", "unsure"),
    ]
    assert planned_valence(report, 2) == pytest.approx(0.025)
    assert planned_valence(read(episode(), Told()), 2) is None
    said = as_json(report)
    assert said["planned"][2]["measured"] is None


def test_a_strong_other_feeling_misses_the_plan() -> None:
    """Three sure lines of another feeling are no doubt any more."""
    script = parse("INT. HALL - DAY\n\n" + "BEA\njoy 0.9: Ha!\n\n" * 3)
    report = with_plan(read(script, Told()), [plan(1, Bea="fear")])
    assert [one.verdict for one in report.planned] == ["missed"]


def test_acts_of_the_plan_stand_in_for_titles() -> None:
    """A script that names no acts takes them from its outline; one that names some keeps its own."""
    script = parse("INT. A - DAY\n\nDust.\n\nINT. B - DAY\n\nDust.\n\nINT. C - DAY\n\nDust.")
    plans = [plan(1, "cold open"), plan(2, "act 1"), plan(3, "act 1")]
    report = with_plan(read(script, Told()), plans)
    assert [(act.line, act.title) for act in report.acts] == [(1, "cold open"), (2, "act 1")]
    assert [scene.act for scene in report.scenes] == ["cold open", "act 1", "act 1"]
    assert with_plan(read(episode(), Told()), plans[:2]).acts[0].title == "Act One"


def test_a_plan_of_another_script_is_refused() -> None:
    """Scenes are compared in order, so there must be as many."""
    with pytest.raises(InputError, match="plans 1 scenes and the script has 2"):
        with_plan(read(episode(), Told()), [plan(1, Mara="joy")])


def test_a_source_that_loses_lines_is_refused() -> None:
    """A feeling must never stand beside another line than its own."""

    class Loses(Told):
        def score(self, lines):
            return super().score(lines)[1:]

    with pytest.raises(ModelRefused, match="asked about 2 lines and answered for 1"):
        score(["a", "b"], Loses())


def test_only_the_beginning_of_an_endless_line_is_read() -> None:
    """A line of a million characters is no line of a script, and must not fill the memory."""
    source = Told()
    score(["joy " + "x" * 1_000_000], source)
    assert len(source.asked[0]) == 1000


def test_the_record_says_everything_of_a_line() -> None:
    """What programs get of a line names its source, its doubt and its whole distribution."""
    line = as_json(read(episode(), Told()))["lines"][5]
    assert (line["character"], line["feeling"], line["weak"], line["source"]) == (
        "MARA",
        "joy",
        True,
        "told v1",
    )
    assert sum(line["distribution"].values()) == pytest.approx(1)
