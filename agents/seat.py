"""A seat that a member of the team holds: questions go to them, and wait until they are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storyroom.memory.asks import Ask
from storyroom.memory.inbox import Answer
from storyroom.memory.ledger import Ledger
from storyroom.story.turn import Task, short_hash

if TYPE_CHECKING:
    from pydantic import BaseModel

Wait = Callable[[dict[str, Any]], Any]
"""Stops the run until somebody has answered; returns the id of an answer."""


@dataclass
class Seat:
    """The seat of the role whose task it is, as long as the task lasts.

    Attributes:
        member: who holds it.
        handed_back: whether they gave this task back to the agent.
    """

    member: str
    task: Task
    ledger: Ledger
    wait: Wait
    handed_back: bool = False
    _asked: int = field(default=0, init=False)

    async def ask(self, sheet: BaseModel) -> str | None:
        """Put a sheet before the member, and return what they made of it; None when they hand it back."""
        if self.handed_back:
            return None
        self._asked += 1
        body = sheet.model_dump(mode="json")
        ask = Ask(
            id=short_hash(self.task.id, "ask", self._asked), task=self.task, member=self.member, sheet=body
        )
        answer = await asyncio.to_thread(self._kept, ask)
        # A run that goes on is handed the answers again from the task's first question, so another question's
        # answer may come first.
        while answer is None or answer.task != ask.id:
            said = {"ask": ask.id, "task": self.task.id, "role": self.task.role, "member": self.member}
            answer = await asyncio.to_thread(self.ledger.inbox.get, Answer, str(self.wait(said)))
        self.handed_back = answer.verdict == "hand_back" or not answer.text.strip()
        return None if self.handed_back else answer.text

    def _kept(self, ask: Ask) -> Answer | None:
        self.ledger.asks.put(ask)
        return self.ledger.inbox.answer_to(self.task.session, ask.id)
