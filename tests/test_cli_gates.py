"""What a human says at a gate, on the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from cli_kit import draft, run
from room_kit import a_series


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """Give a series whose only session waits after its outline."""
    folder = a_series(tmp_path)
    said = draft(folder, "--gate", "outline")
    assert said.exit_code == 3
    assert "show e01-" in said.stderr
    assert "answer e01-" in said.stderr
    return folder


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Make a shell script the user's editor; `$1` is the file it is given."""
    path = tmp_path / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", str(path))
    monkeypatch.setenv("EDITOR", str(path))


def title(folder: Path) -> str:
    """Return the title of the outline that stands."""
    return str(json.loads(run("-s", folder, "show", "e01", "outline", "--json").stdout)["title"])


def test_approving_lets_the_draft_go_on(waiting: Path) -> None:
    """After `--approve`, `resume` drafts to the end, and a second answer comes too late."""
    said = run("-s", waiting, "answer", "e01", "--approve", "--from", "Rosa")
    assert said.exit_code == 0
    assert "resume e01-" in said.stderr
    assert run("-s", waiting, "answer", "e01", "--approve").exit_code == 2
    assert run("-s", waiting, "resume", "e01").exit_code == 0


def test_only_the_team_answers(waiting: Path) -> None:
    """A name that is not on the team is refused, and the session still waits."""
    said = run("-s", waiting, "answer", "e01", "--approve", "--from", "Nobody")
    assert said.exit_code == 2
    assert "Rosa" in said.stderr
    assert run("-s", waiting, "resume", "e01").exit_code == 3


def test_sending_back_comes_round_to_the_gate_again(waiting: Path) -> None:
    """The reason is left as a note, the outline is written anew, and the session waits again."""
    assert run("-s", waiting, "answer", "e01", "--send-back", "Begin at the Quay.").exit_code == 0
    assert run("-s", waiting, "resume", "e01").exit_code == 3
    (note,) = json.loads(run("-s", waiting, "notes", "list", "--json").stdout)
    assert note["text"] == "Begin at the Quay."
    turns = json.loads(run("-s", waiting, "show", "e01", "turns", "--json").stdout)
    assert [turn["kind"] for turn in turns].count("outline") == 2


def test_an_edit_is_what_the_draft_goes_on_with(
    waiting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved in $EDITOR becomes the outline."""
    editor(tmp_path, monkeypatch, "sed -i 's/^title: .*/title: By Hand/' \"$1\"")
    assert run("-s", waiting, "answer", "e01", "--edit").exit_code == 0
    assert run("-s", waiting, "resume", "e01").exit_code == 0
    assert title(waiting) == "By Hand"


def test_an_edit_that_cannot_stand_is_kept(
    waiting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken edit is refused, its text lies in a file that the hint names, and is taken once corrected."""
    editor(
        tmp_path, monkeypatch, "sed -i 's/^title: .*/title: By Hand/; s/place: .*/place: The Moon/' \"$1\""
    )
    before = title(waiting)
    said = run("-s", waiting, "answer", "e01", "--edit")
    assert said.exit_code == 2
    assert "The Moon" in said.stderr
    (kept,) = (waiting / "drafts").glob("*.edited.yaml")
    assert str(kept) in said.stderr
    assert title(waiting) == before
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("The Moon", "Lamp Room"), encoding="utf-8")
    assert run("-s", waiting, "answer", "e01", "--file", kept).exit_code == 0
    assert run("-s", waiting, "resume", "e01").exit_code == 0
    assert title(waiting) == "By Hand"


@pytest.mark.parametrize(("script", "code"), [("true", 3), ("exit 1", 2)])
def test_an_editor_that_changes_nothing_answers_nothing(
    waiting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: int
) -> None:
    """Closing the editor as it was, or an editor that fails, leaves the session waiting."""
    editor(tmp_path, monkeypatch, script)
    assert run("-s", waiting, "answer", "e01", "--edit").exit_code == code
    assert run("-s", waiting, "resume", "e01").exit_code == 3


def test_a_table_read_needs_the_scene_that_goes_back(tmp_path: Path) -> None:
    """At the last gate, --scene says which scene is written again."""
    folder = a_series(tmp_path)
    assert draft(folder, "--gate", "table_read").exit_code == 3
    assert run("-s", folder, "answer", "e01", "--send-back", "Too loud.").exit_code == 2
    assert run("-s", folder, "answer", "e01", "--send-back", "Too loud.", "--scene", "2").exit_code == 0
    assert run("-s", folder, "resume", "e01").exit_code == 3
    assert run("-s", folder, "answer", "e01", "--approve").exit_code == 0
    assert run("-s", folder, "resume", "e01").exit_code == 0
