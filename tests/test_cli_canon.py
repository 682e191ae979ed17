"""`storyroom canon` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run
from room_kit import EXAMPLES, a_series
from typer.testing import Result

ADD = ("canon", "add", "--kind", "knowledge", "--subject", "the radio", "--says", "Silas cut the radio wire.")


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series that remembers two episodes."""
    folder = a_series(tmp_path_factory.mktemp("canon"))
    files = sorted((EXAMPLES / "the-last-light" / "episodes").glob("*.fountain"))
    assert run("-s", folder, "remember", *files).exit_code == 0
    return folder


def _done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def _ids(series: Path, *options: str) -> list[str]:
    return [one["id"] for one in json.loads(_done(run("-s", series, "canon", "list", "--json", *options)))]


def test_facts_are_listed_with_where_they_come_from(series: Path) -> None:
    """`canon` alone lists; filters choose; JSON has the scene and line of each quote."""
    assert "pattern" in _done(run("-s", series, "canon"))
    (one, *_) = json.loads(_done(run("-s", series, "canon", "list", "--status", "likely", "--json")))
    assert one["since"] == one["evidence"][0]["at"]
    assert one["evidence"][0]["line"] > 1
    shown = _done(run("-s", series, "canon", "show", one["id"][:8]))
    assert f"{one['since']}, line {one['evidence'][0]['line']}: “{one['evidence'][0]['quote']}”" in shown


def test_a_fact_is_added_settled_and_taken_back(series: Path) -> None:
    """Its id goes to standard output; each decision is in its history, with who and why."""
    fact = _done(run("-s", series, *ADD, "--since", "1:2", "--holders", "Mara", "--from", "Rosa")).strip()
    assert fact in _ids(series, "--about", "radio")
    assert "Silas cut the radio wire." in _done(run("-s", series, "canon", "knows", "mara"))
    assert "Cannot know:" in _done(run("-s", series, "canon", "knows", "Bea", "--at", "2:1"))
    _done(run("-s", series, "canon", "waive", fact, "--reason", "He lied.", "--from", "Rosa"))
    assert fact in _ids(series, "--status", "waived")
    _done(run("-s", series, "canon", "approve", fact))
    newer = _done(run("-s", series, "canon", "supersede", fact, "--says", "Pell cut it.", "--from", "Dev"))
    shown = _done(run("-s", series, "canon", "show", fact))
    assert shown.startswith(f"{fact}  superseded")
    assert "waived, Rosa: He lied." in shown
    assert newer.strip() in _ids(series, "--status", "approved")


def test_a_scene_is_told(series: Path) -> None:
    """Who speaks, where, when; in JSON the same."""
    assert "place: Post Office" in _done(run("-s", series, "canon", "at", "1:3"))
    told = json.loads(_done(run("-s", series, "canon", "at", "1:3", "--json")))
    assert (told["speaks"], told["place"]) == (["Ines", "Pell", "Tomas"], "Post Office")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("canon", "at", "1:99"), "Episode 1 has no scene 99"),
        (("canon", "at", "one"), "names no scene"),
        (("canon", "knows", "Marra"), "did you mean Mara"),
        (("canon", "show", "zz"), "There is no fact 'zz'"),
        (("canon", "list", "--kind", "rumour"), "no kind of a fact"),
        (("canon", "list", "--status", "sure"), "no status of a fact"),
        ((*ADD, "--from", "Nobody"), "Nobody on the team"),
        ((*ADD[:-1], ""), "is empty"),
        ((*ADD[:-1], "x" * 1_000_000), "1,000,000 characters"),
        ((*ADD, "--since", "1:2", "--quote", "nobody says this"), "does not say"),
        (("canon", "add", "--kind", "death", "--subject", "Mara", "--says", "She dies."), "Mara alive"),
    ],
)
def test_bad_input_is_refused_with_a_hint(series: Path, words: tuple[str, ...], said: str) -> None:
    """Exit code 2, a sentence and a hint; nothing is kept."""
    before = _ids(series)
    result = run("-s", series, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "hint: " in result.stderr
    assert _ids(series) == before
