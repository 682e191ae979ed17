"""Members' pitches: how they are read, and that they lie on the table beside the agents' as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run as cli
from pitch_kit import LEDGER, MINE, ZH_MINE, answering, chosen, of_kind
from room_kit import IDEA, ZH_IDEA, a_series, begin, drive, open_room, prompt_of

from storyroom.agents.pitched import read_pitch
from storyroom.errors import InputError, ModelRefused, SessionError
from storyroom.models.scripted import Call
from storyroom.story.paper import pitches_paper
from storyroom.story.turn import Stage, TurnKind


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Bea hides the crate.", ("", "Bea hides the crate.", "", "")),
        ("an alien robot", ("", "an alien robot", "", "")),
        ("Bea hides it. Mara knows.", ("", "Bea hides it.", "Mara knows.", "")),
        ("A comes. B goes.\n\nC stays.", ("", "A comes.", "B goes.", "C stays.")),
        ("A comes. B goes. C stays. D runs.", ("", "A comes.", "B goes. C stays.", "D runs.")),
        ("Mara: it is over. Bea goes. Ines stays.", ("", "Mara: it is over.", "Bea goes.", "Ines stays.")),
        (ZH_MINE, ("", "渡口漂来一只箱子。", "小满把它藏进茶馆。", "何青把箱子还给江水。")),
        ("天亮了。船开了。人走了。灯灭了。", ("", "天亮了。", "船开了。人走了。", "灯灭了。")),
        (
            "title: Crate\nconflict: Bea hides it.\nending: It sinks.",
            ("Crate", "Bea hides it.", "", "It sinks."),
        ),
        ("turn: |\n  Bea hides it:\n  at noon.", ("", "", "Bea hides it: at noon.", "")),
        ("标题：箱子\n冲突：小满藏起箱子。", ("箱子", "小满藏起箱子。", "", "")),
    ],
)
def test_a_members_words_are_read_as_a_pitch(text: str, fields: tuple[str, ...]) -> None:
    """A form is taken as such; sentences are shared out in order; no word is changed and none is added."""
    pitch = read_pitch(text)
    assert (pitch.title, pitch.conflict, pitch.turn, pitch.ending) == fields


@pytest.mark.parametrize(
    "text", ["title: Only a title", "conflict: A\nclimax: B", "turn: a: b", "title:\nturn:"]
)
def test_a_form_that_cannot_be_read_is_refused(text: str) -> None:
    """A misspelt field, broken YAML, or a form that tells nothing is named, with what to do."""
    with pytest.raises(InputError) as caught:
        read_pitch(text)
    assert caught.value.hint


def test_empty_fields_have_no_lines() -> None:
    """What a member left empty is not argued about, and no text has a hole where it was."""
    pitch = read_pitch("Bea hides the crate.")
    assert pitch.lines == ("Bea hides the crate.",)
    assert [line.id for line in pitches_paper([pitch]).lines] == ["1.conflict"]


@pytest.mark.parametrize(
    ("series", "idea", "member", "text"),
    [("the-last-light", IDEA, "Dev", MINE), ("the-long-river", ZH_IDEA, "许一舟", ZH_MINE)],
)
def test_a_members_pitch_lies_beside_the_agents(
    tmp_path: Path, series: str, idea: str, member: str, text: str
) -> None:
    """It is the member's turn, stands behind the agents' pitches, and is read by whoever chooses."""
    with open_room(a_series(tmp_path, series)) as room:
        room.pitch(text, member=member)
        session = chosen(room, idea)
        mine = [turn for turn in of_kind(session, TurnKind.PITCH) if turn.actor.kind == "member"]
        assert [(str(turn.actor), turn.task.ordinal) for turn in mine] == [(f"member:{member}", 4)]
        table = session.manuscript.pitches
        assert table is not None
        assert [one.by.partition(":")[0] for one in table.pitches] == ["agent"] * 3 + ["member"]
        assert table.pitches[3].pitch == read_pitch(text)
        (laid,) = of_kind(session, TurnKind.PITCHES)
        assert [one["by"] for one in laid.body["pitches"]][3] == f"member:{member}"
        choice = of_kind(session, TurnKind.CHOICE)[0]
        assert read_pitch(text).ending in prompt_of(room, choice)
        for turn in of_kind(session, TurnKind.PITCH):
            assert read_pitch(text).ending not in prompt_of(room, turn)


def test_a_pitch_to_the_series_serves_one_episode(tmp_path: Path) -> None:
    """The next episode and its other drafts have it on the table; another episode does not."""
    with open_room(a_series(tmp_path)) as room:
        room.pitch(MINE, member="Dev")
        sessions = [chosen(room, episode=episode) for episode in (1, 1, 2)]
        members = [
            sum(turn.actor.kind == "member" for turn in of_kind(one, TurnKind.PITCH)) for one in sessions
        ]
        assert members == [1, 1, 0]


def test_a_pitch_to_a_session_is_its_own_and_its_forks(tmp_path: Path) -> None:
    """It lies on that session's table and on that of a fork that pitches anew, on no other."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        room.pitch(MINE, member="Dev", session=run.session.id)
        run.until = TurnKind.CHOICE
        drive(run)
        other = chosen(room)
        fork = room.run(room.fork(run.session.id, "pitch").id)
        fork.until = TurnKind.CHOICE
        drive(fork)
        by = {one.id: str(one.manuscript.pitches) for one in room.sessions()}
        assert "member:Dev" in by[run.session.id]
        assert "member:Dev" in by[fork.session.id]
        assert "member:Dev" not in by[other.id]


def test_a_pitch_that_comes_too_late_is_refused(tmp_path: Path) -> None:
    """A session whose pitches lie on the table takes no more; the hint says how to pitch all the same."""
    with open_room(a_series(tmp_path)) as room:
        session = chosen(room)
        with pytest.raises(SessionError, match="on the table already") as caught:
            room.pitch(MINE, member="Dev", session=session.id)
        assert f"fork {session.id} --at pitch" in caught.value.hint


def test_what_stood_when_the_table_was_laid_counts(tmp_path: Path) -> None:
    """A session that broke off while its table was laid finds the same pitches on it when it goes on."""

    def breaks(_call: Call) -> str:
        raise ModelRefused("no", hint="Try again.")

    same = LEDGER
    folder = a_series(tmp_path)
    broken = answering({"pitch.plot_writer.p1.r1*": breaks, "pitch.plot_writer.p1.r0*": same})
    with open_room(folder, model=broken) as room:
        room.pitch(MINE, member="Dev")
        run = begin(room)
        with pytest.raises(ModelRefused):
            drive(run)
        room.pitch("Tomas sells the Dunlin.", member="Kit", session=run.session.id)
    with open_room(folder, model=answering({"pitch.plot_writer.p1.r0*": same})) as room:
        going_on = room.run(run.session.id)
        going_on.until = TurnKind.CHOICE
        drive(going_on)
        table = room.session(run.session.id).manuscript.pitches
        assert table is not None
        assert [one.by for one in table.pitches if one.is_members] == ["member:Dev"]


def test_what_a_member_pitched_is_not_reworded(tmp_path: Path) -> None:
    """The debate may object to a member's pitch; the plot writer defends it, and its words stay."""

    # Three pitches of three lines stand before it, so the tenth line is its conflict.
    objection = {
        "line": "10",
        "kind": "logic",
        "gravity": "serious",
        "says": "Nobody has to choose anything.",
    }
    model = answering({"pitch.editor.p1.r0*": {"objections": [objection]}})
    with open_room(a_series(tmp_path), model=model) as room:
        room.pitch(MINE, member="Dev")
        session = chosen(room)
        objections = [t for t in of_kind(session, TurnKind.OBJECTION) if t.task.stage is Stage.PITCH]
        assert [t.body["line"] for t in objections] == ["4.conflict"]
        answers = [t for t in session.turns if t.body.get("objection") == objections[0].id]
        assert next(t.kind for t in answers) is TurnKind.REBUTTAL
        assert TurnKind.ACCEPTANCE not in [t.kind for t in answers]
        table = session.manuscript.pitches
        assert table is not None
        assert table.pitches[3].pitch == read_pitch(MINE)


@pytest.mark.parametrize(
    ("text", "member", "wrong"),
    [
        ("", "Dev", "empty"),
        ("  \n", "Dev", "empty"),
        ("word " * 200_000, "Dev", "1,000,000"),
        ("A pitch.", "Nobody", "Nobody"),
        ("A \x1b[2J pitch.", "Dev", "control"),
        ("title: T", "Dev", "tells nothing"),
    ],
)
def test_what_cannot_be_pitched_is_refused(tmp_path: Path, text: str, member: str, wrong: str) -> None:
    """The error names what is wrong, the hint what to do, and nothing is left in the inbox."""
    with open_room(a_series(tmp_path)) as room:
        with pytest.raises(InputError, match=wrong) as caught:
            room.pitch(text, member=member)
        assert caught.value.hint
        assert room.ledger.counts()["inbox"] == 0


def test_pitching_on_the_command_line(tmp_path: Path) -> None:
    """The storyline is text, a file or standard input; a session that is unknown is an error."""
    folder = a_series(tmp_path)
    (tmp_path / "mine.md").write_text(MINE, encoding="utf-8")
    for given, stdin in ((MINE, None), (f"@{tmp_path / 'mine.md'}", None), ("-", MINE)):
        said = cli("-s", folder, "pitch", given, "--from", "Dev", "--json", given=stdin)
        assert said.exit_code == 0, said.stderr
        assert json.loads(said.stdout)["text"] == MINE
    assert "next episode" in cli("-s", folder, "pitch", MINE, "--from", "Dev").stderr
    for wrong in (
        ("@nowhere.md", "--from", "Dev"),
        (MINE, "--from", "Dev", "--session", "e99"),
        ("", "--from", "Dev"),
    ):
        said = cli("-s", folder, "pitch", *wrong)
        assert said.exit_code == 2
        assert "hint: " in said.stderr
