"""Absorbing: an exported script that a member edited in any editor is taken in, line by line as theirs."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from room_kit import a_series, begin, draft, drive, open_room

from storyroom.agents.events import Turned
from storyroom.errors import InputError, SessionError
from storyroom.memory.credits import credits
from storyroom.memory.edits import merged
from storyroom.memory.locks import sole_runner
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.draft import SceneDraft
from storyroom.story.script import Element, Kind
from storyroom.story.turn import TurnKind

MINE = "Then I shall wait for daylight."


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Draft an episode once; return the folder of its series and the session."""
    folder = a_series(tmp_path_factory.mktemp("finished"))
    with open_room(folder) as room:
        return folder, draft(room).id


@contextmanager
def copied(finished: tuple[Path, str], tmp_path: Path) -> Iterator[tuple[Room, Session]]:
    """Open the room of a copy of that series."""
    folder = tmp_path / finished[0].name
    shutil.copytree(finished[0], folder)
    with open_room(folder) as room:
        yield room, room.session(finished[1])


def exported(room: Room, session: Session) -> Path:
    """Return the file that a finished session wrote out."""
    return next(room.series.drafts.glob(f"*{session.id}.fountain"))


def edit(file: Path, was: str, now: str) -> None:
    """Change the text of a file, in one place."""
    text = file.read_text("utf-8")
    assert text.count(was) == 1
    file.write_text(text.replace(was, now), "utf-8")


def a_line(session: Session, scene: int, kind: Kind = Kind.DIALOGUE, place: int = 1) -> Element:
    """Return a line of a scene."""
    return [one for one in session.manuscript.scenes[scene].lines if one.kind is kind][place]


def test_what_a_member_changed_stands_in_the_script_as_theirs(finished: tuple[Path, str], tmp_path: Path):
    """The line keeps its id and has a version of its own, by the member; the rest stays whose it was."""
    with copied(finished, tmp_path) as (room, session):
        line = a_line(session, 2)
        edit(exported(room, session), line.text, MINE)
        found = room.absorb(exported(room, session), member="Kit")
        after = room.session(session.id)
        assert found.session == session.id
        assert after.manuscript.scenes[2].line(line.id).text == MINE  # type: ignore[union-attr]
        assert after.manuscript.scenes[1] == session.manuscript.scenes[1]
        [turn] = found.turns
        assert (turn.kind, str(turn.actor), turn.new_head) == (TurnKind.EDIT, "member:Kit", after.head)
        assert turn.body["changed"] == [line.id]
        assert (turn.body["new"], turn.body["gone"]) == ([], [])
        own = [one for one in credits(room.ledger, after.head or "") if one.actor == "member:Kit"]
        assert [(one.written, one.changed, one.words) for one in own] == [(0, 1, 6)]


def test_new_lines_and_lines_that_are_gone_are_told(finished: tuple[Path, str], tmp_path: Path):
    """What was written new is the member's from its first word; what they took out is kept in the record."""
    with copied(finished, tmp_path) as (room, session):
        gone, before = a_line(session, 1, Kind.ACTION, 1), a_line(session, 1)
        file = exported(room, session)
        text = file.read_text("utf-8").replace(gone.text + "\n\n", "", 1)
        speaker = session.manuscript.scenes[1].speaker_of(before.id)
        text = text.replace(before.text, f"{before.text}\n\nThe tide turns.\n\n{speaker}\n{MINE}", 1)
        file.write_text(text, "utf-8")
        [turn] = room.absorb(file, member="Kit").turns
        after = room.session(session.id).manuscript.scenes[1]
        assert turn.body["gone"] == [{"id": gone.id, "text": gone.text}]
        assert {after.line(key).text for key in turn.body["new"]} >= {"The tide turns.", MINE}  # type: ignore[union-attr]
        assert turn.body["changed"] == []
        own = next(
            one
            for one in credits(room.ledger, room.session(session.id).head or "")
            if one.actor == "member:Kit"
        )
        assert own.written == 2


def test_the_same_file_again_changes_nothing(finished: tuple[Path, str], tmp_path: Path):
    """A second time nothing is new: no turn, nothing in the inbox."""
    with copied(finished, tmp_path) as (room, session):
        file = exported(room, session)
        untouched = room.absorb(file, member="Kit")
        assert (untouched.edit, untouched.turns) == (None, ())
        edit(file, a_line(session, 1).text, MINE)
        room.absorb(file, member="Kit")
        head, items = room.session(session.id).head, room.ledger.counts()["inbox"]
        again = room.absorb(file, member="Kit")
        assert (again.edit, again.turns) == (None, ())
        assert (room.session(session.id).head, room.ledger.counts()["inbox"]) == (head, items)


def test_what_was_changed_back_is_changed_back(finished: tuple[Path, str], tmp_path: Path):
    """A file that goes on being edited is held against what was handed in before."""
    with copied(finished, tmp_path) as (room, session):
        line, file = a_line(session, 1), exported(room, session)
        edit(file, line.text, MINE)
        room.absorb(file, member="Kit")
        edit(file, MINE, line.text)
        [turn] = room.absorb(file, member="Dev").turns
        assert turn.body["changed"] == [line.id]
        assert room.session(session.id).manuscript.scenes == session.manuscript.scenes


def test_the_index_finds_the_new_line_and_not_the_old_one(finished: tuple[Path, str], tmp_path: Path):
    """Retrieval shows what stands."""
    with copied(finished, tmp_path) as (room, session):
        line = a_line(session, 1)
        edit(exported(room, session), line.text, MINE)
        room.absorb(exported(room, session), member="Kit")
        texts = " ".join(hit.chunk.text for hit in room.search(MINE, k=20, session=session.id))
        assert MINE in texts
        assert line.text not in texts


def test_a_running_session_takes_an_edit_in_at_its_next_scene(tmp_path: Path):
    """It waits in the inbox while a process works; the next scene is written after the member's version."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        text: dict[str, str] = {}

        async def go() -> None:
            async for event in run.events():
                if (
                    isinstance(event, Turned)
                    and event.turn.kind is TurnKind.APPROVAL
                    and event.turn.scene == 1
                ):
                    session = room.session(run.session.id)
                    text["was"] = a_line(session, 1).text
                    file = tmp_path / "mine.fountain"
                    file.write_text(session.fountain.replace(text["was"], MINE), "utf-8")
                    found = room.absorb(file, member="Kit", session=session.id)
                    assert found.edit is not None
                    assert found.turns == ()

        asyncio.run(go())
        assert run.outcome == "finished"
        session = room.session(run.session.id)
        assert MINE in session.fountain
        assert text["was"] not in session.fountain
        kinds = [(turn.kind, turn.scene) for turn in session.turns]
        assert kinds.index((TurnKind.EDIT, 1)) < kinds.index((TurnKind.DRAFT, 2))
        assert MINE in exported(room, session).read_text("utf-8")


def test_a_session_that_waits_at_a_gate_goes_on_from_the_edit(tmp_path: Path):
    """It stands on it at once, and it is in the script when the gate is answered; no turn comes twice."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room, gates=["scene"])
        drive(run)
        session = room.session(run.session.id)
        file = tmp_path / "mine.fountain"
        file.write_text(session.fountain.replace(a_line(session, 1).text, MINE), "utf-8")
        found = room.absorb(file, member="Kit", session=session.id)
        assert [turn.new_head for turn in found.turns] == [room.session(session.id).head]
        assert MINE in room.session(session.id).fountain
        for _ in range(2):
            room.answer(session.id, "approve", member="Rosa")
            drive(room.run(session.id))
        after = room.session(session.id)
        assert after.status == "finished"
        assert MINE in after.fountain
        assert [turn.id for turn in after.turns if turn.kind is TurnKind.EDIT] == [found.turns[0].id]


def test_a_session_that_another_process_holds_keeps_the_edit_in_its_inbox(
    finished: tuple[Path, str], tmp_path: Path
):
    """Nothing is lost: it is taken in with the next file, or when the session goes on."""
    with copied(finished, tmp_path) as (room, session):
        file = exported(room, session)
        edit(file, a_line(session, 1).text, MINE)
        with sole_runner(room.series.locks, session.id):
            assert room.absorb(file, member="Kit").turns == ()
        assert MINE not in room.session(session.id).fountain
        assert len(room.absorb(file, member="Kit").turns) == 1
        assert MINE in room.session(session.id).fountain


def test_a_fork_begins_with_the_edits_of_the_scenes_that_it_shares(
    finished: tuple[Path, str], tmp_path: Path
):
    """Scene 1 was edited after scene 2 was written; a fork at scene 2 has the edit all the same."""
    with copied(finished, tmp_path) as (room, session):
        file = exported(room, session)
        edit(file, a_line(session, 1).text, MINE)
        room.absorb(file, member="Kit")
        made = room.fork(session.id, "2")
        drive(room.run(made.id))
        after = room.session(made.id)
        assert after.status == "finished"
        assert after.fountain.count(MINE) == 1
        own = [one.actor for one in credits(room.ledger, after.head or "")]
        assert "member:Kit" in own


@pytest.mark.parametrize(
    ("was", "now", "wrong"),
    [
        ("\n\nMARA\n", "\n\nSILAS\n", "Not in the cast of scene 1: SILAS"),
        ("INT. LAMP ROOM", "INT. LAMP POST", "no place 'LAMP POST'"),
    ],
)
def test_what_may_not_stand_in_the_script_is_refused_whole(
    finished: tuple[Path, str], tmp_path: Path, was: str, now: str, wrong: str
):
    """A stranger, a place that does not exist: an error with a hint, and not even the good lines go in."""
    with copied(finished, tmp_path) as (room, session):
        file = exported(room, session)
        line = a_line(session, 2)
        edit(file, line.text, MINE)
        text = file.read_text("utf-8")
        file.write_text(text.replace(was, now, 1) if was in text else text + "\nSILAS\nI am dead.\n", "utf-8")
        with pytest.raises(InputError) as caught:
            room.absorb(file, member="Kit")
        assert caught.value.hint
        assert room.session(session.id).head == session.head
        assert room.ledger.counts()["inbox"] == 0


def test_scenes_that_came_or_went_are_refused(finished: tuple[Path, str], tmp_path: Path):
    """Scenes are the outline's; the error says which."""
    with copied(finished, tmp_path) as (room, session):
        file = exported(room, session)
        whole = file.read_text("utf-8")
        file.write_text(
            whole + "\nINT. LAMP ROOM - NIGHT\n\nThe gulls have gone, and nobody says why.\n", "utf-8"
        )
        with pytest.raises(InputError, match=r"Scene 3 of .* is new to the episode"):
            room.absorb(file, member="Kit")
        second = session.manuscript.scenes[2].elements[0].text
        file.write_text(whole[: whole.rindex(second)], "utf-8")
        with pytest.raises(InputError, match=r"Scene 2 is not in .* any more"):
            room.absorb(file, member="Kit")


def test_an_unknown_member_or_file_is_refused(finished: tuple[Path, str], tmp_path: Path):
    """Nobody of that name, no such file, a script of another series."""
    with copied(finished, tmp_path) as (room, session):
        with pytest.raises(InputError, match="'Kitt'"):
            room.absorb(exported(room, session), member="Kitt")
        with pytest.raises(InputError):
            room.absorb(tmp_path / "nothing.fountain", member="Kit")
        other = tmp_path / "other.fountain"
        other.write_text("INT. BARN - DAY\n\nAn owl.\n", "utf-8")
        with pytest.raises(SessionError, match="continues nothing"):
            room.absorb(other, member="Kit")


def test_what_the_room_did_meanwhile_stays_where_the_member_touched_nothing():
    """Three versions meet by the ids of their elements."""

    def scene(**lines: str) -> SceneDraft:
        elements = [Element(kind=Kind.SCENE_HEADING, text="INT. LAMP ROOM - NIGHT", id="h")]
        elements += [Element(kind=Kind.ACTION, text=text, id=key) for key, text in lines.items()]
        return SceneDraft(number=1, elements=tuple(elements))

    base = scene(a="One.", b="Two.", c="Three.", d="Four.")
    theirs = scene(a="One!", b="Two.", n="New.", c="Three.")
    current = scene(a="One?", b="Two?", c="Three.", r="The room's.", d="Four?")
    made = merged(base, theirs, current)
    assert [(one.id, one.text) for one in made.elements[1:]] == [
        ("a", "One!"),
        ("b", "Two?"),
        ("n", "New."),
        ("c", "Three."),
        ("r", "The room's."),
    ]
