"""Whole sessions with members in the seats."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from room_kit import ZH_IDEA, a_series, begin, draft, drive, open_room, resume
from seat_kit import anything, every_block, filled, first_line, go_on, scene_by

from storyroom.agents.events import Turned
from storyroom.errors import InputError, SessionError, SessionPaused
from storyroom.memory.asks import Ask
from storyroom.memory.credits import credits
from storyroom.memory.inbox import SeatChange
from storyroom.room import Room
from storyroom.seats import offered
from storyroom.session import Session
from storyroom.story.bible import Role
from storyroom.story.turn import Actor, Turn, TurnKind
from storyroom.waiting import waits

ROSA, DEV = Actor(kind="member", name="Rosa"), Actor(kind="member", name="Dev")


def paused(room: Room, **order: object) -> Session:
    """Draft until a member is asked for something."""
    run = begin(room, **order)
    drive(run)
    assert run.outcome == "paused"
    return room.session(run.session.id)


def of_kind(session: Session, *kinds: TurnKind, by: Actor | None = None) -> list[Turn]:
    """Return a session's turns of some kinds, by one actor if one is named."""
    return [turn for turn in session.turns if turn.kind in kinds and by in (None, turn.actor)]


def accept(ask: Ask) -> str:
    """Fill in any sheet; objections are accepted."""
    if ask.sheet["kind"] == "replies":
        text = f"Another line, {ask.task.scene}, pass {ask.task.pass_}."
        return every_block(ask, answer="accept", reason="True enough.", text=text)
    return anything(ask)


def test_a_member_writes_the_scenes(tmp_path: Path):
    """What they type is the scene, word for word; it is theirs in turns and credits; no model was asked."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        room.take_seat("dialogue_writer", "Rosa")
        session = paused(room)
        with pytest.raises(SessionPaused, match="the scene, scene 1"):
            resume(room, session.id)
        calls = room.ledger.counts()["calls"]
        with pytest.raises(SessionPaused):
            resume(room, session.id)
        assert room.ledger.counts()["calls"] == calls, "waiting burns nothing"
    with open_room(folder) as room:
        session = go_on(room, room.session(session.id), accept)
        assert session.status == "finished"
        drafts = of_kind(session, TurnKind.DRAFT)
        assert {turn.actor for turn in drafts} == {ROSA}
        assert of_kind(session, TurnKind.ACCEPTANCE, by=ROSA)
        for turn in session.turns:
            if turn.actor == ROSA:
                assert room.ledger.calls.made(task=turn.task.id) == []
        assert "Another line, 1," in session.fountain
        assert session.head
        writers = {credit.actor: credit for credit in credits(room.ledger, session.head)}
        assert writers["member:Rosa"].written >= 6
        assert not any(actor.startswith("agent") for actor in writers)


def test_members_in_all_seats_need_no_model(tmp_path: Path):
    """From the brief to the table read a human does every task that an agent would have done."""
    folder = a_series(tmp_path)
    bible = folder / "series.yaml"
    bible.write_text(bible.read_text("utf-8").replace("pitches: 3", "pitches: 1"), "utf-8")
    with open_room(folder) as room:
        for role in map(Role, room.bible.working_roles):
            room.take_seat(role, "Dev" if role is Role.SHOWRUNNER else "Rosa")
        session = go_on(room, paused(room), anything)
        assert session.status == "finished"
        assert room.ledger.counts()["calls"] == 0
        assert {turn.actor.kind for turn in session.turns} == {"member", "code"}
        rulings = of_kind(session, TurnKind.RULING)
        assert rulings
        assert {turn.actor for turn in rulings} == {DEV}
        kinds = {ask.sheet["kind"] for ask in room.ledger.asks.of(session.id)}
        assert kinds == {
            "brief",
            "pitch",
            "choice",
            "outline",
            "scene",
            "replies",
            "review",
            "verifications",
            "rulings",
            "feeling",
        }
        assert session.manuscript.outline is not None
        assert session.manuscript.outline.title == "By Hand"


def test_a_member_is_one_of_the_critics(tmp_path: Path):
    """Their objections quote the draft, the author answers them, and they say whether they are met."""

    def read(ask: Ask) -> str:
        if ask.sheet["kind"] == "verifications":
            return every_block(ask, met="yes", reason="Much better.")
        line = first_line(ask, 1)
        return filled(
            offered(ask),
            objections=f"[{{line: '{line}', kind: logic, gravity: serious, says: Who told her?}}]",
        )

    with open_room(a_series(tmp_path)) as room:
        room.take_seat("editor", "Rosa")
        session = go_on(room, paused(room), read)
        assert session.status == "finished"
        objections = of_kind(session, TurnKind.OBJECTION, by=ROSA)
        assert {turn.body["says"] for turn in objections} == {"Who told her?"}
        assert {str(turn.task.stage) for turn in objections} == {"pitch", "outline", "scene", "table_read"}
        verified = of_kind(session, TurnKind.VERIFICATION, by=ROSA)
        assert verified
        mine = {turn.id for turn in objections}
        assert {turn.body["objection"] for turn in verified} <= mine
        assert all(turn.body["met"] for turn in verified)


@pytest.mark.parametrize("keep", ["old", "new"])
def test_a_members_ruling_ends_the_debate(tmp_path: Path, keep: str):
    """The wording that they keep stands, and the debate stops with a ruling."""

    def rule(ask: Ask) -> str:
        if ask.sheet["kind"] == "rulings":
            return every_block(ask, keep=keep, reason="I say so.")
        if ask.sheet["kind"] == "review" and ask.task.role != "editor":
            return filled(offered(ask), objections="[]")
        return accept(ask)

    with open_room(a_series(tmp_path)) as room:
        room.take_seat("showrunner", "Dev")
        for role in (Role.DIALOGUE_WRITER, Role.EDITOR, Role.EMOTION_CRITIC, Role.SCRIPT_COORDINATOR):
            room.take_seat(role, "Rosa")
        session = go_on(room, paused(room, scenes=1, pages=1.0), rule)
        assert session.status == "finished"
        ruled = [turn for turn in of_kind(session, TurnKind.RULING, by=DEV) if turn.scene == 1]
        assert {turn.body["keep"] for turn in ruled} == {keep}
        stops = [turn for turn in of_kind(session, TurnKind.STOP) if turn.scene == 1]
        assert {stop.body["reason"] for stop in stops} == {"ruling"}
        assert ("Another line, 1," in session.fountain) == (keep == "new")


def test_a_seat_changes_hands_in_the_middle_of_a_scene(tmp_path: Path):
    """Rosa writes the scene and leaves; Dev, who sits down then, answers the objections to it."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        room.take_seat("dialogue_writer", "Rosa")
        session = paused(room)
        room.answer_seat(session.id, scene_by(session.asked[0]))
        room.leave_seat("dialogue_writer")
        room.take_seat("dialogue_writer", "Dev", session.id)
    with open_room(folder) as room:
        resume(room, session.id)
        session = room.session(session.id)
        assert [(ask.member, ask.sheet["kind"], ask.task.scene) for ask in session.asked] == [
            ("Dev", "replies", 1)
        ]
        room.answer_seat(session.id, accept(session.asked[0]), member="Dev")
        resume(room, session.id)
        session = room.session(session.id)
        assert [turn.actor for turn in of_kind(session, TurnKind.DRAFT)] == [ROSA]
        assert [t.actor for t in of_kind(session, TurnKind.ACCEPTANCE) if t.scene == 1] == [DEV]


def test_a_task_goes_to_the_agent_when_its_member_leaves(tmp_path: Path):
    """The open question is handed back; whoever takes the seat then has the next task."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("dialogue_writer", "Rosa")
        session = paused(room)
        room.leave_seat("dialogue_writer")
        assert room.session(session.id).status == "unfinished"
        room.take_seat("dialogue_writer", "Dev")
        resume(room, session.id)
        session = room.session(session.id)
        (written,) = of_kind(session, TurnKind.DRAFT)
        assert written.actor.kind == "agent"
        assert [(ask.member, ask.sheet["kind"]) for ask in session.asked] == [("Dev", "replies")]


def test_a_question_that_was_put_to_somebody_who_had_left_is_handed_back(tmp_path: Path):
    """A seat that was left between a task's beginning and its question does not hold the session up."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("dialogue_writer", "Rosa")
        session = paused(room)
        room.ledger.inbox.put(SeatChange(member="Rosa", role="dialogue_writer", taken=False), None)
        assert room.session(session.id).asked
        assert resume(room, session.id).outcome == "finished"


def test_a_task_that_is_handed_back_is_the_agents(tmp_path: Path):
    """An empty answer lets the agent do this task, on its model, in its name; the seat stays taken."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("dialogue_writer", "Rosa")
        session = go_on(room, paused(room), lambda _ask: "# no time")
        assert session.status == "finished"
        assert {turn.actor.kind for turn in of_kind(session, TurnKind.DRAFT)} == {"agent"}
        assert not [turn for turn in session.turns if turn.actor.kind == "member"]
        assert room.seats()["dialogue_writer"] == "Rosa"


def test_two_members_are_asked_side_by_side(tmp_path: Path):
    """Whoever answers first does not wait for the other; the session goes on when both have."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("editor", "Rosa")
        room.take_seat("emotion_critic", "Dev")
        session = paused(room, scenes=1, pages=1.0)
        while len(session.asked) < 2:
            room.answer_seat(session.id, anything(session.asked[0]))
            resume(room, session.id)
            session = room.session(session.id)
        assert {ask.member for ask in session.asked} == {"Rosa", "Dev"}
        room.answer_seat(session.id, anything(session.asked[0]))
        assert resume(room, session.id).outcome == "paused"
        after = room.session(session.id)
        assert [ask.id for ask in after.asked] == [session.asked[1].id]
        with pytest.raises(SessionPaused, match=after.asked[0].member):
            resume(room, session.id)
        room.answer_seat(session.id, anything(after.asked[0]))
        resume(room, session.id)
        session = room.session(session.id)
        reviews = [turn for turn in of_kind(session, TurnKind.REVIEW) if turn.scene == 1]
        assert {turn.actor.name for turn in reviews} >= {"Rosa", "Dev"}


def test_a_fork_asks_whoever_sat_there(tmp_path: Path):
    """A fork begins with the seats of the session that it leaves; what is asked in it is its own."""
    with open_room(a_series(tmp_path)) as room:
        parent = draft(room)
        room.take_seat("dialogue_writer", "Rosa", parent.id)
        fork = room.fork(parent.id, "2")
        assert room.seats(fork.id)["dialogue_writer"] == "Rosa"
        resume(room, fork.id)
        session = room.session(fork.id)
        assert [(ask.member, ask.task.scene) for ask in session.asked] == [("Rosa", 2)]
        assert room.session(parent.id).asked == []
        session = go_on(room, session, anything)
        assert session.status == "finished"
        assert "Then who burned the log, 2?" in session.fountain
        assert room.session(parent.id).fountain == parent.fountain


def test_a_chinese_scene_is_written_by_a_member(tmp_path: Path):
    """The sheet is in Chinese, and so is what comes of it."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        member = room.bible.team[0].name
        room.take_seat("dialogue_writer", member)
        run = room.begin(ZH_IDEA, scenes=1, pages=1.0, depth="quick", seed=5, model="scripted:x")
        drive(run)
        session = room.session(run.session.id)
        (ask,) = session.asked
        assert "只有这些人开口" in offered(ask)
        room.answer_seat(session.id, scene_by(ask, "灯灭了，谁也没有动。"))
        resume(room, session.id)
        session = room.session(session.id)
        assert "灯灭了，谁也没有动。" in session.fountain


def test_a_scene_that_a_gate_sends_back_comes_with_its_lines(tmp_path: Path):
    """The member has the old version before them; the lines that they keep keep their ids."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("dialogue_writer", "Rosa")
        session = go_on(room, paused(room, gates=["scene"]), anything)
        before = session.manuscript.scenes[1]
        room.answer(session.id, "send_back", member="Kit", reason="More rain.")
        resume(room, session.id)
        session = room.session(session.id)
        (ask,) = session.asked
        assert "Kit: More rain." in offered(ask)
        room.answer_seat(session.id, offered(ask) + "\nRain.\n")
        resume(room, session.id)
        after = room.session(session.id).manuscript.scenes[1]
        assert [one.id for one in after.elements[:-1]] == [one.id for one in before.elements]
        assert after.elements[-1].text == "Rain."


def test_a_member_makes_one_of_several_blind_pitches(tmp_path: Path):
    """The others are the agents', so that there is something to choose from."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("plot_writer", "Rosa")
        session = go_on(room, paused(room), anything)
        pitches = of_kind(session, TurnKind.PITCH)
        assert [turn.actor.kind for turn in sorted(pitches, key=lambda turn: turn.task.ordinal)] == [
            "member",
            "agent",
            "agent",
        ]


def test_what_a_member_leaves_empty_the_agent_answers(tmp_path: Path):
    """All objections are on one sheet; whoever signs the revision, each wording counts for who wrote it."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_in_revision(room)
        (ask,) = session.asked
        assert len(ask.sheet["lines"]) > 1
        first = filled(offered(ask), answer="accept", reason="True enough.", text="Another line.")
        with pytest.raises(InputError, match="no block 9"):
            room.answer_seat(session.id, offered(ask) + "9: {answer: rebut, reason: No.}\n")
        with pytest.raises(InputError, match="is Rosa's"):
            room.answer_seat(session.id, first, member="Dev")
        room.answer_seat(session.id, first)
        with pytest.raises(SessionError, match="answered by Rosa already"):
            room.answer_seat(session.id, accept(ask))
        resume(room, session.id)
        session = go_on(room, room.session(session.id), lambda _ask: "")
        assert session.status == "finished"
        revision = next(turn for turn in of_kind(session, TurnKind.REVISION) if turn.scene == 1)
        assert revision.actor.kind == "agent"
        by = [turn.actor.kind for turn in session.turns if turn.task.id == ask.task.id]
        assert (by.count("member"), by.count("agent")) == (1, len(ask.sheet["lines"]))
        line = next(key for key, who in revision.body["words_of"].items() if who == "Rosa")
        assert session.head
        assert any("Another line" in one.text for one in session.manuscript.scenes[1].lines if one.id == line)
        assert "member:Rosa" in {credit.actor for credit in credits(room.ledger, session.head)}


def paused_in_revision(room: Room) -> Session:
    """Draft with an agent's scene, until Rosa, who sits down then, is asked about the objections."""
    run = begin(room, depth="deep", scenes=1, pages=1.0)
    events = run.events()

    async def to_the_reviews() -> None:
        async for event in events:
            if isinstance(event, Turned) and event.turn.kind is TurnKind.DRAFT:
                room.take_seat("dialogue_writer", "Rosa")

    asyncio.run(to_the_reviews())
    assert run.outcome == "paused"
    return room.session(run.session.id)


def two_objections(ask: Ask) -> str:
    """Object to two lines of whatever is reviewed."""
    lines = (first_line(ask), first_line(ask, 1))
    said = ", ".join(
        f"{{line: '{line}', kind: logic, gravity: serious, says: Who told her?}}" for line in lines
    )
    return filled(offered(ask), objections=f"[{said}]")


def test_an_objector_verifies_on_one_sheet_and_may_leave_blocks_to_the_agent(tmp_path: Path):
    """Both objections are asked about at once; each word is signed by who gave it."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("editor", "Rosa")
        session = go_on(room, paused(room, depth="deep"), two_objections, until="verifications")
        (ask,) = session.asked
        assert len(ask.sheet["lines"]) == 2
        assert waits(session)[0].what.endswith("a word on whether 2 objections were met")
        room.answer_seat(session.id, filled(offered(ask), met="yes", reason="Much better."))
        resume(room, session.id)
        said = [turn for turn in room.session(session.id).turns if turn.task.id == ask.task.id]
        assert [(turn.kind, turn.actor.kind) for turn in said] == [
            (TurnKind.VERIFICATION, "member"),
            (TurnKind.VERIFICATION, "agent"),
        ]


def test_an_agent_signs_for_itself_what_a_member_had_objected_to(tmp_path: Path):
    """When the member leaves before it is verified, the agent's word is not taken for theirs."""
    with open_room(a_series(tmp_path)) as room:
        room.take_seat("editor", "Rosa")
        session = go_on(room, paused(room), two_objections, until="verifications")
        room.leave_seat("editor")
        resume(room, session.id)
        session = room.session(session.id)
        assert of_kind(session, TurnKind.OBJECTION, by=ROSA)
        assert not of_kind(session, TurnKind.VERIFICATION, by=ROSA)
        assert of_kind(session, TurnKind.VERIFICATION)


def test_an_answer_holds_though_its_member_leaves_before_the_session_goes_on(tmp_path: Path):
    """What was handed in is not lost: it counts as theirs, and only what comes next is the agent's."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_in_revision(room)
        (ask,) = session.asked
        room.answer_seat(session.id, accept(ask))
        room.leave_seat("dialogue_writer")
        resume(room, session.id)
        said = [turn for turn in room.session(session.id).turns if turn.task.id == ask.task.id]
        assert {turn.actor for turn in said} == {ROSA}
