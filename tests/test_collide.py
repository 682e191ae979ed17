"""Two members' ideas in, one story out: it holds both, says what came from whom, and can be drafted from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run as cli
from room_kit import MODEL, a_series, drive, open_room, quick_embedder, resume
from scripted_room import play

from storyroom.errors import InputError, ModelRefused
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Rule, ScriptedModel
from storyroom.room import Room
from storyroom.running import Run
from storyroom.session import Session
from storyroom.story.checks import key_terms, mentions, noise, unfinished
from storyroom.story.plan import Choice
from storyroom.story.turn import Stage, TurnKind

SPACE, ROBOT = ("Rosa", "space exploration"), ("Dev", "an alien robot")
SMALL = {"scenes": 2, "pages": 2.0, "depth": "quick", "seed": 5, "model": MODEL}
SMALL_MODEL = ScriptedModel(
    rules=(Rule("*", (play,)),),
    capabilities=Capabilities(
        grammar=True, json_schema=True, prefill=True, small=True, context_length=100_000
    ),
)


def collided(room: Room, *ideas: tuple[str, str], **order: object) -> tuple[Session, Choice]:
    """Let ideas meet, and return the session with its story."""
    run = room.collide(ideas or (SPACE, ROBOT), **{**SMALL, **order})
    drive(run)
    assert run.outcome == "reached"
    session = room.session(run.session.id)
    assert session.manuscript.choice is not None
    return session, session.manuscript.choice


def test_the_story_holds_both_ideas_and_says_whose(tmp_path: Path) -> None:
    """With a small model, keywords stand in sentences about the cast, word for word, with their members."""
    with open_room(a_series(tmp_path), model=SMALL_MODEL) as room:
        session, choice = collided(room)
        assert choice.pitches == (1, 2)
        assert {"space exploration", "an alien robot"} <= {
            words for words in ("space exploration", "an alien robot") if words in choice.story.told
        }
        assert {one.by for one in choice.takes} == {"member:Rosa", "member:Dev"}
        assert any(who.name in choice.story.told for who in room.bible.cast)
        for line in choice.story.lines:
            assert not [*noise(line)]
            assert not unfinished(line)
        assert choice.story.title
        assert not [turn for turn in session.turns if turn.task.stage is Stage.OUTLINE]


def test_only_the_members_pitches_lie_on_the_table(tmp_path: Path) -> None:
    """No agent pitches, and what was pitched to the series stays out; the episode's idea is both ideas."""
    with open_room(a_series(tmp_path)) as room:
        room.pitch("Tomas sells the Dunlin.", member="Kit")
        session, _ = collided(room)
        table = session.manuscript.pitches
        assert table is not None
        assert [one.by for one in table.pitches] == ["member:Rosa", "member:Dev"]
        assert "space exploration" in session.order.idea
        assert "an alien robot" in session.order.idea
        assert session.manuscript.brief is not None


def test_the_episode_is_drafted_from_the_story(tmp_path: Path) -> None:
    """`resume` goes on at the outline, whose scenes tell the story with both ideas."""
    with open_room(a_series(tmp_path), model=SMALL_MODEL) as room:
        session, choice = collided(room, scenes=3, pages=3.0)
        assert resume(room, session.id).outcome == "finished"
        outline = room.session(session.id).manuscript.outline
        assert outline is not None
        assert outline.title == choice.story.title
        assert [scene.beat for scene in outline.scenes] == list(choice.story.lines)
        assert len([t for t in room.session(session.id).turns if t.kind is TurnKind.CHOICE]) == 1


def test_a_larger_model_writes_the_story(tmp_path: Path) -> None:
    """In Chinese: what it writes stands, with the pitches that it says each line leans on."""
    written = {
        "title": "江心的来客",
        "conflict": {"takes": ["1"], "text": "何青拿到太空探索队的信，想在大桥通车以前离开渡口。"},
        "turn": {"takes": ["1", "2"], "text": "小满在船舱里撞见一个外星机器人，它要找的正是太空探索队。"},
        "ending": {"takes": ["2"], "text": "何青让外星机器人替她上了船，自己把缆绳系回岸边。"},
        "reason": "一个要走，一个要来，他们在渡口换了位置。",
    }
    model = ScriptedModel(rules=(Rule("choice.*", (written,)), Rule("*", (play,))))
    with open_room(a_series(tmp_path, "the-long-river"), model=model) as room:
        _, choice = collided(room, ("林晚", "太空探索"), ("许一舟", "一个外星机器人"))
        assert choice.story.title == "江心的来客"
        assert choice.reason == written["reason"]
        leant = {(one.field, one.by) for one in choice.takes}
        assert leant == {
            ("conflict", "member:林晚"),
            ("turn", "member:林晚"),
            ("turn", "member:许一舟"),
            ("ending", "member:许一舟"),
        }


@pytest.mark.parametrize(
    ("series", "ideas"),
    [
        ("the-last-light", (SPACE, ROBOT, ("Kit", "a stolen choir"))),
        ("the-last-light", (("Rosa", "A comet passes. Mara sees it fall."), ("Dev", "an alien robot"))),
        (
            "the-last-light",
            (("Rosa", "Bea finds a robot on the Quay."), ("Dev", "Ines means to leave Carrow.")),
        ),
        ("the-long-river", (("林晚", "太空探索"), ("许一舟", "一个外星机器人"))),
    ],
)
def test_no_idea_is_lost_whatever_the_model_says(
    tmp_path: Path, series: str, ideas: tuple[tuple[str, str], ...]
) -> None:
    """A model that writes about something else is asked again, and then code puts the story together."""
    with open_room(a_series(tmp_path, series)) as room:
        session, choice = collided(room, *ideas)
        table = session.manuscript.pitches
        assert table is not None
        assert {one.pitch for one in choice.takes} == set(range(1, len(ideas) + 1))
        for one in table.pitches:
            for line in one.pitch.lines:
                assert line in choice.story.told
        assert choice.story.ending


def test_a_fork_of_it_can_choose_anew(tmp_path: Path) -> None:
    """A session of ideas is one like any other: forked at its pitches, it has the same table."""
    with open_room(a_series(tmp_path)) as room:
        session, _ = collided(room)
        resume(room, session.id)
        fork = room.fork(session.id, "pitch")
        assert resume(room, fork.id).outcome == "finished"
        table = room.session(fork.id).manuscript.pitches
        assert table is not None
        assert [one.by for one in table.pitches] == ["member:Rosa", "member:Dev"]


@pytest.mark.parametrize(
    ("ideas", "wrong"),
    [
        ([SPACE], "does not meet another"),
        ([], "does not meet another"),
        ([SPACE, ("Rosa", "a robot")], "Rosa is named twice"),
        ([SPACE, ("Nobody", "a robot")], "Nobody"),
        ([SPACE, ("Dev", " ")], "empty"),
        ([SPACE, ("Dev", "x" * 1_000_000)], "1,000,000"),
    ],
)
def test_what_cannot_meet_is_refused(tmp_path: Path, ideas: list[tuple[str, str]], wrong: str) -> None:
    """The error says what is wrong and the hint what to do; no session is begun."""
    with open_room(a_series(tmp_path)) as room:
        with pytest.raises(InputError, match=wrong) as caught:
            room.collide(ideas, **SMALL)
        assert caught.value.hint
        assert room.sessions() == []


def test_a_language_that_the_model_does_not_write_is_refused(tmp_path: Path) -> None:
    """As with any draft, a Chinese series and the embedded model need to be insisted on."""
    with open_room(a_series(tmp_path, "the-long-river")) as room, pytest.raises(ModelRefused):
        room.collide([("林晚", "太空探索"), ("许一舟", "机器人")], model="embedded")


COLLIDE = (
    "collide",
    "--from",
    "Rosa",
    "space exploration",
    "--from",
    "Dev",
    "an alien robot",
    "--model",
    MODEL,
)


def test_colliding_on_the_command_line(tmp_path: Path) -> None:
    """It ends well with the story and what came from whom, and says how the episode is drafted from it."""
    folder = a_series(tmp_path)
    said = cli("-s", folder, *COLLIDE, "--scenes", "2", "--plain")
    assert said.exit_code == 0, said.stderr
    assert said.stdout.startswith("The story: ")
    assert "from 1 (Rosa)" in said.stdout
    assert "2 (Dev)" in said.stdout
    assert "resume e01-" in said.stderr
    shown = cli("-s", folder, "show", "e01", "pitches").stdout
    assert "(Rosa, merged)" in shown
    told = json.loads(cli("-s", folder, *COLLIDE, "--scenes", "2", "--plain", "--json").stdout)
    assert {one["by"] for one in told["takes"]} == {"member:Rosa", "member:Dev"}


def test_going_on_right_away(tmp_path: Path) -> None:
    """With `--go` the episode is drafted to its end."""
    said = cli("-s", a_series(tmp_path), *COLLIDE, "--scenes", "2", "--depth", "quick", "--plain", "--go")
    assert said.exit_code == 0, said.stderr
    assert "Finished: episode 1" in said.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("--from", "Rosa", "space exploration"),
        ("--from", "Rosa", "space", "--from", "Rosa", "robot"),
        ("--from", "Rosa", "space", "robot"),
        ("--from", "Rosa", "space", "--from", "Dev", "@nowhere.txt"),
    ],
)
def test_what_cannot_meet_on_the_command_line(tmp_path: Path, wrong: tuple[str, ...]) -> None:
    """One idea, a member twice, an idea that is nobody's, a file that is not there: refused with a hint."""
    said = cli("-s", a_series(tmp_path), "collide", *wrong, "--model", MODEL)
    assert said.exit_code == 2
    assert "hint: " in said.stderr


@pytest.mark.real_model
def test_the_embedded_model_makes_one_story_of_keywords(tmp_path: Path) -> None:
    """Four words in, and out comes a story in sentences that holds both ideas and no noise."""
    with quick_embedder(), Room.open(a_series(tmp_path)) as room:
        run: Run = room.collide((SPACE, ROBOT), model="embedded", depth="quick", seed=3)
        drive(run)
        choice = room.session(run.session.id).manuscript.choice
    assert choice is not None
    for _, idea in (SPACE, ROBOT):
        assert mentions(choice.story.told, key_terms(idea)) == key_terms(idea)
    assert not [fault for line in choice.story.lines for fault in noise(line)]
    assert not any(unfinished(line) for line in choice.story.lines)
