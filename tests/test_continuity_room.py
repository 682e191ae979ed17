"""The coordinator holds the canon against drafts, by the same checks as the command."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from room_kit import EXAMPLES, a_series, an_order, begin, draft, open_room
from table_read_kit import Reader, a_crew, drafts_of
from table_read_kit import at_the_table as at_table

from storyroom.agents.continuity import clashes, contradictions
from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.episode_findings import findings
from storyroom.agents.events import Turned
from storyroom.formats.fountain import parse
from storyroom.graphs.step import CODE
from storyroom.memory.ledger import Said
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.scripted import Call, scripted
from storyroom.room import Room
from storyroom.story.canon import Fact
from storyroom.story.draft import SceneDraft, named
from storyroom.story.objection import Objection
from storyroom.story.script import Kind
from storyroom.story.turn import Stage, Task, TurnKind

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


def at_the_table(
    room: Room, *scenes: str, memory: tuple[tuple[int, int, str], ...] = (), **more: Any
) -> Desk:
    """Return a desk with an episode before it, scene by scene."""
    session = room.ledger.sessions.get("e03-check")
    drafts = {
        n: SceneDraft(number=n, elements=named(tuple(parse(one).elements()), f"{n}"))
        for n, one in enumerate(scenes, 1)
    }
    return Desk(
        task=Task(session=session.id, head=None, stage=Stage.TABLE_READ, role="script_coordinator"),
        bible=room.bible,
        order=session.order,
        manuscript=Manuscript(scenes=drafts),
        reading=Reading(),
        ledger=room.ledger,
        effort=Effort.of("standard"),
        emit=lambda _event: None,
        memory=memory,
        **{"model": scripted(), **more},
    )


FIRST = "INT. LAMP ROOM - NIGHT\n\nMara is alone.\n\nMARA\nThe signal book is safe.\n"
SECOND = "EXT. QUAY - DUSK - CONTINUOUS\n\nBEA\nWhere is the signal book?\n"


def test_the_whole_episode_is_held_against_itself_and_the_canon(room: Room):
    """Each certain contradiction once, with its scene, the quoted line, and the line that it contradicts."""
    desk = at_the_table(room, FIRST, SECOND, "INT. QUAY - NIGHT\n\nTOMAS\nHere.\n")
    found = [one for one in findings(desk) if one.kind == "continuity"]
    assert [(one.scene, one.quote) for one in found] == [
        (2, "EXT. QUAY - DUSK - CONTINUOUS"),
        (2, "Where is the signal book?"),
        (3, "TOMAS"),
    ]
    assert all(one.certain for one in found)
    assert "(3:1: INT. LAMP ROOM - NIGHT)" in found[0].says
    assert len({one.matter for one in found}) == 3


def test_another_wording_is_the_same_matter_as_long_as_it_contradicts(room: Room):
    """So the verification finds it again; once the line gives nothing away, it is gone."""
    found = findings(at_the_table(room, FIRST, SECOND))
    (raised,) = [one for one in found if one.kind == "continuity" and "signal book" in one.quote]
    for wording, there in (("Is the signal book here?", True), ("Is it here?", False)):
        again = findings(at_the_table(room, FIRST, SECOND.replace("Where is the signal book?", wording)))
        assert any(one.matter == raised.matter for one in again) is there


@pytest.mark.parametrize(("keep", "left"), [("old", 1), (None, 2)])
def test_what_a_scene_s_debate_settled_is_not_raised_again(tmp_path: Path, keep: str | None, left: int):
    """The showrunner let a line stand: it stands. What was left open is still so, and so are other lines."""
    with open_room(a_series(tmp_path)) as room:
        room.ledger.sessions.begin(an_order(room, episode=3), room.bible, session_id="e03-check")
        late = "INT. QUAY - DUSK - CONTINUOUS\n\nBea runs.\n"
        desk = at_the_table(room, FIRST, SECOND, late)
        desk.manuscript.scenes[3] = desk.manuscript.scenes[3].with_line(
            desk.manuscript.scenes[3].elements[0].id, "INT. QUAY - NOON - CONTINUOUS"
        )
        raised = [one for one in findings(desk) if one.kind == "continuity"]
        assert [one.scene for one in raised] == [2, 3]
        task = Task(session="e03-check", head=None, stage=Stage.SCENE, scene=2, role="script_coordinator")
        body = raised[0].model_copy(update={"scene": None}).model_dump(mode="json")
        said = [Said(TurnKind.REVIEW, CODE), Said(TurnKind.OBJECTION, CODE, body=body)]
        objection = room.ledger.commit(task, said)[1]
        if keep:
            ruled = {"objection": objection.id, "keep": keep, "reason": "It is meant so."}
            role = task.model_copy(update={"role": "showrunner"})
            room.ledger.commit(role, [Said(TurnKind.RULING, CODE, body=ruled)])
        again = [one for one in findings(desk) if one.kind == "continuity"]
        assert again == raised[-left:]


def test_a_session_argues_at_the_table_about_what_became_canon_since(tmp_path: Path):
    """A death that a member adds after the scene's debate is held against her lines, by code, quoted."""
    with open_room(a_series(tmp_path), crew=a_crew(Reader(scenes=()))) as room:
        run = begin(room, scenes=1, pages=1.0)

        async def go() -> None:
            async for event in run.events():
                said = event.turn if isinstance(event, Turned) else None
                if said is not None and said.kind is TurnKind.APPROVAL and said.task.pass_ == 1:
                    for name in room.session(run.session.id).manuscript.plan(1).cast:
                        gone = Fact(kind="death", subject=name, says=f"{name} is no more.")
                        room.canon(run.session.id).add(gone, anyway=True)

        asyncio.run(go())
        session = room.session(run.session.id)
        raised = [Objection.model_validate(turn.body) for turn in at_table(session, TurnKind.OBJECTION)]
        dead = [one for one in raised if "is no more" in one.says]
        speakers = {one.text for one in drafts_of(room, session, 1)[0].elements if one.kind is Kind.CUE}
        assert {one.quote for one in dead} == speakers
        assert all((one.certain, one.kind, one.scene) == (True, "continuity", 1) for one in dead)
        assert len({one.line for one in dead}) == len(dead)


CLASH = {
    "reason": "The oil is all gone in one and full in the other.",
    "contradicts": "yes",
    "earlier": "The oil is gone.",
    "later": "Here, the can is full.",
}
_NEW = itertools.count(1)
DRAFT = "INT. LAMP ROOM - NIGHT\n\nMARA\nHere, the can is full.\n"


def clashing(room: Room, answer: dict[str, Any]) -> tuple[list[Objection], int]:
    """Return what is objected to in a scene beside what memory found, and how often the model was asked."""
    asked: list[Call] = []

    def answered(call: Call) -> str:
        asked.append(call)
        return json.dumps(answer)

    new = next(_NEW)  # what was asked before is answered from the ledger
    memory = (
        (0, 0, "Mara\n\nThe oil is gone."),
        *((1, n, f"INT. LAMP ROOM - DAY\n\nSILAS\nThe oil is gone. {n}\n\n{new}") for n in range(1, 9)),
    )
    desk = at_the_table(room, DRAFT, memory=memory, model=scripted(("*", answered)))
    return asyncio.run(clashes(desk, desk.manuscript.scenes[1])), len(asked)


def test_a_larger_model_compares_a_draft_with_what_memory_found(room: Room):
    """A few passages and no more; an objection quotes the draft's line and names the earlier one."""
    found, asked = clashing(room, CLASH)
    (one,) = found
    assert (one.quote, one.kind, one.certain) == ("Here, the can is full.", "continuity", False)
    assert CLASH["reason"] in one.says
    assert ": The oil is gone.)" in one.says
    assert asked == 2


@pytest.mark.parametrize(
    "said", [{"later": "The can is empty."}, {"earlier": "No oil."}, {"contradicts": "no"}]
)
def test_a_quote_that_is_not_there_is_no_objection(room: Room, said: dict[str, Any]):
    """Of the draft, of the earlier passage, or of neither."""
    assert clashing(room, {**CLASH, **said})[0] == []


def test_the_editor_compares_with_a_larger_model_that_may_take_its_time(tmp_path: Path):
    """In a standard session, after its own review; not in a quick one."""
    with open_room(a_series(tmp_path)) as room:
        room.remember(sorted((EXAMPLES / "the-last-light" / "episodes").glob("*.fountain")))
        for depth, compares in (("standard", 2), ("quick", 0)):
            session = draft(room, depth=depth, scenes=1, pages=1.0, episode=3)
            calls = [
                call
                for turn in session.turns
                if turn.kind is TurnKind.REVIEW
                and turn.role == "editor"
                and turn.task.pass_ == 1
                and turn.scene == 1
                for call in room.ledger.calls.made(task=turn.task.id)
            ]
            asked = [one for one in calls if one.options["form"] == "Comparison"]
            # An answer that cannot be read is asked for twice.
            assert bool(compares) is bool(asked)
            assert len({one.label.rpartition("#")[0] for one in asked}) == compares
