"""`storyroom remember` and `storyroom memory scenes` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run, scripted_rooms
from room_kit import EXAMPLES, a_series
from typer.testing import CliRunner

from storyroom.cli import remembering
from storyroom.cli.main import app
from storyroom.formats.fountain import read_file
from storyroom.formats.pdf import PdfOptions
from storyroom.formats.registry import FORMATS

EPISODES = sorted((EXAMPLES / "the-last-light/episodes").glob("*.fountain"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the English example, which remembers nothing."""
    return a_series(tmp_path)


def misspelled(folder: Path) -> Path:
    """Write an episode in which somebody is spelled in another way."""
    path = folder / "s01e05.fountain"
    path.write_text("INT. LAMP ROOM - NIGHT\n\nRain.\n\nMARAH\nNo.\n\nBEA\nYes.\n")
    return path


def test_what_was_uncertain_is_told(folder: Path) -> None:
    """The report says how many elements there are, how many are uncertain, where, and why."""
    text = FORMATS["text"].write(read_file(EPISODES[0]), PdfOptions()).decode()
    path = folder / "s01e01.txt"
    odd = "".join(f"\n{' ' * 17}Odd line {n}.\n" for n in range(7))
    path.write_text(text + odd)
    said = run("-s", folder, "remember", path)
    assert said.exit_code == 0, said.output
    assert "episode 1: new, 6 scenes" in said.stdout
    assert "202 elements, 7 uncertain:" in said.stderr
    assert "taken as action, it is indented, but as no other kind of line is: Odd line 4." in said.stderr
    assert "Odd line 5" not in said.stderr
    assert "… and 2 more: --doubts lists all." in said.stderr
    assert "Odd line 6" in run("-s", folder, "remember", "--doubts", path).stderr


def test_a_name_is_listed_with_the_commands_that_settle_it(folder: Path) -> None:
    """Off a terminal nobody is asked; the commands do what they say, and what they say is kept."""
    path = misspelled(folder)
    said = run("-s", folder, "remember", path)
    assert "MARAH (episode 5, scene 1) is not in the bible: is this Mara, or somebody else?" in said.stderr
    assert f"storyroom -s {folder} remember --same MARAH=Mara" in said.stderr
    assert f"storyroom -s {folder} remember --apart MARAH" in said.stderr
    assert "MARAH 1, Bea 1" in run("-s", folder, "memory", "scenes").stdout
    before = (folder / "series.yaml").read_bytes()
    assert run("-s", folder, "remember", "--same", "MARAH=mara quill").exit_code == 0
    assert (folder / "series.yaml").read_bytes() == before
    assert "Mara 1, Bea 1" in run("-s", folder, "memory", "scenes", "5").stdout
    again = run("-s", folder, "remember", path)
    assert "unchanged" in again.stdout
    assert "MARAH" not in again.output
    found = run("-s", folder, "memory", "search", "no", "--character", "Mara", "--episode", "5", "--json")
    assert len(json.loads(found.stdout)) == 1


def test_somebody_of_their_own(folder: Path) -> None:
    """Who was set apart is not asked about again, and stays a stranger."""
    said = run("-s", folder, "remember", "--apart", "MARAH", misspelled(folder))
    assert "is this" not in said.stderr
    assert "Not in the bible: MARAH." in said.stderr


def test_on_a_terminal_a_name_is_asked_about(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number chooses; Enter leaves it open, and it is listed."""
    path = misspelled(folder)

    class Terminal:
        def isatty(self) -> bool:
            return True

    def asked(answer: str) -> str:
        with scripted_rooms(), monkeypatch.context() as patch:
            patch.setattr(remembering, "sys", type("sys", (), {"stdin": Terminal(), "stderr": Terminal()}))
            said = CliRunner().invoke(app, ["-s", str(folder), "remember", str(path)], input=answer)
        assert said.exit_code == 0, said.output
        return said.stderr

    said = asked("\n")
    assert "1  Mara" in said
    assert "2  somebody else" in said
    assert "--same" in said
    assert "--same" not in asked("1\n")
    assert "Mara 1, Bea 1" in run("-s", folder, "memory", "scenes").stdout
    assert "Which?" not in asked("")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "No file"),
        (["--same", "MARAH"], "who is who"),
        (["--same", "=Mara"], "who is who"),
        (["--same", "MARAH=Marra"], "did you mean Mara?"),
        (["--same", "BEA=Mara"], "in the bible already"),
    ],
)
def test_what_cannot_be_settled(folder: Path, arguments: list[str], word: str) -> None:
    """Each is refused in plain words, and nothing is kept."""
    said = run("-s", folder, "remember", *arguments)
    assert said.exit_code == 2
    assert word in said.stderr
    assert "hint: " in said.stderr


def test_json(folder: Path) -> None:
    """What came of each file, with doubts and questions, and nothing else."""
    said = run("-s", folder, "remember", *EPISODES, misspelled(folder), "--json")
    first, _, last = json.loads(said.stdout)
    assert (first["episode"], first["outcome"], first["scenes"], first["doubts"]) == (1, "new", 6, [])
    assert last["questions"][0]["candidates"] == ["Mara"]
    assert last["questions"][0]["says"].startswith("MARAH (episode 5")


def test_scenes(folder: Path) -> None:
    """The table and its JSON say where and when a scene is, who speaks, and who else is there."""
    run("-s", folder, "remember", *EPISODES)
    table = run("-s", folder, "memory", "scenes", "1").stdout
    facts = json.loads(run("-s", folder, "memory", "scenes", "1", "--json").stdout)
    assert len(facts) == 6
    assert table.splitlines()[1].startswith("1:1")
    assert facts[0]["place"] in table
    with_pell = json.loads(run("-s", folder, "memory", "scenes", "--character", "PELL", "--json").stdout)
    assert 0 < len(with_pell) < 12
    assert all(any(one["name"] == "Pell" for one in scene["people"]) for scene in with_pell)
    assert "no such scene" in run("-s", folder, "memory", "scenes", "9").stderr
