"""Asking a model one question of a task, until its answer will do or it was asked often enough.

Every call is recorded as soon as it is answered, under an id that is made from the task and the prompt. A
task that is run a second time finds its answers there, instead of paying for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import ValidationError

from storyroom.agents.events import BrokeOff, Called, Event, Spoken
from storyroom.agents.prompt import Prompt
from storyroom.errors import ModelRefused
from storyroom.memory.calls import Call
from storyroom.memory.ledger import Ledger
from storyroom.models.ask import Reply, Request, complete
from storyroom.models.base import LocalChatModel
from storyroom.story.turn import Task, short_hash

T = TypeVar("T")

Checks = Callable[[T], Sequence[str]]
"""Finds faults in an answer without a model; each is a short text, none means that it will do."""


def no_checks(_answer: object) -> Sequence[str]:
    """Find nothing wrong."""
    return ()


@dataclass(frozen=True)
class Form:
    """What an answer is held to.

    Attributes:
        name: for the record.
        options: keywords of `Request`: a grammar or a JSON schema, and sampling.
        max_tokens: most tokens of the answer.
    """

    name: str
    options: dict[str, Any]
    max_tokens: int


@dataclass(frozen=True)
class Question:
    """One question to a model.

    Attributes:
        number: among the questions of its task, from 1.
        seed: of the session.
        emit: told of every piece of text and every call.
    """

    task: Task
    number: int
    prompt: Prompt
    form: Form
    seed: int
    model: LocalChatModel
    ledger: Ledger
    emit: Callable[[Event], None]

    async def best(self, read: Callable[[str], T], checks: Checks[T], attempts: int) -> T:
        """Return the first answer without a fault, or else the one with the fewest.

        Args:
            read: turns an answer into what is wanted; ValueError means it cannot be read.

        Raises:
            ModelRefused: no attempt could be read.
        """
        best: tuple[int, T] | None = None
        wrong = ""
        for attempt in range(1, attempts + 1):
            call, fresh = await self._call(attempt)
            try:
                answer = read(call.answer)
                faults = tuple(checks(answer))
            except (ValidationError, ValueError) as error:
                wrong = " ".join(str(error).split())[:300]
                await self._record(call, (f"unreadable: {wrong}",), fresh)
                continue
            await self._record(call, faults, fresh)
            if best is None or len(faults) < best[0]:
                best = (len(faults), answer)
            if not faults:
                break
        if best is None:
            raise ModelRefused(
                f"{self.model.spec} gave no usable answer for {self.task.label} ({self.form.name}): {wrong}",
                hint="Name a stronger model with --model, or raise --depth so that it is asked more often.",
            )
        return best[1]

    async def _call(self, attempt: int) -> tuple[Call, bool]:
        """Return the answer, and whether it had to be asked for."""
        call_id = short_hash(self.task.id, self.number, attempt, self.form.name, *self.prompt.texts)
        known = await asyncio.to_thread(self.ledger.calls.find, call_id)
        if known is not None:
            return known, False
        label = f"{self.task.label}.{self.number}#{attempt}"
        seed = int(short_hash(self.seed, self.task.label, self.number, attempt)[:7], 16)
        warmth = {"temperature": _warmth(attempt)} if self.model.capabilities.small else {}
        options: dict[str, Any] = {"seed": seed, **warmth, **self.form.options}
        reply = await complete(
            self.model,
            Request(
                messages=[SystemMessage(self.prompt.system), HumanMessage(self.prompt.user)],
                prefill=self.prompt.prefill,
                max_tokens=self.form.max_tokens,
                label=label,
                **options,
            ),
            on_text=lambda text: self.emit(Spoken(task=self.task, text=text)),
            on_break=lambda: self.emit(BrokeOff(task=self.task)),
        )
        return self._as_call(call_id, attempt, label, reply, options), True

    def _as_call(self, call_id: str, attempt: int, label: str, reply: Reply, sent: dict[str, Any]) -> Call:
        return Call(
            id=call_id,
            session=self.task.session,
            task=self.task.id,
            attempt=attempt,
            label=label,
            model=self.model.spec,
            prompt=(),
            options={
                "form": self.form.name,
                "max_tokens": self.form.max_tokens,
                **({"interruptions": reply.interruptions} if reply.interruptions else {}),
                **({"left_out": self.prompt.left_out} if self.prompt.left_out else {}),
                **{k: v for k, v in sent.items() if k not in ("grammar", "json_schema")},
            },
            answer=reply.text,
            prompt_tokens=reply.prompt_tokens,
            cached_tokens=reply.cached_tokens,
            new_tokens=reply.new_tokens,
            first_token_seconds=reply.first_token_seconds,
            seconds=reply.seconds,
            finish_reason=reply.finish_reason,
        )

    async def _record(self, call: Call, faults: tuple[str, ...], fresh: bool) -> None:
        if fresh:
            call = call.model_copy(update={"faults": faults})
            await asyncio.to_thread(self.ledger.calls.keep, call, self.prompt.texts)
        self.emit(Called(task=self.task, call=call, fresh=fresh))


def _warmth(attempt: int) -> float:
    """Return the temperature of an attempt: a small model keeps to the matter cold, and varies warm."""
    return min(0.9, 0.25 + 0.2 * (attempt - 1))
