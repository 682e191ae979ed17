"""Forks: a session that shares another's work up to a point, and leaves it as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from room_kit import MODEL, a_series, begin, draft, drive, open_room, prompt_of, resume, rows
from scripted_room import scripted_room

from storyroom.errors import InputError, SessionError
from storyroom.memory.indexing import admitted
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.turn import Stage, TurnKind


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room in which one episode of three scenes was drafted."""
    with open_room(a_series(tmp_path_factory.mktemp("room"))) as room:
        draft(room, scenes=3, pages=3.0)
        yield room


@pytest.fixture(scope="module")
def first(room: Room) -> Session:
    """The session that is forked."""
    return room.sessions()[0]


def everything_of(room: Room, session: Session) -> dict[str, list[Any]]:
    """Return all rows of a session, as they lie in the file."""
    tables = {"sessions": "id", **dict.fromkeys(("turns", "versions", "calls", "readings"), "session")}
    return {
        table: rows(room.series.ledger, f"SELECT * FROM {table} WHERE {column} = ?", session.id)
        for table, column in tables.items()
    }


@pytest.mark.parametrize(
    ("at", "new_stage", "shared"),
    [
        ("pitch", Stage.PITCH, {"brief"}),
        ("choice", Stage.CHOICE, {"brief", "pitches"}),
        ("outline", Stage.OUTLINE, {"brief", "pitches", "story"}),
        ("1", Stage.SCENE, {"brief", "pitches", "story", "outline"}),
        ("3", Stage.SCENE, {"brief", "pitches", "story", "outline", "scene:1", "scene:2"}),
        ("3:debate", Stage.SCENE, {"brief", "pitches", "story", "outline", "scene:1", "scene:2", "scene:3"}),
    ],
)
def test_a_fork_shares_what_came_before_and_writes_the_rest(
    room: Room, first: Session, at: str, new_stage: Stage, shared: set[str]
):
    """What lies before the point is the same drafts, what follows is new; the first is untouched."""
    before, text = everything_of(room, first), first.fountain
    script = next(room.series.drafts.glob(f"*{first.id}.fountain")).read_bytes()
    fork = room.fork(first.id, at)
    assert resume(room, fork.id).outcome == "finished"
    fork = room.session(fork.id)
    assert fork.turns[0].task.stage is new_stage
    assert set(fork.manuscript.scenes) == {1, 2, 3}
    theirs = {v.id for v in first.drafts}
    assert {v.slot for v in fork.drafts if v.id in theirs} == shared
    assert fork.record.parent == first.id
    assert everything_of(room, first) == before
    assert room.session(first.id).fountain == text
    assert next(room.series.drafts.glob(f"*{first.id}.fountain")).read_bytes() == script


def test_a_fork_draws_another_seed(room: Room, first: Session):
    """With the same seed and the same prompts a model would write the same again; a seed can be named."""
    assert room.fork(first.id, "2").order.seed != first.order.seed
    named = room.fork(first.id, "2", seed=first.order.seed)
    assert named.order == first.order


def test_a_fork_sees_nothing_of_its_sibling(room: Room, first: Session):
    """Retrieval for a fork admits its own head, not what the first session wrote after the point."""
    fork = room.fork(first.id, "2")
    room.models[MODEL] = scripted_room(salt="fork")
    resume(room, fork.id)
    fork = room.session(fork.id)
    theirs = {first.manuscript.slots["scene:2"], first.manuscript.slots["scene:3"]}
    mine = {fork.manuscript.slots["scene:2"], fork.manuscript.slots["scene:3"]}
    assert theirs.isdisjoint(mine)
    seen = admitted(room.ledger, room.bible, fork.head, 1)
    assert mine <= seen
    assert theirs.isdisjoint(seen)
    assert first.manuscript.slots["scene:1"] in seen
    for turn in fork.turns:
        if turn.kind is TurnKind.RECALL:
            assert theirs.isdisjoint(hit["draft"] for hit in turn.body["hits"])
        if turn.kind is TurnKind.DRAFT and turn.scene == 3:
            prompt = prompt_of(room, turn)
            assert fork.manuscript.scenes[2].lines[-1].text in prompt
            assert first.manuscript.scenes[2].lines[-1].text not in prompt


def test_a_fork_of_a_fork(room: Room, first: Session):
    """A fork is a session like any other, before it was resumed and after."""
    fork = room.fork(first.id, "3")
    early = room.fork(fork.id, "2")
    resume(room, fork.id)
    late = room.fork(fork.id, "3")
    for session in (early, late):
        assert resume(room, session.id).outcome == "finished"
    early, late, fork = (room.session(one.id) for one in (early, late, fork))
    assert (
        early.manuscript.slots["scene:1"]
        == late.manuscript.slots["scene:1"]
        == first.manuscript.slots["scene:1"]
    )
    assert late.manuscript.slots["scene:2"] == first.manuscript.slots["scene:2"]
    scripts = {one.manuscript.slots["scene:3"] for one in (first, fork, early, late)}
    assert len(scripts) == 4


def test_a_fork_keeps_the_bible_it_was_written_under(room: Room, first: Session):
    """The series may have changed since; the fork goes on with what its first scenes were written under."""
    assert room.fork(first.id, "2").record.bible == first.record.bible


@pytest.mark.parametrize("at", ["4", "0", "-1", "scene 2", "", "brief", "２x", "²"])
def test_a_point_that_is_none_is_refused(room: Room, first: Session, at: str):
    """A scene that is not there, or a word that names no point, makes no session, and a hint tells."""
    before = len(room.sessions())
    with pytest.raises((InputError, SessionError)) as caught:
        room.fork(first.id, at)
    assert caught.value.hint
    assert len(room.sessions()) == before


def test_a_session_is_not_forked_where_it_has_not_been(tmp_path: Path):
    """A scene that is not written yet is refused, and the hint says what there is and how to go on."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room, gates=["outline"])
        drive(run)
        with pytest.raises(SessionError, match="nothing yet at 1") as caught:
            room.fork(run.session.id, "1")
        assert "outline" in caught.value.hint
        assert "resume" in caught.value.hint
