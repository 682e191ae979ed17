"""`storyroom stats`: the record of calls, added up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import draft, run
from room_kit import a_series

from storyroom.memory.calls import Call
from storyroom.memory.ledger import Ledger
from storyroom.memory.spending import UNTOLD, spending, total


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series in which a small episode was drafted."""
    folder = a_series(tmp_path_factory.mktemp("stats"))
    assert draft(folder).exit_code == 0
    return folder


def test_parts_add_up_to_the_whole_and_to_the_calls_that_were_made(series: Path) -> None:
    """Every call is counted once, under the stage and role of its task."""
    shown = json.loads(run("-s", series, "stats", "--json").stdout)
    ledger = Ledger(series / ".storyroom" / "ledger.sqlite")
    made = ledger.calls.made(session=shown["session"])
    for name in ("calls", "new_tokens", "prompt_tokens"):
        assert sum(part[name] for part in shown["parts"]) == shown["total"][name]
    assert shown["total"]["calls"] == len(made) > 5
    assert shown["total"]["new_tokens"] == sum(call.new_tokens for call in made) > 0
    assert shown["total"]["again"] == sum(call.attempt > 1 for call in made)
    written = {(part["stage"], part["role"]) for part in shown["parts"]}
    assert {("brief", "showrunner"), ("scene", "dialogue_writer")} <= written
    assert UNTOLD not in {part["stage"] for part in shown["parts"]}
    ledger.close()


def test_calls_of_a_task_that_a_crash_ended_are_shown_as_interrupted(series: Path) -> None:
    """What was paid for is counted, also where nothing was said; shares and paces come from the sums."""
    ledger = Ledger(series / ".storyroom" / "ledger.sqlite")
    session = ledger.sessions.every()[0].id
    before = total(ledger.database, session)
    call = Call(
        id="x.1",
        session=session,
        task="nobody",
        attempt=2,
        label="scene.9.draft",
        model="m",
        prompt=(),
        options={},
        answer="",
        prompt_tokens=200,
        cached_tokens=150,
        new_tokens=30,
        first_token_seconds=0.5,
        seconds=2.0,
    )
    ledger.calls.keep(call, [])
    (part,) = [part for part in spending(ledger.database, session) if part.stage == UNTOLD]
    after = total(ledger.database, session)
    ledger.close()
    assert (part.calls, part.again, part.cached_share, part.tokens_per_second) == (1, 1, 0.75, 20.0)
    assert before is not None
    assert after is not None
    assert after.calls == before.calls + 1


def test_the_table_names_roles_as_people_do(series: Path) -> None:
    """The last row is the whole."""
    rows = run("-s", series, "stats").stdout.splitlines()
    assert rows[0].split()[:2] == ["stage", "role"]
    assert any("dialogue writer" in row for row in rows)
    assert rows[-1].startswith("all")
