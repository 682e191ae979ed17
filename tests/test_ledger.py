"""The ledger: rows are added and never rewritten, and a task is recorded once."""

from pathlib import Path

import pytest
from room_kit import IDEA, a_series
from sqlalchemy import select

from storyroom.errors import MemoryFault, SessionError
from storyroom.memory.calls import Call
from storyroom.memory.inbox import Answer, Note
from storyroom.memory.ledger import Ledger, Said
from storyroom.memory.notes import standing
from storyroom.memory.packing import canonical, content_id, pack, unpack
from storyroom.memory.sessions import SessionRecord
from storyroom.memory.tables import drafts, segments
from storyroom.memory.turns import Reading
from storyroom.series import load_bible
from storyroom.story.plan import Brief, Order
from storyroom.story.turn import Actor, Stage, Task, TurnKind

AGENT = Actor(kind="agent", name="scripted")
BRIEF = {"premise": "p", "theme": "t", "stories": [], "arc": ["joy"], "pages": 2.0, "scenes": 2}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger that is new."""
    return Ledger(tmp_path / "ledger.sqlite")


@pytest.fixture
def session(ledger: Ledger, tmp_path: Path) -> SessionRecord:
    """A session in it."""
    bible = load_bible(a_series(tmp_path))
    return ledger.sessions.begin(Order(idea=IDEA, episode=1, scenes=2, pages=2.0, model="scripted:x"), bible)


def task(session: SessionRecord, head: str | None = None, **place: object) -> Task:
    """Return a task of the showrunner on the brief, unless told otherwise."""
    return Task(**{"session": session.id, "head": head, "stage": Stage.BRIEF, "role": "showrunner", **place})


def said_brief(premise: str = "p") -> Said:
    """Return a turn that makes a brief."""
    body = {**BRIEF, "premise": premise}
    return Said(TurnKind.BRIEF, AGENT, body=body, draft=("brief", body), slot="brief")


def test_a_draft_is_addressed_by_its_content(ledger: Ledger):
    """The same draft is one row however its keys are ordered; another kind or another word is another row."""
    one = ledger.drafts.put("brief", {"a": 1, "b": "灯"})
    assert ledger.drafts.put("brief", {"b": "灯", "a": 1}) == one
    assert ledger.drafts.put("pitch", {"a": 1, "b": "灯"}) != one
    assert ledger.drafts.put("brief", {"a": 2, "b": "灯"}) != one
    assert len(ledger.drafts.ids()) == 3
    assert content_id("brief", ledger.drafts.raw(one)) == one


def test_bodies_are_compressed_and_come_back_the_same(ledger: Ledger):
    """What is read is the canonical JSON of what was put, and it takes less room than that."""
    body = {"text": "the lamp " * 500, "zh": "长河渡" * 100}
    draft = ledger.drafts.put("brief", body)
    with ledger.database.read() as connection:
        stored = connection.execute(select(drafts.c.body).where(drafts.c.id == draft)).scalar_one()
    assert ledger.drafts.raw(draft) == canonical(body) == unpack(pack(canonical(body)))
    assert len(stored) < len(canonical(body)) / 10


def test_an_unknown_draft_is_a_clear_error(ledger: Ledger):
    """A draft that is not there is an error of ours with a hint."""
    with pytest.raises(MemoryFault, match="no draft nothing") as caught:
        ledger.drafts.get("nothing", Brief)
    assert caught.value.hint


def test_a_task_is_recorded_once(ledger: Ledger, session: SessionRecord):
    """A second commit of a task, even with other words, changes nothing and returns what was said first."""
    first = ledger.commit(task(session), [said_brief("first")])
    again = ledger.commit(task(session), [said_brief("second")])
    assert again == first
    assert first[0].body["premise"] == "first"
    counts = ledger.counts()
    assert (counts["turns"], counts["versions"]) == (1, 1)
    assert ledger.drafts.head_of(session.id) == first[0].new_head


def test_a_commit_is_kept_whole_or_not_at_all(ledger: Ledger, session: SessionRecord):
    """If the second turn of a task cannot be kept, neither the first nor its draft is."""
    before = ledger.counts()
    broken = Said(TurnKind.OBJECTION, AGENT, body={"never": object()})
    with pytest.raises(TypeError):
        ledger.commit(task(session), [said_brief(), broken])
    assert ledger.counts() == before


def test_turns_come_in_the_order_they_were_said(ledger: Ledger, session: SessionRecord):
    """Turns of one task are numbered within it, and read in that order, forwards and backwards."""
    review = task(session, "h", stage=Stage.SCENE, scene=1, role="editor")
    ledger.commit(
        review,
        [Said(TurnKind.REVIEW, AGENT), *(Said(TurnKind.OBJECTION, AGENT, body={"n": n}) for n in (1, 2))],
    )
    turns = ledger.turns.said(session.id)
    assert [turn.id for turn in turns] == [f"{review.id}.{n}" for n in (0, 1, 2)]
    assert ledger.turns.said(session.id, order="newest") == turns[::-1]
    assert ledger.turns.said(session.id, kinds=[TurnKind.OBJECTION], after=turns[1].seq) == [turns[2]]
    assert ledger.turns.get(turns[1].id) == turns[1]
    assert turns[0].task == review


def test_versions_walk_back_to_the_first(ledger: Ledger, session: SessionRecord):
    """A head names, for each slot, the nearest draft on the way to its root."""
    one = ledger.commit(task(session), [said_brief("one")])[0]
    two = ledger.commit(task(session, one.new_head, pass_=2), [said_brief("two")])[0]
    other = ledger.commit(task(session, one.new_head, pass_=3), [said_brief("three")])[0]
    assert [version.id for version in ledger.drafts.line(two.new_head)] == [two.new_head, one.new_head]
    assert ledger.drafts.script(two.new_head) == {"brief": two.produced}
    assert ledger.drafts.script(other.new_head) == {"brief": other.produced}
    assert ledger.drafts.script(one.new_head) == {"brief": one.produced}
    assert ledger.drafts.script(None) == {}


def test_one_task_can_make_two_versions(ledger: Ledger, session: SessionRecord):
    """Within a task each version builds on the one before it."""
    story = Said(TurnKind.CHOICE, AGENT, draft=("choice", {"x": 1}), slot="story")
    first, second = ledger.commit(task(session), [said_brief(), story])
    assert ledger.drafts.line(second.new_head)[0].parent == first.new_head
    assert set(ledger.drafts.script(second.new_head)) == {"brief", "story"}


def test_the_first_reading_list_holds(ledger: Ledger, session: SessionRecord):
    """A second run of a task gets the list that the first run wrote, whatever has come since."""
    assert ledger.turns.reading(task(session)) is None
    first = ledger.turns.begin(task(session), Reading(notes=("a",), memory=("m",)))
    second = ledger.turns.begin(task(session), Reading(notes=("a", "b")))
    assert second == first == ledger.turns.reading(task(session))


def test_a_call_is_kept_once_with_its_prompt(ledger: Ledger, session: SessionRecord):
    """A call kept twice is one row, its prompt comes back whole, shared segments are stored once."""
    call = Call(
        id="c1",
        session=session.id,
        task=task(session).id,
        attempt=1,
        label="brief",
        model="scripted",
        prompt=(),
        options={"seed": 1},
        answer="Mara 灯",
        faults=("off the idea",),
    )
    kept = ledger.calls.keep(call, ["bible", "", "task one"])
    ledger.calls.keep(call.model_copy(update={"answer": "other"}), ["bible", "", "task one"])
    other = ledger.calls.keep(call.model_copy(update={"id": "c2"}), ["bible", "", "task two"])
    assert ledger.calls.find("c1") == kept
    assert ledger.calls.find("none") is None
    assert ledger.calls.texts(kept) == ["bible", "", "task one"]
    assert ledger.calls.texts(other) == ["bible", "", "task two"]
    assert [one.id for one in ledger.calls.made(session=session.id)] == ["c1", "c2"]
    with ledger.database.read() as connection:
        assert len(connection.execute(select(segments)).all()) == 4


def test_the_inbox_keeps_order_and_addressees(ledger: Ledger, session: SessionRecord):
    """A note reaches its roles and its scene, a note to the series reaches every session."""
    put = ledger.inbox.put
    put(Note(member="Rosa", text="to all"), None)
    put(Note(member="Rosa", text="to the editor", roles=("editor",)), session.id)
    put(Note(member="Rosa", text="on scene 2", scene=2), session.id)

    def texts(**filters: object) -> list[str]:
        return [note.text for note in standing(ledger, session.id, **filters)]

    assert texts() == ["to all", "to the editor", "on scene 2"]
    assert texts(role="editor", scene=1) == ["to all", "to the editor"]
    assert texts(role="showrunner", scene=2) == ["to all", "on scene 2"]
    assert [note.text for note in standing(ledger, None)] == ["to all"]


def test_the_first_answer_to_a_gate_holds(ledger: Ledger, session: SessionRecord):
    """A later answer to the same gate does not change what was decided."""
    first = ledger.inbox.put(Answer(task="t", verdict="approve"), session.id)
    ledger.inbox.put(Answer(task="t", verdict="send_back", reason="no"), session.id)
    assert ledger.inbox.answer_to(session.id, "t") == first
    assert ledger.inbox.answer_to(session.id, "u") is None
    assert ledger.inbox.get(Answer, first.id) == first


def test_sessions_are_found_by_how_they_begin(ledger: Ledger, session: SessionRecord, tmp_path: Path):
    """The beginning of a name is enough where it is the only one; otherwise the error lists what there is."""
    bible = load_bible(tmp_path / "the-last-light")
    other = ledger.sessions.begin(session.order, bible, session_id="e01-other")
    assert ledger.sessions.get(session.id) == session
    assert ledger.sessions.get("e01-o") == other
    for name in ("e01", "nobody", "", "../e01-other", "e01\x00"):
        with pytest.raises(SessionError) as caught:
            ledger.sessions.get(name)
        assert "e01-other" in caught.value.hint


def test_two_ledgers_on_one_file_see_each_other(ledger: Ledger, session: SessionRecord, tmp_path: Path):
    """What one process commits the next reads, without being opened again."""
    other = Ledger(tmp_path / "ledger.sqlite")
    assert [one.id for one in other.sessions.every()] == [session.id]
    turns = ledger.commit(task(session), [said_brief()])
    assert other.turns.said(session.id) == turns
