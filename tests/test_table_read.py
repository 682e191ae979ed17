"""The table read: objections to the episode, argued about, sent back once, verified by the second read."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from room_kit import a_series, prompt_of, resume
from room_kit import open_room as opened
from seat_kit import every_block, go_on
from table_read_kit import (
    ANEW,
    SAYS,
    Reader,
    Standing,
    a_crew,
    at_the_table,
    drafts_of,
    first_speech,
    play,
    read_named,
    reads_of,
)

from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.graphs.returning import sent_back
from storyroom.memory.asks import Ask
from storyroom.memory.provenance import why
from storyroom.memory.sifting import Sieve
from storyroom.memory.threads import threads_of
from storyroom.memory.wordings import wordings
from storyroom.seats import offered
from storyroom.story.turn import Actor, Stage, Task, Turn, TurnKind
from storyroom.transcripts.transcript import transcript_of
from storyroom.transcripts.words import Words


def test_what_is_accepted_goes_back_is_mended_and_verified(tmp_path: Path) -> None:
    """One line is reworded, every other stands; the second read says that it is met, and agrees."""
    with opened(a_series(tmp_path), crew=a_crew(Reader())) as room:
        session = play(room, scenes=2, pages=2.0)
        assert session.status == "finished"
        first, second = drafts_of(room, session, 1)
        line = first_speech(first)
        assert [one.text for one in second.elements] == [
            ANEW + one.text if one.id == line.id else one.text for one in first.elements
        ]
        assert [one.id for one in second.elements] == [one.id for one in first.elements]
        assert [turn.scene for turn in session.turns if turn.kind is TurnKind.DRAFT] == [1, 2, 1]
        read, again = reads_of(session)
        assert (read.id, read.reason, dict(read.fates)) == ("table_read", "sent_back", {"sent_back": 1})
        assert (again.id, again.reason, dict(again.fates)) == ("table_read.p2", "agreed", {"settled": 1})
        (verified,) = again.threads[0].said
        assert (verified.kind, verified.body["met"]) == (TurnKind.VERIFICATION, True)
        assert Words("en").outcome(again) == "what went back is mended"
        assert (read.spent.calls, again.spent.calls) == (2, 2), (
            "each scene is read for what it makes one feel"
        )


def test_the_change_is_told_where_the_line_is_asked_about(tmp_path: Path) -> None:
    """`why` names the objection of the table read with what was said about it; the wordings follow it."""
    with opened(a_series(tmp_path), crew=a_crew(Reader())) as room:
        session = play(room)
        assert session.head
        line = first_speech(session.manuscript.scenes[1])
        found = why(room.ledger, session.head, line.id)
        last = found.steps[-1]
        assert (last.turn.kind, last.turn.task.pass_, last.now) == (TurnKind.DRAFT, 2, line.text)
        assert [one.objection.says for one in last.threads] == [SAYS]
        assert [one.objection.says for one in found.objected] == [SAYS]
        said = [turn.kind for turn in last.threads[0].said]
        assert said == [TurnKind.ACCEPTANCE, TurnKind.VERIFICATION]
        lines = wordings(room.ledger, read_named(session, "table_read.p2"))
        assert lines.after(line.id) == ANEW + lines.before(line.id)
        shown = transcript_of(room.ledger, read_named(session, "table_read.p2"), "en").exchanges[0]
        assert shown.where.startswith("Scene 1, line ")
        assert shown.change is not None
        assert shown.change.now == line.text


def test_what_is_withdrawn_sends_nothing_back(tmp_path: Path) -> None:
    """The author defends the line, the objector is convinced; there is no second read."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(content={1: True}), accepts=False)) as room:
        session = play(room)
        (read,) = reads_of(session)
        assert (read.reason, dict(read.fates)) == ("no_material_change", {"withdrawn": 1})
        assert len(drafts_of(room, session, 1)) == 1


@pytest.mark.parametrize("keep_old", [True, False])
def test_the_showrunner_rules_on_what_is_insisted_on(tmp_path: Path, keep_old: bool) -> None:
    """After as many rounds as the session allows; a line that stays leaves its objector dissenting."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(), accepts=False, keep_old=keep_old)) as room:
        session = play(room, depth="standard")
        rounds = session.order.limits.rounds
        assert rounds > 1
        answers = at_the_table(session, TurnKind.REBUTTAL)
        assert [turn.body["reason"] for turn in answers] == [
            "It is planted there.",
            *["It is planted there. It will not do."] * (rounds - 1),
        ]
        read = reads_of(session)[0]
        (thread,) = read.threads
        assert (read.reason, read.rounds, thread.insisted) == ("ruling", rounds, rounds)
        assert thread.fate == ("overruled" if keep_old else "upheld")
        assert thread.dissent is keep_old
        assert len(drafts_of(room, session, 1)) == (1 if keep_old else 2)
        assert len(reads_of(session)) == (1 if keep_old else 2)
        told = transcript_of(room.ledger, read, "en").exchanges[0].moves[-1].verb
        assert told == (
            "rules that the scene stays as it is" if keep_old else "rules that the scene goes back"
        )


def test_a_limit_is_never_told_as_agreement(tmp_path: Path) -> None:
    """What nobody answered, and what the session may not send back any more, stays open."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(scenes=(1, 2)))) as room:
        session = play(room, depth="quick", scenes=2, pages=2.0)
        read = reads_of(session)[0]
        assert sorted(one.fate for one in read.threads) == ["open", "sent_back"]
        assert read.reason == "round_limit"
        for language in ("en", "zh"):
            assert Words(language).outcome(read) not in (Words(language)["agreed"], Words(language)["silent"])
        again = read_named(session, "table_read.p2")
        assert sorted(one.fate for one in again.threads) == ["open", "settled"]
        assert again.reason == "round_limit", "what was left open is not forgotten"
    with opened(a_series(tmp_path / "more"), crew=a_crew(Reader(scenes=(1, 2, 3)))) as room:
        session = play(room, depth="standard", scenes=3, pages=3.0)
        (report,) = at_the_table(session, TurnKind.TABLE_READ)
        assert report.body["again"] == [1, 2], "a session of this depth sends two scenes back"
        read = reads_of(session)[0]
        assert (read.reason, read.threads[2].fate, read.threads[2].dissent) == ("round_limit", "open", True)


def test_what_is_not_mended_stays_on_record(tmp_path: Path) -> None:
    """The second read sends nothing back, and does not agree."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(content={1: False, 2: False}))) as room:
        session = play(room)
        assert session.status == "finished"
        read, again = reads_of(session)
        assert (again.reason, dict(again.fates), again.threads[0].dissent) == (
            "round_limit",
            {"open": 1},
            True,
        )
        assert len(drafts_of(room, session, 1)) == 2
        (report,) = at_the_table(session, TurnKind.TABLE_READ, pass_=2)
        assert report.body["again"] == []
        assert Words("en").outcome(again) == "read, with faults that stay"
        assert read.threads[0].fate == "sent_back"


def test_a_human_in_the_showrunner_s_seat_rules(tmp_path: Path) -> None:
    """The sheet tells what stays and what goes back, and no model is asked."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(), accepts=False)) as room:
        room.take_seat("showrunner", "Dev")

        def rule(ask: Ask) -> str:
            if ask.task.stage is not Stage.TABLE_READ:
                return ""
            sheet = offered(ask)
            assert "goes back to be mended" in sheet
            assert SAYS in sheet
            assert "Line 1:" in sheet
            return every_block(ask, keep="new", reason="She has a point.")

        session = go_on(room, play(room), rule)
        assert session.status == "finished"
        (ruling,) = at_the_table(session, TurnKind.RULING)
        assert (str(ruling.actor), ruling.body["keep"]) == ("member:Dev", "new")
        assert not room.ledger.calls.made(task=ruling.task.id)
        assert len(drafts_of(room, session, 1)) == 2
        (debate,) = Sieve(stage="table_read", member="Dev").sift(reads_of(session))
        assert debate.id == "table_read"


def test_a_human_in_the_writer_s_seat_accepts_and_mends(tmp_path: Path) -> None:
    """No new wording is asked for at the table; the scene that comes back is there to be changed."""
    with opened(a_series(tmp_path), crew=a_crew(Reader())) as room:
        room.take_seat("dialogue_writer", "Rosa")
        sheets: list[str] = []

        def write(ask: Ask) -> str:
            sheet = offered(ask)
            if ask.task.stage is Stage.TABLE_READ:
                assert "text:" not in sheet
                return every_block(ask, answer="accept", reason="So be it.")
            if ask.sheet["kind"] == "scene" and ask.task.pass_ == 2:
                sheets.append(sheet)
                script = sheet.partition("*/")[2]
                line = first_speech(room.session(ask.task.session).manuscript.scenes[1]).text
                assert script.count(line) == 1
                return script.replace(line, "Rosa's own words.")
            return ""

        session = go_on(room, play(room), write)
        assert session.status == "finished"
        assert len(sheets) == 1
        assert SAYS in sheets[0]
        accepted = at_the_table(session, TurnKind.ACCEPTANCE)
        assert [str(turn.actor) for turn in accepted] == ["member:Rosa"]
        assert first_speech(session.manuscript.scenes[1]).text == "Rosa's own words."


def test_an_edit_taken_in_between_the_passes_stands(tmp_path: Path) -> None:
    """The scene that went back is mended from what a member made of it meanwhile."""
    mine = "Then I shall wait for daylight."
    with opened(a_series(tmp_path), crew=a_crew(Reader(), accepts=False)) as room:
        room.take_seat("showrunner", "Dev")
        session = go_on(room, play(room), lambda _ask: "", until="rulings")
        assert session.asked[0].task.stage is Stage.TABLE_READ
        before = session.manuscript.scenes[1]
        other = before.lines[-1]
        assert other.id != first_speech(before).id
        file = tmp_path / "edited.fountain"
        file.write_text(session.fountain.replace(other.text, mine), "utf-8")
        room.absorb(file, member="Kit", session=session.id)
        room.answer_seat(session.id, every_block(session.asked[0], keep="new", reason="Mend it."))
        assert resume(room, session.id).outcome == "finished"
        session = room.session(session.id)
        scene = session.manuscript.scenes[1]
        assert scene.line(other.id).text == mine  # type: ignore[union-attr]
        assert first_speech(scene).text == ANEW + first_speech(before).text
        assert len(reads_of(session)) == 2, "the read that waited went on with the script that it began with"


def test_a_line_that_was_reworded_since_is_left_to_who_did_it(tmp_path: Path) -> None:
    """What a member changed in the very line that was objected to is their answer to it."""
    with opened(a_series(tmp_path), crew=a_crew(Reader(), accepts=False)) as room:
        room.take_seat("showrunner", "Dev")
        session = go_on(room, play(room), lambda _ask: "", until="rulings")
        line = first_speech(session.manuscript.scenes[1])
        file = tmp_path / "edited.fountain"
        file.write_text(session.fountain.replace(line.text, "Kit's own line."), "utf-8")
        room.absorb(file, member="Kit", session=session.id)
        room.answer_seat(session.id, every_block(session.asked[0], keep="new", reason="Mend it."))
        resume(room, session.id)
        assert first_speech(room.session(session.id).manuscript.scenes[1]).text == "Kit's own line."


def test_a_session_that_comes_by_again_finds_its_reads_held(tmp_path: Path) -> None:
    """With the checkpoints gone, the same turns are found, and no model is asked again."""
    with opened(a_series(tmp_path), crew=a_crew(Reader())) as room:
        before = play(room)
        calls = room.ledger.counts()["calls"]
        for file in room.series.checkpoints.parent.glob(room.series.checkpoints.name + "*"):
            file.unlink()
        resume(room, before.id)
        after = room.session(before.id)
        assert [turn.id for turn in after.turns] == [turn.id for turn in before.turns]
        assert (after.head, room.ledger.counts()["calls"]) == (before.head, calls)


def test_a_fork_holds_a_table_read_of_its_own(tmp_path: Path) -> None:
    """From the debate on a scene that went back, too: what its parent's table read held does not count."""
    with opened(a_series(tmp_path), crew=a_crew(Reader())) as room:
        parent = play(room)
        fork = room.fork(parent.id, "1:debate", seed=9)
        assert resume(room, fork.id).outcome == "finished"
        fork = room.session(fork.id)
        own = [one for one in reads_of(fork) if not one.shared]
        assert [one.id for one in own] == ["table_read", "table_read.p2"]
        assert {turn.task.session for one in own for turn in one.turns} == {fork.id}


def test_the_writer_is_told_what_the_table_read_holds_against_a_line(tmp_path: Path) -> None:
    """The agent's own rewriting: its prompt has the quote and the objection."""

    class Usual(Standing):
        rewrite = DialogueWriter.rewrite

    crew = a_crew(Reader())
    object.__setattr__(crew, "dialogue_writer", Usual())
    with opened(a_series(tmp_path), crew=crew) as room:
        session = play(room)
        (again,) = (turn for turn in session.turns if turn.kind is TurnKind.DRAFT and turn.task.pass_ == 2)
        (raised,) = at_the_table(session, TurnKind.OBJECTION)
        assert again.body["mends"] == [raised.id]
        assert len(room.ledger.calls.made(task=again.task.id)) == 1
        assert raised.body["says"] in prompt_of(room, again)
        assert raised.body["quote"] in prompt_of(room, again)


def test_reads_that_were_held_without_a_debate_are_read_back(tmp_path: Path) -> None:
    """Earlier releases recorded objections that went back or stayed open, and nothing else."""
    task = Task(session="e01-abc", head="h1", stage=Stage.TABLE_READ, role="emotion_critic")
    code = Actor(kind="code")

    def turn(number: int, kind: TurnKind, body: dict[str, Any]) -> Turn:
        place = task if kind is not TurnKind.STOP else task.model_copy(update={"round": 98})
        return Turn(id=f"{place.id}.{number}", seq=number, task=place, kind=kind, actor=code, body=body)

    said = {"line": "a", "quote": "No.", "kind": "format", "gravity": "minor", "says": "It stops."}
    turns = [turn(0, TurnKind.TABLE_READ, {"again": [1]})]
    turns += [turn(number, TurnKind.OBJECTION, {**said, "scene": number}) for number in (1, 2)]
    stop = {"reason": "round_limit", "rounds": 0, "unanswered": 1, "open": [turns[2].id]}
    turns.append(turn(3, TurnKind.STOP, stop))
    assert [(one.fate, one.scene) for one in threads_of(turns)] == [("sent_back", 1), ("open", 2)]
    ledger: Any = SimpleNamespace(
        turns=SimpleNamespace(said=lambda *_args, **_kwargs: turns),
        drafts=SimpleNamespace(line=lambda head: [SimpleNamespace(id=one) for one in ("h1", head)]),
    )
    assert [one.id for one in sent_back(ledger, "e01-abc", "h2")] == [turns[1].id]
