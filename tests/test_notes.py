"""Notes: what a member asks of a role is read by that role's next task, and by nobody else's."""

from pathlib import Path

import pytest
from room_kit import a_series, begin, draft, drive, open_room, prompt_of

from storyroom.agents.events import Turned
from storyroom.errors import InputError, SessionError
from storyroom.story.turn import Stage, TurnKind

NOTE = "Put the copper kettle into it."


def readers(room, session) -> set[str]:  # type: ignore[no-untyped-def]
    """Return the roles whose prompts hold the note."""
    return {turn.role for turn in session.turns if NOTE in prompt_of(room, turn)}


def test_a_note_to_a_role_is_read_by_that_role_alone(tmp_path: Path):
    """Every task of the role that begins after the note has it: in its reading list, and in what it asks."""
    with open_room(a_series(tmp_path)) as room:
        note = room.note(NOTE, member="Kit", roles=["editor"])
        session = draft(room)
        assert readers(room, session) == {"editor"}
        for turn in session.turns:
            if turn.role == "editor":
                reading = room.ledger.turns.reading(turn.task)
                assert reading is not None
                assert reading.notes == (note.id,)
                # A quick session's editor has code read the whole episode, which asks no model.
                assert "Kit" in prompt_of(room, turn) or turn.task.stage is Stage.TABLE_READ


def test_a_note_to_nobody_in_particular_goes_to_the_roles_that_its_author_guides(tmp_path: Path):
    """Without a role it reaches those that `series.yaml` gives to the member."""
    with open_room(a_series(tmp_path)) as room:
        room.note(NOTE, member="Kit")
        session = draft(room)
        assert readers(room, session) <= {"editor", "emotion_critic", "script_coordinator"}
        assert readers(room, session) >= {"editor", "emotion_critic"}


def test_a_note_on_a_scene_is_read_for_that_scene(tmp_path: Path):
    """The writer of another scene does not see it."""
    with open_room(a_series(tmp_path)) as room:
        room.note(NOTE, member="Dev", roles=["dialogue_writer"], scene=2)
        session = draft(room)
        assert {turn.scene for turn in session.turns if NOTE in prompt_of(room, turn)} == {2}


def test_a_note_to_a_session_is_not_read_by_another(tmp_path: Path):
    """It stays with the session it was given to; one to the series is read by all."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        room.note(NOTE, member="Dev", session=run.session.id)
        assert readers(room, draft(room)) == set()
        drive(run)
        assert readers(room, room.session(run.session.id))


async def test_a_note_given_while_it_works_is_read_by_what_begins_later(tmp_path: Path):
    """Tasks that ended before keep what they read; the role's next task has the note before it."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        async for event in run.events():
            if isinstance(event, Turned) and event.turn.kind is TurnKind.APPROVAL and event.turn.scene == 1:
                room.note(NOTE, member="Dev", roles=["dialogue_writer"], session=run.session.id)
        assert run.outcome == "finished"
        session = room.session(run.session.id)
        drafts = {turn.scene: turn for turn in session.turns if turn.kind is TurnKind.DRAFT}
        assert NOTE not in prompt_of(room, drafts[1])
        assert NOTE in prompt_of(room, drafts[2])


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"text": "  "}, "empty"),
        ({"text": " \u200b\u2060"}, "empty"),
        ({"text": "x" * 5000}, "5,000 characters"),
        ({"text": "half a \ud83d character"}, "control"),
        ({"member": "Dave"}, "'Dave'"),
        ({"roles": ["editors"]}, "did you mean editor"),
        ({"scene": 0}, "scene"),
        ({"scene": -1}, "scene"),
    ],
)
def test_a_note_that_cannot_be_left_is_refused(tmp_path: Path, said: dict[str, object], wrong: str):
    """An empty or endless note, an unknown member, role or scene: an error with a hint, and no row."""
    with open_room(a_series(tmp_path)) as room:
        note = {"text": NOTE, "member": "Dev", **said}
        with pytest.raises(InputError, match=wrong) as caught:
            room.note(**note)  # type: ignore[arg-type]
        assert caught.value.hint
        assert room.ledger.counts()["inbox"] == 0


def test_a_note_to_an_unknown_session_is_refused(tmp_path: Path):
    """The error lists the sessions that there are."""
    with open_room(a_series(tmp_path)) as room, pytest.raises(SessionError, match="no session 'e09'"):
        room.note(NOTE, member="Dev", session="e09")
