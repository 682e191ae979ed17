"""Debates read back: what became of each objection, what forks share, what can be searched for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from debate_kit import KINDS, a_debate, a_read, a_room, a_session, asked_of, debate_in, play  # noqa: F401
from room_kit import a_series, draft, open_room, resume
from scripted_room import scripted_room
from test_debates import Agreeable, Held, crew_of

from storyroom.errors import SessionError
from storyroom.memory.debates import Debate, debate_named, debates_of
from storyroom.memory.sifting import Sieve
from storyroom.memory.wordings import wordings
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.turn import TurnKind
from storyroom.transcripts.transcript import Transcript, transcript_of
from storyroom.transcripts.words import Words


def test_each_objection_met_its_fate(debate: Debate):
    """Accepted, rebutted, ruled on for and against, and thrown out by code."""
    fates = {thread.objection.kind: thread.fate for thread in debate.threads}
    assert fates == dict(zip(KINDS, ("settled", "withdrawn", "overruled", "upheld", "rejected"), strict=True))
    assert debate.fates == Counter(fates.values())
    assert [thread.objection.kind for thread in debate.threads if thread.dissent] == ["character", "logic"]


def test_a_debate_says_who_took_part_and_what_it_cost(session: Session, debate: Debate):
    """Its speakers, its rounds, why it stopped, and the sum of the calls of its tasks."""
    assert [one.role for one in debate.speakers] == ["held", "dialogue_writer", "showrunner"]
    assert (debate.rounds, debate.reviews, debate.reason) == (3, 1, "ruling")
    outline = debate_in(session, "outline")
    assert outline.reason == "agreed"
    tasks = {turn.task.id for turn in debate.turns}
    calls = [call for task in tasks for call in session.ledger.calls.made(task=task)]
    assert debate.spent.calls == len(calls)
    assert debate.spent.tokens == sum(call.new_tokens for call in calls)


def test_debates_come_in_order_and_are_named(session: Session):
    """By stage and scene; a name can be written as a slot too, and one that is not there is told."""
    debates = debates_of(session.ledger, session.id)
    names = [one.id for one in debates]
    assert names[-2:] == ["scene.1", "table_read"]
    assert debate_named(debates, "Scene:1").id == "scene.1"
    with pytest.raises(SessionError, match=r"scene\.7") as wrong:
        debate_named(debates, "scene.7")
    assert "scene.1" in wrong.value.hint


def test_an_objection_that_nobody_answered_is_open(tmp_path: Path):
    """A limit leaves it open, and the outcome does not read like agreement."""
    critic = Held(0)
    usual = critic.review

    async def many(desk, draft):  # type: ignore[no-untyped-def]
        first = (await usual(desk, draft))[0]
        return [first.model_copy(update={"line": line.id, "quote": line.text}) for line in draft.lines]

    critic.review = many  # type: ignore[method-assign]
    with open_room(a_series(tmp_path), crew=crew_of(critic, Agreeable())) as room:
        one = debate_in(play(room, depth="quick"))
        assert one.fates["settled"] >= 1
        assert one.fates["open"] == one.stop.body["unanswered"] > 0  # type: ignore[union-attr]
        assert one.reason == "round_limit"
        for language in ("en", "zh"):
            words = Words(language)
            assert words.outcome(one) not in (words["agreed"], words["silent"])


def test_the_table_read_sends_back_or_leaves_open(tmp_path: Path):
    """What it objects to in a scene that goes back is sent back; the second pass is another debate."""
    with open_room(a_series(tmp_path), model=scripted_room(wordy=True)) as room:
        session = play(room, depth="quick")
        debates = {one.id: one for one in debates_of(session.ledger, session.id)}
        assert set(debates["table_read"].fates) == {"sent_back"}
        assert {thread.scene for thread in debates["table_read"].threads} == {1}
        assert debates["scene.1.p2"].pass_ == 2
        shown = transcript_of(session.ledger, debates["table_read"], "en").exchanges[0]
        assert shown.where.startswith("Scene 1, line ")


def test_wordings_follow_each_revision(session: Session, debate: Debate):
    """Before, after each round, and at the end; what a ruling brings back is the old wording."""
    lines = wordings(session.ledger, debate)
    of = {thread.objection.kind: thread for thread in debate.threads}
    overruled, upheld = of["character"], of["logic"]
    line = overruled.objection.line
    assert lines.before(line) == lines.after(line) == overruled.objection.quote
    answers = [turn for turn in overruled.said if turn.kind is TurnKind.ACCEPTANCE]
    changes = [lines.by_task(turn.task.id, line) for turn in answers]
    assert len(changes) == 3
    assert all(change is not None and change[1] == f"{change[0].rstrip('.')} anew." for change in changes)
    assert lines.after(upheld.objection.line).endswith("anew anew anew.")
    number = next(at for at, one in enumerate(session.manuscript.scenes[1].elements, 1) if one.id == line)
    found = lines.line(line)
    assert found is not None
    assert found.place == number


def test_changes_that_nobody_asked_for_are_told_as_undone(read: Transcript):
    """The revision that reworded a line too many is named."""
    assert [(one.change.now, one.stands) for one in read.unasked] == [("And more.", False)]


def test_a_fork_shares_the_debates_that_led_to_it(room: Room, tmp_path: Path):
    """Those before the point of the fork are shown, marked; the scene's is its own."""
    parent = draft(room, scenes=2)
    fork = room.fork(parent.id, "2", seed=9)
    before = debates_of(room.ledger, fork.id)
    assert {(one.session, one.shared) for one in before} == {(parent.id, True)}
    assert "scene.1" in {one.id for one in before}
    assert not {"scene.2", "table_read"} & {one.id for one in before}
    resume(room, fork.id)
    after = {one.id: one for one in debates_of(room.ledger, fork.id)}
    assert after["scene.1"].shared
    assert (after["scene.2"].shared, after["scene.2"].session) == (False, fork.id)


def test_a_fork_in_a_debate_argues_anew(room: Room, session: Session):
    """It keeps the draft and none of the debate on it; a fork of that fork shares its debate."""
    fork = room.fork(session.id, "1:debate", seed=11)
    assert "scene.1" not in {one.id for one in debates_of(room.ledger, fork.id)}
    assert {one.id for one in debates_of(room.ledger, fork.id)} == {"outline"} | (
        {"pitches"} & {one.id for one in debates_of(room.ledger, session.id)}
    )
    resume(room, fork.id)
    held = [one for one in debates_of(room.ledger, fork.id) if one.id == "scene.1"]
    assert [(one.session, one.shared) for one in held] == [(fork.id, False)]


def test_a_list_takes_few_queries(room: Room, session: Session):
    """However many turns there are, the number of queries is that of a session without any."""
    with asked_of(room) as asked:
        debates_of(room.ledger, session.id)
    assert 0 < len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 5


def test_filters_find_debates_and_narrow_them(session: Session):
    """By stage, scene, role, member, kind and fate; all that is given must hold."""
    debates = debates_of(session.ledger, session.id)
    assert [one.id for one in Sieve(stage="scene").sift(debates)] == ["scene.1"]
    assert Sieve(scene=2).sift(debates) == []
    assert [one.id for one in Sieve(role="showrunner").sift(debates)] == ["scene.1"]
    assert Sieve(member="Rosa").sift(debates) == []
    (found,) = Sieve(fate="upheld").sift(debates)
    assert ([one.fate for one in found.threads], found.objections) == (["upheld"], 5)
    (found,) = Sieve(kind="dialogue", role="held").sift(debates)
    assert [one.objection.kind for one in found.threads] == ["dialogue"]
    assert Sieve(kind="dialogue", fate="upheld").sift(debates) == []
    (found,) = Sieve(role="showrunner", scene=1).sift(debates)
    assert {one.fate for one in found.threads} == {"overruled", "upheld"}
    every = {one.id: Words("en").outcome(one) for one in debates}
    for sieve in (Sieve(role="showrunner"), Sieve(kind="dialogue"), Sieve(role="dialogue_writer")):
        assert all(Words("en").outcome(one) == every[one.id] for one in sieve.sift(debates)), (
            "it stays what it was"
        )


def test_a_member_is_found_by_a_note_that_nobody_objected_with(tmp_path: Path):
    """A note that was verified at once belongs to the debate as much as one that was argued about."""
    with open_room(a_series(tmp_path)) as room:
        note = room.note("Mara climbs.", member="Dev", roles=["dialogue_writer"], scene=1)
        session = draft(room, scenes=1)
        debates = debates_of(room.ledger, session.id)
        (found,) = Sieve(member="Dev", stage="scene", scene=1).sift(debates)[:1]
        assert note.id in found.notes
        assert Sieve(member="Rosa").sift(debates) == []
        said = transcript_of(room.ledger, debate_in(session), "en").notes
        assert said
        assert all(bool(one.lines) == (one.state in ("done", "verified")) for one in said[:1])
