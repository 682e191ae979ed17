"""For tests of pitches: models that pitch and choose what they are told, and a small model at a desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from room_kit import IDEA, an_order, begin, drive
from scripted_room import play

from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Answer, Call, Rule, ScriptedModel
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.turn import Stage, Task, Turn, TurnKind

MINE = "A crate lies on the Quay at dawn. Bea hides it in the Boathouse. Mara gives it back to the sea."
ZH_MINE = "渡口漂来一只箱子。小满把它藏进茶馆。何青把箱子还给江水。"

LEDGER = {
    "title": "Ledger",
    "conflict": "Mara carries the ledger across the island before the storm breaks.",
    "turn": "Ines drops every page of it into the water near the rocks.",
    "ending": "Mara writes the missing night again from memory.",
}
WHISTLE = {
    "title": "Whistle",
    "conflict": "Bea blows a whistle that nobody but Pell has heard since her father died.",
    "turn": "Mara shuts the radio off and will not say who gave it to her.",
    "ending": "Bea throws it from the cliff and hears it answer.",
}
KETTLE = {
    "title": "Kettle",
    "conflict": "Ines packs her copper kettle and means to be gone with Thursday's ferry.",
    "turn": "Ines misses the boat because she stops to mend a switch.",
    "ending": "Ines puts the water on for everyone.",
}


def answering(answers: Mapping[str, Answer]) -> ScriptedModel:
    """Return a model with answers to the calls whose labels match; it plays all others."""
    rules = [Rule(label, (answer,)) for label, answer in answers.items()]
    return ScriptedModel(rules=(*rules, Rule("*", (play,))))


def of_kind(session: Session, kind: TurnKind) -> list[Turn]:
    """Return a session's turns of one kind."""
    return [turn for turn in session.turns if turn.kind is kind]


def chosen(room: Room, idea: str = IDEA, **order: Any) -> Session:
    """Run a small session until its story is chosen."""
    run = begin(room, idea, **order)
    run.until = TurnKind.CHOICE
    drive(run)
    assert run.outcome == "reached"
    return room.session(run.session.id)


def small_desk(room: Room, answer: Callable[[Call], str]) -> Desk:
    """Return a desk at which a small model sits."""
    record = room.ledger.sessions.begin(an_order(room), room.bible, session_id="e01-small")
    can = Capabilities(grammar=True, json_schema=True, prefill=True, small=True, context_length=100_000)
    return Desk(
        task=Task(session=record.id, head=None, stage=Stage.CHOICE, role="showrunner"),
        bible=room.bible,
        order=record.order,
        manuscript=Manuscript(),
        reading=Reading(),
        model=ScriptedModel(rules=(Rule("*", (answer,)),), capabilities=can),
        ledger=room.ledger,
        effort=Effort.of("quick"),
        emit=lambda _event: None,
    )
