"""Why a line is as it is: who wrote it, what was changed and why, and what was read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from debate_kit import MARKUP, a_crew, answered_by_hand, debate_in, play
from room_kit import EXAMPLES, a_series, draft, open_room, resume
from test_debates import Agreeable, Held, Stubborn, crew_of

from storyroom.errors import InputError, SessionError
from storyroom.memory.history import histories
from storyroom.memory.named_lines import line_at, lines_saying
from storyroom.memory.provenance import Provenance, why
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.objection import ObjectionKind
from storyroom.story.script import Kind
from storyroom.story.turn import Stage, TurnKind


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room in which every part is played, and that remembers two episodes."""
    folder = a_series(tmp_path_factory.mktemp("why"))
    with open_room(folder, crew=a_crew()) as room:
        room.remember(sorted((EXAMPLES / folder.name / "episodes").glob("*.fountain")))
        yield room


@pytest.fixture(scope="module")
def session(room: Room) -> Session:
    """A session whose first scene was argued about every way."""
    return play(room)


def of(session: Session, kind: ObjectionKind) -> Provenance:
    """Return the provenance of the line that was objected to in a way."""
    thread = next(one for one in debate_in(session).threads if one.objection.kind == kind)
    assert session.head
    return why(session.ledger, session.head, thread.objection.line)


def test_a_line_knows_who_wrote_it_and_with_what(session: Session):
    """The role, the turn, the model call whose answer holds the words, its seed and its cost."""
    found = of(session, "format")
    (step,) = found.steps
    assert (step.turn.kind, step.turn.role, step.was) == (TurnKind.DRAFT, "dialogue_writer", None)
    assert step.now == found.element.text
    assert step.call is not None
    assert found.element.text in step.call.answer
    assert isinstance(step.call.options["seed"], int)
    assert step.call.prompt_tokens > 0
    assert found.speaker
    assert found.scene == 1
    assert session.manuscript.scenes[1].elements[found.place - 1] == found.element


def test_the_first_line_counts_what_was_begun_for_the_model(session: Session):
    """The model goes on from `Mara `; the call is known all the same."""
    assert session.head
    line = session.manuscript.scenes[1].elements[1]
    assert line.kind is Kind.ACTION
    step = why(session.ledger, session.head, line.id).written
    assert step.call is not None
    assert line.text not in step.call.answer


def test_a_change_names_its_objection_and_its_acceptance(session: Session):
    """Each step has the objection that it answers, with all that was said about it."""
    found = of(session, "repetition")
    _, change = found.steps
    assert (change.was, change.now) == (found.written.now, found.element.text)
    (thread,) = change.threads
    assert (thread.objection.says, thread.fate) == (MARKUP, "settled")
    assert [turn.body.get("reason") for turn in thread.said] == ["True.", "It will do."]
    assert not change.unasked


def test_a_ruling_is_a_step_where_it_brings_a_wording_back(session: Session):
    """Three rewordings, then the old one with the showrunner's reason; otherwise it changes nothing."""
    overruled, upheld = of(session, "character"), of(session, "logic")
    assert [step.turn.kind for step in overruled.steps] == [
        TurnKind.DRAFT,
        *[TurnKind.REVISION] * 3,
        TurnKind.RULING,
    ]
    assert overruled.steps[-1].now == overruled.written.now
    assert overruled.steps[-1].reason == "I have said so."
    assert [step.turn.kind for step in upheld.steps] == [TurnKind.DRAFT, *[TurnKind.REVISION] * 3]
    assert upheld.objected[0].fate == "upheld"


def test_an_objection_that_changed_nothing_is_told_too(session: Session):
    """A rebutted one is no reason for the line, and is among the objections to it."""
    found = of(session, "dialogue")
    assert len(found.steps) == 1
    assert [thread.fate for thread in found.objected] == ["withdrawn"]


def test_the_memory_that_its_writer_had_read_is_named(room: Room, session: Session):
    """Each passage with its episode, its scene and how it was found."""
    step = of(session, "format").written
    assert step.memory
    recall = next(
        turn for turn in session.turns if turn.kind is TurnKind.RECALL and turn.task.stage is Stage.SCENE
    )
    assert [(hit.episode, hit.scene, hit.why) for hit in step.memory] == [
        (hit["episode"], hit["scene"], hit["why"]) for hit in recall.body["hits"]
    ]
    assert not any(hit.left_out for hit in step.memory)


def test_notes_that_were_read_and_answered_are_named(tmp_path: Path):
    """The note stands in the reading list of its role's step; its own words in the line are the member's."""
    with open_room(a_series(tmp_path)) as room:
        room.note('Mara says: "Nobody leaves this tower tonight."', member="Dev", roles=["dialogue_writer"])
        session = draft(room, scenes=1)
        assert session.head
        ((scene, _, element),) = lines_saying(room.ledger, session.head, "Nobody leaves this tower tonight")
        found = why(room.ledger, session.head, element.id)
        assert scene == 1
        assert "Dev" in {note.member for step in found.steps for note in step.notes}
        assert {note.member for _, note in found.answers} == {"Dev"}
        assert found.steps[-1].words_of == "Dev"
        assert found.steps[-1].call is None


def test_a_member_s_wording_is_the_member_s(tmp_path: Path):
    """Who sat in the writer's seat is named as the actor of the step, and no model call stands beside it."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(0), Agreeable())) as room:
        session = answered_by_hand(room, "Dev", "Put the lamp down, Ines.")
        assert session.head
        ((_, _, element),) = lines_saying(room.ledger, session.head, "put the lamp down ines")
        found = why(room.ledger, session.head, element.id)
        assert [str(step.turn.actor.kind) for step in found.steps] == ["agent", "member"]
        assert found.steps[-1].turn.actor.name == "Dev"
        assert found.steps[-1].call is None


def test_a_fork_knows_the_history_before_it(tmp_path: Path):
    """A line of an inherited scene names the parent's turns; one of the debate held anew, only the fork's."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(0), Agreeable())) as room:
        parent = draft(room, scenes=2)
        fork = room.fork(parent.id, "2", seed=4)
        resume(room, fork.id)
        again = room.fork(parent.id, "1:debate", seed=4)
        resume(room, again.id)
        changed = next(
            key
            for key, line in histories(room.ledger, room.session(fork.id).head, [1])[1].items()
            if len(line.wordings) > 1
        )
        inherited = why(room.ledger, str(room.session(fork.id).head), changed)
        assert {step.turn.task.session for step in inherited.steps} == {parent.id}
        anew = why(room.ledger, str(room.session(again.id).head), changed)
        assert {thread.raised.task.session for thread in anew.objected} == {again.id}
        assert [step.turn.task.session for step in anew.steps] == [parent.id, again.id]


def test_lines_are_found_by_their_words(session: Session):
    """Case and punctuation do not matter; a whole line is meant before a part of another."""
    assert session.head
    draft = session.manuscript.scenes[1]
    line = draft.lines[3]
    found = lines_saying(session.ledger, session.head, f"  {line.text.upper()} ")
    assert [element.id for _, _, element in found] == [line.id]
    assert lines_saying(session.ledger, session.head, "no such words anywhere") == []
    with pytest.raises(InputError, match="No words"):
        lines_saying(session.ledger, session.head, "…")


def test_a_line_that_is_not_there_is_told(session: Session):
    """No such element, scene or number: each says what there is."""
    assert session.head
    with pytest.raises(SessionError, match="No line 'nobody'"):
        why(session.ledger, session.head, "nobody")
    with pytest.raises(SessionError, match="Scene 9 is not written"):
        line_at(session.ledger, session.head, 9, 1)
    with pytest.raises(SessionError, match="no line 99") as wrong:
        line_at(session.ledger, session.head, 1, 99)
    assert "1 to" in wrong.value.hint


def test_a_rebuttal_to_the_limit_leaves_one_wording(tmp_path: Path):
    """Nothing changed: the line has one step, and the overruled objection is told."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(None), Stubborn())) as room:
        session = play(room)
        thread = debate_in(session).threads[0]
        assert thread.fate == "overruled"
        assert session.head
        found = why(room.ledger, session.head, thread.objection.line)
        assert len(found.steps) == 1
        assert [one.id for one in found.objected] == [thread.id]
