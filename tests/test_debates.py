"""Debates: rounds, insistence, rulings, limits, and what code catches before anybody argues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from room_kit import a_series, begin, drive, open_room, prompt_of
from scripted_room import scripted_room

from storyroom.agents.author import Document, Reply
from storyroom.agents.crew import Crew
from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.agents.plot_writer import PlotWriter
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper
from storyroom.story.script import Kind
from storyroom.story.turn import Stage, Turn, TurnKind


@dataclass
class Held:
    """A critic that objects to the first speech, and is content after so many verifications.

    Attributes:
        content_after: how often it insists before it is content; None is never.
        quote: what it quotes instead of the line.
    """

    content_after: int | None = 0
    quote: str | None = None
    role: str = "held"
    asked: int = 0

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Object to the first speech."""
        self.asked = 0
        line = next(one for one in draft.lines if one.kind is Kind.DIALOGUE)
        quote = line.text if self.quote is None else self.quote
        return [Objection(line=line.id, quote=quote, kind="logic", gravity="serious", says="It is not hers.")]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Insist as long as told."""
        self.asked += 1
        if self.content_after is None or self.asked <= self.content_after:
            return False, f"Still not hers, said {self.asked} times."
        return True, "It is hers now."


class Agreeable(DialogueWriter):
    """A writer that accepts everything, with a wording of its own."""

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Accept."""
        line = document.line(objection.line)
        assert line is not None
        return Reply(accept=True, reason="So be it.", text=f"{line.text.rstrip('.')} again.")


class Stubborn(DialogueWriter):
    """A writer that rebuts everything."""

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Rebut."""
        return Reply(accept=False, reason="It is hers.")


class Sweeping(DialogueWriter):
    """A writer that takes an objection as a reason to reword every speech."""

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Accept, and reword more than was asked for."""
        revised = document
        assert isinstance(document, SceneDraft)
        for line in document.lines:
            if line.kind is Kind.DIALOGUE:
                revised = revised.with_line(line.id, f"{line.text.rstrip('.')} instead.")
        return Reply(accept=True, reason="While I was at it.", revised=revised)


def crew_of(critic: Held, writer: DialogueWriter) -> Crew:
    """Return a crew in which one critic reviews what one writer writes."""
    return replace(Crew.default(), critics=(critic,), dialogue_writer=writer)


def play(room: Room, **order: object) -> Session:
    """Draft one scene."""
    run = begin(room, scenes=1, pages=1.0, **order)  # type: ignore[arg-type]
    drive(run)
    assert run.outcome == "finished"
    return room.session(run.session.id)


def of_scene(session: Session, *kinds: TurnKind) -> list[Turn]:
    """Return the turns of the first pass of the first scene."""
    turns = [turn for turn in session.turns if (turn.scene, turn.task.pass_) == (1, 1)]
    return [turn for turn in turns if turn.kind in kinds]


def stop_of(session: Session) -> dict[str, object]:
    """Return why the debate on the first scene stopped."""
    return of_scene(session, TurnKind.STOP)[0].body


@pytest.mark.parametrize(("depth", "rounds"), [("quick", 1), ("standard", 2), ("deep", 3)])
def test_insistence_goes_on_to_the_limit_and_is_then_ruled_on(tmp_path: Path, depth: str, rounds: int):
    """Who never yields is answered once a round; then the showrunner rules, and the dissent is kept."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(None), Agreeable())) as room:
        session = play(room, depth=depth)
        objection = of_scene(session, TurnKind.OBJECTION)[0]
        assert len(of_scene(session, TurnKind.ACCEPTANCE)) == rounds
        verdicts = of_scene(session, TurnKind.VERIFICATION)
        assert [turn.body["met"] for turn in verdicts] == [False] * rounds
        assert [turn.task.round for turn in verdicts] == list(range(1, rounds + 1))
        ruling = of_scene(session, TurnKind.RULING)[0]
        assert ruling.body["objection"] == objection.id
        assert stop_of(session) == {
            "reason": "ruling",
            "rounds": rounds,
            "unanswered": 0,
            "open": [objection.id],
        }
        line = session.manuscript.scenes[1].line(objection.body["line"])
        assert line is not None
        assert (line.text == objection.body["quote"]) is (ruling.body["keep"] == "old")


def test_what_no_wording_can_meet_takes_nobody_s_turn(tmp_path: Path):
    """That a scene is not about its beat stays on record; the next objection is answered in its place."""

    class Lost(Held):
        async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
            (one,) = await super().review(desk, draft)
            other = draft.lines[0]
            lost = one.model_copy(
                update={"line": other.id, "quote": other.text, "kind": "about", "certain": True}
            )
            return [lost, one]

    with open_room(a_series(tmp_path), crew=crew_of(Lost(), Agreeable())) as room:
        session = play(room, depth="quick")
        lost, held = of_scene(session, TurnKind.OBJECTION)
        assert [turn.body["objection"] for turn in of_scene(session, TurnKind.ACCEPTANCE)] == [held.id]
        assert (stop_of(session)["reason"], stop_of(session)["open"]) == ("round_limit", [lost.id])


def test_an_objector_who_yields_in_the_second_round_ends_the_debate(tmp_path: Path):
    """It stops as agreed after two rounds, before the limit, and nothing is left open."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(1), Agreeable())) as room:
        session = play(room, depth="deep")
        assert stop_of(session) == {"reason": "agreed", "rounds": 2, "unanswered": 0, "open": []}
        assert [turn.body["met"] for turn in of_scene(session, TurnKind.VERIFICATION)] == [False, True]
        assert of_scene(session, TurnKind.RULING) == []


def test_a_rebuttal_that_convinces_changes_nothing(tmp_path: Path):
    """The objection is withdrawn, no version comes of it, and the stop says that nothing changed."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(0), Stubborn())) as room:
        session = play(room)
        assert [turn.kind for turn in of_scene(session, TurnKind.REBUTTAL)] == [TurnKind.REBUTTAL]
        assert of_scene(session, TurnKind.REVISION)[0].produced is None
        assert stop_of(session)["reason"] == "no_material_change"


def test_the_writer_is_told_why_the_objector_insists(tmp_path: Path):
    """The second round's prompt holds the reason that was given in the first."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(None), DialogueWriter())) as room:
        session = play(room, depth="standard")
        answers = of_scene(session, TurnKind.ACCEPTANCE, TurnKind.REBUTTAL)
        first, second = (prompt_of(room, turn) for turn in answers)
        assert "Still not hers" not in first
        assert "Still not hers, said 1 times." in second


def test_an_objection_that_quotes_what_is_not_there_is_rejected_before_anybody_argues(tmp_path: Path):
    """Code rejects it; it is neither answered nor verified, and counts for nothing."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(quote="Nobody said this."), Agreeable())) as room:
        session = play(room)
        objection = of_scene(session, TurnKind.OBJECTION)[0]
        rejection = of_scene(session, TurnKind.REJECTION)[0]
        assert rejection.body["objection"] == objection.id
        assert str(rejection.actor) == "code"
        assert of_scene(session, TurnKind.ACCEPTANCE, TurnKind.REBUTTAL, TurnKind.VERIFICATION) == []
        assert stop_of(session)["reason"] == "agreed"


def test_changes_that_nobody_asked_for_are_caught_and_shown(tmp_path: Path):
    """Only the line that was objected to is reworded; the rest is listed, and stays as it was."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(0), Sweeping())) as room:
        session = play(room)
        objection = of_scene(session, TurnKind.OBJECTION)[0]
        revision = of_scene(session, TurnKind.REVISION)[0]
        assert revision.body["changed"] == [objection.body["line"]]
        assert len(revision.body["unasked"]) >= 2
        assert revision.about
        before = room.ledger.drafts.get(revision.about, SceneDraft)
        for one in revision.body["unasked"]:
            kept, was = session.manuscript.scenes[1].line(one["line"]), before.line(one["line"])
            assert kept is not None
            assert was is not None
            assert kept.text == was.text == one["was"] != one["now"]


@pytest.mark.parametrize("limit", ["tokens: 1", "seconds: 0.000001"])
def test_a_debate_that_has_spent_its_budget_stops_and_says_so(tmp_path: Path, limit: str):
    """What is still open stays open: no ruling is bought, and it does not pass as agreement."""
    folder = a_series(tmp_path)
    bible = folder / "series.yaml"
    text = bible.read_text(encoding="utf-8")
    assert "\nroom:\n" in text
    bible.write_text(
        text.replace("\nroom:\n", f"\nroom:\n  debate: {{rounds: 3, {limit}}}\n"), encoding="utf-8"
    )
    with open_room(folder, crew=crew_of(Held(None), DialogueWriter())) as room:
        session = play(room)
        objection = of_scene(session, TurnKind.OBJECTION)[0]
        stop = {"reason": "budget_spent", "rounds": 1, "unanswered": 0, "open": [objection.id]}
        assert stop_of(session) == stop
        assert of_scene(session, TurnKind.RULING) == []


class Sceptic:
    """A critic of plans only: it objects to the ending of the first pitch and to the first beat."""

    role = "sceptic"

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Have nothing against a scene."""
        return []

    async def review_paper(self, desk: Desk, paper: Paper) -> Sequence[Objection]:
        """Object to a line of the plan."""
        wanted = "1.ending" if desk.task.stage is Stage.PITCH else "1.beat"
        line = paper.line(wanted)
        assert line is not None
        return [
            Objection(line=wanted, quote=line.text, kind="logic", gravity="serious", says="It costs nothing.")
        ]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Be content with any change."""
        return before != after, "It costs something now."


class Revising(PlotWriter):
    """A plot writer that accepts everything."""

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Accept."""
        return Reply(accept=True, reason="True.", text="Mara pays for it with the boat.")


def test_pitches_and_outline_are_argued_about_like_scenes(tmp_path: Path):
    """What is accepted stands in the pitch that the showrunner reads, and in the outline."""
    crew = replace(Crew.default(), critics=(Sceptic(),), plot_writer=Revising())
    with open_room(a_series(tmp_path), crew=crew) as room:
        session = play(room)
        pitches, outline = session.manuscript.pitches, session.manuscript.outline
        assert pitches is not None
        assert outline is not None
        assert pitches.pitches[0].pitch.ending == "Mara pays for it with the boat."
        assert outline.scenes[0].beat == "Mara pays for it with the boat."
        choice = next(turn for turn in session.turns if turn.kind is TurnKind.CHOICE)
        assert "Mara pays for it with the boat." in prompt_of(room, choice)
        stops = [turn for turn in session.turns if turn.kind is TurnKind.STOP and turn.scene is None][:2]
        assert [turn.task.stage for turn in stops] == [Stage.PITCH, Stage.OUTLINE]
        assert {turn.body["reason"] for turn in stops} == {"agreed"}


def test_the_table_read_says_what_it_sends_back_and_the_writer_reads_it(tmp_path: Path):
    """Its objections quote lines, its stop says that scenes went back, the second draft's prompt has them."""
    with open_room(a_series(tmp_path), model=scripted_room(wordy=True)) as room:
        session = play(room)
        read = [
            turn for turn in session.turns if turn.task.stage is Stage.TABLE_READ and turn.task.pass_ == 1
        ]
        objections = [t for t in read if t.kind is TurnKind.OBJECTION and t.task.pass_ == 1]
        assert objections
        stop = next(turn for turn in read if turn.kind is TurnKind.STOP)
        assert (stop.body["reason"], stop.body["open"]) == ("sent_back", [])
        assert stop.body["back"] == [turn.id for turn in objections]
        again = next(t for t in session.turns if t.kind is TurnKind.DRAFT and t.task.pass_ == 2)
        assert objections[0].body["says"] in prompt_of(room, again)
        assert objections[0].body["quote"] in prompt_of(room, again)
