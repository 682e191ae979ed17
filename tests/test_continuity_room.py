"""The coordinator holds the canon against drafts, by the same checks as the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_kit import run
from room_kit import a_series, an_order, open_room

from storyroom.agents.continuity import contradictions
from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.formats.fountain import parse
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.scripted import scripted
from storyroom.room import Room
from storyroom.story.draft import SceneDraft, named
from storyroom.story.objection import Objection
from storyroom.story.turn import Stage, Task

TOLD = "INT. LAMP ROOM - NIGHT\n\nMara waits.\n\nBEA\nWhere is the signal book?\n\nTOMAS\nHere.\n"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room whose canon holds somebody dead and a secret, with a session begun."""
    folder = a_series(tmp_path_factory.mktemp("canon"))
    for words in (
        ("--kind", "death", "--subject", "Tomas", "--says", "Tomas drowned.", "--anyway"),
        (
            *("--kind", "knowledge", "--subject", "Mara", "--says", "The signal book is in the clock."),
            *("--holders", "Mara", "--terms", "signal book"),
        ),
    ):
        result = run("-s", folder, "canon", "add", *words)
        assert result.exit_code == 0, result.stderr
    with open_room(folder) as room:
        room.ledger.sessions.begin(an_order(room, episode=3), room.bible, session_id="e03-check")
        yield room


def held(room: Room, script: str, *before: str) -> list[Objection]:
    """Return what is held against a scene that comes after others."""
    texts = [*before, script]
    drafts = [
        SceneDraft(number=n, elements=named(tuple(parse(one).elements()), f"{n}"))
        for n, one in enumerate(texts, 1)
    ]
    session = room.ledger.sessions.get("e03-check")
    desk = Desk(
        task=Task(session=session.id, head=None, stage=Stage.SCENE, role="script_coordinator"),
        bible=room.bible,
        order=session.order,
        manuscript=Manuscript(scenes={one.number: one for one in drafts[:-1]}),
        reading=Reading(),
        model=scripted(),
        ledger=room.ledger,
        effort=Effort.of("quick"),
        emit=lambda _event: None,
    )
    return list(contradictions(desk, drafts[-1]))


def test_what_the_canon_says_is_held_against_a_draft(room: Room):
    """The dead and the secret, each with its line, as certain faults of continuity."""
    found = held(room, TOLD)
    assert [one.quote for one in found] == ["Where is the signal book?", "TOMAS"]
    assert all(one.certain and one.kind == "continuity" for one in found)
    assert "Tomas drowned" in found[1].says


def test_whom_the_bible_calls_dead_is_objected_to_once(room: Room):
    """The coordinator says already that they have no part in the episode."""
    assert held(room, "INT. LAMP ROOM - NIGHT\n\nSILAS\nHere.\n") == []


def test_what_was_said_in_a_scene_before_is_known(room: Room):
    """Bea heard Mara say it, so she may ask."""
    before = "INT. LAMP ROOM - NIGHT\n\nBea listens.\n\nMARA\nThe signal book is safe.\n"
    assert held(room, "INT. QUAY - DAY\n\nBEA\nWhere is the signal book?\n", before) == []


def test_only_the_draft_itself_is_objected_to(room: Room):
    """A fault of an earlier scene is not this scene's; time against the scene before is."""
    found = held(room, "EXT. QUAY - DUSK - CONTINUOUS\n\nRain.\n", TOLD)
    assert [one.quote for one in found] == ["EXT. QUAY - DUSK - CONTINUOUS"]
    assert "(3:1: INT. LAMP ROOM - NIGHT)" in found[0].says


def test_the_command_uses_the_canon_of_the_series(room: Room, tmp_path: Path):
    """The same facts, from the same place; a fact without a line is named by its id."""
    path = tmp_path / "e03.fountain"
    path.write_text(TOLD, encoding="utf-8")
    result = run("-s", room.series.folder, "check", path, "--kind", "dead_speaks", "--kind", "unheld_fact")
    assert result.exit_code == 1
    assert "dead_speaks" in result.stdout
    assert "unheld_fact" in result.stdout
    assert "against fact" in result.stdout
