"""The isolated checks of Fountain that the benchmark also asks of other libraries."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from fountain_checks import CHECKS, Check, passes
from fountain_readers import ours, storyroom

from storyroom.formats.fountain import parse, read_file, write

ROOT = Path(__file__).parent.parent
OTHERS = ("screenplay_tools", "fountain", "screenplain")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.group}-{check.name}".replace(" ", "_"))
def test_a_rule(check: Check, tmp_path: Path) -> None:
    """A file reads as the pieces it stands for, and reads so again once all of it is laid out afresh."""
    path = tmp_path / "check.fountain"
    path.write_bytes(check.data)
    assert passes(check, storyroom(path)), storyroom(path)
    script = read_file(path)
    fresh = script.with_elements(element.edited() for element in script.elements())
    again = list(ours(parse(write(fresh))))
    assert check.part or passes(check, again), again


def test_checks_are_told_apart() -> None:
    """No two checks of a group have one name, and each group has some."""
    assert max(Counter((check.group, check.name) for check in CHECKS).values()) == 1
    groups = Counter(check.group for check in CHECKS)
    assert groups["Fountain 1.1"] >= 37
    assert groups["Chinese"] >= 10
    assert groups["beyond Fountain"] >= 5


def test_a_wrong_answer_does_not_pass() -> None:
    """Each check tells what is asked for from nothing, from plain action, and from one piece less."""
    for check in CHECKS:
        assert passes(check, list(check.pieces))
        assert not passes(check, [])
        assert not passes(check, [("action", check.data.decode("utf-8", "replace"))])
        assert not passes(check, list(check.pieces[:-1]))


def test_no_other_library_reads_for_this_project() -> None:
    """Nothing under the packages imports the libraries it is compared with."""
    pattern = re.compile(rf"^\s*(?:import|from)\s+(?:{'|'.join(OTHERS)})\b", re.MULTILINE)
    for folder in ("src/storyroom", "agents", "graphs", "memory", "prompts"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not pattern.search(path.read_text(encoding="utf-8")), path
