"""Notes in a debate."""

from __future__ import annotations

from langgraph.runtime import Runtime

from storyroom.graphs.context import RoomContext
from storyroom.graphs.state import State
from storyroom.graphs.subject import Subject


async def raise_notes(state: State, runtime: Runtime[RoomContext], subject: Subject) -> None:
    """Check the notes that concern a draft."""


async def settle_notes(before: State, after: State, runtime: Runtime[RoomContext], subject: Subject) -> None:
    """Record what became of the notes."""
