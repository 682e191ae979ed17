"""One call of a model: a request goes in, a reply with its counts comes out."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from storyroom.errors import ModelError, ModelInterrupted, ModelRefused
from storyroom.models.schema_words import with_schema

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from storyroom.models.base import LocalChatModel

PAUSES = (1.0, 2.0, 4.0)
"""Seconds to wait before an answer that broke off is asked for again; there are as many repeats."""

JITTER = 0.25
"""Share by which a pause may be shorter, so that calls that broke off together do not come back together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a model is asked, and how it may answer.

    Attributes:
        messages: the conversation; the last message is the task.
        prefill: how the answer begins. The reply's text is what follows it.
        grammar: GBNF of what follows; at most one of this and `json_schema`.
        json_schema: JSON schema of the answer.
        max_tokens: most tokens of the answer.
        seed, temperature, top_p, min_p, repeat_penalty, dry, stop, label: see `CallOptions`.
    """

    messages: Sequence[BaseMessage]
    prefill: str = ""
    grammar: str | None = None
    json_schema: dict[str, Any] | None = None
    max_tokens: int = 512
    seed: int = 1
    temperature: float = 0.8
    top_p: float = 1.0
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    dry: float = 0.0
    stop: tuple[str, ...] = ()
    label: str = ""

    def options(self) -> dict[str, Any]:
        """Return the keyword arguments for the model's `astream`."""
        passed = {field.name: getattr(self, field.name) for field in fields(self)}
        del passed["messages"], passed["prefill"]
        return passed | {"stop": list(self.stop) or None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model answered, and what that took.

    Attributes:
        text: the answer, without the prefill.
        prompt_tokens: tokens of the prompt, cached ones among them.
        cached_tokens: tokens of the prompt that the runtime did not have to read again.
        new_tokens: tokens of the answer.
        seconds: from the call to the last token.
        first_token_seconds: from the call to the first text.
        finish_reason: `stop`, or `length` when `max_tokens` cut the answer off.
        interruptions: how many answers broke off before this one; their pieces went to `on_text`, too, and
            `on_break` was called after each.
    """

    text: str
    prompt_tokens: int
    cached_tokens: int
    new_tokens: int
    seconds: float
    first_token_seconds: float
    finish_reason: str
    interruptions: int = 0


async def complete(
    model: LocalChatModel,
    request: Request,
    on_text: Callable[[str], None] | None = None,
    on_break: Callable[[], None] | None = None,
) -> Reply:
    """Ask the model and wait for the whole answer.

    Cancelling the asyncio task aborts the generation. An answer that breaks off is asked for again, a few
    times, after longer and longer pauses; one that is whole is not.

    Args:
        model: whom to ask.
        request: what to ask.
        on_text: called with each piece of text as it comes.
        on_break: called when the pieces that came so far are void, because the answer is asked for again.

    Raises:
        ModelRefused: the request cannot fit the context, or the model lacks what it asks for.
        ModelInterrupted: it broke off each time.
        ModelError: the model or its server failed, or took longer than one call may.
    """
    messages = _conversation(model, request)
    _check(model, request, messages)
    clock = asyncio.timeout(model.call_timeout)
    try:
        async with clock:
            return await _until_whole(model, request, messages, on_text, on_break)
    except TimeoutError as error:
        if not clock.expired():
            raise
        raise ModelError(
            f"{model.spec} has taken more than {model.call_timeout:g} seconds for one call.",
            hint="Look at the server's log, or raise STORYROOM_CALL_TIMEOUT (seconds), and resume.",
        ) from error


def schema_tokens(model: LocalChatModel, schema: dict[str, Any] | None) -> int:
    """Return the tokens that a schema adds to a prompt: none where the model is held to it token by token."""
    if schema is None or model.capabilities.schema_mode == "enforced":
        return 0
    return model.count_prompt(with_schema([], schema))


async def _until_whole(
    model: LocalChatModel,
    request: Request,
    messages: list[BaseMessage],
    on_text: Callable[[str], None] | None,
    on_break: Callable[[], None] | None,
) -> Reply:
    for interruptions, pause in enumerate((*PAUSES, None)):
        try:
            reply = await _ask(model, request, messages, on_text)
        except ModelInterrupted:
            if pause is None:
                raise
            if on_break:
                on_break()
            await asyncio.sleep(pause * (1 - JITTER * random.random()))
        else:
            return replace(reply, interruptions=interruptions)
    raise AssertionError("the last attempt answers or raises")


async def _ask(
    model: LocalChatModel,
    request: Request,
    messages: list[BaseMessage],
    on_text: Callable[[str], None] | None,
) -> Reply:
    pieces: list[str] = []
    usage: dict[str, Any] = {}
    finish = "stop"
    started = time.perf_counter()
    first = 0.0
    async with aclosing(model.astream(messages, **request.options())) as chunks:
        async for chunk in chunks:
            if text := chunk.text:
                first = first or time.perf_counter() - started
                pieces.append(text)
                if on_text:
                    on_text(text)
            if chunk.usage_metadata:
                usage = dict(chunk.usage_metadata)
            finish = chunk.response_metadata.get("finish_reason") or finish
    return Reply(
        text="".join(pieces),
        prompt_tokens=usage.get("input_tokens", 0),
        cached_tokens=usage.get("input_token_details", {}).get("cache_read") or 0,
        new_tokens=usage.get("output_tokens", 0),
        seconds=time.perf_counter() - started,
        first_token_seconds=first,
        finish_reason=finish,
    )


def _conversation(model: LocalChatModel, request: Request) -> list[BaseMessage]:
    """The messages with the prefill at the end, or in the task for a model that cannot continue one."""
    from langchain_core.messages import AIMessage, HumanMessage

    messages = list(request.messages)
    if not request.prefill:
        return messages
    if model.capabilities.prefill:
        return [*messages, AIMessage(request.prefill)]
    chinese = any("一" <= character <= "鿿" for character in request.prefill)
    asked = "答案已有开头，只写后面的部分：" if chinese else "The answer has begun. Write only what follows:"
    task = f"{messages[-1].text}\n\n{asked}\n\n{request.prefill}"
    return [*messages[:-1], HumanMessage(task)]


def _check(model: LocalChatModel, request: Request, messages: Sequence[BaseMessage]) -> None:
    can = model.capabilities
    if request.grammar and request.json_schema:
        raise ValueError("a request has a grammar or a JSON schema, not both")
    if (request.grammar and not can.grammar) or (request.json_schema and not can.json_schema):
        raise ModelRefused(
            f"{model.spec} cannot write under a {'grammar' if request.grammar else 'JSON schema'}.",
            hint="Ask by JSON schema where grammars are missing, or name a server that has them.",
        )
    if request.json_schema and can.schema_mode != "enforced":
        messages = with_schema(messages, request.json_schema)
    limit = can.context_length - request.max_tokens
    # A token is at least one byte, so short prompts need no counting.
    if sum(len(message.text.encode()) + 16 for message in messages) <= limit:
        return
    prompt = model.count_prompt(messages)
    if prompt > limit:
        raise ModelRefused(
            f"The prompt has {prompt} tokens; with {request.max_tokens} for the answer that makes "
            f"{prompt + request.max_tokens}, and {model.spec} takes {can.context_length}.",
            hint="Shorten the series bible or the prompt, or name a model with a longer context (--model).",
        )
