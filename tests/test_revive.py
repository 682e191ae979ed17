"""A pitch that was not chosen can be revived: a fork goes on with it, and the session stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_kit import draft as cli_draft
from cli_kit import run as cli
from room_kit import a_series, begin, draft, drive, open_room, prompt_of, resume

from storyroom.agents.pitched import read_pitch
from storyroom.errors import InputError, SessionError
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.turn import Stage, TurnKind

MINE = "A crate lies on the Quay at dawn. Bea hides it in the Boathouse. Mara gives it back to the sea."


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room in which one episode was drafted, with a member's pitch on its table."""
    with open_room(a_series(tmp_path_factory.mktemp("room"))) as room:
        room.pitch(MINE, member="Dev")
        draft(room)
        yield room


@pytest.fixture(scope="module")
def first(room: Room) -> Session:
    """The session whose pitches are revived."""
    return room.sessions()[0]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_revived_pitch_is_the_story_of_a_new_session(room: Room, first: Session, number: int) -> None:
    """Brief and pitches are shared, the choice is the member's, and the next thing done is the outline."""
    before = first.fountain
    table = first.manuscript.pitches
    assert table is not None
    fork = room.fork(first.id, revive=number, member="Kit")
    assert resume(room, fork.id).outcome == "finished"
    fork = room.session(fork.id)
    assert fork.record.parent == first.id
    for slot in ("brief", "pitches"):
        assert fork.manuscript.slots[slot] == first.manuscript.slots[slot]
    choice = fork.manuscript.choice
    assert choice is not None
    assert choice.story == table.pitches[number - 1].pitch
    assert {(one.pitch, one.by) for one in choice.takes} == {(number, table.pitches[number - 1].by)}
    (chosen,) = [turn for turn in fork.turns if turn.kind is TurnKind.CHOICE]
    assert str(chosen.actor) == "member:Kit"
    assert fork.turns[0] == chosen
    assert fork.turns[1].task.stage is Stage.OUTLINE
    assert not room.ledger.calls.made(task=chosen.task.id)
    assert room.session(first.id).fountain == before


def test_what_a_member_pitched_is_then_what_is_told(room: Room, first: Session) -> None:
    """The outline of a revived member's pitch is asked for with the member's own sentences."""
    fork = room.fork(first.id, revive=4)
    resume(room, fork.id)
    fork = room.session(fork.id)
    outline = next(turn for turn in fork.turns if turn.kind is TurnKind.OUTLINE)
    prompt = prompt_of(room, outline)
    for line in read_pitch(MINE).lines:
        assert line in prompt
    assert fork.manuscript.outline is not None
    assert fork.manuscript.outline.title


def test_nobody_is_asked_about_it_again(room: Room) -> None:
    """The gate after the pitches is left out: who revives a pitch has chosen. Other gates stay."""
    run = begin(room, gates=["pitches", "outline"])
    drive(run)
    fork = room.fork(run.session.id, revive=2)
    assert fork.order.gates == ("outline",)
    resume(room, fork.id)
    waiting = room.session(fork.id).waiting
    assert waiting is not None
    assert waiting.body["gate"] == "outline"


def test_a_revived_session_can_be_forked(room: Room, first: Session) -> None:
    """Another of its pitches can be revived in turn, and its outline written anew."""
    fork = room.fork(first.id, revive=2)
    again = room.fork(fork.id, revive=3)
    choice = room.session(again.id).manuscript.choice
    assert choice is not None
    assert choice.pitches == (3,)
    resume(room, fork.id)
    anew = room.fork(fork.id, "outline")
    assert room.session(anew.id).manuscript.choice == room.session(fork.id).manuscript.choice


@pytest.mark.parametrize("number", [0, -1, 5, 99])
def test_a_pitch_that_is_not_there_is_refused(room: Room, first: Session, number: int) -> None:
    """The error names the number, the hint how many there are; no session is made."""
    before = len(room.sessions())
    with pytest.raises(InputError, match=f"no pitch {number}") as caught:
        room.fork(first.id, revive=number)
    assert "1 to 4" in caught.value.hint
    assert len(room.sessions()) == before


def test_two_points_and_strangers_are_refused(room: Room, first: Session) -> None:
    """A fork begins at one point, and only the team revives."""
    before = len(room.sessions())
    with pytest.raises(InputError, match="one point"):
        room.fork(first.id, "outline", revive=1)
    with pytest.raises(InputError, match="Nobody"):
        room.fork(first.id, revive=1, member="Nobody")
    with pytest.raises(InputError):
        room.fork(first.id)
    assert len(room.sessions()) == before


def test_a_session_without_pitches_has_none_to_revive(tmp_path: Path) -> None:
    """The hint says how to go on first."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        with pytest.raises(SessionError, match="nothing yet at pitches") as caught:
            room.fork(run.session.id, revive=1)
        assert "resume" in caught.value.hint


def test_reviving_on_the_command_line(tmp_path: Path) -> None:
    """`fork --revive` says what it made and how it is drafted; a wrong number is told, and so is no point."""
    folder = a_series(tmp_path)
    assert cli_draft(folder).exit_code == 0
    session = cli("-s", folder, "sessions", "--json").stdout.split('"session": "')[1].partition('"')[0]
    said = cli("-s", folder, "fork", session, "--revive", "2", "--as", "Kit")
    assert said.exit_code == 0, said.stderr
    assert f"pitch 2 of {session}" in said.stderr
    made = said.stdout.strip()
    assert "resume" in said.stderr
    assert "2. " in cli("-s", folder, "show", made, "pitches").stdout
    for wrong in (
        ("--revive", "7"),
        (),
        ("--revive", "1", "--at", "outline"),
        ("--revive", "1", "--as", "Nobody"),
    ):
        said = cli("-s", folder, "fork", session, *wrong)
        assert said.exit_code == 2
        assert "hint: " in said.stderr


def test_a_revived_session_is_begun_with_its_choice_or_not_at_all(
    room: Room, first: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between the two leaves no session whose showrunner would choose again."""
    before = [one.id for one in room.ledger.sessions.every()]

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(room.ledger, "commit", dies)
        with pytest.raises(KeyboardInterrupt):
            room.fork(first.id, revive=1, member="Kit")
    assert [one.id for one in room.ledger.sessions.every()] == before
    fork = room.fork(first.id, revive=1, member="Kit")
    assert fork.manuscript.choice is not None
