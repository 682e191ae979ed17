"""The desk: what an agent has before it while it does one task.

An agent asks its model through the desk, and only so. The desk lays out the prompt, holds the answer to a
form, runs the checks, asks again while they find faults, and records every call as soon as it is answered,
so that a task that is run a second time finds its answers instead of paying for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ValidationError

from storyroom.agents.effort import Effort
from storyroom.agents.events import Called, Event, Spoken
from storyroom.agents.layout import common_parts
from storyroom.agents.prompt import Part, Prompt, fit
from storyroom.agents.seat import Seat
from storyroom.agents.telling import knowledge_parts
from storyroom.errors import ModelRefused
from storyroom.memory.calls import Call
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.telling import Telling
from storyroom.memory.turns import Reading
from storyroom.models.ask import Reply, Request, complete
from storyroom.models.base import LocalChatModel
from storyroom.prompts import render
from storyroom.story.bible import Bible
from storyroom.story.objection import Objection
from storyroom.story.plan import Language, Order
from storyroom.story.turn import Actor, Task, short_hash

if TYPE_CHECKING:
    from storyroom.emotion.feeling import Feeling

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")

_WARM = 1.1

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
        prompt = await asyncio.to_thread(self._lay_out, template, variables, prefill, form.max_tokens)
        best: tuple[int, T] | None = None
        wrong = ""
        for attempt in range(1, (attempts or self.effort.attempts) + 1):
            call, fresh = await self._call(prompt, form, attempt)
            try:
                answer = read(call.answer)
                faults = tuple(checks(answer))
            except (ValidationError, ValueError) as error:
                wrong = " ".join(str(error).split())[:300]
                faults = (f"unreadable: {wrong}",)
                await self._record(call, prompt, faults, fresh)
                continue
            await self._record(call, prompt, faults, fresh)
            if best is None or len(faults) < best[0]:
                best = (len(faults), answer)
            if not faults:
                break
        if best is None:
            raise ModelRefused(
                f"{self.model.spec} gave no usable answer for {self.task.label} ({form.name}): {wrong}",
                hint="Name a stronger model with --model, or raise --depth so that it is asked more often.",
            )
        return best[1]

    def _lay_out(self, template: str, variables: dict[str, Any], prefill: str, answer_tokens: int) -> Prompt:
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
            budget=self.model.capabilities.context_length - answer_tokens - 32,
            count=self.model.count_tokens,
        )

    def _recollections(self) -> Iterator[Part]:
        for place, (episode, scene, text) in enumerate(self.memory):
            shown = render(self.language, "memory", episode=episode, scene=scene, text=text)
            yield Part(f"memory {place + 1}", shown, rank=50 + place)

    async def _call(self, prompt: Prompt, form: Form, attempt: int) -> tuple[Call, bool]:
        """Return the answer to a prompt, and whether it had to be asked for."""
        seed = int(short_hash(self.order.seed, self.task.label, self._asked, attempt)[:7], 16)
        call_id = short_hash(self.task.id, self._asked, attempt, form.name, *prompt.texts)
        known = await asyncio.to_thread(self.ledger.calls.find, call_id)
        if known is not None:
            return known, False
        label = f"{self.task.label}.{self._asked}#{attempt}"
        warmth = {"temperature": _warmth(attempt)} if self.guided else {}
        options: dict[str, Any] = {"seed": seed, **warmth, **form.options}
        reply = await complete(
            self.model,
            Request(
                messages=_messages(prompt),
                prefill=prompt.prefill,
                max_tokens=form.max_tokens,
                label=label,
                **options,
            ),
            on_text=lambda text: self.emit(Spoken(task=self.task, text=text)),
        )
        return self._as_call(call_id, attempt, label, reply, prompt, form, options), True

    def _as_call(
        self,
        call_id: str,
        attempt: int,
        label: str,
        reply: Reply,
        prompt: Prompt,
        form: Form,
        sent: dict[str, Any],
    ) -> Call:
        return Call(
            id=call_id,
            session=self.task.session,
            task=self.task.id,
            attempt=attempt,
            label=label,
            model=self.model.spec,
            prompt=(),
            options={
                "form": form.name,
                "max_tokens": form.max_tokens,
                **({"left_out": prompt.left_out} if prompt.left_out else {}),
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

    async def _record(self, call: Call, prompt: Prompt, faults: tuple[str, ...], fresh: bool) -> None:
        if fresh:
            call = call.model_copy(update={"faults": faults})
            await asyncio.to_thread(self.ledger.calls.keep, call, prompt.texts)
        self.emit(Called(task=self.task, call=call, fresh=fresh))


def _warmth(attempt: int) -> float:
    """Return the temperature of an attempt: a small model keeps to the matter cold, and varies warm."""
    return min(0.9, 0.25 + 0.2 * (attempt - 1))


def _messages(prompt: Prompt) -> list[BaseMessage]:
    return [SystemMessage(prompt.system), HumanMessage(prompt.user)]
