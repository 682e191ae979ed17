"""`storyroom check SESSION`: a session's script, against its plan, its canon and itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_kit import draft, run
from room_kit import EXAMPLES, a_series, an_order, open_room

from storyroom.formats.fountain import parse_elements
from storyroom.memory.ledger import Said
from storyroom.room import Room
from storyroom.story.draft import SceneDraft, named
from storyroom.story.turn import Actor, Stage, Task, TurnKind


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A series with two remembered episodes and a drafted third, in which Pell breaks into both scenes."""
    folder = a_series(tmp_path_factory.mktemp("check"))
    with open_room(folder) as room:
        room.remember(sorted((EXAMPLES / "the-last-light" / "episodes").glob("*.fountain")))
    assert draft(folder).exit_code == 0
    with open_room(folder) as room:
        (session,) = room.sessions()
        outline = session.manuscript.outline
        assert outline is not None
        assert all("Pell" not in plan.cast for plan in outline.scenes)
        for number in (1, 2):
            extend(
                room, session.id, number, f"Pell steps out of the dark, {number}.\n\nPELL\nCut the rope.\n"
            )
        yield folder, session.id


def extend(room: Room, session: str, number: int, fountain: str) -> None:
    """Let a scene of a session end with some lines more."""
    one = room.session(session)
    scene = one.manuscript.scenes[number]
    elements = named((*scene.elements, *parse_elements(fountain)), f"more {number}")
    body = ("scene", SceneDraft(number=number, elements=elements).model_dump(mode="json"))
    task = Task(
        session=one.id, head=one.head, stage=Stage.SCENE, scene=number, round=9, role="dialogue_writer"
    )
    edit = Said(TurnKind.EDIT, Actor(kind="member", name="Rosa"), draft=body, slot=f"scene:{number}")
    room.ledger.commit(task, [edit])


def findings(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """Return what a check finds, as JSON tells it."""
    result = run("-s", folder, "check", *arguments, "--to", "json")
    assert result.exit_code == 1, result.stderr
    (one,) = json.loads(result.stdout)
    found: list[dict[str, Any]] = one["findings"]
    return found


def test_who_is_not_planned_for_a_scene_is_found_with_the_exported_line(series: tuple[Path, str]):
    """The number of the line is that of the file that `export` writes; the exit code is 1."""
    folder, session = series
    exported = run("-s", folder, "export", session, "--out", "-").stdout.splitlines()
    found = findings(folder, session, "--kind", "not_in_cast")
    assert [one["here"]["scene"] for one in found] == [1, 2]
    for one in found:
        assert exported[one["here"]["line"] - 1] == one["here"]["quote"] == "PELL"
        assert one["listed"] == "casts"


def test_the_beginning_of_a_session_s_name_is_enough(series: tuple[Path, str]):
    """As with other commands; what is said names it in full, with its episode."""
    folder, session = series
    result = run("-s", folder, "check", session[:5], "--kind", "not_in_cast")
    assert result.exit_code == 1
    assert f"{session} (episode 3): certain" in result.stdout
    assert "2 certain" in result.stderr


def test_reports_name_the_session_and_its_file(series: tuple[Path, str]):
    """JSON has both; SARIF names the file as it is exported; text has a line for each."""
    folder, session = series
    file = f"s01e03-{session}.fountain"
    (one,) = json.loads(run("-s", folder, "check", session, "--to", "json").stdout)
    assert (one["session"], one["file"], one["episode"]) == (session, file, 3)
    log = json.loads(run("-s", folder, "check", session, "--kind", "not_in_cast", "--to", "sarif").stdout)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == file
    assert place["region"]["snippet"]["text"] == "PELL"


def test_a_fact_of_the_session_is_quoted_with_its_line(series: tuple[Path, str]):
    """Evidence of a draft has no line number of its own; the export has. Both lines are told."""
    folder, session = series
    dies = ("--kind", "death", "--subject", "Pell", "--says", "Pell is lost.", "--since", "3:1", "--anyway")
    added = run(
        "-s", folder, "canon", "add", "--session", session, *dies, "--quote", "Pell steps out of the dark, 1."
    )
    assert added.exit_code == 0, added.stderr
    exported = run("-s", folder, "export", session, "--out", "-").stdout.splitlines()
    (one,) = findings(folder, session, "--kind", "dead_speaks")
    assert (one["here"]["scene"], one["against"]["scene"]) == (2, 1)
    for line in (one["here"], one["against"]):
        assert exported[line["line"] - 1] == line["quote"]


def test_a_line_of_a_remembered_episode_is_numbered_as_in_its_file(series: tuple[Path, str], tmp_path: Path):
    """As long as the file lies in the series as it was remembered."""
    folder, _ = series
    name = "s01e01-the-notice.fountain"
    source = (EXAMPLES / "the-last-light" / "episodes" / name).read_text(encoding="utf-8")
    quote = "9 March is missing. I did not do it."
    says = ("--kind", "death", "--subject", "Bea", "--says", "Bea is gone.", "--since", "1:5", "--anyway")
    added = run("-s", folder, "canon", "add", *says, "--quote", quote)
    assert added.exit_code == 0, added.stderr
    path = tmp_path / "e05.fountain"
    path.write_text("INT. LAMP ROOM - NIGHT\n\nBEA\nHere.\n", encoding="utf-8")
    (one,) = findings(folder, str(path), "--kind", "dead_speaks")
    assert (one["against"]["episode"], one["against"]["line"]) == (1, 0)
    (folder / "episodes").mkdir(exist_ok=True)
    (folder / "episodes" / name).write_text(source, encoding="utf-8")
    (one,) = findings(folder, str(path), "--kind", "dead_speaks")
    assert quote in source.splitlines()[one["against"]["line"] - 1]


def test_set_ups_wait_until_all_scenes_are_written(series: tuple[Path, str]):
    """What is due may come in a scene that is planned; that is said."""
    folder, session = series
    due = (
        "--kind",
        "setup",
        "--subject",
        "Bea",
        "--says",
        "A xylophone.",
        "--terms",
        "xylophone",
        "--due",
        "3",
    )
    assert run("-s", folder, "canon", "add", "--session", session, *due).exit_code == 0
    kinds = ("--kind", "setup_unpaid")
    assert [one["kind"] for one in findings(folder, session, *kinds)] == ["setup_unpaid"]
    fork = run("-s", folder, "fork", session, "--at", "2").stdout.split()[-1]
    result = run("-s", folder, "check", fork, *kinds)
    assert result.exit_code == 0
    assert "1 scene to be written" in result.stderr


def test_what_is_no_session_or_has_no_scene_is_refused(
    series: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nothing of that name, one that has not begun, another episode than its own, no series at all."""
    folder, session = series
    assert run("-s", folder, "check", "e09-nobody").exit_code == 2
    with open_room(folder) as room:
        room.ledger.sessions.begin(an_order(room, episode=8), room.bible, session_id="e08-empty")
    result = run("-s", folder, "check", "e08-empty")
    assert (result.exit_code, "no scene yet" in result.stderr) == (2, True)
    assert run("-s", folder, "check", session, "--episode", "4").exit_code == 2
    monkeypatch.chdir(tmp_path)
    result = run("check", "e09-nobody")
    assert result.exit_code == 2
    assert "no series here" in result.stderr
