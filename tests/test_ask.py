"""Questions to the memory, answered from evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run
from room_kit import a_series

_EPISODE = """\
Title: The Set

INT. LAMP ROOM - NIGHT

Bea carries a box up the stairs. Mara does not turn.

BEA
I found Tomas's radio in the boathouse.

MARA
Put it down.

EXT. QUAY - DAY

Ines waits for the ferry. Tomas coils a rope.

TOMAS
Lovely day for it.

INT. COTTAGE KITCHEN - NIGHT

Silas sleeps in his chair.

PELL
The radio again, he said. All night, that radio.
"""


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series that remembers one small episode."""
    folder = a_series(tmp_path_factory.mktemp("ask"))
    file = tmp_path_factory.mktemp("episodes") / "s01e01.fountain"
    file.write_text(_EPISODE, encoding="utf-8")
    assert run("-s", folder, "remember", file).exit_code == 0
    return folder


def test_who_knows_is_answered_by_who_was_there_with_the_line(series: Path) -> None:
    """Whoever is in the scene has heard it, speaking or not; who was elsewhere has not."""
    answer = json.loads(run("-s", series, "ask", "Who knows about the radio?", "--json").stdout)
    assert set(answer["heard"]) == {"Mara", "Bea", "Pell", "Silas"}
    assert set(answer["unaware"]) == {"Ines", "Tomas"}
    assert answer["heard"]["Mara"]["text"] == "I found Tomas's radio in the boathouse."
    assert (answer["heard"]["Mara"]["at"], answer["heard"]["Silas"]["at"]) == ("1:1", "1:3")


def test_lines_are_quoted_word_for_word_with_their_place(series: Path) -> None:
    """The number is that of the line in its scene, the heading being 1."""
    answer = json.loads(run("-s", series, "ask", "where was the radio found", "--json").stdout)
    first = next(line for line in answer["lines"] if line["at"] == "1:1")
    assert (first["line"], first["speaker"]) == (4, "BEA")
    assert not answer["heard"]
    shown = run("-s", series, "ask", "where was the radio found").stdout
    assert "1:1  INT. LAMP ROOM - NIGHT" in shown
    assert "BEA: “I found Tomas's radio in the boathouse.”" in shown


def test_a_fact_is_told_with_those_who_know_it(series: Path) -> None:
    """What a member added stands before the lines, with holders and who heard it since."""
    given = ("--kind", "knowledge", "--subject", "Tomas", "--says", "Tomas called the mainland by radio.")
    where = ("--since", "1:1", "--quote", "I found Tomas's radio in the boathouse.", "--holders", "Bea")
    done = run("-s", series, "canon", "add", *given, *where, "--terms", "radio")
    assert done.exit_code == 0, done.output
    answer = json.loads(run("-s", series, "ask", "who knows about the radio?", "--json").stdout)
    assert answer["facts"][0]["says"] == "Tomas called the mainland by radio."
    assert "Bea" in answer["facts"][0]["known"]
    assert "Ines" not in answer["facts"][0]["known"]


@pytest.mark.parametrize("question", ["", "   ", "x" * 501])
def test_an_empty_or_endless_question_is_refused(series: Path, question: str) -> None:
    """The error says how long a question may be."""
    refused = run("-s", series, "ask", question)
    assert refused.exit_code == 2
    assert "at most 500" in refused.output


def test_a_chinese_question_is_answered_in_the_same_way(tmp_path: Path) -> None:
    """Particles and question words are not what it is about."""
    folder = a_series(tmp_path, "the-long-river")
    text = (
        ".内景 渡口 夜\n\n@何青\n我在船底找到了那台收音机。\n\n@罗三顺\n别声张。\n\n"
        ".外景 码头 日\n\n@小满\n今天风大。\n"
    )
    file = tmp_path / "s01e01.fountain"
    file.write_text(text, encoding="utf-8")
    assert run("-s", folder, "remember", file).exit_code == 0
    answer = json.loads(run("-s", folder, "ask", "谁知道收音机的事？", "--json").stdout)
    assert [line["text"] for line in answer["lines"]] == ["我在船底找到了那台收音机。"]
    assert set(answer["heard"]) == {"何青", "罗三顺"}
