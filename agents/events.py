"""What happens while a task is worked on, for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass

from storyroom.memory.calls import Call
from storyroom.story.turn import Task, Turn


@dataclass(frozen=True)
class Began:
    """A task began; what it is for, in a few words."""

    task: Task


@dataclass(frozen=True)
class Spoken:
    """A piece of text came from the model."""

    task: Task
    text: str


@dataclass(frozen=True)
class BrokeOff:
    """An answer broke off: what came of it is void, and it is asked for again."""

    task: Task


@dataclass(frozen=True)
class Called:
    """A call was answered.

    Attributes:
        fresh: False when its answer was found in the ledger.
    """

    task: Task
    call: Call
    fresh: bool


@dataclass(frozen=True)
class Turned:
    """A turn was recorded.

    Attributes:
        fresh: False when the task had been done before.
    """

    turn: Turn
    fresh: bool


Event = Began | Spoken | BrokeOff | Called | Turned
