"""Gates: the session waits for a human, through restarts, and takes up what comes back."""

import json
from pathlib import Path

import pytest
from room_kit import a_series, begin, drive, open_room, prompt_of, resume
from ruamel.yaml import YAML

from storyroom.errors import InputError, SessionError, SessionPaused
from storyroom.graphs.gate_edits import offered
from storyroom.memory.credits import credits
from storyroom.memory.debates import debate_named, debates_of
from storyroom.room import Room
from storyroom.seats import offered as text_asked
from storyroom.session import Session
from storyroom.story.plan import Gate
from storyroom.story.script import Kind
from storyroom.story.turn import Turn, TurnKind
from storyroom.team import state_at

GATES: list[Gate] = ["pitches", "outline", "scene", "table_read"]
# Whose next task has the reason before it when the gate sends its stage back.
AUTHORS = {"pitches": "showrunner", "outline": "plot_writer", "scene": "dialogue_writer"}
KINDS = {"pitches": TurnKind.CHOICE, "outline": TurnKind.OUTLINE, "scene": TurnKind.DRAFT}


def paused_at(room: Room, gate: Gate) -> Session:
    """Return a session that waits at a gate."""
    run = begin(room, gates=[gate])
    drive(run)
    assert run.outcome == "paused"
    return room.session(run.session.id)


def offer(room: Room, session: Session) -> str:
    """Return the text that a human is given to edit at the gate where a session waits."""
    assert session.waiting is not None
    return offered(room.context(), session.waiting.body["gate"], state_at(session, session.waiting))


def of_kind(session: Session, kind: TurnKind) -> list[Turn]:
    """Return a session's turns of one kind."""
    return [turn for turn in session.turns if turn.kind is kind]


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_waits_until_it_is_answered(tmp_path: Path, gate: Gate):
    """The session pauses after the gate's stage; a resume without an answer is refused; approval goes on."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        session = paused_at(room, gate)
        assert session.status == "paused"
        assert session.turns[-1].kind is TurnKind.GATE
        assert session.turns[-1].body == {"gate": gate}
    with open_room(folder) as room:
        with pytest.raises(SessionPaused, match=gate) as caught:
            resume(room, session.id)
        assert caught.value.exit_code == 3
        assert "storyroom answer" in caught.value.hint
        assert room.session(session.id).turns == session.turns
    with open_room(folder) as room:
        room.answer(session.id, "approve", member="Rosa")
        assert room.session(session.id).status == "unfinished"
    with open_room(folder) as room:
        outcome = resume(room, session.id).outcome
        assert outcome == ("paused" if gate == "scene" else "finished")
        answered = [t for t in of_kind(room.session(session.id), TurnKind.GATE) if t.task.round == 1]
        assert [str(turn.actor) for turn in answered] == ["member:Rosa"]
        assert answered[0].body["verdict"] == "approve"


def test_the_gate_of_scenes_waits_at_each(tmp_path: Path):
    """Every scene has its own wait, before it is approved and indexed."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "scene")
        for number in (1, 2):
            session = room.session(session.id)
            assert session.waiting is not None
            assert session.waiting.scene == number
            approved = {turn.scene for turn in of_kind(session, TurnKind.APPROVAL)}
            assert approved == set(range(1, number))
            assert session.manuscript.slots[f"scene:{number}"] not in room.index.draft_ids()
            room.answer(session.id, "approve")
            outcome = resume(room, session.id).outcome
        assert outcome == "finished"


@pytest.mark.parametrize("gate", ["pitches", "outline", "scene"])
def test_what_is_sent_back_is_made_again_with_the_reason_in_view(tmp_path: Path, gate: Gate):
    """The author's next task has the reason as a note; the first version stays; the gate waits again."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, gate)
        (first,) = of_kind(session, KINDS[gate])
        room.answer(session.id, "send_back", member="Rosa", reason="More of the kettle, please.")
        assert resume(room, session.id).outcome == "paused"
        session = room.session(session.id)
        old, new = of_kind(session, KINDS[gate])
        assert old == first
        assert new.task.pass_ == 2
        assert new.role == AUTHORS[gate]
        assert "More of the kettle, please." not in prompt_of(room, old)
        assert "More of the kettle, please." in prompt_of(room, new)
        assert session.waiting is not None
        room.answer(session.id, "approve")
        assert resume(room, session.id).outcome in ("finished", "paused")


def test_the_table_read_sends_back_the_scene_that_is_named(tmp_path: Path):
    """It is mended and not written anew: the reason is argued about, and what nobody objects to stands."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "table_read")
        one, before = session.manuscript.slots["scene:1"], session.manuscript.scenes[2]
        for scenes in ((), (3,), (0,), (2, 3)):
            with pytest.raises(InputError, match=r"scene|Scene") as caught:
                room.answer(session.id, "send_back", reason="Again.", scenes=scenes)
            assert "1 to 2" in caught.value.hint
        room.answer(session.id, "send_back", member="Rosa", reason="Let the bell ring.", scenes=[2])
        assert resume(room, session.id).outcome == "paused"
        session = room.session(session.id)
        assert session.manuscript.slots["scene:1"] == one
        again = [turn for turn in of_kind(session, TurnKind.DRAFT) if turn.task.pass_ > 1]
        assert [turn.scene for turn in again] == [2]
        assert prompt_of(room, again[0]) == "", "no model was asked to write the scene anew"
        debate = debate_named(debates_of(room.ledger, session.id), "scene.2.p2")
        (asked,) = [one for one in debate.threads if one.objection.note]
        assert asked.objection.says == "Rosa asks: Let the bell ring."
        assert asked.said[0].role == "dialogue_writer"
        about = {one.objection.line for one in debate.threads}
        after = session.manuscript.scenes[2]
        assert all(line == after.line(line.id) for line in before.lines if line.id not in about)
        (life,) = room.notes(session.id)
        assert (life.note.scene, life.state != "open") == (2, True)
        room.answer(session.id, "approve")
        assert resume(room, session.id).outcome == "finished"


def test_several_scenes_go_back_and_the_reason_may_name_them(tmp_path: Path):
    """Each is mended in its own debate; scenes beside those of the script are refused in words, too."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "table_read")
        with pytest.raises(InputError, match="Scene 7 cannot"):
            room.answer(session.id, "send_back", reason="Scene 2 and scene 7 drag.")
        answer = room.answer(session.id, "send_back", reason="Scene 2 drags, and the first scene does.")
        assert answer.scenes == (1, 2)
        assert resume(room, session.id).outcome == "paused"
        session = room.session(session.id)
        drafts = [turn.scene for turn in of_kind(session, TurnKind.DRAFT) if turn.task.pass_ > 1]
        assert drafts == [1, 2]
        for scene in (1, 2):
            debate = debate_named(debates_of(room.ledger, session.id), f"scene.{scene}.p2")
            assert [one.objection.kind for one in debate.threads].count("note") == 1


def test_whoever_sits_in_the_writer_s_seat_mends_what_a_gate_sent_back(tmp_path: Path):
    """The scene lies before them with the reason; what they change is judged, not taken for undone."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "table_read")
        room.take_seat("dialogue_writer", "Dev", session.id)
        room.answer(session.id, "send_back", reason="Let the bell ring.", scenes=[2])
        resume(room, session.id)
        session = room.session(session.id)
        (ask,) = session.asked
        sheet = text_asked(ask)
        assert "Let the bell ring." in sheet
        line = next(one for one in session.manuscript.scenes[2].lines if one.kind is Kind.ACTION)
        room.answer_seat(session.id, sheet.replace(f"\n{line.text}\n", "\nThe bell rings.\n"))
        room.leave_seat("dialogue_writer", session.id)
        assert resume(room, session.id).outcome == "paused"
        session = room.session(session.id)
        draft = next(turn for turn in of_kind(session, TurnKind.DRAFT) if turn.task.pass_ > 1)
        assert str(draft.actor) == "member:Dev"
        asked = [
            call.label
            for turn in session.turns
            if turn.scene == 2 and turn.task.pass_ == 2 and turn.role == "editor"
            for call in room.ledger.calls.made(task=turn.task.id)
        ]
        assert len(asked) >= 2, "the editor read the scene, and said whether the note is followed"


def test_an_edited_scene_is_the_members(tmp_path: Path):
    """The text that came back stands word for word, and the credits name who wrote which line."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "scene")
        text = offer(room, session)
        before = session.manuscript.scenes[1]
        edited = text.replace(before.lines[1].text, "The kettle sings.") + "\nNobody moves.\n"
        room.answer(session.id, "edit", member="Dev", text=edited)
        resume(room, session.id)
        session = room.session(session.id)
        scene = session.manuscript.scenes[1]
        assert [scene.lines[1].text, scene.lines[-1].text] == ["The kettle sings.", "Nobody moves."]
        assert [line.id for line in scene.lines[:-1]] == [line.id for line in before.lines]
        gate = next(t for t in of_kind(session, TurnKind.GATE) if t.task.round == 1)
        assert gate.produced == session.manuscript.slots["scene:1"]
        assert session.head
        shares = {credit.actor: credit for credit in credits(room.ledger, session.head)}
        assert (shares["member:Dev"].written, shares["member:Dev"].changed) == (1, 1)
        assert shares["member:Dev"].words == 5
        assert "Nobody moves." in session.fountain


def test_an_edited_outline_is_what_is_written(tmp_path: Path):
    """The scene that is drafted next follows the outline that came back."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "outline")
        assert session.manuscript.outline is not None
        outline = YAML(typ="safe").load(offer(room, session))
        outline["scenes"][0]["beat"] = "Mara pours the tea out of the window."
        room.answer(session.id, "edit", member="Rosa", text=json.dumps(outline))
        assert resume(room, session.id).outcome == "finished"
        session = room.session(session.id)
        assert session.manuscript.plan(1).beat == "Mara pours the tea out of the window."
        assert "Mara pours the tea out of the window." in session.fountain


def test_an_edited_choice_is_the_story(tmp_path: Path):
    """A human can put a story of their own in the place of the one that was chosen."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "pitches")
        choice = session.manuscript.choice
        assert choice is not None
        edited = offer(room, session).replace(choice.story.title, "The Kettle")
        room.answer(session.id, "edit", member="Rosa", text=edited)
        assert resume(room, session.id).outcome == "finished"
        session = room.session(session.id)
        assert session.manuscript.outline is not None
        assert session.manuscript.outline.title == "The Kettle"


@pytest.mark.parametrize(
    ("gate", "change", "said"),
    [
        ("scene", lambda text: text.replace("MARA\n", "SILAS\n").replace("BEA\n", "SILAS\n"), "SILAS"),
        ("scene", lambda text: text + "\nINT. QUAY - NIGHT\n\nRain.\n", "2 scene headings"),
        ("scene", lambda text: "", "0 scene headings"),
        ("scene", lambda text: "\n".join(["INT. PALACE - NIGHT", *text.splitlines()[1:]]), "PALACE"),
        ("outline", lambda text: text.replace("number: 2", "number: 3"), "numbered"),
        ("outline", lambda text: text.replace("- Mara", "- Mary"), "Mary"),
        ("outline", lambda text: text.replace("place: ", "place: Far "), "Far"),
        ("outline", lambda text: text.replace("act:", "akt:"), "akt|act"),
        ("outline", lambda text: "{" + text, "not YAML"),
        ("outline", lambda text: "", "dictionary|valid"),
        ("outline", lambda text: "!!python/object/apply:os.system [true]", "not YAML"),
        ("pitches", lambda text: text.replace("title:", "name:"), "story"),
        ("table_read", lambda text: "INT. QUAY - NIGHT", "not edited"),
    ],
)
def test_an_edit_that_cannot_stand_is_refused_and_nothing_is_lost(
    tmp_path: Path, gate: Gate, change: object, said: str
):
    """A bad edit is an error with a hint; the session waits as before and can still be answered."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, gate)
        text = offer(room, session) if gate != "table_read" else ""
        counts = room.ledger.counts()
        edited = change(text)  # type: ignore[operator]
        assert edited != text or not text
        with pytest.raises(InputError, match=said) as caught:
            room.answer(session.id, "edit", text=edited)
        assert caught.value.hint
        assert room.ledger.counts() == counts
        assert room.session(session.id).waiting == session.waiting
        room.answer(session.id, "approve")
        assert resume(room, session.id).outcome in ("finished", "paused")


def test_an_answer_that_is_none_is_refused(tmp_path: Path):
    """An unknown verdict, a return without a reason and an answer to a session that waits for none."""
    with open_room(a_series(tmp_path)) as room:
        session = paused_at(room, "outline")
        counts = room.ledger.counts()
        for verdict, reason in (("yes", ""), ("send_back", ""), ("send_back", "  ")):
            with pytest.raises(InputError) as caught:
                room.answer(session.id, verdict, reason=reason)
            assert caught.value.hint
        with pytest.raises(InputError, match="called 'Roza'"):
            room.answer(session.id, "approve", member="Roza")
        assert room.ledger.counts() == counts
        room.answer(session.id, "approve")
        with pytest.raises(SessionError, match="waits for no answer"):
            room.answer(session.id, "approve")


def test_gates_can_be_set_for_a_series(tmp_path: Path):
    """What `series.yaml` says holds unless the order says otherwise."""
    folder = a_series(tmp_path)
    file = folder / "series.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("gates: []", "gates: [outline]"), encoding="utf-8"
    )
    with open_room(folder) as room:
        assert begin(room).session.order.gates == ("outline",)
        assert begin(room, gates=[]).session.order.gates == ()
