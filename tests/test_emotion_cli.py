"""`storyroom emotions`: tables, pictures, JSON, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import draft, run
from emotion_kit import EPISODE
from room_kit import EXAMPLES, a_series, open_room

from storyroom.emotion.head import shipped_head
from storyroom.memory.inbox import Note
from storyroom.story.measure import columns

ENGLISH = EXAMPLES / "the-last-light" / "episodes" / "s01e01-the-notice.fountain"
CHINESE = EXAMPLES / "the-long-river" / "episodes" / "s01e02-红线.fountain"


@pytest.fixture(autouse=True)
def _head() -> None:
    """Have the head opened with its own encoder, before the commands are given a quick one."""
    shipped_head()


@pytest.mark.parametrize(
    ("script", "words"),
    [(ENGLISH, ["valence", "MARA", "INT. LAMP ROOM - NIGHT"]), (CHINESE, ["效价", "何青", "内景 水文站 晨"])],
    ids=["en", "zh"],
)
def test_a_file_in_eighty_columns(script: Path, words: list[str]) -> None:
    """Arcs, scenes and characters are told in the script's language, and no line is too wide."""
    said = run("emotions", script)
    assert said.exit_code == 0, said.output
    for word in [*words, "head:en-zh v2", "▃"]:
        assert word in said.stdout
    assert max(map(columns, said.stdout.splitlines())) <= 80


def test_every_line(tmp_path: Path) -> None:
    """`--lines` lists each with its feeling, in 80 columns, and says why one is doubted."""
    script = tmp_path / "a.fountain"
    script.write_text(
        EPISODE + "\n\nINT. HALL - DAY\n\nMARA\nJe suis tellement heureuse que tu sois revenue !\n"
    )
    said = run("emotions", script, "--lines")
    assert said.exit_code == 0, said.output
    assert len(said.stdout.splitlines()) == 8
    assert "[few known words]" in said.stdout.splitlines()[-1]


def test_json() -> None:
    """`--json` gives the whole report and nothing else."""
    said = run("emotions", CHINESE, "--json")
    report = json.loads(said.stdout)
    assert report["source"] == "head:en-zh v2"
    assert report["language"] == "zh"
    assert len(report["scenes"]) == 7
    assert report["lines"][0]["distribution"].keys() == {
        *("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
    }


def test_pictures_are_written(tmp_path: Path) -> None:
    """Each file is named on standard output; the same again changes nothing, another script needs --force."""
    places = {name: tmp_path / f"arc.{name}" for name in ("svg", "png", "html")}
    asked = [part for name, place in places.items() for part in (f"--{name}", place)]
    said = run("emotions", ENGLISH, *asked)
    assert said.exit_code == 0, said.output
    assert said.stdout.split() == [str(place) for place in places.values()]
    assert places["svg"].read_text().startswith("<svg ")
    assert places["png"].read_bytes().startswith(b"\x89PNG")
    assert places["html"].read_text().startswith("<!DOCTYPE html>")
    assert run("emotions", ENGLISH, *asked).exit_code == 0
    refused = run("emotions", CHINESE, *asked)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert "LAST LIGHT" in places["svg"].read_text()
    assert run("emotions", CHINESE, *asked, "--force").exit_code == 0
    assert "长河渡" in places["svg"].read_text()


def test_standard_input_and_output() -> None:
    """A script comes from `-`, and one picture goes there."""
    said = run("emotions", "-", "--svg", "-", given=EPISODE)
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("<svg ")
    assert said.stdout.endswith("</svg>\n")
    assert run("emotions", "-", "--svg", "-", "--html", "-", given=EPISODE).exit_code == 2


def test_a_session_has_its_plan_beside_it(tmp_path: Path) -> None:
    """Of a session, what the outline planned is shown beside what was measured, and its acts are marked."""
    folder = a_series(tmp_path)
    drafted = draft(folder)
    assert drafted.exit_code == 0, drafted.output
    session = json.loads(run("-s", folder, "sessions", "--json").stdout)[0]["session"]
    said = run("-s", folder, "emotions", session)
    assert said.exit_code == 0, said.output
    for word in ("planned", "measured", "verdict", "acts"):
        assert word in said.stdout
    report = json.loads(run("-s", folder, "emotions", session, "--json").stdout)
    assert {one["verdict"] for one in report["planned"]} <= {"met", "missed", "unsure", "silent"}
    assert report["planned"]
    assert report["acts"]


def test_what_was_measured_goes_into_the_room_as_a_note(tmp_path: Path) -> None:
    """One line a scene, to a role from a member; half an address is refused before anything is read."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        member = room.bible.team[0].name
    sent = run("-s", folder, "emotions", ENGLISH, "--note-to", "dialogue_writer", "--from", member)
    assert sent.exit_code == 0, sent.output
    with open_room(folder) as room:
        (note,) = room.ledger.inbox.items(Note)
    assert note.roles == ("dialogue_writer",)
    assert "1 INT. LAMP ROOM - NIGHT: " in note.text
    assert run("-s", folder, "emotions", "nothing.fountain", "--from", member).exit_code == 2


def test_what_cannot_be_measured_is_refused(tmp_path: Path) -> None:
    """Empty scripts, unknown files and sources, folders for pictures: a sentence and a hint each."""
    empty = tmp_path / "empty.fountain"
    empty.write_text("")
    for asked, word in (
        ([empty], "no line of speech or action"),
        ([tmp_path / "none.fountain"], "none.fountain"),
        ([ENGLISH, "--source", "vader"], "names no source"),
        ([ENGLISH, "--svg", tmp_path], "no place for a file"),
        ([ENGLISH, "--png", tmp_path / "no" / "a.png"], "no place for a file"),
    ):
        said = run("emotions", *asked)
        assert said.exit_code == 2, said.output
        assert said.stdout == ""
        assert word in said.stderr
        assert "hint: " in said.stderr
