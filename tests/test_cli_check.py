"""`storyroom check`: what it says, in which form, and with which exit code."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from cli_kit import run
from room_kit import a_series, open_room
from tool_kit import small_room

from storyroom.models.scripted import scripted

SCRIPT = """Title: The Light

INT. KITCHEN - NIGHT

Mara waits.

MARA
Come in.

INT. HARBOUR - DUSK - CONTINUOUS

TOBY
It is open.
"""
ZH = ".内景 厨房 夜\n\n@林夏\n进来。\n\n.外景 码头 黄昏 连续\n\n@小树\n门开着呢。\n"
DEATH = """
INT. KITCHEN - DAY

MARA
Silas?

SILAS
Here.

Mara kneels. Silas lies on the floor. She feels for a pulse at his neck. There is none.

INT. HARBOUR - DAY

Silas ties up the boat.
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script with one fault, in a folder without a series."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "light.fountain"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_both_lines_are_quoted_with_their_numbers(script: Path):
    """A finding says where, what, against what, and what to do; the exit code is 1."""
    result = run("check", script.name)
    assert result.exit_code == 1
    assert "scene 2, line 10" in result.stdout
    assert "INT. HARBOUR - DUSK - CONTINUOUS" in result.stdout
    assert "scene 1, line 3" in result.stdout
    assert "INT. KITCHEN - NIGHT" in result.stdout
    assert "1 certain, 0 likely" in result.stderr


def test_a_clean_script_is_said_to_be(script: Path):
    """Nothing on standard output, and exit code 0."""
    script.write_text(SCRIPT.replace("DUSK", "NIGHT"), encoding="utf-8")
    result = run("check", script.name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing found" in result.stderr


def test_text_fits_eighty_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Also where a Chinese character takes two."""
    monkeypatch.chdir(tmp_path)
    long = "长" * 200
    (tmp_path / "a.fountain").write_text(ZH.replace("码头", f"码头{long}"), encoding="utf-8")
    result = run("check", "a.fountain")
    widths = [
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        for line in result.stdout.splitlines()
    ]
    assert result.exit_code == 1
    assert max(widths) <= 80


def test_likely_findings_stand_apart_and_can_be_left_out(script: Path):
    """They are headed likely, name what read them, and go with --no-likely."""
    script.write_text(DEATH, encoding="utf-8")
    result = run("check", script.name)
    assert result.exit_code == 1
    assert "light.fountain: likely" in result.stdout
    assert "read by patterns" in result.stdout
    assert run("check", script.name, "--no-likely").exit_code == 0


def test_kinds_can_be_chosen(script: Path):
    """Only those named are looked for; a kind that is none is refused with the nearest."""
    assert run("check", script.name, "--kind", "two_places").exit_code == 0
    assert run("check", script.name, "--kind", "time_backwards").exit_code == 1
    refused = run("check", script.name, "--kind", "time_backward")
    assert refused.exit_code == 2
    assert "did you mean time_backwards" in refused.stderr


def test_json_holds_every_field(script: Path):
    """One entry for each file, its findings with both lines."""
    (one,) = json.loads(run("check", script.name, "--to", "json").stdout)
    (finding,) = one["findings"]
    assert one["file"] == "light.fountain"
    assert (finding["kind"], finding["certain"]) == ("time_backwards", True)
    assert (finding["here"]["line"], finding["against"]["line"]) == (10, 3)


def test_sarif_has_rules_regions_and_related_locations(script: Path):
    """Version 2.1.0: each result names a rule of the driver and the line in the file."""
    log = json.loads(run("check", script.name, "--to", "sarif").stdout)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    (result,) = one["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "time_backwards"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "light.fountain"
    assert place["region"]["startLine"] == 10
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_sarif_names_files_as_uris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Spaces and Chinese characters are encoded; a likely finding is a warning."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "第一 集.fountain").write_text(DEATH, encoding="utf-8")
    log = json.loads(run("check", "第一 集.fountain", "--to", "sarif").stdout)
    (result,) = log["runs"][0]["results"]
    assert result["level"] == "warning"
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert " " not in uri


def test_a_report_can_go_to_a_file(script: Path):
    """In any form; the exit code stays."""
    result = run("check", script.name, "--to", "json", "--output", "report.json")
    assert result.exit_code == 1
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))[0]["findings"]
    run("check", script.name, "--output", "report.txt")
    assert Path("report.txt").read_text(encoding="utf-8").startswith("light.fountain:10: certain")


def test_standard_input_is_fountain(script: Path):
    """`-` reads it."""
    result = run("check", "-", given=ZH)
    assert result.exit_code == 1
    assert "standard input: certain" in result.stdout
    assert "连续" in result.stdout


def test_a_lone_script_has_its_speakers_as_cast(script: Path):
    """Nobody is unknown, but a cue that is spelled almost as another is likely a slip."""
    names = "INT. A - DAY\n\nMARISOL\nYes.\n\nMARISOL\nNo.\n\nMARISOLE\nWell.\n\nWAITER\nTea?\n"
    script.write_text(names, encoding="utf-8")
    result = run("check", script.name, "--to", "json")
    (finding,) = json.loads(result.stdout)[0]["findings"]
    assert (finding["kind"], finding["certain"], finding["here"]["quote"]) == (
        "unknown_speaker",
        False,
        "MARISOLE",
    )


def test_other_formats_are_checked_too(script: Path):
    """A file without line numbers names the scene, and its SARIF has no region."""
    assert run("convert", script.name, "light.fdx").exit_code == 0
    result = run("check", "light.fdx")
    assert result.exit_code == 1
    assert "scene 2" in result.stdout
    log = json.loads(run("check", "light.fdx", "--to", "sarif").stdout)
    (one,) = log["runs"][0]["results"]
    assert one["locations"][0]["logicalLocations"][0]["name"] == "scene 2"


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "no scene heading"), ("MARA\nHello.\n", "no scene heading"), (b"\x00\x01\x02\xff" * 50, "")],
)
def test_what_is_no_script_is_refused(script: Path, content: str | bytes, says: str):
    """Empty, without a heading, or binary: exit code 2 and a hint."""
    script.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("check", script.name)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "hint:" in result.stderr


def test_a_script_of_twenty_megabytes_is_refused(script: Path):
    """No episode is so long; it would be read for minutes."""
    script.write_text(SCRIPT * (1 + 20 * 1024**2 // len(SCRIPT)), encoding="utf-8")
    result = run("check", script.name)
    assert result.exit_code == 2
    assert "20 MB" in result.stderr


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_chinese_encodings_are_recognised(script: Path, encoding: str):
    """In Fountain and in text with names before colons."""
    script.write_bytes(ZH.encode(encoding))
    assert "连续" in run("check", script.name).stdout
    plain = script.with_name("第三集.txt")
    text = "1 厨房 内 夜\n林夏：进来，外面冷。\n小树：好。\n2 码头 外 黄昏 连续\n小树：门开着呢。\n"
    plain.write_bytes(text.encode(encoding))
    result = run("check", plain.name)
    assert result.exit_code == 1
    assert "time_backwards" in result.stdout


def test_a_missing_file_and_two_files_for_one_episode_are_refused(script: Path):
    """Before anything is checked."""
    assert run("check", "nowhere.fountain").exit_code == 2
    assert run("check", script.name, script.name, "--episode", "2").exit_code == 2


def test_in_a_series_the_bible_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its cast and its places; the number of the episode comes from the file's name."""
    folder = a_series(tmp_path)
    monkeypatch.chdir(folder)
    path = folder / "e04-hobday.fountain"
    path.write_text("INT. CELLAR OF NOBODY - DAY\n\nHOBDAY\nHello.\n", encoding="utf-8")
    result = run("check", path.name, "--to", "json")
    assert result.exit_code == 1
    (one,) = json.loads(result.stdout)
    assert one["episode"] == 4
    assert {finding["kind"] for finding in one["findings"]} == {"unknown_place", "unknown_speaker"}


def test_a_model_that_is_not_there_or_too_small_is_not_asked(script: Path, monkeypatch: pytest.MonkeyPatch):
    """A small one would say yes to everything."""
    assert run("check", script.name, "--model", "scripted:nowhere.yaml").exit_code == 2
    monkeypatch.setattr("storyroom.graphs.context.open_model", lambda _spec: small_room())
    result = run("check", script.name, "--model", "scripted:small.yaml")
    assert result.exit_code == 2
    assert "too small to judge" in result.stderr


def test_a_model_decides_what_is_likely(script: Path, monkeypatch: pytest.MonkeyPatch):
    """What it denies is not told; certain findings it is not asked about."""
    script.write_text(DEATH, encoding="utf-8")
    reason = "Nothing here says that he cannot be well again."
    no = {"reason": reason, "contradicts": "no", "earlier": "", "later": ""}
    monkeypatch.setattr("storyroom.graphs.context.open_model", lambda _spec: scripted(("*", no)))
    assert run("check", script.name, "--model", "scripted:x.yaml").exit_code == 0
    script.write_text(SCRIPT, encoding="utf-8")
    assert run("check", script.name, "--model", "scripted:x.yaml").exit_code == 1


def test_a_model_compares_scenes_with_earlier_passages(script: Path, monkeypatch: pytest.MonkeyPatch):
    """What it finds is likely, names the model, and quotes both lines; --pairs 0 leaves it out."""
    script.write_text(
        SCRIPT.replace("DUSK", "NIGHT").replace("It is open.", "Come in? No."), encoding="utf-8"
    )
    reason = "She is asked in, and he says that nobody is."
    yes = {"reason": reason, "contradicts": "yes", "earlier": "Come in.", "later": "Come in? No."}
    monkeypatch.setattr("storyroom.graphs.context.open_model", lambda _spec: scripted(("*", yes)))
    result = run("check", script.name, "--model", "scripted:x.yaml")
    assert result.exit_code == 1
    assert "light.fountain: likely" in result.stdout
    assert "scene 2, line 13 likely_contradiction" in result.stdout
    assert "scene 1, line 8" in result.stdout
    assert "read by scripted" in result.stdout
    assert run("check", script.name, "--model", "scripted:x.yaml", "--pairs", "0").exit_code == 0
    assert run("check", script.name, "--model", "scripted:x.yaml", "--no-likely").exit_code == 0
    log = json.loads(run("check", script.name, "--model", "scripted:x.yaml", "--to", "sarif").stdout)
    (one,) = log["runs"][0]["results"]
    assert (one["ruleId"], one["level"]) == ("likely_contradiction", "warning")


def test_pairs_without_a_model_are_refused(script: Path):
    """Nobody would compare them."""
    result = run("check", script.name, "--pairs", "3")
    assert result.exit_code == 2
    assert "--model" in result.stderr


def test_calls_in_a_series_are_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Under a session of the tool's own, which only --all lists."""
    folder = a_series(tmp_path)
    path = folder / "e04.fountain"
    path.write_text(
        "INT. LAMP ROOM - DAY\n\nMARA\nThe lamp is out.\n\nINT. QUAY - DAY\n\nMARA\nThe lamp?\n", "utf-8"
    )
    no = {"reason": "One line asks about the lamp only.", "contradicts": "no", "earlier": "", "later": ""}
    monkeypatch.setattr("storyroom.graphs.context.open_model", lambda _spec: scripted(("*", no)))
    run("-s", folder, "check", path, "--model", "scripted:x.yaml")
    assert json.loads(run("-s", folder, "sessions", "--json").stdout) == []
    with open_room(folder) as room:
        (session,) = room.sessions(tools=True)
        (call,) = room.ledger.calls.made(session=session.id)
        assert "The lamp is out." in "".join(room.ledger.calls.texts(call))
