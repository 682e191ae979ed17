"""What a model was sent for a turn: word for word, with its answers; what a member was asked instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from debate_kit import answered_by_hand
from room_kit import a_series, draft, open_room
from test_debates import Agreeable, Held, crew_of

from storyroom.agents import asking, desk
from storyroom.errors import InputError, SessionError
from storyroom.memory.sent import behind, turn_named
from storyroom.models.ask import Request
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.turn import TurnKind


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room with the scripted model."""
    with open_room(a_series(tmp_path_factory.mktemp("sent"))) as room:
        yield room


@pytest.fixture(scope="module")
def session(room: Room) -> Session:
    """A small session."""
    return draft(room, scenes=1)


def test_what_is_shown_is_what_was_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """System message, user message, beginning of the answer and seed are those of the request itself."""
    sent: list[Request] = []
    usual = asking.complete

    async def listening(model: Any, request: Request, **rest: Any) -> Any:
        sent.append(request)
        return await usual(model, request, **rest)

    monkeypatch.setattr(asking, "complete", listening)
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, scenes=1)
        turn = next(turn for turn in session.turns if turn.kind is TurnKind.DRAFT)
        found = behind(room.ledger, turn).calls
        asked = [one for one in sent if one.label.startswith(f"{turn.task.label}.")]
        assert len(found) == len(asked) > 0
        for shown, request in zip(found, asked, strict=True):
            assert [shown.system, shown.user] == [message.content for message in request.messages]
            assert shown.prefill == request.prefill
            assert shown.call.options["seed"] == request.seed
            assert shown.call.label == request.label


def test_a_turn_is_named_by_number_or_id(session: Session):
    """The number of `show turns`, the whole id, or its beginning."""
    turn = next(turn for turn in session.turns if turn.kind is TurnKind.DRAFT)
    ledger = session.ledger
    assert turn_named(ledger, str(turn.seq)) == turn
    assert turn_named(ledger, turn.id, session.id) == turn
    assert turn_named(ledger, turn.id[:10]).task == turn.task


@pytest.mark.parametrize("name", ["", "x", "%", "______", "no-such", "99999", "a" * 40])
def test_a_name_that_is_none_is_told(session: Session, name: str):
    """What cannot be a name and what nobody has are refused, each with a hint."""
    with pytest.raises((InputError, SessionError)) as wrong:
        turn_named(session.ledger, name)
    assert "turns" in wrong.value.hint


def test_a_turn_of_another_session_is_refused(room: Room, session: Session):
    """With a session named, its number must be one of that session's."""
    other = room.fork(session.id, "1", seed=3)
    with pytest.raises(SessionError, match=f"said in session {session.id}"):
        turn_named(room.ledger, str(session.turns[0].seq), other.id)


def test_code_asks_no_model(session: Session):
    """A stop has neither calls nor sheets."""
    stop = next(turn for turn in session.turns if turn.kind is TurnKind.STOP)
    assert (behind(session.ledger, stop).calls, behind(session.ledger, stop).asked) == ((), ())


def test_a_member_s_turn_has_the_sheet(tmp_path: Path):
    """What was put before them, what they handed in, and that the draft was handed back to the agent."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(0), Agreeable())) as room:
        session = answered_by_hand(room, "Dev", "Put the lamp down, Ines.")
        turns = {turn.kind: turn for turn in session.turns if turn.scene == 1}
        accepted, drafted = (
            behind(room.ledger, turns[kind]) for kind in (TurnKind.ACCEPTANCE, TurnKind.DRAFT)
        )
        (asked,) = accepted.asked
        assert (asked.ask.member, accepted.calls) == ("Dev", ())
        assert "It is not hers." in asked.sheet
        assert asked.answer is not None
        assert "Put the lamp down" in asked.answer.text
        assert drafted.calls
        assert [one.answer.text for one in drafted.asked if one.answer] == [""]


def test_attempts_are_kept_with_their_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each attempt is a call of its own, in order, with what was found wrong with its answer."""
    usual = desk.Desk._best

    async def strict(self: Any, *given: Any) -> Any:
        *rest, checks, attempts = given
        faulty = self.task.stage == "brief"
        return await usual(self, *rest, (lambda _answer: ["not good"]) if faulty else checks, attempts)

    monkeypatch.setattr(desk.Desk, "_best", strict)
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, scenes=1, depth="standard")
        brief = next(turn for turn in session.turns if turn.kind is TurnKind.BRIEF)
        found = behind(room.ledger, brief).calls
        assert [one.call.attempt for one in found] == list(range(1, len(found) + 1))
        assert len(found) > 1
        assert {one.call.faults for one in found} == {("not good",)}
        assert len({one.user for one in found}) == 1
