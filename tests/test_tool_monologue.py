"""Inner monologues: what the prompt holds is what the character has witnessed, and nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from room_kit import MODEL, a_series, draft, open_room
from scripted_room import scripted_room
from tool_kit import prompts_of, run, small_room

from storyroom.errors import InputError
from storyroom.formats.fountain import parse
from storyroom.memory.inbox import Note
from storyroom.models.base import LocalChatModel
from storyroom.story.bible import Bible
from storyroom.story.checks import noise, unfinished
from storyroom.tools.lone import person
from storyroom.tools.monologue import Monologue, monologue, script_of, witness
from storyroom.tools.witness import is_present, scenes_of_canon, scenes_of_script, up_to, witnessed
from storyroom.tools.workbench import workbench

SCRIPT = """Title: The Cellar

INT. BAKERY - NIGHT #1#

Anna lifts a board. [[Secret note: Paul did it.]]

ANNA
There is a pistol in the flour.

PAUL
Put the board back.

INT. POLICE STATION - NIGHT #2#

PAUL
She knows about the zebra.

LENA
Anna will never hear of the envelope.

EXT. RIVER - DAWN #3#

A photograph of Anna floats by.

LENA
I burned the telegram.

INT. BAKERY - DAY #3A#

Anna kneads the dough. Lena watches the door.

LENA
You are up early.

INT. CHURCH - DAY #4#

ANNA
I will tell them about the harbour.
"""
UNSEEN = ("zebra", "envelope", "telegram", "harbour", "Secret note")
ZH_SCRIPT = """内景 裁缝铺 夜

阿芸剪开夹层。

@老顾
那封信别拆。

外景 码头 夜

@老顾
阿芸不知道灯笼的事。

内景 裁缝铺 日

阿芸的手停在信封上。

@小唐
收信的人来了。

内景 茶馆 日

@阿芸
名单上有老顾。
"""
ANNA = person("Anna", "en")
AYUN = person("阿芸", "zh")


def think(
    text: str, name: str, at: str, model: LocalChatModel | None = None, bible: Bible | None = None
) -> tuple[Monologue, str]:
    """Have a monologue written for a lone script; return it with all that was sent to the model."""
    every = scenes_of_script(parse(text))
    story = up_to(every, at)
    who, known = witness(story, name, bible, later=every[len(story) :])
    with workbench(
        tool="monologue",
        script=script_of(known),
        model=MODEL,
        models={MODEL: model or scripted_room()},
        seed=2,
        anyway=True,
    ) as bench:
        thought = asyncio.run(monologue(bench, who, known))
        return thought, "\n".join(prompts_of(bench))


def test_nothing_that_she_did_not_witness_is_in_the_prompt() -> None:
    """Later scenes, scenes without her and the writers' notes are left out; what she saw is there."""
    for model in (scripted_room(), small_room()):
        thought, prompt = think(SCRIPT, "Anna", "3A", model)
        assert thought.known == ("1", "3A")
        for word in UNSEEN:
            assert word not in prompt
        for word in ("a pistol in the flour", "Put the board back", "You are up early", "kneads"):
            assert word in prompt


def test_the_same_point_holds_other_things_for_others() -> None:
    """Each knows their own scenes; what one has heard the other has not."""
    _, lena = think(SCRIPT, "LENA", "3A")
    assert [word in lena for word in ("zebra", "telegram", "pistol", "harbour")] == [True, True, False, False]
    _, paul = think(SCRIPT, "paul", "4")
    assert [word in paul for word in ("pistol", "zebra", "telegram", "early")] == [True, True, False, False]


def test_the_voice_is_made_of_what_was_said_up_to_then() -> None:
    """A lone script gives her a sample, but none from a later scene."""
    _, before = think(SCRIPT, "Anna", "3A")
    _, after = think(SCRIPT, "Anna", "4")
    assert 'Speaks: as in these lines. "There is a pistol in the flour."' in before
    assert "harbour" in after


def test_chinese_scripts_are_witnessed_alike() -> None:
    """Her hand is hers; to be spoken of makes nobody present."""
    thought, prompt = think(ZH_SCRIPT, "阿芸", "3")
    assert thought.known == ("1", "3")
    assert "收信的人来了" in prompt
    assert "灯笼" not in prompt
    assert "名单" not in prompt


@pytest.mark.parametrize(
    ("action", "there"),
    [
        ("Anna sits.", True),
        ("He looks at ANNA.", True),
        ("Anna's hand shakes.", True),
        ("Anna's cold hands shake.", True),
        ("Anna's coat hangs on the door.", False),
        ("A photograph of Anna.", False),
        ("He waits for Anna.", False),
        ("Annabel sits.", False),
        ("Nobody is here. [[Anna later?]]", False),
    ],
)
def test_action_decides_who_is_there(action: str, there: bool) -> None:
    """Only one who is there in body; in doubt they are absent."""
    (scene,) = scenes_of_script(parse(f"INT. ROOM - DAY\n\n{action}\n"))
    assert is_present(ANNA, scene.elements) is there


@pytest.mark.parametrize(
    ("action", "there"),
    [
        ("阿芸坐下。", True),
        ("阿芸的手停住了。", True),
        ("阿芸的大衣挂在门后。", False),
        ("老顾想起阿芸。", False),
        ("桌上有一封写给阿芸的信。", False),
    ],
)
def test_action_decides_in_chinese_too(action: str, there: bool) -> None:
    """By the words around the name."""
    (scene,) = scenes_of_script(parse(f"内景 屋子 日\n\n{action}\n"))
    assert is_present(AYUN, scene.elements) is there


@pytest.mark.parametrize(
    ("cue", "there"),
    [
        ("ANNA", True),
        ("ANNA (O.S.)", True),
        ("ANNA (V.O.)", False),
        ("ANNA (CONT'D)", True),
        ("JOANNA", False),
    ],
)
def test_a_voice_over_the_picture_is_not_in_the_scene(cue: str, there: bool) -> None:
    """Whoever speaks is there, off screen too, but not a narrator."""
    (scene,) = scenes_of_script(parse(f"INT. ROOM - DAY\n\n{cue}\nHello there.\n"))
    assert is_present(ANNA, scene.elements) is there


def test_a_scene_is_named_by_its_number() -> None:
    """By its printed number where it has one, or else by its place; with its episode before it."""
    scenes = scenes_of_script(parse(SCRIPT), episode=2)
    assert [len(up_to(scenes, at)) for at in ("1", "3a", "2:3", "2：4", "#4#", "5")] == [1, 4, 3, 5, 5, 5]
    for wrong in ("9", "3:1", "x", "2:"):
        with pytest.raises(InputError) as refused:
            up_to(scenes, wrong)
        assert "2:1 to 2:4" in refused.value.hint or "episodes 2" in refused.value.hint


@pytest.mark.parametrize(
    ("name", "at", "hint"),
    [("Lena", "1", "--at 2"), ("Lana", "4", "Lena"), ("Nobody", "4", "Anna"), ("((", "4", "cues")],
)
def test_somebody_who_is_not_there_is_refused(name: str, at: str, hint: str) -> None:
    """The error says where they first are, or who there is."""
    with pytest.raises(InputError) as refused:
        think(SCRIPT, name, at)
    assert hint in str(refused.value)


def test_a_character_without_lines_has_thoughts_too() -> None:
    """Action is enough to be there."""
    thought, prompt = think("INT. ROOM - DAY\n\nThe dog Rex sleeps by the stove.\n", "Rex", "1")
    assert thought.text
    assert "sleeps by the stove" in prompt


def test_a_small_model_thinks_in_the_first_person() -> None:
    """Every sentence begins with I, things of the scene are named, and what was written is told."""
    thought, _ = think(SCRIPT, "Anna", "3A", small_room())
    sentences = re.findall(r"[^.]+\.", thought.text)
    assert all(sentence.strip().startswith("I ") for sentence in sentences)
    assert any(thing in thought.text for thing in ("the dough", "the door"))
    assert "Lena" in thought.text
    assert len(thought.written) == 3
    chinese, _ = think(ZH_SCRIPT, "阿芸", "3", small_room())
    assert all(one.startswith("我") for one in re.findall(r"[^。]+。", chinese.text))
    assert chinese.written == ()


def test_in_a_series_the_bible_tells_of_her_alone(tmp_path: Path) -> None:
    """Her role, voice and relations are there; nobody else's want, role or secret is."""
    episode = (
        "Episode: 101\n\nINT. LAMP ROOM - NIGHT\n\nMARA\nWind south-west.\n\n"
        "EXT. QUAY - DAY\n\nTOMAS\nThe parrot is mine.\n\nINT. LAMP ROOM - NIGHT\n\nMARA\nNo faults.\n"
    )
    file = tmp_path / "s01e01.fountain"
    file.write_text(episode, encoding="utf-8")
    with open_room(a_series(tmp_path)) as room:
        room.remember([file])
        story = up_to(scenes_of_canon(room.ledger), "1:3")
        who, known = witness(story, "mara quill", room.bible)
        with workbench(tool="monologue", script=script_of(known), series=room, model=MODEL) as bench:
            thought = asyncio.run(monologue(bench, who, known))
            prompt = "\n".join(prompts_of(bench))
        bible = room.bible
    assert (thought.who, thought.known) == ("Mara", ("1:1", "1:3"))
    mara = bible.character("Mara")
    assert mara is not None
    assert all(bond in prompt for bond in mara.relations.values())
    assert "parrot" not in prompt
    assert bible.logline not in prompt
    for other in bible.cast:
        if other is not mara:
            assert other.want not in prompt
            assert other.role not in prompt
            assert not [bond for bond in other.relations.values() if bond in prompt]


def test_a_session_and_the_canon_before_it_are_the_story(tmp_path: Path) -> None:
    """`--session` takes the scenes written so far; the note goes to that session."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        session = draft(room)
        (first, *_) = witnessed_names(room, session.id)
        member = room.bible.team[0].name
    told = run(
        *("-s", folder, "monologue", first, "--at", "2", "--session", session.id),
        *("--note-to", "dialogue_writer", "--from", member, "--json"),
    )
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["who"] == first
    with open_room(folder) as room:
        (note,) = room.ledger.inbox.items(Note)
        assert note.session == session.id


def witnessed_names(room: object, session: str) -> list[str]:
    """Return who is in both scenes of a small session."""
    from storyroom.room import Room
    from storyroom.tools.witness import scenes_of_session

    assert isinstance(room, Room)
    scenes = scenes_of_session(room.session(session))
    return [who.name for who in room.bible.cast if witnessed(who, scenes)]


def test_the_command_works_on_a_file_and_on_standard_input(tmp_path: Path) -> None:
    """The same script gives the same thoughts; standard error says what was known."""
    file = tmp_path / "cellar.fountain"
    file.write_text(SCRIPT, encoding="utf-8")
    shown = run("monologue", "Anna", file, "--at", "3A", "--alone", "--seed", "1")
    assert shown.exit_code == 0, shown.output
    assert "knows of: 1, 3A" in shown.output
    given = run("monologue", "Anna", "-", "--at", "3A", "--alone", "--seed", "1", given=SCRIPT)
    assert given.stdout == shown.stdout
    away = run("monologue", "Anna", file, "--at", "2", "--alone")
    assert "Anna is not in 2" in away.output


def test_a_series_that_has_drafted_nothing_is_read_from_its_files(tmp_path: Path) -> None:
    """As `voice` does; and where there are none, that is what is said."""
    folder = a_series(tmp_path)
    empty = run("-s", folder, "monologue", "Anna", "--at", "2:3A")
    assert empty.exit_code == 2
    assert "no episode yet" in empty.output
    for number in (2, 10):
        file = folder / "episodes" / f"s01e{number:02d}.fountain"
        file.parent.mkdir(exist_ok=True)
        file.write_text(SCRIPT, encoding="utf-8")
    shown = run("-s", folder, "monologue", "Anna", "--at", "2:3A", "--seed", "1")
    assert "knows of: 2:1, 2:3A" in shown.output, shown.output
    later = run("-s", folder, "monologue", "Anna", "--at", "10:1", "--seed", "1")
    assert "2:4, 10:1" in later.output, later.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("Anna",),
        ("Anna", "--at", "1"),
        ("Anna", "FILE", "--at", "99"),
        ("Anna", "FILE", "--at", "1:99"),
        ("Nobody", "FILE", "--at", "1"),
        ("Anna", "missing.fountain", "--at", "1"),
        ("", "FILE", "--at", "1"),
        ("Anna", "FILE", "--session", "x", "--at", "1"),
    ],
)
def test_bad_input_ends_with_a_word_on_what_to_do(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """No traceback, exit code 2."""
    file = tmp_path / "cellar.fountain"
    file.write_text(SCRIPT, encoding="utf-8")
    refused = run("monologue", *(str(file) if one == "FILE" else one for one in arguments), "--alone")
    assert refused.exit_code == 2, refused.output
    assert "No such command" not in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.real_model
def test_the_embedded_model_keeps_to_the_first_person() -> None:
    """What it writes begins with I, is about the scene, and is no noise."""
    every = scenes_of_script(parse(SCRIPT))
    who, known = witness(up_to(every, "3A"), "Anna")
    with workbench(tool="monologue", script=script_of(known), model="embedded", seed=1) as bench:
        thought = asyncio.run(monologue(bench, who, known))
    assert thought.text.startswith("I ")
    assert not list(noise(thought.text.partition(".")[0]))
    assert not unfinished(thought.text)
