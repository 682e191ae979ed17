"""Whatever is wrong with what was given: a message, a hint, exit code 2, and nothing else changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cli_kit import SMALL, draft, run
from room_kit import IDEA, a_series
from typer.testing import CliRunner, Result

from storyroom.cli.ideas import read_idea
from storyroom.cli.main import app


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a series that every command here must leave without a session."""
    return a_series(tmp_path_factory.mktemp("bad"))


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a series with one finished session."""
    folder = a_series(tmp_path_factory.mktemp("drafted"))
    assert draft(folder).exit_code == 0
    return folder


def refused(said: Result, *words: str, code: int = 2) -> None:
    """Check that a command was refused in plain words."""
    assert said.exit_code == code, said.output
    assert said.stdout == ""
    first, *_, last = said.stderr.strip().splitlines()
    assert first.startswith("error: ")
    assert last.startswith("hint: ")
    assert len(last) > len("hint: ") + 10
    for word in words:
        assert word in said.stderr


@pytest.mark.parametrize(
    ("idea", "word"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("x" * 1_000_000, "1,000,000"),
        ("a lamp\x00 fails", "control"),
        ("a lamp \x1b[31mfails", "control"),
    ],
)
def test_an_idea_that_is_none(untouched: Path, idea: str, word: str) -> None:
    """Nothing at all, a megabyte, and control characters are no idea."""
    refused(run("-s", untouched, "draft", idea, *SMALL), word)
    refused(
        run("-s", untouched, "draft", "-", *SMALL, given=idea.encode()), "idea" if word != "control" else ""
    )
    assert json.loads(run("-s", untouched, "sessions", "--json").stdout) == []


def test_no_idea_at_all(untouched: Path) -> None:
    """The idea is asked for, and the hint says in which ways it can be given."""
    refused(run("-s", untouched, "draft", *SMALL), "empty", "standard input")


def test_an_idea_is_not_the_name_of_a_file_that_is_missing(untouched: Path) -> None:
    """A misspelt path would be drafted for minutes; a sentence that ends in a name of a file is an idea."""
    refused(run("-s", untouched, "draft", "ideas/idea.txt", *SMALL), "There is no file ideas/idea.txt")
    assert read_idea("Mara opens diary.txt") == "Mara opens diary.txt"


def test_a_file_that_is_no_idea(untouched: Path, tmp_path: Path) -> None:
    """A folder, bytes that are no UTF-8, a binary file, and a megabyte in a file are refused."""
    refused(run("-s", untouched, "draft", tmp_path, *SMALL), "folder")
    for name, data, word in (
        ("latin", "Ein Leuchtfeuer verlöscht".encode("latin-1"), "UTF-8"),
        ("picture", b"\x89PNG\r\n\x1a\n\0\0\0", "UTF-8"),
        ("nul", b"a lamp\0fails", "binary"),
        ("long", b"x" * 1_000_000, "1,000,000"),
        ("huge", b"x" * 17_000_000, "MB"),
        ("empty", b"", "empty"),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        refused(run("-s", untouched, "draft", file, *SMALL), word)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--cast", "Nobody"), "Nobody"),
        (("--cast", "../Mara"), "../Mara"),
        (("--cast", "Mara\x1b[2J"), "\\x1b[2J"),
        (("--scenes", "100000"), "100000 scenes"),
        (("--pages", "900"), "900.0 pages"),
        (("--model", "enormous"), "enormous"),
        (("--model", "openai:m@http://127.0.0.1:9"), "127.0.0.1:9"),
        (("--model", "llama.cpp:/nowhere/model.gguf"), "/nowhere/model.gguf"),
        (("--model", "scripted:/nowhere/answers.yaml"), "/nowhere/answers.yaml"),
    ],
)
def test_an_order_that_cannot_be_drafted(untouched: Path, arguments: tuple[str, str], word: str) -> None:
    """Unknown people, impossible lengths, and models that are not there are named, and nothing is begun."""
    refused(run("-s", untouched, "draft", IDEA, *SMALL, *arguments), word)
    assert json.loads(run("-s", untouched, "sessions", "--json").stdout) == []


def test_a_model_file_that_is_none(untouched: Path, tmp_path: Path) -> None:
    """A file that is not GGUF is refused before anything is begun."""
    file = tmp_path / "model.gguf"
    file.write_bytes(b"not a model" * 100)
    refused(run("-s", untouched, "draft", IDEA, *SMALL, "--model", f"llama.cpp:{file}"), "model.gguf")


def test_the_embedded_model_when_it_was_not_fetched(
    untouched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is fetched behind the user's back: the hint names the command that does."""
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    refused(run("-s", untouched, "draft", IDEA, "--model", "embedded"), "storyroom models pull")


def test_the_embedded_model_writes_no_chinese(tmp_path: Path) -> None:
    """A Chinese draft on the embedded model is refused, and the hint names --model."""
    folder = a_series(tmp_path, "the-long-river")
    refused(run("-s", folder, "draft", "渡口的灯灭了。", "--model", "embedded"), "--model", "--anyway")


@pytest.mark.parametrize(
    "command",
    [
        ("draft", IDEA),
        ("sessions",),
        ("show", "e01"),
        ("memory", "stats"),
        ("notes", "list"),
        ("remember", "x.fountain"),
    ],
)
def test_no_series_here(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Every command on a series says that there is none, and how one is made."""
    refused(run("-s", tmp_path, *command), "series.yaml", "storyroom new")


def test_a_bible_with_a_mistake(tmp_path: Path) -> None:
    """The line and the field are named."""
    folder = a_series(tmp_path)
    bible = folder / "series.yaml"
    lines = bible.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines) if text.startswith("tone:"))
    lines[line] = "tune: quiet"
    bible.write_text("\n".join(lines), encoding="utf-8")
    refused(run("-s", folder, "sessions"), f"series.yaml:{line + 1}: tune", "tone")


@pytest.mark.parametrize("name", ["e99-nothing", "../../etc", "e01\x1b[2J", "", "-"])
def test_an_unknown_session(drafted: Path, name: str) -> None:
    """Commands on a session refuse a name that is none, and list those that there are."""
    for command in (
        ("show", name),
        ("resume", name),
        ("fork", name, "--at", "outline"),
        ("lock", name),
        ("export", name),
        ("answer", name, "--approve"),
        ("delete", "session", name, "--yes"),
    ):
        said = run("-s", drafted, *command)
        refused(said, "e01-")
        assert "\x1b" not in said.stderr


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("show", "e01", "scene"), "which scene"),
        (("show", "e01", "scene", "9"), "no scene 9"),
        (("show", "e01", "brief", "2"), "number"),
        (("fork", "e01", "--at", "act two"), "act two"),
        (("fork", "e01", "--at", "9"), "9"),
        (("export", "e01", "--to", "papyrus"), "papyrus"),
        (("export", "e01", "--to", "fountain,markdown", "--out", "one.file"), "one.file"),
        (("answer", "e01"), "waits for no answer"),
        (("answer", "e01", "--approve", "--edit"), "several"),
        (("answer", "e01", "--approve"), "waits for no answer"),
        (("answer", "e01", "--edit"), "waits for no answer"),
        (("answer", "e01", "--file", "/nowhere.yaml"), "/nowhere.yaml"),
        (("notes", "add", "Hurry.", "--from", "Nobody"), "Nobody"),
        (("notes", "add", "Hurry.", "--from", "Ro/sa"), "Ro/sa"),
        (("notes", "add", " ", "--from", "Rosa"), "empty"),
        (("notes", "add", "Hurry.", "--from", "Rosa", "--to", "caterer"), "caterer"),
        (("remember", "/nowhere/s01e01.fountain"), "/nowhere/s01e01.fountain"),
        (("memory", "search", " "), "empty"),
        (("memory", "search", "lamp", "-k", "0"), "0"),
        (("memory", "backup", "/nowhere/copy.zip"), "/nowhere"),
        (("delete", "episode", "44", "--yes"), "44"),
        (("models", "show", "enormous"), "enormous"),
    ],
)
def test_what_is_not_there(drafted: Path, command: tuple[str, ...], word: str) -> None:
    """A scene, a point, a format, a member, a role, a file that does not exist is named in the error."""
    refused(run("-s", drafted, *command), word)


@pytest.mark.parametrize("title", ["", "a/b", "a\\b", "..", "bell\x07", "con", "x" * 200])
def test_titles_that_no_folder_can_have(tmp_path: Path, title: str) -> None:
    """`new` refuses them and leaves nothing behind."""
    refused(run("new", title, "--in", tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_new_leaves_what_is_there(tmp_path: Path) -> None:
    """A folder that is a series already is refused, even with --force."""
    run("new", "Salt", "--in", tmp_path)
    before = (tmp_path / "salt" / "series.yaml").read_bytes()
    refused(run("new", "Salt", "--in", tmp_path, "--force"))
    assert (tmp_path / "salt" / "series.yaml").read_bytes() == before


def test_a_damaged_ledger(drafted: Path, tmp_path: Path) -> None:
    """Every command says which file is damaged, and where a copy would come from."""
    folder = Path(shutil.copytree(drafted, tmp_path / "series"))
    (folder / ".storyroom" / "ledger.sqlite").write_bytes(b"no database" * 1000)
    for command in (("sessions",), ("draft", IDEA, *SMALL), ("memory", "stats")):
        refused(run("-s", folder, *command), "ledger.sqlite", "memory backup")


def test_a_folder_that_cannot_be_written(drafted: Path) -> None:
    """A draft in a read-only folder says so, and leaves it as it was."""
    with TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = a_series(Path(parent))
        before = sorted(folder.iterdir())
        folder.chmod(0o555)
        with not_as_root():
            said = draft(folder)
        refused(said, str(folder), "Make the series folder writable")
        assert sorted(folder.iterdir()) == before
        folder.chmod(0o755)


@contextmanager
def not_as_root() -> Iterator[None]:
    """Give up root's right to write anywhere. All that the command imports must have been imported before."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_wrong_options_are_told_by_name(drafted: Path) -> None:
    """What the command line itself cannot read ends with exit code 2 as well."""
    for word, arguments in (
        ("draught", ["draught"]),
        ("lunch", ["draft", IDEA, "--gate", "lunch"]),
        ("abyss", ["draft", IDEA, "--depth", "abyss"]),
        ("--scenes", ["draft", IDEA, "--scenes", "0"]),
    ):
        said = CliRunner().invoke(app, ["-s", str(drafted), *arguments])
        assert said.exit_code == 2
        assert word in said.stderr


def test_a_session_that_waits_ends_with_three(tmp_path: Path) -> None:
    """To resume a paused session that nobody answered is exit code 3, with the way to answer."""
    folder = a_series(tmp_path)
    said = draft(folder, "--gate", "pitches")
    assert said.exit_code == 3
    assert said.stdout == ""
    refused(run("-s", folder, "resume", "e01"), "storyroom answer", code=3)


def test_a_model_that_fails_in_the_middle(tmp_path: Path) -> None:
    """The error is told, and before it how to go on: what was finished is kept."""
    folder = a_series(tmp_path)
    script = tmp_path / "answers.yaml"
    script.write_text('answers: [{when: "outline*", answer: "Yes."}]', encoding="utf-8")
    said = run("-s", folder, "draft", IDEA, *SMALL, "--model", f"scripted:{script}")
    assert said.exit_code == 2
    assert said.stdout == ""
    kept, error, hint = said.stderr.splitlines()[-3:]
    name = json.loads(run("-s", folder, "sessions", "--json").stdout)[0]["session"]
    assert kept.endswith(f"storyroom -s {folder} resume {name}")
    assert "no answer for" in error
    assert hint.startswith("hint: ")
