"""The example programs run as they stand, with a scripted model in place of a real one."""

import asyncio
import json
from pathlib import Path

import pytest
from room_kit import IDEA, MODEL, a_series, open_room

from storyroom.agents.crew import Crew
from storyroom.memory.credits import credits
from storyroom.room import Room
from storyroom.story.turn import TurnKind

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(autouse=True)
def _examples_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


def drafted(room: Room) -> None:
    """Draft two scenes."""

    async def collect() -> None:
        async for _ in room.draft(IDEA, model=MODEL, scenes=2, pages=2.0, depth="quick", seed=7):
            pass

    asyncio.run(collect())


def test_use_the_api_drafts_reports_and_takes_a_scene_another_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The retake begins with the first session's scene and writes its own; the first stays as it was."""
    import use_the_api

    with open_room(a_series(tmp_path)) as room:
        first = asyncio.run(use_the_api.draft(room, IDEA, model=MODEL, scenes=2))
        script = first.fountain
        second = asyncio.run(use_the_api.retake(room, first, 2))
        assert room.session(first.id).fountain == script
    assert (first.status, second.status) == ("finished", "finished")
    # The table read may send the first scene back in either session, so it is compared as it was written.
    written = [
        [draft.draft for draft in session.drafts if draft.slot == "scene:1"] for session in (first, second)
    ]
    assert written[0][0] == written[1][0]
    assert second.manuscript.slots["scene:2"] != first.manuscript.slots["scene:2"]
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == len(first.turns) + len(second.turns)
    report = use_the_api.report(first)
    assert f"{first.id}: finished" in report
    stops = [turn for turn in first.turns if turn.kind is TurnKind.STOP]
    assert report.count("the debate stopped") == len(stops) >= 5


def test_a_punch_up_writer_joins_the_room_from_outside(tmp_path: Path) -> None:
    """Each scene has its revision by the new role, with calls, and the credits name the role."""
    import punch_up

    crew = Crew.default().with_polisher(punch_up.PunchUp(lines=3))
    with open_room(a_series(tmp_path), crew=crew) as room:
        drafted(room)
        [session] = room.sessions()
        turns = [turn for turn in session.turns if turn.role == "punch_up"]
        calls = [room.ledger.calls.made(task=turn.task.id) for turn in turns]
        named = {credit.role for credit in credits(room.ledger, str(session.head))}
    assert session.status == "finished"
    assert [(turn.scene, turn.kind) for turn in turns] == [(1, TurnKind.REVISION), (2, TurnKind.REVISION)]
    assert all(calls)
    changed = [turn for turn in turns if turn.produced]
    assert changed
    assert "punch_up" in named


def test_punch_up_keeps_a_line_that_it_could_not_shorten(tmp_path: Path) -> None:
    """What it changed got shorter, and everything else of the scene is the same."""
    import punch_up

    crew = Crew.default().with_polisher(punch_up.PunchUp(lines=9))
    with open_room(a_series(tmp_path), crew=crew) as room:
        drafted(room)
        [session] = room.sessions()
        versions = {version.task: version for version in session.drafts}
        for turn in (turn for turn in session.turns if turn.role == "punch_up" and turn.produced):
            parent = str(versions[turn.task.id].parent)
            old = room.ledger.drafts.script(parent)[f"scene:{turn.scene}"]
            before = {one["id"]: one for one in _elements(room, old)}
            after = {one["id"]: one for one in _elements(room, str(turn.produced))}
            assert before.keys() == after.keys()
            changed = {key for key in before if before[key] != after[key]}
            assert changed == set(turn.body["changed"])
            assert all(len(after[key]["text"]) < len(before[key]["text"]) for key in changed)


def _elements(room: Room, draft: str) -> list[dict[str, str]]:
    return list(json.loads(room.ledger.drafts.raw(draft))["elements"])
