"""Pitches: the members' beside the agents', near repeats sent back once, and stories made of several."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run as cli
from room_kit import IDEA, ZH_IDEA, a_series, an_order, begin, drive, open_room, prompt_of, resume
from scripted_room import play

from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.pitched import read_pitch
from storyroom.agents.plot_writer import PlotWriter
from storyroom.agents.showrunner import Showrunner
from storyroom.errors import InputError, ModelRefused, SessionError
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Answer, Call, Rule, ScriptedModel
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.distinct import mean_distance, nearly_repeats, repeated
from storyroom.story.paper import pitches_paper
from storyroom.story.plan import Pitch
from storyroom.story.turn import Stage, Task, Turn, TurnKind

MINE = "A crate lies on the Quay at dawn. Bea hides it in the Boathouse. Mara gives it back to the sea."
ZH_MINE = "渡口漂来一只箱子。小满把它藏进茶馆。何青把箱子还给江水。"


def answering(**answers: Answer) -> ScriptedModel:
    """Return a model with answers to some calls, by label with `__` for dots; it plays all others."""
    rules = [Rule(label.replace("__", "."), (answer,)) for label, answer in answers.items()]
    return ScriptedModel(rules=(*rules, Rule("*", (play,))))


LEDGER = {
    "title": "Ledger",
    "conflict": "Mara carries the ledger across the island before the storm breaks.",
    "turn": "Ines drops every page of it into the water near the rocks.",
    "ending": "Mara writes the missing night again from memory.",
}
WHISTLE = {
    "title": "Whistle",
    "conflict": "Bea blows a whistle that nobody but Pell has heard since her father died.",
    "turn": "Mara shuts the radio off and will not say who gave it to her.",
    "ending": "Bea throws it from the cliff and hears it answer.",
}
KETTLE = {
    "title": "Kettle",
    "conflict": "Ines packs her copper kettle and means to be gone with Thursday's ferry.",
    "turn": "Ines misses the boat because she stops to mend a switch.",
    "ending": "Ines puts the water on for everyone.",
}


def of_kind(session: Session, kind: TurnKind) -> list[Turn]:
    """Return a session's turns of one kind."""
    return [turn for turn in session.turns if turn.kind is kind]


def chosen(room: Room, idea: str = IDEA, **order: Any) -> Session:
    """Run a small session until its story is chosen."""
    run = begin(room, idea, **order)
    run.until = TurnKind.CHOICE
    drive(run)
    assert run.outcome == "reached"
    return room.session(run.session.id)


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
    broken = answering(**{"pitch__plot_writer__p1__r1*": breaks, "pitch__plot_writer__p1__r0*": same})
    with open_room(folder, model=broken) as room:
        room.pitch(MINE, member="Dev")
        run = begin(room)
        with pytest.raises(ModelRefused):
            drive(run)
        room.pitch("Tomas sells the Dunlin.", member="Kit", session=run.session.id)
    with open_room(folder, model=answering(**{"pitch__plot_writer__p1__r0*": same})) as room:
        going_on = room.run(run.session.id)
        going_on.until = TurnKind.CHOICE
        drive(going_on)
        table = room.session(run.session.id).manuscript.pitches
        assert table is not None
        assert [one.by for one in table.pitches if one.is_members] == ["member:Dev"]


def test_a_near_repeat_goes_back_once(tmp_path: Path) -> None:
    """Its writer is shown the pitch that it repeats and tells another; the ledger keeps both."""
    same, new = LEDGER, WHISTLE
    model = answering(
        **{
            "pitch__plot_writer__p1__r0__1*": same,
            "pitch__plot_writer__p1__r0__2*": {**same, "title": "Other"},
            "pitch__plot_writer__p1__r1__2*": new,
        }
    )
    with open_room(a_series(tmp_path), model=model) as room:
        session = chosen(room)
        (laid,) = of_kind(session, TurnKind.PITCHES)
        assert laid.body["sent_back"] == [2]
        again = next(t for t in of_kind(session, TurnKind.PITCH) if (t.task.ordinal, t.task.round) == (2, 1))
        assert same["ending"] in prompt_of(room, again)
        assert [one["title"] for one in laid.body["pitches"]][:2] == [same["title"], new["title"]]
        assert {t.task.round for t in of_kind(session, TurnKind.PITCH) if t.task.ordinal == 2} == {0, 1}


def test_one_that_still_repeats_stays_and_says_so(tmp_path: Path) -> None:
    """No pitch goes back twice: the table says which one it nearly repeats."""
    told = LEDGER
    again = {f"pitch__plot_writer__p1__r1__{number}__*": told for number in (2, 3)}
    model = answering(**{"pitch__plot_writer__p1__r0*": told, **again})
    with open_room(a_series(tmp_path), model=model) as room:
        run = begin(room, gates=["pitches"])
        drive(run)
        session = room.session(run.session.id)
        (laid,) = of_kind(session, TurnKind.PITCHES)
        assert laid.body["sent_back"] == [2, 3]
        assert len(of_kind(session, TurnKind.PITCH)) == 5
        table = session.manuscript.pitches
        assert table is not None
        assert [one.repeats for one in table.pitches] == [None, 1, 1]


def test_a_members_pitch_is_never_sent_back(tmp_path: Path) -> None:
    """Of an agent and a member who pitch the same the agent goes back; a member's repeat is marked."""
    told = LEDGER
    text = " ".join((told["conflict"], told["turn"], told["ending"]))
    model = answering(**{"pitch__plot_writer__p1__r0__1*": told})
    with open_room(a_series(tmp_path), model=model) as room:
        room.pitch(text, member="Dev")
        room.pitch(text, member="Kit")
        run = begin(room, gates=["pitches"])
        drive(run)
        (laid,) = of_kind(room.session(run.session.id), TurnKind.PITCHES)
        assert laid.body["sent_back"] == [1]
        table = room.session(run.session.id).manuscript.pitches
        assert table is not None
        assert [one.repeats for one in table.pitches][3:] == [None, 4]


def test_the_member_in_the_seat_pitches_once(tmp_path: Path) -> None:
    """What they pitched is nobody's to send back, and the agents' near repeats are not theirs to mend."""
    again = {f"pitch__plot_writer__p1__r1__{number}__*": WHISTLE for number in (2, 3)}
    model = answering(**{"pitch__plot_writer__p1__r0*": LEDGER, **again})
    with open_room(a_series(tmp_path), model=model) as room:
        run = begin(room, gates=["pitches"])
        room.take_seat("plot_writer", "Dev", run.session.id)
        drive(run)
        room.answer_seat(run.session.id, "\n".join(f"{name}: {text}" for name, text in LEDGER.items()))
        resume(room, run.session.id)
        session = room.session(run.session.id)
        (laid,) = of_kind(session, TurnKind.PITCHES)
        assert laid.body["sent_back"] == [2, 3]
        assert [one["by"] for one in laid.body["pitches"]] == ["member:Dev", *["agent:scripted"] * 2]
        assert len([ask for ask in room.ledger.asks.of(session.id) if ask.sheet["kind"] == "pitch"]) == 1


def test_what_a_member_pitched_is_not_reworded(tmp_path: Path) -> None:
    """The debate may object to a member's pitch; the plot writer defends it, and its words stay."""

    # Three pitches of three lines stand before it, so the tenth line is its conflict.
    objection = {
        "line": "10",
        "kind": "logic",
        "gravity": "serious",
        "says": "Nobody has to choose anything.",
    }
    model = answering(**{"pitch__editor__p1__r0*": {"objections": [objection]}})
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


def test_distances_are_measured_before_and_after_the_debate(tmp_path: Path) -> None:
    """Both turns hold the distance of each pair and the mean, and `show pitches` tells both."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        session = chosen(room)
        for kind in (TurnKind.PITCHES, TurnKind.CHOICE):
            (turn,) = of_kind(session, kind)
            each = turn.body["distances"]
            assert [len(row) for row in each] == [3, 3, 3]
            assert turn.body["mean"] == mean_distance(each)
            assert 0 < turn.body["mean"] < 1
    said = cli("-s", folder, "show", session.id, "pitches")
    assert "Distance before the debate:" in said.stdout
    assert "Distance after it:" in said.stdout
    told = json.loads(cli("-s", folder, "show", session.id, "pitches", "--json").stdout)
    assert told["distances"]["before"]["mean"] > 0


def test_repeats_are_found_by_matter_and_by_words() -> None:
    """Near vectors or the same sentences make a repeat; the nearest of several is named."""
    one, other = Pitch(**LEDGER), Pitch(**WHISTLE)
    assert nearly_repeats(one, other, 0.1)
    assert not nearly_repeats(one, other, 0.9)
    assert nearly_repeats(one, one, 0.9)
    away = [[0.0, 0.1, 0.05], [0.1, 0.0, 0.1], [0.05, 0.1, 0.0]]
    assert repeated(3, [one, other, one], away, [1, 2]) == 1
    assert repeated(1, [one, other, one], away, []) is None
    assert mean_distance(away) == 0.083
    assert mean_distance([]) is None


MERGE = {
    "title": "Two Tides",
    "conflict": {
        "takes": ["1"],
        "text": "Mara carries the ledger across the island before the storm breaks.",
    },
    "turn": {
        "takes": ["1", "2"],
        "text": "Bea finds the whistle between the pages of the ledger and blows it.",
    },
    "ending": {"takes": ["2"], "text": "Bea explains the whistle to the whole village on the Quay at dawn."},
    "reason": "The ledger brings them there, and the whistle calls the village together.",
}


def choosing(answers: dict[str, Answer]) -> ScriptedModel:
    """Return a model that pitches three known stories and answers the choice as told."""
    three = enumerate((LEDGER, WHISTLE, KETTLE), 1)
    pitches = {f"pitch__plot_writer__p1__r0__{number}__*": pitch for number, pitch in three}
    return answering(**pitches, **{"pitch__editor*": {"objections": []}}, **answers)


def test_a_merge_says_what_it_took_from_whom(tmp_path: Path) -> None:
    """The story's fields name the pitches that they lean on, by their numbers, and whose those are."""
    model = choosing(
        {
            "choice__showrunner__p1__r0__1__1": {"pitch": "1", "merge_with": "2", "reason": "It needs both."},
            "choice__showrunner__p1__r0__1__2": MERGE,
        }
    )
    with open_room(a_series(tmp_path), model=model) as room:
        choice = chosen(room).manuscript.choice
        assert choice is not None
        assert choice.pitches == (1, 2)
        assert choice.reason == f"It needs both. {MERGE['reason']}"
        assert choice.story.title == "Two Tides"
        leant = {(one.field, one.pitch) for one in choice.takes}
        assert leant == {("conflict", 1), ("turn", 1), ("turn", 2), ("ending", 2)}
        assert {one.by for one in choice.takes} == {"agent:scripted"}


def test_a_merge_that_leaves_a_pitch_out_is_put_together_by_code(tmp_path: Path) -> None:
    """However often a model forgets one of the two, the story in the end has sentences of both."""
    forgets = {
        **MERGE,
        "turn": {"takes": ["1"], "text": "Mara drops the ledger into the water near the rocks."},
    }
    forgets["ending"] = {"takes": ["1"], "text": "Mara explains the ledger to the whole village of Carrow."}
    model = choosing(
        {
            "choice__showrunner__p1__r0__1__1": {"pitch": "3", "merge_with": "2", "reason": "It needs both."},
            "choice__showrunner__p1__r0__1__2": forgets,
        }
    )
    with open_room(a_series(tmp_path), model=model) as room:
        choice = chosen(room).manuscript.choice
        assert choice is not None
        assert choice.pitches == (3, 2)
        assert {one.pitch for one in choice.takes} == {2, 3}
        assert "copper kettle" in choice.story.told
        assert "whistle" in choice.story.told
        assert "put together" in choice.reason


@pytest.mark.parametrize("other", ["none", "2"])
def test_a_choice_of_one_takes_all_of_it(tmp_path: Path, other: str) -> None:
    """Without another pitch, or with the chosen one named twice, the story is that pitch, field by field."""
    answer = {"pitch": "2", "merge_with": other, "reason": "It is the one that stays with us."}
    model = choosing({"choice__showrunner__p1__r0__1__1": answer})
    with open_room(a_series(tmp_path), model=model) as room:
        choice = chosen(room).manuscript.choice
        assert choice is not None
        assert choice.pitches == (2,)
        assert choice.story == Pitch(**WHISTLE)
        assert [(one.field, one.pitch) for one in choice.takes] == [
            (name, 2) for name in ("title", "conflict", "turn", "ending")
        ]


def test_what_a_human_rewords_at_the_gate_is_taken_from_nobody(tmp_path: Path) -> None:
    """The fields that an edit changed lose their origin; the others keep theirs."""
    answer = {"pitch": "2", "merge_with": "none", "reason": "It is the one that stays with us."}
    with open_room(a_series(tmp_path), model=choosing({"choice__*": answer})) as room:
        run = begin(room, gates=["pitches", "outline"])
        drive(run)
        choice = room.session(run.session.id).manuscript.choice
        assert choice is not None
        mine = choice.model_copy(update={"story": choice.story.model_copy(update={"turn": "Pell speaks."})})
        room.answer(run.session.id, "edit", text=mine.model_dump_json(), member="Rosa")
        resume(room, run.session.id)
        edited = room.session(run.session.id).manuscript.choice
        assert edited is not None
        assert edited.story.turn == "Pell speaks."
        assert [one.field for one in edited.takes] == ["title", "conflict", "ending"]


def small_desk(room: Room, answer: Callable[[Call], str]) -> Desk:
    """Return a desk at which a small model sits."""
    record = room.ledger.sessions.begin(an_order(room), room.bible, session_id="e01-small")
    can = Capabilities(grammar=True, json_schema=True, prefill=True, small=True, context_length=100_000)
    return Desk(
        task=Task(session=record.id, head=None, stage=Stage.CHOICE, role="showrunner"),
        bible=room.bible,
        order=record.order,
        manuscript=Manuscript(),
        reading=Reading(),
        model=ScriptedModel(rules=(Rule("*", (answer,)),), capabilities=can),
        ledger=room.ledger,
        effort=Effort.of("quick"),
        emit=lambda _event: None,
    )


def test_a_small_model_chooses_the_lines_of_a_merge(tmp_path: Path) -> None:
    """Each line of the story is a line of a pitch, word for word, and one that was forgotten turns it."""

    def answer(call: Call) -> str:
        asked: dict[str, Any] = call.options["json_schema"]["properties"]
        if "merge_with" in asked:
            return json.dumps({"pitch": "1", "merge_with": "2", "reason": asked["reason"]["enum"][0]})
        numbers = dict.fromkeys(("conflict", "turn", "ending"), "1")
        return json.dumps({**numbers, "reason": asked["reason"]["enum"][0]})

    pitches = [Pitch(**LEDGER), Pitch(**WHISTLE)]
    with open_room(a_series(tmp_path)) as room:
        choice = asyncio.run(Showrunner().choose(small_desk(room, answer), pitches))
    assert choice.pitches == (1, 2)
    assert choice.story.conflict == pitches[0].conflict
    assert choice.story.turn == f"{pitches[0].turn} {pitches[1].turn}"
    assert {(one.field, one.pitch) for one in choice.takes} >= {("turn", 1), ("turn", 2), ("title", 1)}


def test_a_small_model_pitches_what_nobody_has_pitched(tmp_path: Path) -> None:
    """Sent back, it tells the idea's sentences in another choice, none of them twice, and in their order."""
    said = ["Mara waits.", "Bea climbs the stairs.", "Ines finds the page.", "Tomas sails."]
    mine, other = (
        Pitch(title="T", conflict=said[0], turn=said[2], ending=said[3]),
        Pitch(title="U", conflict=said[0], turn=said[1], ending=said[3]),
    )
    with open_room(a_series(tmp_path)) as room:
        desk = small_desk(room, lambda call: play(call))
        desk.order = desk.order.model_copy(update={"idea": " ".join(said)})
        told = asyncio.run(PlotWriter().pitch_again(desk, mine, mine, [mine, other]))
        assert told.lines not in (mine.lines, other.lines)
        places = [said.index(line) for line in told.lines]
        assert places == sorted(set(places))
        desk.order = desk.order.model_copy(update={"idea": "Mara waits. Tomas sails."})
        assert asyncio.run(PlotWriter().pitch_again(desk, mine, mine, [mine])) == mine


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
