"""What a model was sent for a turn, piece by piece, and what it answered; or what a member was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from storyroom.errors import InputError, SessionError
from storyroom.memory.asks import Ask
from storyroom.memory.calls import Call
from storyroom.memory.inbox import Answer
from storyroom.memory.ledger import Ledger
from storyroom.memory.tables import turns
from storyroom.story.turn import Turn

_SHORTEST_ID = 6


@dataclass(frozen=True)
class Sent:
    """One call of a model.

    Attributes:
        parts: of the user message, in order; joined without anything between them.
        prefill: the beginning of the answer, which the model went on from.
    """

    call: Call
    system: str
    parts: tuple[str, ...]
    prefill: str

    @property
    def user(self) -> str:
        """The whole user message."""
        return "".join(self.parts)


@dataclass(frozen=True)
class Asked:
    """What was put before a member in the role's seat.

    Attributes:
        sheet: the form that they were given.
        answer: what they handed in; None while they have not.
    """

    ask: Ask
    sheet: str
    answer: Answer | None


@dataclass(frozen=True)
class Behind:
    """What stands behind a turn: the calls of its task, and what a member was asked in it."""

    turn: Turn
    calls: tuple[Sent, ...]
    asked: tuple[Asked, ...]


def behind(ledger: Ledger, turn: Turn) -> Behind:
    """Return what a turn's task sent to models, and what it put before a member."""
    calls = tuple(_sent(ledger, call) for call in ledger.calls.made(task=turn.task.id))
    asks = [ask for ask in ledger.asks.of(turn.task.session) if ask.task.id == turn.task.id]
    return Behind(turn, calls, tuple(_asked(ledger, ask) for ask in asks))


def turn_named(ledger: Ledger, name: str, session: str | None = None) -> Turn:
    """Return a turn by its number, or by its id or the beginning of it.

    Args:
        session: in which it was said, in full; anywhere in the series when not given.

    Raises:
        InputError: the name is neither a number nor long enough for an id.
        SessionError: there is no such turn, or it belongs to another session.
    """
    if name.isdecimal() and len(name) < _SHORTEST_ID * 2:
        condition = turns.c.seq == int(name)
    elif len(name) >= _SHORTEST_ID and name.replace(".", "").isalnum():
        condition = turns.c.id.startswith(name, autoescape=True)
    else:
        raise InputError(
            f"{name!r} names no turn.",
            hint="Give its number as in `storyroom show SESSION turns`, or its id.",
        )
    query = select(turns.c.id).where(condition).order_by(turns.c.seq).limit(1)
    with ledger.database.read() as connection:
        found = connection.execute(query).scalar()
    turn = ledger.turns.get(found) if found else None
    if turn is None:
        raise SessionError(f"There is no turn {name}.", hint="`storyroom show SESSION turns` numbers them.")
    if session is not None and turn.task.session != session:
        raise SessionError(
            f"Turn {name} was said in session {turn.task.session}, not in {session}.",
            hint=f"`storyroom show {session} turns` numbers those of {session}.",
        )
    return turn


def _sent(ledger: Ledger, call: Call) -> Sent:
    system, *parts, prefill = ledger.calls.texts(call)
    return Sent(call, system, tuple(parts), prefill)


def _asked(ledger: Ledger, ask: Ask) -> Asked:
    sheet: Any = ask.sheet.get("text", "")
    return Asked(ask, str(sheet), ledger.inbox.answer_to(ask.task.session, ask.id))
