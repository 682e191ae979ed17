"""Seats: a member takes a role's seat or leaves it, and answers what the role is asked meanwhile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyroom.errors import InputError, SessionError
from storyroom.memory.asks import Ask
from storyroom.memory.inbox import Answer, SeatChange
from storyroom.memory.ledger import Ledger
from storyroom.memory.seats import holder, holders
from storyroom.ordering import refuse_unseen
from storyroom.session import Session
from storyroom.story.bible import Bible
from storyroom.team import check_role, first_answer, on_the_team

if TYPE_CHECKING:
    from storyroom.agents.crew import Crew
    from storyroom.agents.sheets import AnySheet

_MARK = re.compile(r"(?m)^(?:# )?sheet ([0-9a-f]{32})\s*$")


def take_seat(
    ledger: Ledger, bible: Bible, crew: Crew, role: str, member: str, session: str | None
) -> SeatChange:
    """Let a member take a seat, in one session or in the whole series; one's own can be taken again.

    Raises:
        InputError: there is no such role or member, or somebody else sits there.
    """
    on_the_team(bible, member)
    _a_seat(bible, crew, role)
    _not_held_by_another(ledger, role, member, session)
    change = ledger.inbox.put(SeatChange(member=member, role=role, taken=True), session)
    # Somebody may have been quicker between the look and the entry; the first entry holds.
    _not_held_by_another(ledger, role, member, session)
    return change


def leave_seat(ledger: Ledger, bible: Bible, crew: Crew, role: str, session: str | None) -> SeatChange:
    """Give a seat back to the agent, which then also does what its member was asked and has not answered.

    Raises:
        InputError: there is no such role, or nobody sits there.
    """
    _a_seat(bible, crew, role)
    member = holder(ledger, session, role)
    if member is None:
        others = [one.id for one in ledger.sessions.every() if holder(ledger, one.id, role)]
        where = f"session {session}" if session else "the series"
        raise InputError(
            f"Nobody sits in the seat of the {_said(role)} in {where}.",
            hint=f"It is held in {', '.join(others)}: name one with --session."
            if others and not session
            else "See who sits where: storyroom seat list.",
        )
    change = ledger.inbox.put(SeatChange(member=member, role=role, taken=False), session)
    for one in [session] if session else [record.id for record in ledger.sessions.every()]:
        hand_back_left_seats(ledger, one)
    return change


def seats(ledger: Ledger, bible: Bible, session: str | None) -> dict[str, str | None]:
    """Return every role at work with the member in its seat; None is the agent."""
    held = holders(ledger, session)
    return {str(role): held.get(role) for role in bible.working_roles}


def seats_by_session(ledger: Ledger) -> dict[str, dict[str, str | None]]:
    """Return, for each session in which others sit than in the series, who sits there; None is the agent."""
    touched = {change.session for change in ledger.inbox.items(SeatChange)} - {None}
    series = holders(ledger, None)
    found: dict[str, dict[str, str | None]] = {}
    for record in ledger.sessions.every() if touched else ():
        if touched.isdisjoint(name for name, _ in ledger.sessions.lineage(record.id)):
            continue
        here = holders(ledger, record.id)
        others = {role: here.get(role) for role in {**series, **here} if here.get(role) != series.get(role)}
        if others:
            found[record.id] = others
    return found


def hand_back_left_seats(ledger: Ledger, session: str) -> None:
    """Hand back to the agents what members were asked who have left their seats since."""
    for ask in open_asks(ledger, session):
        if holder(ledger, session, ask.task.role) != ask.member:
            ledger.inbox.put(Answer(member=ask.member, task=ask.id, verdict="hand_back"), session)


def open_asks(ledger: Ledger, session: str) -> list[Ask]:
    """Return what members in seats were asked and have not answered yet, oldest first."""
    return Session(ledger, ledger.sessions.get(session)).asked


def sheet_of(ask: Ask) -> AnySheet:
    """Return what was put before the member."""
    from storyroom.agents.sheets import load_sheet

    return load_sheet(ask.sheet)


def offered(ask: Ask) -> str:
    """Return the file that a member fills in; it names the question, so that it cannot answer another one."""
    text = sheet_of(ask).text
    if text.startswith("/*\n"):
        return text.replace("/*\n", f"/*\nsheet {ask.id}\n", 1)
    return f"# sheet {ask.id}\n{text}"


def asked(session: Session, *, role: str = "", member: str = "", text: str = "") -> Ask:
    """Return the question that is meant: the one a filled sheet names, or the one that is open.

    Raises:
        SessionError: it is not open any more, or there is none.
        InputError: several are open, and it is not said which is meant.
    """
    if named := _MARK.search(text):
        return _still_open(session, named[1])
    found = [one for one in session.asked if role in ("", one.task.role)]
    if len(found) > 1 and member:
        found = [one for one in found if one.member == member] or found
    roles = list(dict.fromkeys(one.task.role for one in session.asked))
    if not found:
        waits = f"It waits for the {', '.join(map(_said, roles))}. " if roles else ""
        seat = f" from the {_said(role)}" if role else ""
        raise SessionError(
            f"Session {session.id} waits for no answer{seat}.",
            hint=f"{waits}See where it stands: storyroom show {session.id}",
        )
    if len({one.task.role for one in found}) > 1:
        raise InputError(
            f"Session {session.id} waits for several answers.",
            hint=f"Name one with --role: {', '.join(roles)}.",
        )
    return found[0]


def answer_seat(
    ledger: Ledger, bible: Bible, session: Session, ask: Ask, text: str, *, member: str = ""
) -> Answer:
    """Answer a question that was put to a seat; an empty text hands the task back to the agent.

    Args:
        member: who answers; whoever was asked when not given.

    Raises:
        InputError: the text cannot be read, or it is not this member who was asked.
        SessionError: it was answered already.
    """
    if member:
        on_the_team(bible, member)
    if member not in ("", ask.member):
        raise InputError(
            f"The seat of the {_said(ask.task.role)} is {ask.member}'s.",
            hint=f"{ask.member} answers, or leaves it: storyroom seat leave {ask.task.role}.",
        )
    refuse_unseen("The answer", text)
    _still_open(session, ask.id)
    if sheet_of(ask).read(text) is None:
        answer = Answer(member=ask.member, task=ask.id, verdict="hand_back")
    else:
        answer = Answer(member=ask.member, task=ask.id, verdict="edit", text=text)
    return first_answer(ledger, session.id, answer)


def _still_open(session: Session, ask_id: str) -> Ask:
    ask = next((one for one in session.ledger.asks.of(session.id) if one.id == ask_id), None)
    if ask is None:
        raise SessionError(
            f"This sheet belongs to no question of session {session.id}.",
            hint=f"See what it waits for: storyroom show {session.id}",
        )
    answer = session.ledger.inbox.answer_to(session.id, ask_id)
    if answer is not None:
        done = "was handed back to the agent" if answer.verdict == "hand_back" else "was answered"
        raise SessionError(
            f"This question {done} by {answer.member or 'somebody'} already.",
            hint=f"See where the session stands: storyroom show {session.id}",
        )
    return ask


def _a_seat(bible: Bible, crew: Crew, role: str) -> None:
    check_role(bible, role)
    if any(one.role == role for one in crew.polishers):
        raise InputError(
            f"The {_said(role)} works alone: it has no seat that a member can take.",
            hint="Take the seat of the dialogue writer, or edit the script.",
        )


def _not_held_by_another(ledger: Ledger, role: str, member: str, session: str | None) -> None:
    held = holder(ledger, session, role)
    if held not in (None, member):
        raise InputError(
            f"{held} sits in the seat of the {_said(role)}.",
            hint=f"It is free when {held} leaves it: storyroom seat leave {role}.",
        )


def _said(role: str) -> str:
    return role.replace("_", " ")
