"""What a script contradicts in the bible is shown with the line of `series.yaml` that says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import run
from room_kit import a_series

from storyroom.bible_file import bible_line, load_bible

SCRIPT = """\
Title: The Last Light
Episode: 1 - Wrong

INT. LAMP ROOM - NIGHT

Mara waits at the rail. Mara's eyes are green.

SILAS
I am still here.

PETER
And I am new.

INT. CELLAR - NIGHT

MARA
Where is this?
"""


@pytest.fixture
def series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A series whose bible says the colour of Mara's eyes, and a script that contradicts it four times."""
    folder = a_series(tmp_path)
    file = folder / "series.yaml"
    told = "    role: keeper of the Carrow light, widow of Evan\n"
    text = file.read_text(encoding="utf-8")
    assert told in text
    file.write_text(text.replace(told, f"{told}    attributes:\n      eyes: grey\n"), encoding="utf-8")
    (folder / "s01e01.fountain").write_text(SCRIPT, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def line_of(folder: Path, words: str) -> int:
    """Return the number of the first line of the bible that has these words."""
    lines = (folder / "series.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_each_finding_names_the_line_of_the_bible(series: Path) -> None:
    """A dead speaker, an attribute, an unknown speaker and an unknown place, as text and as SARIF."""
    result = run("check", "s01e01.fountain", "--to", "json", "--no-likely")
    shown = run("check", "s01e01.fountain", "--no-likely")
    sarif = run("check", "s01e01.fountain", "--no-likely", "--to", "sarif")
    assert isinstance(result.exception, SystemExit), result.exception
    findings = json.loads(result.stdout)[0]["findings"]
    against = {one["kind"]: (one["against"]["file"], one["against"]["line"]) for one in findings}
    assert against == {
        "dead_speaks": ("series.yaml", line_of(series, "status: dead")),
        "attribute_conflict": ("series.yaml", line_of(series, "eyes: grey")),
        "unknown_speaker": ("series.yaml", line_of(series, "cast:")),
        "unknown_place": ("series.yaml", line_of(series, "locations:")),
    }
    text = " ".join(shown.stdout.split())
    assert f"against series.yaml, line {line_of(series, 'eyes: grey')} > eyes: grey" in text
    related = [
        one["relatedLocations"][0]["physicalLocation"]
        for one in json.loads(sarif.stdout)["runs"][0]["results"]
    ]
    assert {one["artifactLocation"]["uri"] for one in related} == {"series.yaml"}
    assert {one["region"]["startLine"] for one in related} == {line for _, line in against.values()}


def test_a_bible_that_has_changed_has_no_line(series: Path) -> None:
    """A session keeps its bible; where the file says something else by now, no line of it is named."""
    bible = load_bible(series)
    file = series / "series.yaml"
    number = line_of(series, "eyes: grey")
    assert bible_line(file, bible, ("cast", 0, "attributes", "eyes")) == (number, "eyes: grey")
    file.write_text(file.read_text(encoding="utf-8").replace("eyes: grey", "eyes: blue"), encoding="utf-8")
    assert bible_line(file, bible, ("cast", 0, "attributes", "eyes")) is None
    file.unlink()
    assert bible_line(file, bible, ("cast",)) is None
