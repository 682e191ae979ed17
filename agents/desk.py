"""The desk: what an agent has before it while it does one task.

An agent asks its model through the desk, and only so. The desk lays out the prompt and holds the answer to a
form; how the model is asked until an answer will do is told in `asking.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from storyroom.agents.asking import Checks, Form, Question, no_checks
from storyroom.agents.effort import Effort
from storyroom.agents.events import Event
from storyroom.agents.layout import common_parts
from storyroom.agents.prompt import Part, Prompt, fit
from storyroom.agents.seat import Seat
from storyroom.agents.telling import knowledge_parts
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.telling import Telling
from storyroom.memory.turns import Reading
from storyroom.models.ask import schema_tokens
from storyroom.models.base import LocalChatModel
from storyroom.prompts import render
from storyroom.story.bible import Bible
from storyroom.story.objection import Objection
from storyroom.story.plan import Language, Order
from storyroom.story.turn import Actor, Task

if TYPE_CHECKING:
    from storyroom.emotion.feeling import Feeling

__all__ = ["Checks", "Desk", "Form", "no_checks"]

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")

_WARM = 1.1


@dataclass
class Desk:
    """One task with all that it may read.

    Attributes:
        memory: what retrieval found for the scene, best first: episode, scene, text.
        telling: what each character of the scene knows by the canon.
        notes: what members asked of this role, as texts.
        objections: what the table read holds against the draft, which went back because of it.
        emit: told of every piece of text and every call.
        seat: the seat of this role, when a member of the team holds it.
        ground: what every prompt begins with instead of the bible, the idea and the script so far, for a
            task that may know less than these tell.
        measure: says what each of some texts feels like, without a model; None where nothing does.
    """

    task: Task
    bible: Bible
    order: Order
    manuscript: Manuscript
    reading: Reading
    model: LocalChatModel
    ledger: Ledger
    effort: Effort
    emit: Callable[[Event], None]
    memory: tuple[tuple[int, int, str], ...] = ()
    telling: Telling | None = None
    notes: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    seat: Seat | None = None
    ground: tuple[Part, ...] | None = None
    measure: Callable[[Sequence[str]], Sequence[Feeling]] | None = None
    _asked: int = field(default=0, init=False)

    @property
    def language(self) -> Language:
        """The language of the script, and of the prompts."""
        return self.order.language

    @property
    def guided(self) -> bool:
        """Whether the model is so small that it is held to closer forms."""
        return self.model.capabilities.small

    @property
    def actor(self) -> Actor:
        """Who sits here: a member of the team, or the agent."""
        if self.member is not None:
            return Actor(kind="member", name=self.member)
        return Actor(kind="agent", name=self.model.spec)

    @property
    def member(self) -> str | None:
        """The member who does this task; None when the agent does."""
        return self.seat.member if self.seat is not None and not self.seat.handed_back else None

    async def ask_member(self, sheet: BaseModel) -> str | None:
        """Put a sheet before the member in this seat; None when the agent is to do the task."""
        return await self.seat.ask(sheet) if self.seat is not None else None

    async def ask(
        self,
        template: str,
        answer: type[A],
        *,
        checks: Checks[A] = no_checks,
        max_tokens: int = 300,
        attempts: int | None = None,
        warm: bool = False,
        **variables: Any,
    ) -> A:
        """Ask for a structured answer.

        Args:
            template: name of the task's prompt template, or a `storyroom.prompts.Text`.
            answer: what is asked for; its JSON schema bounds the model.
            checks: run on each answer; faults mean another attempt.
            attempts: how often at most; the effort of the session when not given.
            warm: whether even a small model should vary its answer rather than keep to the likeliest.
            variables: for the template.

        Returns:
            The first answer without a fault, or else the one with the fewest.

        Raises:
            ModelRefused: no attempt could be read as an answer.
        """
        from storyroom.models.schema import bounded_schema

        options: dict[str, Any] = {"json_schema": bounded_schema(answer)}
        if warm and self.guided:
            options["temperature"] = _WARM
        form = Form(answer.__name__, options, max_tokens)
        return await self._best(template, variables, "", form, answer.model_validate_json, checks, attempts)

    async def write(
        self,
        template: str,
        *,
        prefill: str,
        form: Form,
        read: Callable[[str], T],
        checks: Checks[T] = no_checks,
        attempts: int | None = None,
        **variables: Any,
    ) -> T:
        """Let the model go on with a text that has begun, under a grammar.

        Args:
            prefill: the beginning, which the model continues.
            form: the grammar.
            read: turns the continuation into what is wanted; ValueError means it cannot be read.
        """
        return await self._best(template, variables, prefill, form, read, checks, attempts)

    async def _best(
        self,
        template: str,
        variables: dict[str, Any],
        prefill: str,
        form: Form,
        read: Callable[[str], T],
        checks: Checks[T],
        attempts: int | None,
    ) -> T:
        self._asked += 1
        kept_free = form.max_tokens + schema_tokens(self.model, form.options.get("json_schema"))
        prompt = await asyncio.to_thread(self._lay_out, template, variables, prefill, kept_free)
        question = Question(
            task=self.task,
            number=self._asked,
            prompt=prompt,
            form=form,
            seed=self.order.seed,
            model=self.model,
            ledger=self.ledger,
            emit=self.emit,
        )
        return await question.best(read, checks, attempts or self.effort.attempts)

    def _lay_out(self, template: str, variables: dict[str, Any], prefill: str, kept_free: int) -> Prompt:
        task = render(
            self.language,
            template,
            bible=self.bible,
            order=self.order,
            brief=self.manuscript.brief,
            choice=self.manuscript.choice,
            outline=self.manuscript.outline,
            guided=self.guided,
            **variables,
        )
        ground = self.ground
        if ground is None:
            ground = tuple(
                common_parts(self.language, self.bible, self.order, self.manuscript, self.task.scene)
            )
        parts = [*ground, *self._recollections(), *knowledge_parts(self.language, self.telling)]
        if self.notes:
            parts.append(Part("notes", render(self.language, "notes", notes=self.notes), rank=10))
        if self.objections:
            shown = render(self.language, "objections", objections=self.objections)
            parts.append(Part("objections", shown, rank=20))
        parts.append(Part("task", task))
        return fit(
            render(self.language, "system"),
            parts,
            prefill,
            budget=self.model.capabilities.context_length - kept_free - 32,
            count=self.model.count_tokens,
        )

    def _recollections(self) -> Iterator[Part]:
        for place, (episode, scene, text) in enumerate(self.memory):
            shown = render(self.language, "memory", episode=episode, scene=scene, text=text)
            yield Part(f"memory {place + 1}", shown, rank=50 + place)
