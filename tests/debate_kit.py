"""Sessions in which debates go every way: critic, writer and showrunner play parts that are written down.

Who imports the fixtures `a_room`, `a_session`, `a_debate` and `a_read` can ask for a `room`, its `session`,
the `debate` on its scene, and that debate as it is `read`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from room_kit import a_series, begin, drive, open_room, resume
from seat_kit import filled
from sqlalchemy import event

from storyroom.agents.author import Document, Reply
from storyroom.agents.crew import Crew
from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.agents.showrunner import Showrunner
from storyroom.memory.asks import Ask
from storyroom.memory.debates import Debate, debate_named, debates_of
from storyroom.room import Room
from storyroom.seats import offered
from storyroom.session import Session
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection, ObjectionKind
from storyroom.story.script import Kind
from storyroom.transcripts.transcript import Transcript, transcript_of

MARKUP = "<b>Nobody</b> says & [writes](x) this."
"""An objection that must be shown as text, whatever it is shown in."""

KINDS: tuple[ObjectionKind, ...] = ("repetition", "dialogue", "character", "logic", "format")
"""Of the objections to a scene, in order; what becomes of each is in `PARTS`."""

PARTS = {
    "repetition": ("accept", True, ""),  # settled
    "dialogue": ("rebut", True, ""),  # withdrawn
    "character": ("accept", False, "old"),  # overruled
    "logic": ("accept", False, "new"),  # upheld
    "format": ("", False, ""),  # rejected, because its quote is wrong
}


class Demanding:
    """A critic that makes one objection of each kind, to one speech after the other."""

    role = "held"

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Object to the first speeches."""
        lines = [one for one in draft.lines if one.kind is Kind.DIALOGUE]
        return [
            Objection(
                line=line.id,
                quote="Nobody said this." if kind == "format" else line.text,
                kind=kind,
                gravity="minor" if kind == "dialogue" else "serious",
                says=MARKUP,
            )
            for kind, line in zip(KINDS, lines, strict=False)
        ]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Be content, or not, as the part says."""
        content = PARTS[objection.kind][1]
        return content, "It will do." if content else "It will not do."


class Playing(DialogueWriter):
    """A writer that accepts or rebuts as the part says, and rewords one line too many."""

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Answer."""
        if PARTS.get(objection.kind, ("accept",))[0] == "rebut":
            return Reply(accept=False, reason="She would.")
        line = document.line(objection.line)
        assert line is not None
        if objection.kind != "repetition":
            return Reply(accept=True, reason="So be it.", text=f"{line.text.rstrip('.')} anew.")
        assert isinstance(document, SceneDraft)
        last = document.lines[-1]
        revised = document.with_line(line.id, f"{line.text.rstrip('.')} once.")
        return Reply(accept=True, reason="True.", revised=revised.with_line(last.id, "And more."))


class Ruling(Showrunner):
    """A showrunner who rules as the part says."""

    async def rule(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Rule."""
        return PARTS[objection.kind][2] == "old", "I have said so."


def a_crew() -> Crew:
    """Return a crew in which the parts are played."""
    return replace(Crew.default(), critics=(Demanding(),), dialogue_writer=Playing(), showrunner=Ruling())


def play(room: Room, **order: object) -> Session:
    """Draft one scene at full depth."""
    run = begin(room, **{"scenes": 1, "pages": 1.0, "depth": "deep", **order})  # type: ignore[arg-type]
    drive(run)
    assert run.outcome == "finished"
    return room.session(run.session.id)


def debate_in(session: Session, name: str = "scene.1") -> Debate:
    """Return a debate of a session."""
    return debate_named(debates_of(session.ledger, session.id), name)


@pytest.fixture(scope="module", name="room")
def a_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room in which every part is played."""
    with open_room(a_series(tmp_path_factory.mktemp("debates")), crew=a_crew()) as room:
        yield room


@pytest.fixture(scope="module", name="session")
def a_session(room: Room) -> Session:
    """A session whose first scene was argued about every way."""
    return play(room)


@pytest.fixture(scope="module", name="debate")
def a_debate(session: Session) -> Debate:
    """The debate on its scene."""
    return debate_in(session)


@pytest.fixture(scope="module", name="read")
def a_read(session: Session, debate: Debate) -> Transcript:
    """That debate as it is read."""
    return transcript_of(session.ledger, debate, "en")


def file_of(room: Room, session: Session) -> Path:
    """Return the script that the session wrote out."""
    return room.series.drafts / f"s01e{session.order.episode:02d}-{session.id}.fountain"


def answered_by_hand(room: Room, member: str, text: str) -> Session:
    """Draft a scene in which a member answers the objections, and leaves the draft to the agent."""

    def answer(ask: Ask) -> str:
        if ask.sheet["kind"] == "replies" and ask.task.scene is not None:
            return filled(offered(ask), answer="accept", reason="Take mine.", text=text)
        return ""

    room.take_seat("dialogue_writer", member)
    run = begin(room, scenes=1, pages=1.0)
    drive(run)
    session = room.session(run.session.id)
    while session.asked:
        for ask in session.asked:
            room.answer_seat(session.id, answer(ask))
        resume(room, session.id)
        session = room.session(session.id)
    return session


@contextmanager
def asked_of(room: Room) -> Iterator[list[str]]:
    """Collect the queries that the ledger of a room is asked meanwhile, plain ones and SQLAlchemy's."""
    database, asked = room.ledger.database, list[str]()
    plain = database.rows

    def rows(query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        asked.append(query)
        return plain(query, values)

    def listen(*given: object) -> None:
        asked.append(str(given[2]))

    database.rows = rows  # type: ignore[method-assign]
    event.listen(database._engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(database._engine, "before_cursor_execute", listen)
        del database.rows
