"""Seats on the command line: taken, asked, answered from a file or an editor, left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import draft, run
from room_kit import a_series
from test_cli_gates import editor
from typer.testing import Result

SCENE = "\n@Mara\nThe kettle was never on.\n\n@Bea\nThen who burned the log?\n\n@Ines\nNobody moves.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a series on whose team are Rosa, Dev and Kit."""
    return a_series(tmp_path)


@pytest.fixture
def asked(folder: Path) -> Path:
    """Give a series whose only session waits for Rosa, who is to write the first scene."""
    take(folder, "dialogue_writer", "Rosa")
    said = draft(folder)
    assert said.exit_code == 3
    assert "waits for Rosa (dialogue writer): the scene, scene 1" in said.stderr
    assert "answer e01-" in said.stderr
    return folder


def take(folder: Path, role: str, member: str, *more: str) -> Result:
    """Take a seat."""
    said = run("-s", folder, "seat", "take", role, "--as", member, *more)
    assert said.exit_code == 0, said.stderr
    return said


def sheet(folder: Path, tmp_path: Path, more: str = "") -> Path:
    """Write what a session asks into a file, with a scene of the people who may speak in it."""
    text = run("-s", folder, "answer", "e01", "--show").stdout
    cast = text.partition("Only these speak: ")[2].partition("\n")[0].split(", ")
    speeches = [part for part in SCENE.split("\n\n") if any(f"@{name}\n" in f"{part}\n" for name in cast)]
    file = tmp_path / "scene.fountain"
    file.write_text("\n\n".join([text.rstrip(), *map(str.strip, speeches)]) + "\n" + more, encoding="utf-8")
    return file


def writers(folder: Path) -> list[str]:
    """Return who wrote the drafts of scenes, in order."""
    turns = json.loads(run("-s", folder, "show", "e01", "turns", "--json").stdout)
    return [f"{one['actor']['kind']}:{one['actor']['name']}" for one in turns if one["kind"] == "draft"]


def listed(folder: Path, *more: str) -> list[tuple[str, str | None, str | None]]:
    """Return who sits where, as role, member and session."""
    rows = json.loads(run("-s", folder, "seat", "list", *more, "--json").stdout)
    return [(row["role"], row["member"], row["session"]) for row in rows]


def test_seats_are_listed(folder: Path):
    """Every role with who holds it in the series."""
    take(folder, "editor", "Rosa")
    shown = run("-s", folder, "seat", "list").stdout.splitlines()
    assert [line.split() for line in shown if line.startswith("editor")] == [
        ["editor", "Rosa", "the", "series"]
    ]
    assert {("editor", "Rosa", None), ("showrunner", None, None)} <= set(listed(folder))
    left = run("-s", folder, "seat", "leave", "editor", "--json")
    assert json.loads(left.stdout)["taken"] is False
    assert ("editor", None, None) in listed(folder)


def test_seats_of_single_sessions_are_listed_with_the_others(asked: Path):
    """A seat that is taken or left in one session stands below those of the series."""
    (name,) = (one["session"] for one in json.loads(run("-s", asked, "sessions", "--json").stdout))
    before = listed(asked)
    assert {session for _, _, session in before} == {None}
    take(asked, "editor", "Dev", "--session", "e01")
    assert run("-s", asked, "seat", "leave", "dialogue_writer", "--session", "e01").exit_code == 0
    assert listed(asked)[len(before) :] == [("dialogue_writer", None, name), ("editor", "Dev", name)]
    here = {role: member for role, member, _ in listed(asked, "--session", "e01")}
    assert (here["editor"], here["dialogue_writer"]) == ("Dev", None)
    assert ["editor", "Dev", name] in [
        one.split() for one in run("-s", asked, "seat", "list").stdout.splitlines()
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("take", "editor", "--as", "Dev"), "Rosa sits in the seat"),
        (("take", "editr", "--as", "Dev"), "did you mean editor"),
        (("take", "editor", "--as", "Devv"), "did you mean Dev"),
        (("leave", "showrunner"), "Nobody sits"),
        (("list", "--session", "e09"), "no session 'e09'"),
    ],
)
def test_a_seat_that_cannot_be_had_is_told(folder: Path, words: tuple[str, ...], said: str):
    """Exit code 2, what is wrong, and a hint."""
    take(folder, "editor", "Rosa")
    result = run("-s", folder, "seat", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "hint: " in result.stderr


def test_the_sheet_is_answered_from_a_file(asked: Path, tmp_path: Path):
    """`--show` prints it, `--file` hands it in, and the session goes on to the next question."""
    shown = run("-s", asked, "show", "e01")
    assert "waits for Rosa" in shown.stdout
    assert json.loads(run("-s", asked, "show", "e01", "--json").stdout)["waits_for"]
    waiting = run("-s", asked, "resume", "e01")
    assert waiting.exit_code == 3
    assert "storyroom answer e01-" in waiting.stderr
    done = run("-s", asked, "answer", "e01", "--file", sheet(asked, tmp_path), "--from", "Rosa")
    assert done.exit_code == 0, done.stderr
    assert run("-s", asked, "resume", "e01").exit_code == 3
    assert writers(asked) == ["member:Rosa"]
    assert "kettle was never on" in run("-s", asked, "show", "e01", "script").stdout


def test_a_sheet_answers_its_own_question_once(asked: Path, tmp_path: Path):
    """Handed in again, or after the session went on, it is refused with a reason."""
    file = sheet(asked, tmp_path)
    assert run("-s", asked, "answer", "e01", "--file", file).exit_code == 0
    again = run("-s", asked, "answer", "e01", "--file", file)
    assert again.exit_code == 2
    assert "answered by Rosa already" in again.stderr
    assert run("-s", asked, "resume", "e01").exit_code == 3
    stale = run("-s", asked, "answer", "e01", "--file", file)
    assert stale.exit_code == 2
    assert "answered by Rosa already" in stale.stderr


def test_only_whoever_sits_there_answers(asked: Path, tmp_path: Path):
    """Another member is told whose seat it is; an answer for a gate is told that there is none."""
    file = sheet(asked, tmp_path)
    other = run("-s", asked, "answer", "e01", "--file", file, "--from", "Dev")
    assert (other.exit_code, "is Rosa's" in other.stderr) == (2, True)
    gate = run("-s", asked, "answer", "e01", "--approve")
    assert (gate.exit_code, "not at a gate" in gate.stderr) == (2, True)
    seat = run("-s", asked, "answer", "e01", "--file", tmp_path / "none")
    assert (seat.exit_code, "cannot be read" in seat.stderr) == (2, True)
    role = run("-s", asked, "answer", "e01", "--hand-back", "--role", "editor")
    assert (role.exit_code, "no answer from the editor" in role.stderr) == (2, True)
    both = run("-s", asked, "answer", "e01", "--show", "--hand-back")
    assert (both.exit_code, "several answers" in both.stderr) == (2, True)
    assert run("-s", asked, "resume", "e01").exit_code == 3


def test_a_stranger_in_the_scene_is_told_and_nothing_is_lost(asked: Path, tmp_path: Path):
    """What came by standard input is kept in a file, which is taken once it is corrected."""
    text = sheet(asked, tmp_path, "\n@Silas\nI am dead.\n").read_text(encoding="utf-8")
    said = run("-s", asked, "answer", "e01", "--file", "-", given=text)
    assert said.exit_code == 2
    assert "Silas" in said.stderr
    (kept,) = (asked / "drafts").glob("*.edited.fountain")
    assert str(kept) in said.stderr
    assert kept.read_text(encoding="utf-8") == text
    kept.write_text(text.replace("@Silas\nI am dead.\n", ""), encoding="utf-8")
    assert run("-s", asked, "answer", "e01", "--file", kept).exit_code == 0


def test_a_sheet_is_filled_in_an_editor(asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`answer` alone opens $EDITOR on the sheet; closed as it was, nothing is answered."""
    editor(tmp_path, monkeypatch, "true")
    assert run("-s", asked, "answer", "e01").exit_code == 3
    editor(tmp_path, monkeypatch, "printf '\\nRain on the glass.\\n' >> \"$1\"")
    assert run("-s", asked, "answer", "e01").exit_code == 0
    assert run("-s", asked, "resume", "e01").exit_code == 3
    assert "Rain on the glass." in run("-s", asked, "show", "e01", "script").stdout


def test_a_text_that_came_too_late_is_kept(asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever wrote while the task was handed back elsewhere finds the text in a file."""
    storyroom = f"{__import__('sys').executable} {Path(__file__).parent / 'cli_kit.py'} 0 -s {asked}"
    editor(
        tmp_path,
        monkeypatch,
        f"printf '\\nRain.\\n' >> \"$1\"\n{storyroom} answer e01 --hand-back 2>/dev/null",
    )
    late = run("-s", asked, "answer", "e01")
    assert late.exit_code == 2
    assert "handed back to the agent by Rosa already" in late.stderr
    (kept,) = (asked / "drafts").glob("*.edited.fountain")
    assert "Rain." in kept.read_text(encoding="utf-8")


def test_a_task_is_handed_back(asked: Path):
    """The agent writes this scene, and Rosa is asked for the next one."""
    assert run("-s", asked, "answer", "e01", "--hand-back").exit_code == 0
    said = run("-s", asked, "resume", "e01")
    assert said.exit_code == 3
    assert "Rosa" in said.stderr
    assert writers(asked) == ["agent:scripted"]


def test_a_seat_that_is_left_lets_the_session_end(asked: Path):
    """The agents go on from the open question; nobody has to answer it."""
    assert run("-s", asked, "seat", "leave", "dialogue_writer").exit_code == 0
    assert run("-s", asked, "answer", "e01", "--hand-back").exit_code == 2
    assert run("-s", asked, "resume", "e01").exit_code == 0
    assert set(writers(asked)) == {"agent:scripted"}


def test_a_gate_is_shown_too(folder: Path):
    """`--show` prints what waits at a gate; a seat is not answered there."""
    assert draft(folder, "--gate", "outline").exit_code == 3
    assert "scenes:" in run("-s", folder, "answer", "e01", "--show").stdout
    for words in (("--hand-back",), ("--role", "editor")):
        assert run("-s", folder, "answer", "e01", *words).exit_code == 2
    assert run("-s", folder, "answer", "e01").exit_code == 2


def test_an_answer_goes_on_at_once(asked: Path, tmp_path: Path):
    """`--go` answers and resumes: it stops where the next answer is needed, or at the end."""
    said = run("-s", asked, "answer", "e01", "--file", sheet(asked, tmp_path), "--go", "--plain")
    assert said.exit_code == 3
    assert writers(asked) == ["member:Rosa"]
    assert "waits for Rosa" in said.stderr
    assert run("-s", asked, "seat", "leave", "dialogue_writer").exit_code == 0
    assert run("-s", asked, "resume", "e01").exit_code == 0


def test_a_gate_is_approved_and_gone_on_from(folder: Path):
    """At a gate `--go` does the same; it does not go with `--show`."""
    assert draft(folder, "--gate", "outline").exit_code == 3
    both = run("-s", folder, "answer", "e01", "--show", "--go")
    assert (both.exit_code, "--show" in both.stderr) == (2, True)
    assert run("-s", folder, "answer", "e01", "--approve", "--go").exit_code == 0
