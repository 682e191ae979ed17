"""Scenes of dialogue: only those who are named speak, from a bible or from a few words."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from room_kit import MODEL, a_series, open_room
from scripted_room import scripted_room
from tool_kit import prompts_of, run

from storyroom.errors import InputError
from storyroom.formats.fountain import parse
from storyroom.memory.inbox import Note
from storyroom.models.guided import Phrases, guided_scene_grammar
from storyroom.story.bible import Bible
from storyroom.story.checks import noise, unfinished
from storyroom.story.script import Kind
from storyroom.tools.casting import casting, character_of, place_of
from storyroom.tools.dialogue import Dialogue, Wanted, dialogue, feeling_of, matter_of, pages_for
from storyroom.tools.stock import stock
from storyroom.tools.workbench import workbench

ADA = "Ada: hero, proud, short sentences"
BO = 'Bo: villain, polite, "I have all night."'
DUEL = ("--character", ADA, "--character", BO, "--situation", "a duel")


def write(
    people: list[str], situation: str, *, language: str = "en", lines: int = 8, **options: Any
) -> tuple[Dialogue, str, Bible]:
    """Have a scene written without a series; return it with the prompt and the bible."""
    relations = options.pop("relations", ())
    bible, names = casting(people, language, relations=relations)  # type: ignore[arg-type]
    with workbench(
        tool="dialogue",
        matter=matter_of(situation, bible.language),
        bible=bible,
        language=language,
        pages=pages_for(lines),
        model=MODEL,
        models={MODEL: scripted_room()},
        seed=1,
    ) as bench:
        scene = asyncio.run(dialogue(bench, names, situation, **options))
        return scene, prompts_of(bench)[0], bench.bible


def speakers(fountain: str) -> set[str]:
    """Return who speaks in a script."""
    return {name for scene in parse(fountain).scenes for name in scene.speakers}


def test_a_character_is_read_from_a_few_words() -> None:
    """The first part is the role, what is about speech the voice, what is in quotes a sample."""
    ada = character_of(ADA, "en")
    assert (ada.name, ada.role, ada.traits, ada.voice.style) == ("Ada", "hero", ("proud",), "short sentences")
    assert character_of(BO, "en").voice.samples == ("I have all night.",)
    zh = character_of("林夏：英雄，骄傲，爱说短句", "zh")
    assert (zh.name, zh.role, zh.traits, zh.voice.style) == ("林夏", "英雄", ("骄傲",), "爱说短句")
    assert zh.voice.samples[0].endswith("。")


def test_only_those_who_are_named_speak() -> None:
    """The scene is cast-locked as in the room, and its plan says what was asked for."""
    scene, prompt, _ = write([ADA, BO], "a duel", relations=["Ada, Bo: once friends"])
    assert speakers(scene.fountain) == {"ADA", "BO"}
    assert scene.plan.beat == "Ada and Bo face each other. It is a duel."
    for told in ("hero", "Short", "I have all night.", "once friends", "a duel", "the sword"):
        assert told.casefold() in prompt.casefold()


@pytest.mark.parametrize("situation", ["决斗", "一场决斗"])
def test_a_chinese_situation_is_counted_once(situation: str) -> None:
    """Whether or not it comes with its measure word."""
    scene, _, _ = write(["林夏：英雄", "周正：反派"], situation, language="zh")
    assert scene.plan.beat == "林夏、周正面对面站着，这是一场决斗。"


def test_a_chinese_scene_has_chinese_cues_and_heading() -> None:
    """Names and place stand as Chinese scripts have them."""
    people = ["林夏：英雄，骄傲", "周正：反派，阴险"]
    scene, prompt, _ = write(people, "决斗", language="zh")
    assert speakers(scene.fountain) == {"林夏", "周正"}
    assert scene.fountain.startswith("内景")
    assert "林夏、周正面对面站着" in prompt


def test_wanted_feelings_reach_the_plan_and_the_prompt() -> None:
    """The strongest is planned; how strong each should be is told to the writer."""
    feelings = [feeling_of("fear:0.3"), feeling_of("Ada=愤怒：0.8")]
    scene, prompt, _ = write([ADA, BO], "a duel", feelings=feelings)
    assert scene.plan.emotions == {"Ada": "anger", "Bo": "fear"}
    assert "Ada is full of anger, 0.8 of 1" in prompt
    assert "Everybody is full of fear, 0.3 of 1" in prompt


def test_the_feeling_of_one_goes_before_that_of_everybody() -> None:
    """However strong the other is; and one person cannot be asked for two."""
    scene, _, _ = write([ADA, BO], "a duel", feelings=[feeling_of("anger"), feeling_of("Ada=fear:0.3")])
    assert scene.plan.emotions == {"Ada": "fear", "Bo": "anger"}
    with pytest.raises(InputError, match="Ada is asked for fear and for joy"):
        write([ADA, BO], "a duel", feelings=[feeling_of("Ada=fear:0.3"), feeling_of("Ada=joy")])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("anger:0.8", Wanted("anger", 0.8)),
        ("JOY", Wanted("joy", 1.0)),
        ("Mei Lin = sadness : 0", Wanted("sadness", 0.0, "Mei Lin")),
        ("惊讶：1", Wanted("surprise", 1.0)),
    ],
)
def test_a_feeling_is_read(text: str, wanted: Wanted) -> None:
    """A name before it and a strength behind it are optional; Chinese words do as well."""
    assert feeling_of(text) == wanted


@pytest.mark.parametrize(
    "text", ["angry:0.8", "anger:1.1", "anger:-0.1", "anger:much", "anger:nan", "", ":0.4"]
)
def test_what_is_no_feeling_is_refused(text: str) -> None:
    """Unknown emotions, and strengths that are none, with what is known in the hint."""
    with pytest.raises(InputError) as refused:
        feeling_of(text)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("people", "situation", "said"),
    [
        ([ADA], "a duel", "alone"),
        ([ADA, "Ada: again"], "a duel", "twice"),
        ([ADA, "Nobody"], "a duel", "known"),
        ([ADA, "(x): y"], "a duel", "name"),
        ([ADA, ": y"], "a duel", "name"),
        ([ADA, BO], " ", "empty"),
        ([ADA, BO], "long " * 500, "characters"),
        ([f"P{n}: one of many" for n in range(9)], "a duel", "9 people"),
    ],
)
def test_what_cannot_be_a_scene_is_refused(people: list[str], situation: str, said: str) -> None:
    """One person only, the same one twice, somebody unknown, no situation."""
    with pytest.raises(InputError) as refused:
        write(people, situation)
    assert said in str(refused.value)


@pytest.mark.parametrize("relation", ["Ada: friends", "Ada, Cy: friends", "Ada, Ada: friends", "Ada, Bo"])
def test_a_relation_is_between_two_who_are_there(relation: str) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(InputError):
        casting([ADA, BO], "en", relations=[relation])


@pytest.mark.parametrize(("language", "lines"), [("en", 4), ("en", 12), ("zh", 60)])
def test_the_number_of_lines_sets_the_length(language: str, lines: int) -> None:
    """As pages, which the form of the scene is made from; too few or too many are refused."""
    assert round(pages_for(lines) * 8) == lines
    with pytest.raises(InputError):
        pages_for(2)


def test_a_place_is_a_name_or_a_heading() -> None:
    """Its setting and time are taken from a heading."""
    found, time = place_of("EXT. BARN - DAWN", "en")
    assert (found.name, found.setting, time) == ("Barn", "ext", "DAWN")
    assert place_of("厨房", "zh")[0].name == "厨房"
    with pytest.raises(InputError):
        place_of("a / b (c)", "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_stock_line_is_a_line(language: str) -> None:
    """Voices have a style and whole sentences; a situation has things to talk about."""
    known = stock(language)  # type: ignore[arg-type]
    for voice in known.voices:
        assert voice.words
        assert voice.style
        assert not any(unfinished(line) or list(noise(line)) for line in voice.lines)
    assert all(occasion.things for occasion in known.occasions)
    assert known.occasion_of("???").place == known.place[1]


def test_in_a_series_people_come_from_the_bible(tmp_path: Path) -> None:
    """By name, with voice and relations; a description makes somebody else of them for this scene."""
    with open_room(a_series(tmp_path)) as room:
        bible, names = casting(["mara quill", "Ines", "Zed: smuggler, loud voice"], "en", base=room.bible)
        with workbench(tool="dialogue", matter="the lamp", bible=bible, series=room, model=MODEL) as bench:
            scene = asyncio.run(dialogue(bench, names, "Zed comes to the Lamp Room and sees the lamp."))
            prompt = prompts_of(bench)[0]
        dead = next(who for who in room.bible.cast if who.status == "dead")
        with (
            pytest.raises(InputError),
            workbench(tool="dialogue", matter="x", bible=bible, series=room, model=MODEL) as bench,
        ):
            asyncio.run(dialogue(bench, ["Mara", dead.name], "x"))
    assert names == ("Mara", "Ines", "Zed")
    assert scene.plan.place == "Lamp Room"
    assert "the stranger who came to end her work" in prompt
    assert "loud voice" in prompt


def test_the_command_writes_fountain_or_json(tmp_path: Path) -> None:
    """Fountain that reads back; JSON with the elements and the plan."""
    shown = run("dialogue", *DUEL, "--alone", "--seed", "3", "--place", "EXT. FIELD - DAWN")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("EXT. FIELD - DAWN\n")
    assert speakers(shown.stdout) == {"ADA", "BO"}
    told = run("dialogue", *DUEL, "--alone", "--seed", "3", "--place", "EXT. FIELD - DAWN", "--json")
    facts = json.loads(told.stdout)
    assert facts["fountain"] == shown.stdout
    assert {one["text"] for one in facts["elements"] if one["kind"] == Kind.CUE} == {"ADA", "BO"}


def test_the_scene_goes_into_the_room_as_a_note(tmp_path: Path) -> None:
    """To the role that is named, from a member."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        member = room.bible.team[0].name
    people = ("-c", "Mara", "-c", "Bea", "--situation", "the watch")
    sent = run("-s", folder, "dialogue", *people, "--note-to", "dialogue_writer", "--from", member)
    assert sent.exit_code == 0, sent.output
    with open_room(folder) as room:
        (note,) = room.ledger.inbox.items(Note)
    assert "MARA" in note.text


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", ADA, "--situation", "a duel"),
        ("--situation", "a duel"),
        ("-c", ADA, "-c", BO),
        ("-c", ADA, "-c", BO, "--situation", "a duel", "--emotion", "rage"),
        ("-c", ADA, "-c", BO, "--situation", "a duel", "--emotion", "anger:2"),
        ("-c", ADA, "-c", BO, "--situation", "a duel", "--emotion", "Cy=anger"),
        ("-c", ADA, "-c", BO, "--situation", "a duel", "--emotion", "Bo=joy", "--emotion", "Bo=anger"),
        ("-c", ADA, "-c", BO, "--situation", "a duel", "--lines", "2"),
        ("-c", "Mara", "-c", "Ines", "--situation", "a duel"),
    ],
)
def test_bad_input_ends_with_a_word_on_what_to_do(arguments: tuple[str, ...]) -> None:
    """No traceback, exit code 2, an error and a hint."""
    refused = run("dialogue", *arguments, "--alone")
    assert refused.exit_code == 2, refused.output
    assert "No such command" not in refused.output
    assert "Traceback" not in refused.output


def test_phrases_are_dealt_out_among_the_speeches() -> None:
    """Each naming speech has openings of its own, so that none comes twice."""
    phrases = Phrases(tuple(f"Opening {n} of" for n in range(6)), ("lifts",))
    grammar = guided_scene_grammar(["A", "B"], names=["A"], things=["the x"], speeches=5, phrases=phrases)
    rules = [line for line in grammar.splitlines() if line.startswith("told-")]
    assert len(rules) == 3
    for opening in phrases.openings:
        assert sum(f'"{opening}"' in rule for rule in rules) == 1


@pytest.mark.real_model
def test_the_embedded_model_writes_a_duel() -> None:
    """Two people speak about it in turns, and nothing that stands is noise."""
    bible, names = casting([ADA, BO], "en")
    with workbench(
        tool="dialogue",
        matter=matter_of("a duel", "en"),
        bible=bible,
        pages=pages_for(6),
        model="embedded",
        seed=7,
    ) as bench:
        scene = asyncio.run(dialogue(bench, names, "a duel"))
    lines = [one.text for one in scene.draft.elements if one.kind is Kind.DIALOGUE]
    assert len(lines) >= 3
    assert speakers(scene.fountain) == {"ADA", "BO"}
    assert not [fault for line in lines for fault in noise(line)]
    assert any(thing in " ".join(lines) for thing in ("sword", "glove", "blow", "duel"))
