"""Where a session can be forked, what the fork then builds on, and how a rejected pitch is revived."""

from __future__ import annotations

from typing import Any

from storyroom.errors import InputError, SessionError
from storyroom.graphs.pitch import choice_task, traced
from storyroom.memory.drafts import Version
from storyroom.memory.ledger import Ledger, Said
from storyroom.memory.manuscript import read_manuscript
from storyroom.memory.sessions import SessionRecord
from storyroom.ordering import new_seed
from storyroom.story.bible import Bible
from storyroom.story.plan import Choice
from storyroom.story.turn import Actor, TurnKind
from storyroom.team import on_the_team

# Which slot the fork writes anew, by the point that is named.
_FIRST_NEW = {"pitch": "pitches", "choice": "story", "outline": "outline"}
POINTS = "pitch, choice, outline, the number of a scene, or 3:debate for the debate on scene 3"


def fork(
    ledger: Ledger, bible: Bible, parent: SessionRecord, at: str, *, seed: int | None = None
) -> SessionRecord:
    """Begin a session that shares another's work up to a point.

    Raises:
        InputError: there is no such point.
        SessionError: the parent has not come that far.
    """
    start_at, head = fork_point(ledger, parent, at)
    order = parent.order.model_copy(update=_anew(seed))
    return ledger.sessions.begin(order, bible, parent=parent, start_at=start_at, start_head=head)


def revived(
    ledger: Ledger,
    bible: Bible,
    parent: SessionRecord,
    number: int,
    *,
    member: str = "",
    seed: int | None = None,
) -> SessionRecord:
    """Begin a session that shares another's brief and pitches, and goes on with a pitch of a human's choice.

    The choice is made before the session is first run, so that its showrunner finds it made.

    Args:
        number: of the pitch, as it lies on the table.

    Raises:
        InputError: there is no such pitch or member.
        SessionError: the parent has no pitches yet.
    """
    if member:
        on_the_team(bible, member)
    head = _at_the_choice(ledger, parent)
    manuscript = read_manuscript(ledger, head)
    table = manuscript.pitches
    assert table is not None, "there is a choice where pitches lie on the table"
    if not 1 <= number <= len(table.pitches):
        raise InputError(
            f"Session {parent.id} has no pitch {number}.",
            hint=f"Its pitches are numbered 1 to {len(table.pitches)}: storyroom show {parent.id} pitches",
        )
    chosen = table.pitches[number - 1].pitch
    choice = traced(Choice(pitches=(number,), reason="", story=chosen), table)
    # Who revives a pitch has chosen: there is nothing left to merge, and no gate to ask at.
    gates = tuple(gate for gate in parent.order.gates if gate != "pitches")
    order = parent.order.model_copy(update={**_anew(seed), "gates": gates})
    body = choice.model_dump(mode="json")
    said = Said(
        TurnKind.CHOICE,
        Actor(kind="member", name=member),
        body=body,
        about=manuscript.slots["pitches"],
        draft=("choice", body),
        slot="story",
    )
    # A session without its choice would let its showrunner choose: both are written, or neither is.
    with ledger.database.write():
        record = ledger.sessions.begin(order, bible, parent=parent, start_at="choice", start_head=head)
        ledger.commit(choice_task(record.id, head), [said])
    return record


def fork_point(ledger: Ledger, session: SessionRecord, at: str) -> tuple[str, str]:
    """Return where a fork begins, as `SessionRecord.start_at` names it, and the head it builds on.

    Args:
        at: `pitch`, `choice`, `outline`, the number of a scene, or the number and `:debate`, which keeps the
            scene's draft and argues about it anew.

    Raises:
        InputError: there is no such point.
        SessionError: the session has not come that far.
    """
    line = _line(ledger, session)
    number, colon, what = at.partition(":")
    if at in _FIRST_NEW:
        return at, _before(session, line, _FIRST_NEW[at], at)
    if number.isdecimal() and int(number) >= 1 and not colon:
        return f"scene:{int(number)}", _before(session, line, f"scene:{int(number)}", at)
    if number.isdecimal() and int(number) >= 1 and what == "debate":
        return f"debate:{int(number)}", _drafted(ledger, session, line, f"scene:{int(number)}", at)
    raise InputError(f"A session cannot be forked at {at!r}.", hint=f"Name {POINTS}.")


def _anew(seed: int | None) -> dict[str, Any]:
    return {"seed": new_seed() if seed is None else seed}


def _line(ledger: Ledger, session: SessionRecord) -> list[Version]:
    return ledger.drafts.line(ledger.drafts.head_of(session.id) or session.start_head)


def _at_the_choice(ledger: Ledger, session: SessionRecord) -> str:
    """Return the version with the pitches as they were chosen from, or as they lie there now."""
    line = _line(ledger, session)
    if any(version.slot == "story" for version in line):
        return _before(session, line, "story", "choice")
    if not any(version.slot == "pitches" for version in line):
        raise _nothing_yet(session, line, "pitches")
    return line[0].id


def _before(session: SessionRecord, line: list[Version], slot: str, at: str) -> str:
    """Return the version on which a slot was first filled."""
    first = next((version for version in reversed(line) if version.slot == slot), None)
    if first is None or first.parent is None:
        raise _nothing_yet(session, line, at)
    return first.parent


def _drafted(ledger: Ledger, session: SessionRecord, line: list[Version], slot: str, at: str) -> str:
    """Return the version that holds the newest first draft of a slot, before anybody argued about it."""
    for version in line:
        turns = ledger.turns.of_task(version.task) if version.slot == slot else []
        if any(turn.kind is TurnKind.DRAFT and turn.new_head == version.id for turn in turns):
            return version.id
    raise _nothing_yet(session, line, at)


def _nothing_yet(session: SessionRecord, line: list[Version], at: str) -> SessionError:
    written = sorted({version.slot for version in line})
    return SessionError(
        f"Session {session.id} has nothing yet at {at}.",
        hint=f"It has: {', '.join(written) or 'nothing'}. Go on first: storyroom resume {session.id}",
    )
