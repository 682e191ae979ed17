"""The life of a note: read, argued about, answered with lines, verified by another role, undone, reopened."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from room_kit import IDEA, ZH_IDEA, a_series, begin, draft, drive, open_room
from scripted_room import play

from storyroom.agents.note_check import asked_once, by_things
from storyroom.memory.credits import credits
from storyroom.memory.inbox import Note
from storyroom.memory.note_lives import NoteLife, unanswered
from storyroom.memory.provenance import why
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import Turn, TurnKind

SAYS = "Not while the lamp burns."
EXACT = f"Let Mara say “{SAYS}”"
MEANT = "Mara should leave the window open."


def a_model(*, small: bool = False, **answers: str) -> ScriptedModel:
    """Return the scripted model, which answers calls for some forms the way that is named here.

    `note_check="no"`, `reply="accept"`, `verify="no"`, `ruling="old"`: by the field that decides.
    """

    def answer(call: Call) -> str:
        text = play(call)
        field = {"note_check": "met", "reply": "answer", "verify": "met", "ruling": "keep"}
        schema = call.options.get("json_schema")
        asked = set(schema.get("properties", ())) if schema else set()
        forms = {
            frozenset(("met", "line", "reason")): "note_check",
            frozenset(("answer", "reason")): "reply",
            frozenset(("met", "reason")): "verify",
            frozenset(("keep", "reason")): "ruling",
        }
        form = forms.get(frozenset(asked))
        if form is None or form not in answers:
            return text
        return json.dumps({**json.loads(text), field[form]: answers[form]})

    capabilities = Capabilities(
        grammar=True, json_schema=True, prefill=True, context_length=1_000_000, small=small
    )
    return ScriptedModel(rules=(Rule("*", (partial(answer),)),), capabilities=capabilities)


def life_of(room: Room, session: Session, note: str) -> NoteLife:
    """Return what became of a note in a session."""
    return next(life for life in room.notes(session.id) if life.note.id == note)


def told(session: Session, note: str, *, scene: int | None = None) -> list[Turn]:
    """Return the turns that tell what became of a note."""
    return [
        turn
        for turn in session.turns
        if turn.kind is TurnKind.NOTE and turn.body["note"] == note and scene in (None, turn.scene)
    ]


def test_words_that_a_note_gives_arrive_as_they_are(tmp_path: Path):
    """The line stands in the script, another role than the writer confirmed it, and it is the member's."""
    with open_room(a_series(tmp_path)) as room:
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room)
        life = life_of(room, session, note.id)
        assert life.state == "verified"
        assert life.verified_by == ("editor",)
        assert [(line.scene, line.text, line.stands) for line in life.lines] == [(1, SAYS, True)]
        scene = session.manuscript.scenes[1]
        assert scene.line(life.lines[0].id).text == SAYS  # type: ignore[union-attr]
        assert (scene.speaker_of(life.lines[0].id) or "").casefold() == "mara"
        own = [one for one in credits(room.ledger, session.head or "") if one.actor == "member:Kit"]
        assert [(one.role, one.written + one.changed) for one in own] == [("dialogue_writer", 1)]
        assert own[0].words == 5


def test_several_notes_on_a_scene_do_not_undo_each_other(tmp_path: Path):
    """Each finds a line of its own, or is put in where none is left, however little the room works."""
    wordings = [f"I counted to {number} tonight." for number in ("nine", "ten", "twelve", "twenty", "sixty")]
    with open_room(a_series(tmp_path)) as room:
        for words in wordings:
            room.note(f"Mara: “{words}”", member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room, depth="quick")
        assert [life.state for life in room.notes(session.id)] == ["verified"] * 5
        scene = session.manuscript.scenes[1]
        for words in wordings:
            [line] = [one for one in scene.lines if one.text == words]
            assert (scene.speaker_of(line.id) or "").casefold() == "mara"


def test_a_note_goes_through_the_debate_like_an_objection(tmp_path: Path):
    """It is raised by another role, answered by the writer and verified; the record names the objection."""
    with open_room(a_series(tmp_path)) as room:
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room)
        raised = [turn for turn in session.turns if turn.body.get("kind") == "note"]
        assert [(turn.role, turn.scene, turn.body["note"]) for turn in raised] == [("editor", 1, note.id)]
        about = [turn.kind for turn in session.turns if turn.body.get("objection") == raised[0].id]
        assert about == [TurnKind.ACCEPTANCE, TurnKind.VERIFICATION, TurnKind.NOTE, TurnKind.NOTE]
        assert [turn.body["state"] for turn in told(session, note.id)] == ["done", "verified"]
        assert raised[0].body["quote"] in raised[0].body["quote"]
        assert "Kit asks: Let Mara say" in raised[0].body["says"]


def test_words_that_stand_already_are_verified_without_argument(tmp_path: Path):
    """Code finds them in the draft; nothing is asked of the writer, and the line is named."""
    with open_room(a_series(tmp_path)) as room:
        first = draft(room, seed=5)
        line = first.manuscript.scenes[1].lines[3].text
        note = room.note(f"Keep Mara saying: “{line}”", member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room, seed=5)
        assert [(turn.kind, turn.actor.kind) for turn in told(session, note.id)] == [(TurnKind.NOTE, "code")]
        assert life_of(room, session, note.id).state == "verified"
        assert life_of(room, session, note.id).lines[0].text == line


def test_words_that_a_note_forbids_are_written_anew(tmp_path: Path):
    """A wording that is to go is found by code and is gone afterwards; it is never put in."""
    with open_room(a_series(tmp_path)) as room:
        line = draft(room, seed=5).manuscript.scenes[1].lines[3].text
        note = room.note(f"Cut “{line}”", member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room, seed=5)
        assert line not in session.fountain
        assert life_of(room, session, note.id).state == "verified"


@pytest.mark.parametrize(
    ("answers", "state", "reason_of"),
    [
        ({"note_check": "yes"}, "verified", TurnKind.NOTE),
        ({"note_check": "no", "reply": "accept", "verify": "yes"}, "verified", TurnKind.VERIFICATION),
        ({"note_check": "no", "reply": "rebut", "verify": "yes"}, "declined", TurnKind.REBUTTAL),
        (
            {"note_check": "no", "reply": "rebut", "verify": "no", "ruling": "old"},
            "declined",
            TurnKind.RULING,
        ),
        ({"note_check": "no", "reply": "accept", "verify": "no", "ruling": "new"}, "done", TurnKind.RULING),
        (
            {"note_check": "no", "reply": "accept", "verify": "no", "ruling": "old"},
            "declined",
            TurnKind.RULING,
        ),
    ],
)
def test_what_becomes_of_a_note_is_what_the_debate_made_of_it(
    tmp_path: Path, answers: dict[str, str], state: str, reason_of: TurnKind
):
    """Followed already, accepted, rebutted and withdrawn, overruled, upheld; the reason is the one given."""
    with open_room(a_series(tmp_path), model=a_model(**answers)) as room:
        note = room.note(MEANT, member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room)
        life = life_of(room, session, note.id)
        assert life.state == state
        said = [turn.body["reason"] for turn in session.turns if turn.kind is reason_of and turn.scene == 1]
        assert life.reason in said
        if state == "declined":
            assert life.lines == ()
        else:
            assert [line.scene for line in life.lines] == [1]
            assert life.lines[0].stands


def test_a_note_that_a_later_draft_undoes_is_reopened_and_raised_again(tmp_path: Path):
    """The scene goes back at its gate and is written anew: its lines are gone, the note is argued again."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room, gates=["scene"])
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1, session=run.session.id)
        drive(run)
        before = life_of(room, room.session(run.session.id), note.id)
        assert before.state == "verified"
        room.answer(run.session.id, "send_back", member="Rosa", reason="Again, from the top.")
        drive(room.run(run.session.id))
        session = room.session(run.session.id)
        states = [turn.body["state"] for turn in told(session, note.id)]
        assert states == ["done", "verified", "reopened", "done", "verified"]
        reopened = next(turn for turn in told(session, note.id) if turn.body["state"] == "reopened")
        assert reopened.body["lines"] == [before.lines[0].id]
        after = life_of(room, session, note.id)
        assert after.state == "verified"
        assert after.lines[0].id != before.lines[0].id
        assert SAYS in session.fountain


def test_a_note_whose_lines_change_after_its_debate_is_open_again(tmp_path: Path):
    """An edit at the gate takes the line out: nothing has said so, but it is told as it is."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room, gates=["scene"])
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1, session=run.session.id)
        drive(run)
        from storyroom.graphs.gate_edits import offered
        from storyroom.team import state_at

        session = room.session(run.session.id)
        assert session.waiting is not None
        text = offered(room.context(), "scene", state_at(session, session.waiting))
        room.answer(run.session.id, "edit", member="Rosa", text=text.replace(SAYS, "Now, if you like."))
        drive(room.run(run.session.id))
        life = life_of(room, room.session(run.session.id), note.id)
        assert life.state == "reopened"
        assert life.open
        assert [(line.text, line.stands) for line in life.lines] == [(SAYS, False)]


def edited(room: Room, session: Session, was: str, now: str, member: str = "Rosa") -> Session:
    """Change a text in the file that a finished session wrote out, and take it in."""
    file = next(room.series.drafts.glob(f"*{session.id}.fountain"))
    text = file.read_text("utf-8")
    assert text.count(was) == 1
    file.write_text(text.replace(was, now), "utf-8")
    room.absorb(file, member=member, session=session.id)
    return room.session(session.id)


@pytest.mark.parametrize("small", [False, True])
def test_a_word_more_leaves_a_note_answered(tmp_path: Path, small: bool):
    """The words that it gave still stand in the line, and it is told how that goes on now."""
    with open_room(a_series(tmp_path), model=a_model(small=small)) as room:
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1)
        session = edited(room, draft(room), SAYS, f"No, {SAYS.lower()} Never.")
        life = life_of(room, session, note.id)
        assert life.state == "verified"
        assert [(line.stands, line.now) for line in life.lines] == [(True, f"No, {SAYS.lower()} Never.")]
        assert "reopened" not in [event.what for event in life.history]


def test_words_that_a_note_gave_may_stand_in_another_line(tmp_path: Path):
    """Somebody moved them: the note is answered, by the line where they stand."""
    with open_room(a_series(tmp_path)) as room:
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room)
        other = next(
            one.text
            for one in session.manuscript.scenes[1].lines
            if one.kind == "action" and one.text != SAYS
        )
        session = edited(room, session, SAYS, "Well then.")
        session = edited(room, session, other, f"{other} MARA whispers: {SAYS}", "Dev")
        life = life_of(room, session, note.id)
        assert life.state == "verified"
        assert [(line.stands, line.text) for line in life.lines] == [(True, f"{other} MARA whispers: {SAYS}")]


def test_who_undid_a_note_stands_in_its_history(tmp_path: Path):
    """The edit that took the words out opens the note again, under its member's name."""
    with open_room(a_series(tmp_path)) as room:
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1)
        session = edited(room, draft(room), SAYS, "If you like.", "Dev")
        [turn] = [turn for turn in session.turns if turn.kind is TurnKind.EDIT]
        life = life_of(room, session, note.id)
        assert (life.state, life.reason) == ("reopened", "What answered it was changed since.")
        last = life.history[-1]
        assert (last.what, last.by, last.role, last.scene, last.turn) == (
            "reopened",
            "member:Dev",
            "",
            1,
            turn.id,
        )
        found = why(room.ledger, session.head or "", life.lines[0].id)
        assert [(by.id, one.id) for by, one in found.undone] == [(turn.id, note.id)]
        back = edited(room, session, "If you like.", SAYS, "Rosa")
        assert life_of(room, back, note.id).state == "verified"
        assert not why(room.ledger, back.head or "", life.lines[0].id).undone


@pytest.mark.parametrize(
    ("change", "state"),
    [(lambda text: text + " Again.", "verified"), (lambda text: "Something else entirely.", "reopened")],
)
def test_a_note_without_words_is_answered_while_most_of_its_line_stands(
    tmp_path: Path, change: Callable[[str], str], state: str
):
    """A word more changes nothing; a line that is another line does."""
    answers = {"note_check": "no", "reply": "accept", "verify": "yes"}
    with open_room(a_series(tmp_path), model=a_model(**answers)) as room:
        note = room.note(MEANT, member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room)
        before = life_of(room, session, note.id)
        assert before.state == "verified"
        line = before.lines[0].text
        assert life_of(room, edited(room, session, line, change(line)), note.id).state == state


def test_words_that_a_note_forbids_open_it_again_when_they_come_back(tmp_path: Path):
    """Its line may change as it likes; only the words that are to stay out count."""
    with open_room(a_series(tmp_path)) as room:
        line = draft(room, seed=5).manuscript.scenes[1].lines[3].text
        note = room.note(f"Cut “{line}”", member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room, seed=5)
        answer = life_of(room, session, note.id).lines[0].text
        session = edited(room, session, answer, "Something else entirely.")
        assert life_of(room, session, note.id).state == "verified"
        session = edited(room, session, "Something else entirely.", line)
        assert life_of(room, session, note.id).state == "reopened"


def test_a_note_that_a_human_opens_again_is_argued_for_with_their_reason(tmp_path: Path):
    """What was declined is not raised again on the same scene, until a human says so."""
    answers = {"note_check": "no", "reply": "rebut", "verify": "yes"}
    with open_room(a_series(tmp_path), model=a_model(**answers)) as room:
        run = begin(room, gates=["scene"])
        note = room.note(MEANT, member="Kit", roles=["dialogue_writer"], scene=1, session=run.session.id)
        drive(run)
        assert life_of(room, room.session(run.session.id), note.id).state == "declined"
        room.answer(run.session.id, "send_back", member="Rosa", reason="Again.")
        drive(room.run(run.session.id))
        session = room.session(run.session.id)
        assert [turn.body["state"] for turn in told(session, note.id)] == ["declined"]
        room.change_note(note.id, "reopen", member="Rosa", reason="Kit is right about the window.")
        assert life_of(room, session, note.id).state == "reopened"
        room.answer(run.session.id, "send_back", member="Rosa", reason="Once more.")
        drive(room.run(run.session.id))
        session = room.session(run.session.id)
        assert [turn.body["state"] for turn in told(session, note.id)] == ["declined", "reopened", "declined"]
        says = [
            turn.body["says"]
            for turn in session.turns
            if turn.body.get("note") == note.id and "says" in turn.body
        ]
        assert says[-1] == "Rosa asks: Kit is right about the window."


def test_a_note_on_the_whole_is_asked_of_the_scenes_it_is_about(tmp_path: Path):
    """A note that names somebody concerns the scenes with them; one that gives words is asked once."""
    with open_room(a_series(tmp_path), model=a_model(note_check="yes")) as room:
        about = room.note("Ines should sound colder.", member="Kit", roles=["dialogue_writer"])
        once = room.note("Mara: “Not while the lamp burns.”", member="Kit", roles=["dialogue_writer"])
        session = draft(room)
        casts = {plan.number: plan.cast for plan in session.manuscript.outline.scenes}  # type: ignore[union-attr]
        with_ines = {
            number
            for number, cast in casts.items()
            if "Ines" in cast
            or "Ines" in "".join(one.text for one in session.manuscript.scenes[number].elements)
        }
        assert {turn.scene for turn in told(session, about.id)} == with_ines
        assert len({turn.scene for turn in told(session, once.id)}) == 1
        assert session.fountain.count(SAYS) == 1


def test_a_note_to_a_critic_is_accepted_when_the_critic_has_read_it(tmp_path: Path):
    """Who writes nothing answers nothing; the note is no open end."""
    with open_room(a_series(tmp_path)) as room:
        note = room.note("Watch the tenses.", member="Kit", roles=["editor"])
        assert room.notes()[0].state == "open"
        session = draft(room)
        life = life_of(room, session, note.id)
        assert (life.state, life.open) == ("accepted", False)
        assert [event.what for event in life.history] == ["given", "accepted"]
        assert life.history[1].role == "editor"


def test_the_table_read_tells_which_notes_are_unanswered(tmp_path: Path):
    """Declined and verified notes are answered; one that nobody took up is not."""
    with open_room(a_series(tmp_path)) as room:
        room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1)
        late = room.note("Never seen.", member="Kit", roles=["dialogue_writer"], scene=9)
        session = draft(room)
        read = [turn for turn in session.turns if turn.kind is TurnKind.TABLE_READ]
        assert read[-1].body["unanswered"] == [late.id] == unanswered(room.ledger, session.id)


def test_a_session_that_runs_again_finds_what_became_of_the_notes(tmp_path: Path):
    """With its checkpoints gone, every task is found done: no turn about a note comes twice."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1, session=run.session.id)
        drive(run)
        before = room.session(run.session.id)
        for file in room.series.checkpoints.parent.glob(room.series.checkpoints.name + "*"):
            file.unlink()
        drive(room.run(run.session.id))
        after = room.session(run.session.id)
        assert [turn.id for turn in after.turns] == [turn.id for turn in before.turns]
        assert after.head == before.head


def test_a_fork_keeps_what_was_answered_before_it(tmp_path: Path):
    """A note that scene 1 answers is answered in a fork at scene 2; in a fork at scene 1 it is asked anew."""
    with open_room(a_series(tmp_path)) as room:
        run = begin(room)
        note = room.note(EXACT, member="Kit", roles=["dialogue_writer"], scene=1, session=run.session.id)
        drive(run)
        later, anew = room.fork(run.session.id, "2"), room.fork(run.session.id, "1")
        assert life_of(room, later, note.id).state == "verified"
        assert life_of(room, anew, note.id).state == "open"
        drive(room.run(anew.id))
        assert life_of(room, room.session(anew.id), note.id).state == "verified"


def test_a_small_model_does_not_refuse_a_members_note(tmp_path: Path):
    """Its refusal would be chance; what a note names, code looks for before and after."""
    with open_room(a_series(tmp_path), model=a_model(small=True)) as room:
        note = room.note("Put the copper kettle into it.", member="Kit", roles=["dialogue_writer"], scene=1)
        session = draft(room)
        raised = [turn for turn in session.turns if turn.body.get("kind") == "note"]
        assert {turn.body["note"] for turn in raised} == {note.id}
        answers = [turn.kind for turn in session.turns if turn.body.get("objection") == raised[0].id]
        assert TurnKind.ACCEPTANCE in answers
        assert TurnKind.REBUTTAL not in answers


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "让何青说：“船不等人，人等船。”",
        "何青要说「船不等人，人等船。」",
        "何青：『船不等人，人等船』",
        '把何青的这一句改成"船不等人，人等船。"',
    ],
)
def test_chinese_words_in_quotes_arrive_as_they_are(tmp_path: Path, text: str, small: bool):
    """Whatever the marks, and whatever the size of the model: like English ones."""
    with open_room(a_series(tmp_path, "the-long-river"), model=a_model(small=small)) as room:
        member = room.bible.team[0].name
        note = room.note(text, member=member, scene=1)
        assert note.roles == ("dialogue_writer",)
        session = draft(room, ZH_IDEA, cast=["何青", "小满"])
        life = life_of(room, session, note.id)
        assert (life.state, life.reason) == ("verified", "原话在里面。")
        assert [line.text for line in life.lines] == ["船不等人，人等船。"]
        assert session.manuscript.scenes[1].speaker_of(life.lines[0].id) == "何青"


def test_a_thing_that_a_chinese_note_names_is_looked_for(tmp_path: Path):
    """For a small model code looks for it, as in English; such a note is asked of one scene."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        note = Note(member=room.bible.team[0].name, text="何青手里拿着那把旧伞。")
        assert asked_once(note, room.bible)
        missing = by_things(note, room.bible, "zh", "雨停了。")
        there = by_things(note, room.bible, "zh", "旧伞靠在门边。")
        assert missing is not None
        assert (missing.met, missing.reason) == (False, "还没有写到旧伞。")
        assert there is not None
        assert (there.met, there.reason) == (True, "写到了旧伞。")


@pytest.mark.parametrize(
    ("series", "text", "who"),
    [
        ("the-last-light", "Mara turns the hand crank while she talks.", "MARA"),
        ("the-long-river", "何青说话的时候要看着江面。", "何青"),
    ],
)
def test_a_note_on_somebody_is_raised_on_a_line_of_theirs(tmp_path: Path, series: str, text: str, who: str):
    """Not on the line of another that happens to share its words."""
    with open_room(a_series(tmp_path, series), model=a_model(small=True)) as room:
        room.note(text, member=room.bible.team[0].name, roles=["dialogue_writer"], scene=1)
        session = draft(room, ZH_IDEA if who == "何青" else IDEA)
        raised = next(turn for turn in session.turns if turn.body.get("kind") == "note")
        first = next(turn for turn in session.turns if turn.kind is TurnKind.DRAFT)
        scene = room.ledger.drafts.get(first.produced or "", SceneDraft)
        line = scene.line(raised.body["line"])
        assert line is not None
        assert scene.speaker_of(line.id) == who or who.casefold() in line.text.casefold()
