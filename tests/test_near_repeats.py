"""Pitches that nearly repeat one another: measured, sent back once, and marked if that did not help."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from cli_kit import run as cli
from pitch_kit import LEDGER, WHISTLE, answering, chosen, of_kind, small_desk
from room_kit import a_series, begin, drive, open_room, prompt_of, resume
from scripted_room import play

from storyroom.agents.plot_writer import PlotWriter
from storyroom.story.distinct import mean_distance, nearly_repeats, repeated
from storyroom.story.plan import Pitch
from storyroom.story.turn import TurnKind


def test_a_near_repeat_goes_back_once(tmp_path: Path) -> None:
    """Its writer is shown the pitch that it repeats and tells another; the ledger keeps both."""
    same, new = LEDGER, WHISTLE
    model = answering(
        {
            "pitch.plot_writer.p1.r0.1*": same,
            "pitch.plot_writer.p1.r0.2*": {**same, "title": "Other"},
            "pitch.plot_writer.p1.r1.2*": new,
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
    again = {f"pitch.plot_writer.p1.r1.{number}.*": told for number in (2, 3)}
    model = answering({"pitch.plot_writer.p1.r0*": told, **again})
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
    model = answering({"pitch.plot_writer.p1.r0.1*": told})
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
    again = {f"pitch.plot_writer.p1.r1.{number}.*": WHISTLE for number in (2, 3)}
    model = answering({"pitch.plot_writer.p1.r0*": LEDGER, **again})
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
