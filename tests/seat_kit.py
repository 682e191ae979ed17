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


def every_block(ask: Ask, **fields: str) -> str:
    """Fill in each block of a sheet alike; text that is different for each is a format with its number."""
    sheet = offered(ask)
    # What is accepted at a table read is reworded later.
    if ask.sheet.get("later"):
        fields.pop("text", None)
    for number in range(1, len(ask.sheet["lines"]) + 1):
        sheet = filled(sheet, **{name: value.format(number) for name, value in fields.items()})
    return sheet


def first_line(ask: Ask, place: int = 0) -> str:
    """Return the number of a line that a review can object to."""
    return str(ask.sheet["lines"][place][0])


def scene_by(ask: Ask, *more: str) -> str:
    """Write a scene into the sheet that asks for one: what happens in it, and a line for each of its cast."""
    sheet = offered(ask).rstrip()
    number = ask.sheet["number"]
    beat = re.search(r"(?m)^(?:What happens: |发生什么：)(.+)$", sheet)
    assert beat, "the sheet tells what happens"
    said = [f"@{name}\n{line.format(number)}" for name, line in zip(ask.sheet["cast"], _SAID, strict=False)]
    return "\n\n".join([sheet, beat[1], *said, *more]) + "\n"


def anything(ask: Ask) -> str:
    """Fill in a sheet of any kind: as an author who defends each line, a critic who insists on the first."""
    sheet = offered(ask)
    match ask.sheet["kind"]:
        case "brief":
            sheet = filled(sheet, premise="Mara wants the page.", theme="Truth.", arc="joy, fear")
            return re.sub(r"lead:\n", "lead: Mara\n", sheet).replace("line: |\n", "line: |\n    She reads.\n")
        case "pitch":
            number = ask.task.ordinal
            return filled(sheet, title=f"Pitch {number}", conflict="One.", turn="Two.", ending="Three.")
        case "choice":
            return filled(sheet, pitches="1", reason="It is the first.")
        case "outline":
            sheet = filled(sheet, title="By Hand")
            for number in range(1, ask.sheet["order"]["scenes"] + 1):
                beat = f"Mara opens drawer {number} of the desk."
                sheet = filled(sheet, place="Quay", time="NIGHT", cast="Mara, Bea", beat=beat, feeling="joy")
            return sheet
        case "scene":
            return scene_by(ask)
        case "replies":
            return every_block(ask, answer="rebut", reason="It has to stay.")
        case "review":
            line = first_line(ask)
            return filled(sheet, objections=f"[{{line: '{line}', kind: logic, says: Nobody would.}}]")
        case "verifications":
            return every_block(ask, met="no", reason="It is still there.")
        case "rulings":
            return every_block(ask, keep="new", reason="The author is right.")
        case "feeling":
            return filled(sheet, feeling="joy", reason="They laugh.")
        case kind:
            raise AssertionError(f"a sheet of a kind that nobody knows: {kind}")


_SAID = (
    "The kettle was never on, {}.",
    "Then who burned the log, {}?",
    "Nobody moves before {}.",
    "Hold the lamp, {}.",
)


def go_on(room: Room, session: Session, answers: Callable[[Ask], str], *, until: str = "") -> Session:
    """Answer whatever members are asked, and resume, until the session ends or asks for something.

    Args:
        until: a kind of sheet; the session that first asks for one is returned.
    """
    while session.asked and session.asked[0].sheet["kind"] != until:
        for ask in session.asked:
            room.answer_seat(session.id, answers(ask))
        resume(room, session.id)
        session = room.session(session.id)
    return session
