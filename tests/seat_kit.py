"""Members in seats for tests: sheets filled in, and sessions that are answered until they end."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import indent

from room_kit import resume

from storyroom.memory.asks import Ask
from storyroom.room import Room
from storyroom.seats import offered
from storyroom.session import Session


def filled(sheet: str, **fields: str) -> str:
    """Fill in a blank sheet: texts go below their fields, choices beside them."""
    for name, value in fields.items():
        field = re.search(rf"(?m)^( *)(- )?{name}:(?: \|\n( +))?$", sheet)
        assert field, f"the sheet has no blank field {name}"
        said = f" |\n{indent(value, field[3])}" if field[3] else f" {value}"
        sheet = f"{sheet[: field.start()]}{field[1]}{field[2] or ''}{name}:{said}{sheet[field.end() :]}"
    return sheet


def scene_by(ask: Ask, *more: str) -> str:
    """Write a scene into the sheet that asks for one: a line for each of its cast."""
    speeches = [f"@{name}\n{said}" for name, said in zip(ask.sheet["cast"], _SAID, strict=False)]
    return "\n\n".join([offered(ask).rstrip(), *speeches, *more]) + "\n"


_SAID = ("The kettle was never on.", "Then who burned the log?", "Nobody moves.", "Hold the lamp.")


def go_on(room: Room, session: Session, answers: Callable[[Ask], str]) -> Session:
    """Answer whatever members are asked, and resume, until the session ends."""
    while session.asked:
        for ask in session.asked:
            room.answer_seat(session.id, answers(ask))
        resume(room, session.id)
        session = room.session(session.id)
    return session
