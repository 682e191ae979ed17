"""What members say to the room: checked before it is written to the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from storyroom.errors import InputError, SessionError
from storyroom.memory.inbox import Answer, Note
from storyroom.ordering import refuse_unseen
from storyroom.story.bible import Bible, nearest
from storyroom.story.plan import Gate
from storyroom.story.scene_names import scenes_named
from storyroom.story.turn import Turn

if TYPE_CHECKING:
    from storyroom.graphs.context import RoomContext
    from storyroom.graphs.state import State
    from storyroom.memory.ledger import Ledger
    from storyroom.session import Session

LONGEST_NOTE = 4_000
_VERDICTS = ("approve", "send_back", "edit")
# Whose work a gate sends back, so that the reason reaches them as a note.
_AUTHORS = {
    "pitches": "showrunner",
    "outline": "plot_writer",
    "scene": "dialogue_writer",
    "table_read": "dialogue_writer",
}


def check_note(bible: Bible, note: Note) -> Note:
    """Return the note if it can be left.

    Raises:
        InputError: the text is empty or too long, or the member, a role or the scene is unknown.
    """
    check_text("The note", note.text, LONGEST_NOTE)
    on_the_team(bible, note.member)
    if note.scene is not None and note.scene < 1:
        raise InputError(f"There is no scene {note.scene}.", hint="Scenes are counted from 1.")
    for role in note.roles:
        check_role(bible, role)
    return note


def check_text(what: str, text: str, longest: int) -> None:
    """Refuse a text that is empty, too long, or not to be seen.

    Args:
        longest: most characters.

    Raises:
        InputError: it is so.
    """
    if not any(one.isprintable() and not one.isspace() for one in text):
        raise InputError(f"{what} is empty.", hint="Say in a sentence what should be done, or why.")
    refuse_unseen(what, text)
    if len(text) > longest:
        raise InputError(
            f"{what} has {len(text):,} characters; at most {longest:,} are read.",
            hint="Say it shorter, or in several parts.",
        )


def check_role(bible: Bible, role: str) -> None:
    """Refuse a role that the room does not have, or that is off.

    Raises:
        InputError: there is none of that name, or it does nothing in this series.
    """
    known = bible.working_roles
    if role in known:
        return
    if role in bible.roles:
        raise InputError(
            f"The role {role} is off in this series.",
            hint=f"Turn it on with `{role}: true` under `room:` in series.yaml.",
        )
    raise InputError(
        f"There is no role {role!r}{nearest(role, known)}.",
        hint=f"Roles: {', '.join(known)}.",
    )


def take_answer(
    context: RoomContext,
    session: Session,
    verdict: str,
    member: str,
    reason: str,
    text: str,
    scenes: Sequence[int],
) -> Answer:
    """Check an answer to the gate a session waits at, and put it into the inbox.

    Raises:
        SessionError: the session waits at no gate.
        InputError: the answer cannot be used.
    """
    from storyroom.graphs.gate_edits import read_edit

    waiting = session.waiting
    if waiting is None:
        raise SessionError(
            f"Session {session.id} waits for no answer.",
            hint=f"`storyroom show {session.id}` shows where it stands.",
        )
    gate = cast("Gate", waiting.body["gate"])
    if verdict not in _VERDICTS:
        raise InputError(f"{verdict!r} is no answer.", hint="Use approve, send_back or edit.")
    if member:
        on_the_team(context.bible, member)
    refuse_unseen("The answer", reason + text)
    if verdict == "send_back" and not reason.strip():
        raise InputError("It is not said what should change.", hint='Give a reason: --send-back "…".')
    if verdict == "send_back" and gate == "table_read":
        scenes = _scenes_of(session, scenes or scenes_named(reason))
    if verdict == "edit":
        read_edit(context, gate, state_at(session, waiting), text)
    answer = Answer(
        member=member,
        task=waiting.task.id,
        verdict=verdict,  # type: ignore[arg-type]
        reason=reason,
        scenes=tuple(scenes),
        text=text,
    )
    answer = first_answer(context.ledger, session.id, answer)
    if verdict == "send_back":
        for scene in scenes or (waiting.task.scene,):
            note = Note(
                member=member or "the room's human",
                text=reason,
                roles=(_AUTHORS[gate],),
                scene=scene,
                sent_back=waiting.task.id,
            )
            context.ledger.inbox.put(note, session.id)
    return answer


def first_answer(ledger: Ledger, session: str, answer: Answer) -> Answer:
    """Put an answer into the inbox; of several to one question the first counts.

    Raises:
        SessionError: somebody was quicker.
    """
    kept = ledger.inbox.put(answer, session)
    first = ledger.inbox.answer_to(session, answer.task)
    if first is not None and first.id != kept.id:
        raise SessionError(
            f"{first.member or 'Somebody'} has just answered this; the first answer counts.",
            hint=f"See where the session stands: storyroom show {session}",
        )
    return kept


def state_at(session: Session, gate: Turn) -> State:
    """Return as much of the graph's state at a gate as an edit is checked against."""
    return {"session": session.id, "head": gate.task.head, "scene": gate.task.scene or 0}


def on_the_team(bible: Bible, name: str) -> None:
    """Refuse the name of somebody who is not on the team.

    Raises:
        InputError: nobody of the team is called so.
    """
    members = [member.name for member in bible.team]
    if name not in members:
        raise InputError(
            f"Nobody on the team is called {name!r}{nearest(name, members)}.",
            hint=f"The team: {', '.join(members) or 'nobody yet'}. Members are listed in series.yaml.",
        )


def _scenes_of(session: Session, scenes: Sequence[int]) -> list[int]:
    """Return the scenes that go back, in the order of the script."""
    written = sorted(session.manuscript.scenes)
    unknown = [scene for scene in scenes if scene not in written]
    if unknown or not scenes:
        raise InputError(
            f"Scene {unknown[0]} cannot be sent back."
            if unknown
            else "It is not said which scene goes back.",
            hint=f"Name some of the scenes {written[0]} to {written[-1]} with --scene.",
        )
    return sorted(set(scenes))
