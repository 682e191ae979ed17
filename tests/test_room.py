"""A whole episode that the scripted model plays: what was said, in which order, after reading what."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from room_kit import IDEA, ZH_IDEA, a_series, begin, draft, drive, open_room, prompt_of, rows

from storyroom.agents.events import Called, Turned
from storyroom.errors import SessionError
from storyroom.formats.fountain import parse
from storyroom.memory.credits import credits
from storyroom.memory.indexing import admitted
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.bible import Role
from storyroom.story.headings import heading_parts
from storyroom.story.objection import Objection
from storyroom.story.script import Kind
from storyroom.story.turn import Stage, Turn, TurnKind


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room in which one episode of three scenes was drafted in depth."""
    with open_room(a_series(tmp_path_factory.mktemp("room"))) as room:
        draft(room, scenes=3, pages=3.0, depth="standard", seed=11)
        yield room


@pytest.fixture(scope="module")
def session(room: Room) -> Session:
    """That session."""
    return room.sessions()[0]


def test_the_stages_come_in_their_order(session: Session):
    """Brief, pitches, choice, outline, each scene from recall to its facts, table read, lock."""
    stages = list(dict.fromkeys(turn.task.stage for turn in session.turns))
    assert stages == list(Stage)
    first_pass = [t for t in session.turns if t.task.stage is Stage.SCENE and t.task.pass_ == 1]
    assert list(dict.fromkeys(turn.scene for turn in first_pass)) == [1, 2, 3]
    for scene in (1, 2, 3):
        kinds = list(dict.fromkeys(turn.kind for turn in first_pass if turn.scene == scene))
        assert kinds[:3] == [TurnKind.RECALL, TurnKind.DRAFT, TurnKind.REVIEW]
        assert kinds[-3:] == [TurnKind.STOP, TurnKind.APPROVAL, TurnKind.FACTS]
    assert session.status == "finished"


def test_every_task_is_a_place_of_its_own(session: Session):
    """No turn, no version and no call stands twice."""
    turns = [turn.id for turn in session.turns]
    assert len(set(turns)) == len(turns)
    tasks = {}
    for turn in session.turns:
        tasks.setdefault(turn.task.id, turn.task)
        assert tasks[turn.task.id] == turn.task
    assert len({version.id for version in session.drafts}) == len(session.drafts)


def test_every_heading_and_every_speaker_is_known(session: Session):
    """Headings read back as places of the bible, and only the scene's cast speaks."""
    script = parse(session.fountain)
    assert len(script.scenes) == 3
    for number, scene in enumerate(script.scenes, 1):
        plan = session.manuscript.plan(number)
        parts = heading_parts(scene.heading.text)
        assert session.bible.location(parts.place) is not None
        assert (parts.place.casefold(), parts.time) == (plan.place.casefold(), plan.time)
        speakers = {session.bible.character(name).name for name in scene.speakers}  # type: ignore[union-attr]
        assert speakers
        assert speakers <= set(plan.cast)


def test_nobody_reads_what_was_said_blind(room: Room, session: Session):
    """A critic's prompt holds no other critic's objection, a plot writer's no other pitch."""
    reviews = [turn for turn in session.turns if turn.kind is TurnKind.REVIEW and turn.actor.kind == "agent"]
    objections = [turn for turn in session.turns if turn.kind is TurnKind.OBJECTION]
    assert len({turn.role for turn in objections}) > 1
    for review in reviews:
        prompt = prompt_of(room, review)
        assert prompt
        for other in objections:
            if other.task.stage is review.task.stage and other.role != review.role:
                assert other.body["says"] not in prompt
    pitches = [turn for turn in session.turns if turn.kind is TurnKind.PITCH]
    assert len(pitches) == 3
    for pitch in pitches:
        prompt = prompt_of(room, pitch)
        for other in pitches:
            if other.id != pitch.id:
                assert not any(other.body[part] in prompt for part in ("conflict", "turn", "ending"))


def test_the_pitches_that_were_not_chosen_stay(room: Room, session: Session):
    """Every pitch is a draft of its own, and the choice names one of them and how far apart they were."""
    pitches = [turn for turn in session.turns if turn.kind is TurnKind.PITCH]
    assert len({turn.produced for turn in pitches}) == len(pitches) == session.bible.room.pitches
    for turn in pitches:
        assert turn.produced
        assert room.ledger.drafts.raw(turn.produced)
    choice = next(turn for turn in session.turns if turn.kind is TurnKind.CHOICE)
    assert choice.about == session.manuscript.slots["pitches"]
    assert len(choice.body["distances"]) == 3


def test_every_task_of_an_agent_wrote_down_what_it_read(room: Room, session: Session):
    """Each has a reading list from before its first call, with what the recall of its scene had found."""
    for turn in session.turns:
        if turn.actor.kind != "agent":
            continue
        reading = room.ledger.turns.reading(turn.task)
        assert reading is not None
        recalls = [one for one in session.turns if (one.kind, one.scene) == (TurnKind.RECALL, turn.scene)]
        recall = next(one for one in recalls if not turn.scene or one.task.pass_ == turn.task.pass_)
        assert list(reading.memory) == [hit["chunk"] for hit in recall.body["hits"]]
    begun = dict(rows(room.series.ledger, "SELECT task, created FROM readings"))
    for task, first in rows(room.series.ledger, "SELECT task, min(created) FROM calls GROUP BY task"):
        assert begun[task] <= first


def test_later_scenes_read_the_earlier_ones(room: Room, session: Session):
    """The prompt of the third scene holds the whole text of the first two and nothing of a later one."""
    drafts = {t.scene: t for t in session.turns if t.kind is TurnKind.DRAFT and t.task.pass_ == 1}
    prompt = prompt_of(room, drafts[3])
    standing = {version.slot: version for version in session.drafts if version.task == drafts[3].task.id}
    before = [v for v in session.drafts if v.depth < standing["scene:3"].depth]
    slots = {version.slot: version.draft for version in before}
    from storyroom.story.draft import SceneDraft

    for number in (1, 2):
        scene = room.ledger.drafts.get(slots[f"scene:{number}"], SceneDraft)
        assert all(line.text in prompt for line in scene.lines)


def test_the_debate_stops_for_a_reason_that_is_recorded(session: Session):
    """Pitches, outline and every pass of every scene end with one stop; a limit is not called agreement."""

    def debate(turn: Turn) -> tuple[Stage, int | None, int]:
        return turn.task.stage, turn.scene, turn.task.pass_

    written = (TurnKind.PITCHES, TurnKind.OUTLINE, TurnKind.DRAFT)
    argued = {debate(turn) for turn in session.turns if turn.kind in written}
    stops = [
        turn
        for turn in session.turns
        if turn.kind is TurnKind.STOP and turn.task.stage is not Stage.TABLE_READ
    ]
    assert {debate(turn) for turn in stops} == argued
    assert len(stops) == len(argued)
    for stop in stops:
        here = [turn for turn in session.turns if debate(turn) == debate(stop)]
        objections = {t.id for t in here if t.kind is TurnKind.OBJECTION}
        answered = {t.body["objection"] for t in here if t.kind in (TurnKind.ACCEPTANCE, TurnKind.REBUTTAL)}
        if objections - answered:
            assert stop.body["reason"] == "round_limit"
            assert stop.body["unanswered"] == len(objections - answered)
        if stop.body["reason"] == "ruling":
            assert any(t.kind is TurnKind.RULING for t in here)
        if stop.body["reason"] == "agreed":
            met = {t.body["objection"]: t.body["met"] for t in here if t.kind is TurnKind.VERIFICATION}
            assert objections == set(met)
            assert all(met.values())


def test_objections_quote_the_line_they_are_about(room: Room, session: Session):
    """The quote is the very text of an element of the draft that was reviewed."""
    from storyroom.story.draft import SceneDraft

    objections = [turn for turn in session.turns if turn.kind is TurnKind.OBJECTION and turn.scene]
    assert objections
    for turn in objections:
        objection = Objection.model_validate(turn.body)
        assert turn.about
        scene = room.ledger.drafts.get(turn.about, SceneDraft)
        line = scene.line(objection.line)
        assert line is not None
        assert line.text == objection.quote


def test_the_table_read_sends_a_scene_back_at_most_once(session: Session):
    """Scenes are written again only between the first table read and the second, each at most once."""
    reads = [turn for turn in session.turns if turn.kind is TurnKind.TABLE_READ]
    assert 1 <= len(reads) <= 2
    again = reads[0].body["again"]
    passes: dict[int, int] = {}
    for turn in session.turns:
        if turn.kind is TurnKind.DRAFT and turn.scene:
            passes[turn.scene] = max(passes.get(turn.scene, 0), turn.task.pass_)
    assert {scene for scene, count in passes.items() if count > 1} == set(again)
    assert max(passes.values()) <= 2
    assert all(read.body["again"] == [] for read in reads[1:])
    assert sorted(one["scene"] for one in reads[0].body["scenes"]) == [1, 2, 3]


def test_the_credits_add_up(room: Room, session: Session):
    """Words and lines of all contributors are those of the script, and the file that is written says so."""
    assert session.head
    shares = credits(room.ledger, session.head)
    elements = [one for scene in session.manuscript.scenes.values() for one in scene.lines]
    assert sum(share.words for share in shares) == sum(one.words for one in elements)
    assert sum(share.written for share in shares) == len(elements)
    assert {share.actor for share in shares} == {"agent:scripted"}
    (script,) = room.series.drafts.glob("*.fountain")
    assert script.read_text(encoding="utf-8") == session.fountain
    assert script.with_suffix(".credits.json").is_file()
    assert room.ledger.counts()["exports"] == 1


def test_lock_makes_canon_and_a_second_lock_supersedes(tmp_path: Path):
    """An episode becomes canon by a lock; another session's lock of the same number takes its place."""
    with open_room(a_series(tmp_path)) as room:
        one, two = (
            draft(room, seed=1, episode=3),
            draft(room, seed=2, episode=3, idea=IDEA + " Pell listens."),
        )
        assert room.ledger.episodes.canon() == []
        room.lock(one.id)
        (first,) = room.ledger.episodes.canon()
        room.lock(two.id)
        (second,) = room.ledger.episodes.canon()
        assert (first.number, second.number) == (3, 3)
        assert (first.session, second.session) == (one.id, two.id)
        assert room.ledger.counts()["episodes"] == 2
        seen = admitted(room.ledger, room.bible, None, None)
        assert set(second.scenes.values()) <= seen
        assert not set(first.scenes.values()) & seen


def test_locking_the_same_head_twice_changes_nothing(tmp_path: Path):
    """A lock that is repeated, as after a crash, adds no second row."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, lock=True)
        (episode,) = room.ledger.episodes.canon()
        assert room.lock(session.id) == episode.id
        assert room.ledger.counts()["episodes"] == 1


def test_an_unfinished_session_is_not_locked(tmp_path: Path):
    """A lock before the end is refused with the command that finishes it."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room, gates=["outline"])
        drive(run)
        with pytest.raises(SessionError, match="is paused") as caught:
            room.lock(run.session.id)
        assert "resume" in caught.value.hint


def test_retrieval_shows_the_head_and_the_canon_alone(tmp_path: Path):
    """A session's recall names drafts of its own head or of the canon, never of another session."""
    with open_room(a_series(tmp_path)) as room:
        canon = draft(room, episode=1, lock=True)
        sibling = draft(room, episode=2, idea=IDEA + " Tomas waits.")
        session = draft(room, episode=2, scenes=3, pages=3.0)
        hits = [
            (turn, hit) for turn in session.turns if turn.kind is TurnKind.RECALL for hit in turn.body["hits"]
        ]
        assert hits
        theirs = {id for slot, id in sibling.manuscript.slots.items() if slot.startswith("scene:")}
        assert theirs <= room.index.draft_ids()
        mine = {v.draft for v in session.drafts}
        for turn, hit in hits:
            assert hit["draft"] not in theirs
            assert hit["draft"] in mine | {v.draft for v in canon.drafts}
            if hit["draft"] in mine:
                assert hit["draft"] in room.ledger.drafts.script(turn.task.head).values()
            assert hit["why"]


def test_rows_that_are_there_never_change(tmp_path: Path):
    """Whatever the ledger holds when a session pauses, it holds unchanged when the session has ended."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room, gates=["outline"])
        drive(run)
        tables = [
            name for (name,) in rows(room.series.ledger, "SELECT name FROM sqlite_master WHERE type='table'")
        ]
        before = {name: set(rows(room.series.ledger, f"SELECT * FROM {name}")) for name in tables}
        room.answer(run.session.id, "approve")
        drive(room.run(run.session.id))
        for name in tables:
            assert before[name] <= set(rows(room.series.ledger, f"SELECT * FROM {name}")), name


def test_a_chinese_series_is_drafted_in_chinese(tmp_path: Path):
    """Headings, cues and the title page are Chinese, and every speaker is in the scene's cast."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        session = draft(room, ZH_IDEA)
        script = parse(session.fountain)
        assert len(script.scenes) == 2
        assert script.title_page.get("标题") == room.bible.title
        for number, scene in enumerate(script.scenes, 1):
            assert scene.heading.text[:2] in ("内景", "外景")
            assert room.bible.location(heading_parts(scene.heading.text).place) is not None
            assert set(scene.speakers) <= set(session.manuscript.plan(number).cast)
            assert any(one.kind is Kind.DIALOGUE for one in scene.elements)


def test_the_events_tell_every_turn_and_call_once(tmp_path: Path):
    """What a run tells is what the ledger holds, in the ledger's order, and all of it is fresh."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        events = drive(run)
        turns = [event.turn for event in events if isinstance(event, Turned)]
        assert sorted(turns, key=lambda turn: turn.seq) == room.session(run.session.id).turns
        assert all(event.fresh for event in events if isinstance(event, Called | Turned))
        calls = {event.call.id for event in events if isinstance(event, Called)}
        assert calls == {call.id for call in room.ledger.calls.made(session=run.session.id)}


async def test_draft_yields_each_turn(tmp_path: Path):
    """`Room.draft` yields the turns as they are recorded, and `resume` of a finished session yields none."""
    with open_room(a_series(tmp_path)) as room:
        turns = [
            turn async for turn in room.draft(IDEA, scenes=1, pages=1.0, depth="quick", model="scripted:x")
        ]
        (session,) = room.sessions()
        # Those of tasks that run side by side may be recorded in any order; those of one task keep theirs.
        assert sorted(turn.id for turn in turns) == sorted(turn.id for turn in session.turns)
        for task in {turn.task for turn in turns}:
            assert [turn.id for turn in turns if turn.task == task] == [
                turn.id for turn in session.turns if turn.task == task
            ]
        assert [turn async for turn in room.resume(session.id)] == []


@pytest.mark.parametrize("kind", [TurnKind.PITCH, TurnKind.OUTLINE, TurnKind.REVIEW, TurnKind.STOP])
async def test_a_run_that_is_left_can_be_gone_on_with(
    tmp_path: Path, kind: TurnKind, request: pytest.FixtureRequest
):
    """Whoever stops listening cancels the work; resume finishes it and pays for nothing twice."""
    # Nothing may hold a file until its garbage is collected.
    gc.disable()
    request.addfinalizer(gc.enable)
    with open_room(a_series(tmp_path)) as room:
        for _ in range(3):
            run = begin(room)
            events = run.events()
            async for event in events:
                if isinstance(event, Turned) and event.turn.kind is kind:
                    break
            await events.aclose()  # type: ignore[attr-defined]
            calls = {call.id for call in room.ledger.calls.made(session=run.session.id)}
            again = room.run(run.session.id)
            told = [event async for event in again.events()]
            assert again.outcome == "finished"
            assert calls.isdisjoint(e.call.id for e in told if isinstance(e, Called) and e.fresh)


async def test_stop_lets_the_running_step_end(tmp_path: Path):
    """A run that is asked to stop ends after the step at work, and what that made is kept."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        async for event in run.events():
            if isinstance(event, Turned) and event.turn.kind is TurnKind.BRIEF:
                run.stop()
        assert run.outcome == "stopped"
        kinds = [turn.kind for turn in room.session(run.session.id).turns]
        assert kinds[-1] is TurnKind.BRIEF
        assert room.session(run.session.id).status == "unfinished"
        again = room.run(run.session.id)
        async for _event in again.events():
            pass
        assert again.outcome == "finished"


def test_roles_can_have_models_of_their_own(tmp_path: Path):
    """A role that names a model is answered by it, all others by the session's."""
    from scripted_room import play

    from storyroom.models.scripted import Rule, ScriptedModel

    other = ScriptedModel(spec="scripted:other", rules=(Rule("*", (play,)),))
    with open_room(a_series(tmp_path)) as room:
        room.models["scripted:other"] = other
        session = draft(room, models={Role.EDITOR: "scripted:other"})
        for turn in session.turns:
            if turn.actor.kind == "agent":
                wanted = "scripted:other" if turn.role == Role.EDITOR else "scripted"
                assert turn.actor.name == wanted
