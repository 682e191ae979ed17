"""What is held against an episode as a whole: by measured feelings, by code, by a larger model's editor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from emotion_kit import Told
from room_kit import a_series, begin, draft, prompt_of
from room_kit import open_room as opened
from table_read_kit import Reader, a_crew, at_the_table, drafts_of, play, read_named, reads_of

from storyroom.agents.desk import Desk
from storyroom.agents.emotion_advice import says
from storyroom.agents.emotion_episode import Played, episode_findings
from storyroom.agents.emotion_findings import Plan, hear
from storyroom.agents.events import Turned
from storyroom.emotion.feeling import Feeling
from storyroom.emotion.wording import wording
from storyroom.formats.fountain import parse_elements
from storyroom.graphs.context import RoomContext
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.canon import Fact
from storyroom.story.draft import SceneDraft, named
from storyroom.story.turn import TurnKind


def played(number: int, feeling: str, plan: Plan | None = None, *, lines: int = 4) -> Played:
    """Return a scene whose lines all say what they feel like."""
    text = "\n\n".join(f"MARA\n{feeling}: {count}." for count in range(lines))
    draft = SceneDraft(
        number=number, elements=named(parse_elements(f"INT. A - DAY\n\n{text}\n"), f"t{number}")
    )
    return Played(number, hear(draft, str, Told().score), plan or {})


def found(scenes: Sequence[Played], arc: Sequence[str] = ()) -> list[tuple[int, str]]:
    """Return the kinds of what is found, with the scenes."""
    return [(number, one.kind) for number, one in episode_findings(scenes, arc)]


def test_two_scenes_in_a_row_on_one_note() -> None:
    """The second one is told so, unless both were planned like this."""
    assert found([played(1, "fear"), played(2, "fear")]) == [(2, "one note")]
    planned: Plan = {"Mara": ("fear",)}
    assert found([played(1, "fear", planned), played(2, "fear", planned)]) == []
    assert found([played(1, "fear"), played(2, "sadness"), played(3, "fear")]) == []


def test_a_jump_from_one_scene_to_the_next() -> None:
    """From joy to something unpleasant, or back, where neither scene was planned so."""
    jumping = [played(1, "joy"), played(2, "sadness")]
    assert found(jumping) == [(2, "jump")]
    assert found([played(1, "joy", {"Mara": ("joy",)}), played(2, "sadness", {"Mara": ("sadness",)})]) == []
    assert found([played(1, "anger"), played(2, "sadness")]) == [], "neither is the other's opposite"
    assert found([played(1, "joy"), played(2, "sadness 0.3")]) == [], "nothing is held against a weak measure"


def test_an_arc_that_misses_the_plan() -> None:
    """What the brief plans must come, in its order; the scene that was planned for it hears of it."""
    scenes = [played(1, "sadness"), played(2, "fear", {"Mara": ("surprise",)}), played(3, "anger")]
    assert (2, "arc") not in found(scenes, ("sadness", "fear", "anger"))
    assert (2, "arc") in found(scenes, ("sadness", "surprise"))
    assert found([played(1, "sadness"), played(2, "anger")], ("anger", "sadness")) == [(2, "arc")]
    assert found([played(1, "sadness")], ("joy",)) == [], "one scene is no arc"


def test_a_plan_that_is_missed_beyond_doubt() -> None:
    """A measure that is only likely is for the scene's own debate."""
    plan: Plan = {"Mara": ("joy",)}
    assert (1, "missed") in found([played(1, "sadness 0.8", plan)])
    assert found([played(1, "sadness 0.55", plan)]) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_findings_are_told_in_both_languages(language: str) -> None:
    """With what was measured, by what, how surely, and what would help."""
    for scenes, arc in (
        ([played(1, "joy"), played(2, "fear")], ()),
        ([played(1, "fear"), played(2, "anger")], ("joy",)),
    ):
        ((_, one),) = episode_findings(scenes, arc)
        told = says(one, language)  # type: ignore[arg-type]
        assert "told v1" in told
        assert wording(language)[one.felt[-1]] in told  # type: ignore[arg-type]


@contextmanager
def measured(feeling: str) -> Iterator[None]:
    """Let all lines measure as one feeling meanwhile."""
    kit = Told()

    def score(_room: RoomContext, texts: Sequence[str]) -> list[Feeling]:
        return kit.score([f"{feeling}: {text}" for text in texts])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(RoomContext, "measure", score)
        yield


def test_a_session_argues_about_one_note(tmp_path: Path) -> None:
    """Code objects in the emotion critic's name, and insists as long as the lines are what they are."""
    crew = a_crew(Reader(scenes=()), accepts=False)
    with opened(a_series(tmp_path), crew=crew) as room, measured("fear"):
        session = play(room, scenes=3, pages=3.0, depth="deep")
        objections = at_the_table(session, TurnKind.OBJECTION)
        assert {turn.body["finding"] for turn in objections} <= {"one note", "missed", "arc"}
        assert {str(turn.actor) for turn in objections} == {"code"}
        assert {turn.role for turn in objections} == {"emotion_critic"}
        assert len({turn.body["scene"] for turn in objections}) == len(objections), "one thing for each scene"
        verified = at_the_table(session, TurnKind.VERIFICATION)
        assert verified
        assert not any(turn.body["met"] for turn in verified)
        assert all("easured again" in turn.body["reason"] for turn in verified)
        assert not any(room.ledger.calls.made(task=turn.task.id) for turn in verified)
        assert read_named(session).reason == "ruling"


def test_what_a_scene_s_debate_argued_about_is_not_raised_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The findings of the scenes' own reviews are known at the table."""
    with opened(a_series(tmp_path)) as room, measured("fear"):
        monkeypatch.setattr(Desk, "guided", property(lambda desk: desk.task.role == "emotion_critic"))
        session = play(room, scenes=2, pages=2.0, depth="deep")
        argued = {
            (turn.scene, turn.body["finding"])
            for turn in session.turns
            if turn.kind is TurnKind.OBJECTION and turn.scene and turn.body["finding"]
        }
        assert argued
        table = {(t.body["scene"], t.body["finding"]) for t in at_the_table(session, TurnKind.OBJECTION)}
        assert not argued & table


@pytest.mark.parametrize(("pages", "kind"), [(4.0, "short"), (0.2, "long")])
def test_an_episode_of_another_length_than_wanted(tmp_path: Path, pages: float, kind: str) -> None:
    """Where it is too short the writer goes on; where it is too long, the longest speech is reworded."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(scenes=()))) as room:
        session = play(room, pages=pages)
        (raised,) = at_the_table(session, TurnKind.OBJECTION)
        assert (raised.body["finding"], raised.body["kind"]) == ("pages", "format")
        assert f"pages of {pages:g}" in raised.body["says"]
        first, second = drafts_of(room, session, 1)
        if kind == "short":
            assert second.elements[: len(first.elements)] == first.elements
            assert len(second.elements) > len(first.elements)
            assert all(one.id for one in second.elements)
            assert len({one.id for one in second.elements}) == len(second.elements)
        else:
            changed = [one.id for one in second.elements if one not in first.elements]
            assert changed == [raised.body["line"]]
        assert not at_the_table(session, TurnKind.OBJECTION, pass_=2), "it is verified, not raised again"
        (verified,) = at_the_table(session, TurnKind.VERIFICATION, pass_=2)
        assert str(verified.actor) == "code"


def test_a_length_near_what_is_wanted_is_none_of_the_table_s_business(tmp_path: Path) -> None:
    """A draft is no final cut; its length is told all the same."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(scenes=()))) as room:
        session = play(room)
        assert at_the_table(session, TurnKind.OBJECTION) == []
        (report,) = at_the_table(session, TurnKind.TABLE_READ)
        assert 0.5 < report.body["pages"] < 1.5
        assert report.body["wanted"] == 1.0


def test_a_note_that_comes_after_the_last_scene_is_answered(tmp_path: Path) -> None:
    """Its scene goes back, its words find a place in it, and the second read sees it met."""
    says = 'Mara should say: "Nobody leaves this tower tonight."'

    with opened(a_series(tmp_path), crew=a_crew(Reader(scenes=()))) as room:
        session = _with_late_note(room, says)
        (raised,) = at_the_table(session, TurnKind.OBJECTION)
        assert (raised.body["kind"], raised.body["finding"]) == ("note", "note")
        assert "Nobody leaves this tower tonight." in session.fountain
        (verified,) = at_the_table(session, TurnKind.VERIFICATION, pass_=2)
        assert verified.body["met"]
        assert [one.reason for one in reads_of(session)] == ["sent_back", "agreed"]
        assert room.notes(session.id)[0].state in ("done", "verified")


def _with_late_note(room: Room, says: str) -> Session:
    """Draft a scene, and let a member speak up when it is approved."""
    run = begin(room, scenes=1, pages=1.0)

    async def go() -> None:
        async for event in run.events():
            if (
                isinstance(event, Turned)
                and event.turn.kind is TurnKind.APPROVAL
                and event.turn.task.pass_ == 1
            ):
                room.note(says, member="Kit", roles=["dialogue_writer"], scene=1, session=run.session.id)

    asyncio.run(go())
    return room.session(run.session.id)


def test_an_editor_reads_the_whole_with_a_larger_model_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown how scenes begin and end, and objects to such a line; quick sessions leave it out."""
    with opened(a_series(tmp_path)) as room:
        session = draft(room, depth="standard")
        (review,) = (t for t in at_the_table(session, TurnKind.REVIEW) if t.role == "editor")
        for scene in session.manuscript.scenes.values():
            assert f"Scene {scene.number}" in prompt_of(room, review)
        (raised,) = (t for t in at_the_table(session, TurnKind.OBJECTION) if t.role == "editor")
        scene = drafts_of(room, session, raised.body["scene"])[0]
        assert any(turn.body["objection"] == raised.id for turn in session.turns if "objection" in turn.body)
        assert scene.number == raised.body["scene"]
        quick = draft(room, depth="quick", seed=8)
        (review,) = (t for t in at_the_table(quick, TurnKind.REVIEW) if t.role == "editor")
        assert room.ledger.calls.made(task=review.task.id) == []
        monkeypatch.setattr(Desk, "guided", property(lambda desk: desk.task.role == "editor"))
        small = draft(room, depth="standard", seed=9)
        (review,) = (t for t in at_the_table(small, TurnKind.REVIEW) if t.role == "editor")
        assert room.ledger.calls.made(task=review.task.id) == []


def test_a_small_model_is_asked_no_more_than_before_where_nothing_is_found(tmp_path: Path) -> None:
    """One answer for each scene: what it makes one feel."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(scenes=()))) as room:
        session = play(room, scenes=2, pages=2.0)
        calls = [
            call for call in room.ledger.calls.made(session=session.id) if call.label.startswith("table_read")
        ]
        assert [call.label.partition("#")[0] for call in calls] == [
            "table_read.emotion_critic.p1.r0.1.1",
            "table_read.emotion_critic.p1.r0.1.2",
        ]


def test_a_set_up_that_is_overdue_is_raised_at_the_table(tmp_path: Path) -> None:
    """It is held against the last line, and named; one that may wait is not."""
    folder = a_series(tmp_path)
    with opened(folder) as room:
        for number, says in ((1, "A red lantern is hidden in the boathouse."), (9, "Ines keeps a letter.")):
            fact = Fact(kind="setup", subject="Bea", says=says, terms=("xylophone",), due=number)
            room.canon().add(fact)
        session = draft(room, episode=1)
        raised = [turn.body for turn in session.turns if turn.kind is TurnKind.OBJECTION]
        overdue = [body for body in raised if body.get("finding", "").startswith("overdue")]
    assert overdue
    assert all("red lantern" in body["says"] for body in overdue)
    assert overdue[0]["kind"] == "continuity"
