"""Commands that only look back start quickly: they import nothing of what drafting needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli_kit import draft, run
from room_kit import a_series

HEAVY = ("sqlalchemy", "alembic", "langgraph", "langchain_core", "torch", "chromadb", "numpy", "asyncio")
LAYOUT = ("storyroom.formats.pages", "storyroom.formats.pdf")

_TRY_IT = f"""
import json, sys
from storyroom.cli.main import main
code = 0
try:
    main()
except SystemExit as end:
    code = end.code
print(json.dumps([code, [name for name in {HEAVY + LAYOUT} if name in sys.modules]]), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a series with a finished episode."""
    folder = a_series(tmp_path_factory.mktemp("looking"))
    assert draft(folder).exit_code == 0
    return folder


@pytest.mark.parametrize(
    "words",
    [
        "debates",
        "debates --scene 1 --stage scene",
        "debates show e01 scene.1",
        "debates show e01 --to html",
        "why e01 1",
        "why e01 1:4",
        "why FILE",
        "seat list",
    ],
)
def test_looking_back_imports_nothing_heavy(series: Path, words: str) -> None:
    """Neither the graph nor a model nor the index is imported, and not SQLAlchemy, to read the ledger."""
    done = looked(series, words)
    code, imported = json.loads(done.stderr.splitlines()[-1])
    assert (code, [name for name in imported if name in HEAVY]) == (0, [])
    assert done.stdout


def test_a_line_of_a_file_is_found_without_what_lays_out_pages(series: Path) -> None:
    """To read Fountain nothing is imported that breaks pages or draws them."""
    assert json.loads(looked(series, "why FILE").stderr.splitlines()[-1]) == [0, []]


def looked(series: Path, words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that says last what it has imported; FILE is a line of the script."""
    (script,) = (series / "drafts").glob("*.fountain")
    texts = script.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(texts, 1) if text.startswith(("INT.", "EXT.")))
    named = words.replace("FILE", f"{script}:{line}").split()
    return subprocess.run(
        [sys.executable, "-c", _TRY_IT, "-s", str(series), *named],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_all_commands_are_laid_out_without_anything_heavy() -> None:
    """`storyroom --help` imports every command's module, and none of them any of that."""
    code = (
        "import sys; from typer.main import get_command; from storyroom.cli.main import app; "
        "root = get_command(app); [root.commands[name] for name in root.commands]; "
        f"print([name for name in (*{HEAVY}, 'pydantic', 'ruamel') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_bible_that_cannot_be_read_does_not_hinder_looking_back(series: Path, tmp_path: Path) -> None:
    """What a session said is told though `series.yaml` is being edited; whoever needs the bible is told."""
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(series, folder)
    (folder / "series.yaml").write_text("title: [", encoding="utf-8")
    assert run("-s", folder, "why", "e01", "1:2").exit_code == 0
    refused = run("-s", folder, "seat", "list")
    assert (refused.exit_code, "series.yaml" in refused.stderr) == (2, True)
