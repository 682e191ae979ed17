"""Seats: members take and leave them, in the series or in one session, and answer what is asked there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from unittest.mock import patch

import pytest
from room_kit import a_series, an_order, open_room

from storyroom.agents.plan_sheets import PitchSheet
from storyroom.agents.seat import Seat
from storyroom.errors import InputError, SessionError
from storyroom.memory.inbox import Answer, SeatChange
from storyroom.memory.seats import holder, holders
from storyroom.room import Room
from storyroom.seats import offered
from storyroom.story.turn import Stage, Task


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give a room with a session in it; on its team are Rosa, Dev and Kit."""
    with open_room(a_series(tmp_path)) as room:
        room.ledger.sessions.begin(an_order(room), room.bible, session_id="e01-one")
        yield room  # type: ignore[misc]


class Waits(Exception):
    """Stands for the interrupt of a run."""


def ask(room: Room, role: str, member: str, ordinal: int = 1) -> str:
    """Put a question before a member as a run does, and return its id."""

    def wait(_what: object) -> object:
        raise Waits

    task = Task(session="e01-one", head=None, stage=Stage.PITCH, role=role, ordinal=ordinal)
    sheet = PitchSheet(role=role, text="# A pitch.\n\ntitle:\nconflict:\nturn:\nending:\n")
    with pytest.raises(Waits):
        asyncio.run(Seat(member, task, room.ledger, wait).ask(sheet))
    return next(one.id for one in room.ledger.asks.of("e01-one") if one.task == task)


PITCH = "title: A\nconflict: B.\nturn: C.\nending: D.\n"


def test_a_seat_is_taken_and_left(room: Room):
    """It is the agent's until a member takes it, and once they leave it; one's own can be taken again."""
    assert set(room.seats()) == set(room.bible.working_roles)
    assert set(room.seats().values()) == {None}
    room.take_seat("editor", "Rosa")
    room.take_seat("editor", "Rosa")
    assert (room.seats()["editor"], room.seats("e01")["editor"]) == ("Rosa", "Rosa")
    room.leave_seat("editor")
    assert room.seats()["editor"] is None
    room.take_seat("editor", "Dev")
    assert holders(room.ledger, None) == {"editor": "Dev"}


def test_a_role_that_is_off_has_no_seat(room: Room):
    """Nobody would ever be asked there: it is not listed, cannot be taken, and gets no notes."""
    assert "standards" not in room.seats()
    with pytest.raises(InputError, match="off in this series") as caught:
        room.take_seat("standards", "Rosa")
    assert "series.yaml" in caught.value.hint
    with pytest.raises(InputError, match="off in this series"):
        room.note("Mind the names.", member="Rosa", roles=["standards"])


def test_a_seat_can_be_taken_in_one_session(room: Room):
    """Other sessions and the series know nothing of it; a seat of the series can be left in one session."""
    room.take_seat("editor", "Rosa", "e01-one")
    room.take_seat("plot_writer", "Dev")
    assert holders(room.ledger, "e01-one") == {"editor": "Rosa", "plot_writer": "Dev"}
    assert holders(room.ledger, None) == {"plot_writer": "Dev"}
    room.leave_seat("plot_writer", "e01-one")
    assert holders(room.ledger, "e01-one") == {"editor": "Rosa"}
    assert holders(room.ledger, None) == {"plot_writer": "Dev"}
    room.take_seat("editor", "Kit")
    assert holder(room.ledger, "e01-one", "editor") == "Rosa", "nobody is pushed out"


@pytest.mark.parametrize(
    ("role", "member", "said"),
    [
        ("editer", "Rosa", "no role 'editer'.*did you mean editor"),
        ("editor", "Roza", "called 'Roza'.*did you mean Rosa"),
        ("editor", "", "called ''"),
        ("editor", "Dev", "Rosa sits in the seat of the editor"),
    ],
)
def test_a_seat_that_cannot_be_taken_is_told(room: Room, role: str, member: str, said: str):
    """An unknown role, an unknown member, a seat that is held: an error, and nothing has changed."""
    room.take_seat("editor", "Rosa")
    counts = room.ledger.counts()
    with pytest.raises(InputError, match=said) as caught:
        room.take_seat(role, member)
    assert caught.value.hint
    with pytest.raises(InputError):
        room.take_seat(role, member, "e01-one")
    assert room.ledger.counts() == counts


def test_a_seat_that_nobody_holds_cannot_be_left(room: Room):
    """The hint names the session in which somebody holds it."""
    with pytest.raises(InputError, match="Nobody sits"):
        room.leave_seat("editor")
    room.take_seat("editor", "Rosa", "e01-one")
    with pytest.raises(InputError, match="Nobody sits") as caught:
        room.leave_seat("editor")
    assert "e01-one" in caught.value.hint
    with pytest.raises(SessionError, match="no session 'e09'"):
        room.leave_seat("editor", "e09")
    with pytest.raises(InputError, match="no role"):
        room.leave_seat("writer")


def test_of_two_who_take_a_seat_at_once_one_gets_it(room: Room):
    """The first entry holds; the other one is told who sits there now."""
    put = room.ledger.inbox.put

    def slower(item: SeatChange, session: str | None) -> SeatChange:
        put(item.model_copy(update={"member": "Dev"}), session)
        return put(item, session)

    with patch.object(room.ledger.inbox, "put", slower), pytest.raises(InputError, match="Dev sits"):
        room.take_seat("editor", "Rosa")
    assert room.seats()["editor"] == "Dev"
    room.leave_seat("editor")
    assert room.seats()["editor"] is None


def test_a_fork_begins_with_the_seats_as_they_were(room: Room):
    """What is taken or left in the session later does not touch its fork, nor the other way round."""
    session = room.ledger.sessions.get("e01-one")
    room.take_seat("editor", "Rosa", session.id)
    fork = room.ledger.sessions.begin(
        session.order, room.bible, session_id="e01-two", parent=session, start_at="pitch"
    )
    assert holders(room.ledger, fork.id) == {"editor": "Rosa"}
    later(room)
    room.leave_seat("editor", session.id)
    room.take_seat("plot_writer", "Dev", fork.id)
    assert holders(room.ledger, fork.id) == {"editor": "Rosa", "plot_writer": "Dev"}
    assert holders(room.ledger, session.id) == {}


def later(room: Room) -> None:
    """Wait until the ledger's clock shows another moment."""
    from storyroom.memory.database import now

    moment = now()
    while now() == moment:
        pass


def test_a_question_is_open_until_it_is_answered(room: Room):
    """The session waits for it; a second answer is refused and the first one stands."""
    ask(room, "plot_writer", "Rosa")
    session = room.session("e01")
    assert (session.status, [one.member for one in session.asked]) == ("paused", ["Rosa"])
    answer = room.answer_seat("e01", PITCH)
    assert (answer.member, answer.verdict) == ("Rosa", "edit")
    assert (room.session("e01").status, room.session("e01").asked) == ("unfinished", [])
    with pytest.raises(SessionError, match="waits for no answer"):
        room.answer_seat("e01", PITCH)
    with pytest.raises(SessionError, match="answered by Rosa already"):
        room.answer_seat("e01", offered(session.asked[0]))


def test_only_the_member_who_was_asked_answers(room: Room):
    """Somebody else of the team, or somebody who is not on it, is told; nothing is written."""
    ask(room, "plot_writer", "Rosa")
    counts = room.ledger.counts()
    with pytest.raises(InputError, match="seat of the plot writer is Rosa's"):
        room.answer_seat("e01", PITCH, member="Dev")
    with pytest.raises(InputError, match="called 'Roza'"):
        room.answer_seat("e01", PITCH, member="Roza")
    with pytest.raises(InputError, match="end: there is no such field"):
        room.answer_seat("e01", PITCH.replace("ending", "end"))
    with pytest.raises(InputError, match="control characters"):
        room.answer_seat("e01", PITCH.replace("B.", "B\x00."))
    assert room.ledger.counts() == counts
    assert room.answer_seat("e01", PITCH, member="Rosa")


def test_of_two_answers_at_once_the_first_counts(room: Room):
    """Two that were both let in are both kept, and the slower one is told that it came too late."""
    asked = ask(room, "plot_writer", "Rosa")
    put = room.ledger.inbox.put

    def quicker(item: Answer, session: str) -> Answer:
        put(item.model_copy(update={"text": PITCH.replace("A", "First")}), session)
        return put(item, session)

    with (
        patch.object(room.ledger.inbox, "put", quicker),
        pytest.raises(SessionError, match="Rosa has just answered this"),
    ):
        room.answer_seat("e01", PITCH)
    first = room.ledger.inbox.answer_to("e01-one", asked)
    assert first is not None
    assert "First" in first.text


def test_the_question_is_found_among_several(room: Room):
    """By the sheet's own mark, by role, or by who answers; otherwise one is asked which is meant."""
    ask(room, "plot_writer", "Rosa")
    ask(room, "editor", "Dev")
    with pytest.raises(InputError, match="several answers") as caught:
        room.answer_seat("e01", PITCH)
    assert "plot_writer" in caught.value.hint
    room.answer_seat("e01", PITCH, member="Dev")
    assert [one.member for one in room.session("e01").asked] == ["Rosa"]
    ask(room, "showrunner", "Kit")
    room.answer_seat("e01", PITCH, role="showrunner")
    ask(room, "showrunner", "Kit", ordinal=2)
    sheet = offered(next(one for one in room.session("e01").asked if one.member == "Rosa"))
    room.answer_seat("e01", sheet.partition("\n")[0] + "\n" + PITCH)
    assert [one.member for one in room.session("e01").asked] == ["Kit"]
    with pytest.raises(SessionError, match="belongs to no question"):
        room.answer_seat("e01", f"# sheet {'0' * 32}\n{PITCH}")
    with pytest.raises(SessionError, match="no answer from the editor"):
        room.answer_seat("e01", PITCH, role="editor")


def test_whoever_leaves_hands_back_what_they_were_asked(room: Room):
    """An open question is the agent's then, also when the seat is left in the whole series."""
    room.take_seat("plot_writer", "Rosa")
    asked = ask(room, "plot_writer", "Rosa")
    room.leave_seat("plot_writer")
    answer = room.ledger.inbox.answer_to("e01-one", asked)
    assert answer is not None
    assert (answer.verdict, answer.member, answer.text) == ("hand_back", "Rosa", "")
    room.take_seat("plot_writer", "Dev")
    assert room.session("e01").status == "unfinished"


def test_what_was_answered_is_not_handed_back(room: Room):
    """Leaving the seat afterwards changes nothing about the answer."""
    room.take_seat("plot_writer", "Rosa")
    asked = ask(room, "plot_writer", "Rosa")
    room.answer_seat("e01", PITCH)
    room.leave_seat("plot_writer")
    answer = room.ledger.inbox.answer_to("e01-one", asked)
    assert answer is not None
    assert answer.verdict == "edit"


def test_an_empty_answer_hands_back(room: Room):
    """So do comments alone; the seat stays taken for the next task."""
    room.take_seat("plot_writer", "Rosa")
    ask(room, "plot_writer", "Rosa")
    assert room.answer_seat("e01", "# never mind\n").verdict == "hand_back"
    assert room.seats()["plot_writer"] == "Rosa"


def test_a_polisher_has_no_seat(room: Room):
    """A role that code of the user's own plays cannot be asked for what a member would do."""

    class PunchUp:
        role = "editor"

    with (
        patch.object(room, "crew", room.crew.with_polisher(PunchUp())),  # type: ignore[arg-type]
        pytest.raises(InputError, match="works alone"),
    ):
        room.take_seat("editor", "Rosa")
