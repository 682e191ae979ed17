"""What happened to a note: given, assigned, read, answered, undone; each with when, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from storyroom.memory.inbox import Note, NoteChange
from storyroom.memory.notes import CHANGED_TO
from storyroom.story.turn import Actor, Turn, TurnKind


class Event(BaseModel, frozen=True):
    """Something that happened to a note.

    Attributes:
        at: when, as the ledger writes it.
        what: ``given``, ``assigned``, or the state that it then had.
        by: the actor: ``member:NAME``, ``agent:MODEL`` or ``code``.
        role: in whose seat; empty for a human who spoke for themselves.
        scene: about which scene.
        turn: id of the turn, if it was one.
    """

    at: str
    what: str
    by: str
    role: str = ""
    stage: str = ""
    scene: int | None = None
    reason: str = ""
    turn: str = ""


def events_of(
    note: Note,
    changes: Iterable[NoteChange],
    turns: Iterable[Turn],
    read: tuple[str, Turn | None] | None,
    undoing: Iterable[tuple[Turn, str]],
) -> list[Event]:
    """Return what happened to a note, the oldest first.

    Args:
        changes: what humans did to it.
        turns: what drafting made of it.
        read: when it was first read, and what that task then said; None for one that has not ended yet.
        undoing: the turns that undid what had answered it, with the reason.
    """
    by_member = str(Actor(kind="member", name=note.member))
    why = " ".join(filter(None, (note.routed, note.placed)))
    events = [Event(at=note.created, what="given", by=by_member, reason=why)]
    events += map(_decided, changes)
    events += map(_told, turns)
    events += [_undone(turn, reason) for turn, reason in undoing]
    if read:
        events.append(_read(*read))
    return sorted(events, key=lambda event: event.at)


def _decided(change: NoteChange) -> Event:
    return Event(
        at=change.created,
        what="assigned" if change.change == "assign" else CHANGED_TO[change.change],
        by=str(Actor(kind="member", name=change.member)),
        reason=change.reason or ", ".join((*change.roles, *_where(change))),
    )


def _where(change: NoteChange) -> list[str]:
    return ["everywhere"] if change.everywhere else [f"scene {change.scene}"] if change.scene else []


def _told(turn: Turn) -> Event:
    return Event(
        at=turn.created,
        what=turn.body["state"],
        by=str(turn.actor),
        role=turn.body["by"],
        stage=str(turn.task.stage),
        scene=turn.scene,
        reason=turn.body["reason"],
        turn=turn.id,
    )


def _undone(turn: Turn, reason: str) -> Event:
    alone = turn.kind in (TurnKind.EDIT, TurnKind.GATE)
    return Event(
        at=turn.created,
        what="reopened",
        by=str(turn.actor),
        role="" if alone else turn.role,
        stage=str(turn.task.stage),
        scene=turn.scene,
        reason=reason,
        turn=turn.id,
    )


def _read(at: str, said: Turn | None) -> Event:
    if said is None:
        return Event(at=at, what="accepted", by="")
    stage, scene = str(said.task.stage), said.scene
    return Event(at=at, what="accepted", by=str(said.actor), role=said.role, stage=stage, scene=scene)
