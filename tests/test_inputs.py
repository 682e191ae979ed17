"""Material that members bring for a first draft: each to its role, and to be found again in the episode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from room_kit import IDEA, ZH_IDEA, a_series, begin, draft, drive, open_room, prompt_of
from test_notes_life import a_model, life_of, told

from storyroom.bringing import Input
from storyroom.errors import InputError
from storyroom.memory.credits import credits
from storyroom.memory.note_lives import NoteLife
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import TurnKind

PLOT = "# The story\n\nTomas owes the Board a boat. Mara hides the fuse from Ines. Bea rows out alone."
CHARACTERS = "Ines counts under her breath when she lies."
LINES = "Mara: Not while the lamp burns.\nInes: Then I shall wait for daylight.\nMara: Bring a coat."


def brought(room: Room, session: Session, member: str) -> NoteLife:
    """Return what became of what a member brought."""
    return next(life for life in room.notes(session.id) if life.note.member == member)


def speeches(scene: SceneDraft) -> list[tuple[str, str]]:
    """Return who says what in a scene."""
    return [
        ((scene.speaker_of(line.id) or "").casefold(), line.text)
        for line in scene.lines
        if scene.speaker_of(line.id)
    ]


def test_each_role_has_what_was_brought_for_it(tmp_path: Path):
    """Story line, characters and dialogue are in the prompts of their roles, from the first task on."""
    inputs = [
        Input("Dev", "plot_writer", PLOT),
        Input("Rosa", "showrunner", CHARACTERS),
        Input("Kit", "dialogue_writer", LINES),
    ]
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, inputs=inputs)
        found: dict[str, set[str]] = {}
        for turn in session.turns:
            prompt = prompt_of(room, turn)
            for name, text in (
                ("plot", "owes the Board"),
                ("people", CHARACTERS),
                ("lines", "Bring a coat."),
            ):
                if text in prompt and turn.kind in (
                    TurnKind.BRIEF,
                    TurnKind.PITCH,
                    TurnKind.OUTLINE,
                    TurnKind.DRAFT,
                ):
                    found.setdefault(name, set()).add(turn.role)
        assert found["plot"] >= {"plot_writer"}
        assert found["people"] == {"showrunner"}
        assert found["lines"] == {"dialogue_writer"}


def test_a_story_line_stands_among_the_pitches(tmp_path: Path):
    """It is on the table as its member's, in their words, without the headings of their file."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, inputs=[Input("Dev", "plot_writer", PLOT)])
        table = next(turn for turn in session.turns if turn.kind is TurnKind.PITCHES)
        theirs = [one for one in table.body["pitches"] if one["by"] == "member:Dev"]
        assert [one["conflict"] for one in theirs] == ["Tomas owes the Board a boat."]


def test_lines_are_kept_for_the_scene_they_fit_and_arrive_word_for_word(tmp_path: Path):
    """The placement is told with its reason; the lines stand together, in order, under their names."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, inputs=[Input("Kit", "dialogue_writer", LINES)])
        life = brought(room, session, "Kit")
        placing = told(session, life.note.id)[0]
        number = placing.body["scene"]
        assert f"It is kept for scene {number}: Mara and Ines are in its cast" in placing.body["reason"]
        assert life.state == "verified"
        said = speeches(session.manuscript.scenes[number])
        first = said.index(("mara", "Not while the lamp burns."))
        assert said[first : first + 3] == [
            ("mara", "Not while the lamp burns."),
            ("ines", "Then I shall wait for daylight."),
            ("mara", "Bring a coat."),
        ]
        share = next(one for one in credits(room.ledger, session.head or "") if one.actor == "member:Kit")
        assert (share.written, share.changed) == (3, 0)


def test_a_whole_scene_takes_the_place_of_the_rooms_own(tmp_path: Path):
    """A script with a heading is that scene: heading of the outline, all else the member's, asides too."""
    scene = (
        "EXT. QUAY - NIGHT\n\nThe tide is out.\n\n"
        "INES\n(quietly)\nHe said it to me.\n\nMARA (O.S.)\nSay it again.\n"
    )
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, inputs=[Input("Kit", "dialogue_writer", scene)])
        life = brought(room, session, "Kit")
        number = told(session, life.note.id)[0].body["scene"]
        text = session.fountain
        assert life.state == "verified"
        assert "INES\n(quietly)\nHe said it to me.\n\nMARA (O.S.)\nSay it again." in text
        written = session.manuscript.scenes[number]
        assert [one.text for one in written.elements[1:2]] == ["The tide is out."]
        assert len(written.lines) == 4


def test_several_scenes_find_a_place_each(tmp_path: Path):
    """A file with two scenes is two pieces, each kept for the scene that it fits."""
    script = (
        "INT. LAMP ROOM - NIGHT\n\nMARA\nA hundred and twelve.\n\n"
        "EXT. QUAY - DAY\n\nINES\nIt was never the wind.\n"
    )
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, inputs=[Input("Kit", "dialogue_writer", script)])
        kept = [turn for turn in session.turns if turn.kind is TurnKind.NOTE and "scene" in turn.body]
        assert len({turn.body["note"] for turn in kept}) == 2
        assert {life.state for life in room.notes(session.id)} == {"verified"}
        assert "MARA\nA hundred and twelve." in session.fountain
        assert "INES\nIt was never the wind." in session.fountain


def test_lines_of_somebody_in_no_scene_are_declined_with_the_reason(tmp_path: Path):
    """Nobody else speaks them, and the member is told."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(
            room,
            inputs=[Input("Kit", "dialogue_writer", "Silas: I tore it out myself.")],
            cast=["Mara", "Bea"],
        )
        life = brought(room, session, "Kit")
        assert life.state == "declined"
        assert life.reason == "Silas is in no scene of the outline."
        assert "I tore it out myself" not in session.fountain


def test_other_scenes_are_not_told_of_lines_that_are_kept_for_one(tmp_path: Path):
    """Only the writer of that scene reads them."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, inputs=[Input("Kit", "dialogue_writer", LINES)])
        number = told(session, brought(room, session, "Kit").note.id)[0].body["scene"]
        drafts = [turn for turn in session.turns if turn.kind is TurnKind.DRAFT]
        assert {turn.scene for turn in drafts if "Bring a coat." in prompt_of(room, turn)} == {number}


def test_a_small_model_tells_the_story_that_was_brought(tmp_path: Path):
    """Its sentences join those it chooses from, and the outline has every one of them, in order."""
    with open_room(a_series(tmp_path), model=a_model(small=True)) as room:
        session = draft(
            room, inputs=[Input("Dev", "plot_writer", PLOT), Input("Kit", "dialogue_writer", LINES)]
        )
        beats = " ".join(plan.beat for plan in session.manuscript.outline.scenes)  # type: ignore[union-attr]
        places = [beats.find(said) for said in ("Tomas owes", "Mara hides the fuse", "Bea rows out")]
        assert places == sorted(places)
        assert places[0] >= 0
        assert brought(room, session, "Dev").state == "done"
        assert brought(room, session, "Kit").state == "verified"
        assert "Then I shall wait for daylight." in session.fountain


def test_chinese_lines_arrive_too(tmp_path: Path):
    """Names before the lines with a Chinese colon, words in quotes."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        lines = "罗三顺：“船上还有半碗面。”\n小满：天黑以后不开渡"
        session = draft(room, ZH_IDEA, inputs=[Input("唐可", "dialogue_writer", lines)])
        life = brought(room, session, "唐可")
        placing = told(session, life.note.id)[0]
        assert placing.body["reason"].startswith("留给第 ")
        assert life.state == "verified"
        said = speeches(session.manuscript.scenes[placing.body["scene"]])
        present = [
            line for line in (("罗三顺", "船上还有半碗面。"), ("小满", "天黑以后不开渡。")) if line in said
        ]
        assert present
        assert len(present) == 2 or "不在场" in placing.body["reason"]


def test_what_was_brought_survives_a_process_that_dies(tmp_path: Path):
    """It lies in the inbox before the first task: a session that goes on elsewhere has it."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        name = begin(room, inputs=[Input("Kit", "dialogue_writer", LINES)]).session.id
    with open_room(folder) as room:
        drive(room.run(name))
        session = room.session(name)
        assert life_of(room, session, brought(room, session, "Kit").note.id).state == "verified"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (("Nobody", "plot_writer", "A story."), "'Nobody'"),
        (("Dev", "plotwriter", "A story."), "did you mean plot_writer"),
        (("Dev", "plot_writer", "  "), "empty"),
        (("Dev", "plot_writer", "x" * 1_000_000), "1,000,000 characters"),
        (("Dev", "plot_writer", "half a \ud83d character"), "control"),
    ],
)
def test_what_cannot_be_brought_is_refused(tmp_path: Path, given: tuple[str, str, str], wrong: str):
    """An error with a hint, and no session is begun."""
    with open_room(a_series(tmp_path)) as room:
        order: dict[str, Any] = {"inputs": [Input("Kit", "editor", "Fine."), Input(*given)]}
        with pytest.raises(InputError, match=wrong) as caught:
            begin(room, IDEA, **order)
        assert caught.value.hint
        assert room.sessions() == []
        assert room.ledger.counts()["inbox"] == 0
