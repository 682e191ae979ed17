"""A chat model on torch, in this process. Calls that come together are generated together."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from storyroom.errors import ModelError, ModelRefused, StoryroomError
from storyroom.models.base import Capabilities, LocalChatModel
from storyroom.models.torch_batch import Engine
from storyroom.models.torch_prompt import prompt_ids
from storyroom.models.torch_row import Item, Row
from storyroom.models.torch_sample import Sampling
from storyroom.story.surprise import TokenBits

_MAX_TOKENS = 512
_MOST_LOGPROBS = 20


class TorchChatModel(LocalChatModel):
    """A model that transformers runs in this process; made by `open_transformers`.

    Besides the options that every kind takes (`CallOptions`), a call takes `logprobs=True` and
    `top_logprobs=N`: the likelihood of each token, and of the N likeliest in its place, are then in
    `response_metadata["logprobs"]`, laid out as OpenAI's are. They are those of the model alone, before its
    grammar and its sampling. `response_metadata` also tells `first_token_seconds`, `seconds` and `rows`, the
    number of calls that were generated together.

    Attributes:
        device: where it runs, such as `cpu` or `cuda:0`.
        dtype: what its numbers are, such as `bfloat16`.
        why: why it runs there and in these numbers, as a phrase.
    """

    device: str
    dtype: str
    why: str
    _engine: Engine = PrivateAttr()

    @classmethod
    def around(
        cls, engine: Engine, *, spec: str, digest: str, capabilities: Capabilities, why: str
    ) -> TorchChatModel:
        """Return a chat model for a loaded model."""
        device, dtype = str(engine.model.device), str(engine.model.dtype).removeprefix("torch.")
        made = cls(
            spec=spec,
            digest=digest,
            capabilities=capabilities,
            device=device,
            dtype=dtype,
            why=why,
            at_once=engine.most_rows,
            runs_on=f"torch on {device}, {dtype}",
            cache=False,
        )
        made._engine = engine
        return made

    @property
    def _llm_type(self) -> str:
        return "storyroom-transformers"

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text is."""
        return len(self._engine.tokenizer.encode(text, add_special_tokens=False))

    def count_prompt(self, messages: Sequence[BaseMessage]) -> int:
        """Return how many tokens a conversation is, chat template included."""
        return len(prompt_ids(self._engine.tokenizer, messages))

    def surprise(self, text: str, given: str = "") -> list[TokenBits]:
        """Return how surprising each token of a text is behind what is given."""
        from storyroom.models.torch_surprise import read_through

        with self._engine.lock:
            return read_through(
                self._engine.model,
                self._engine.tokenizer,
                text,
                given,
                context=self.capabilities.context_length,
            )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = self._stream(messages, stop, **kwargs)
        whole = next(chunks)
        for chunk in chunks:
            whole += chunk
        return ChatResult(
            generations=[ChatGeneration(message=whole.message, generation_info=whole.generation_info)]
        )

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        cancelled = self._begin(messages, stop, kwargs, items.put)
        try:
            while (item := items.get()) is not None:
                yield _raised(item)
        finally:
            cancelled.set()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        items: asyncio.Queue[Item] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(item: Item) -> None:
            # The loop is closed when its program was interrupted; nobody waits for the rest then.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(items.put_nowait, item)

        cancelled = self._begin(messages, stop, kwargs, put)
        try:
            while (item := await items.get()) is not None:
                yield _raised(item)
        finally:
            cancelled.set()

    def _begin(
        self,
        messages: Sequence[BaseMessage],
        stop: list[str] | None,
        options: dict[str, Any],
        put: Callable[[Item], None],
    ) -> Event:
        """Have an answer generated and return the event that stops it."""
        cancelled = Event()

        def prepare() -> None:
            # A grammar can take a second to compile: in a thread of its own it holds up no other call.
            try:
                self._engine.batch.submit(self._row(messages, stop or (), options, put, cancelled))
            except BaseException as error:
                put(error)
                put(None)

        Thread(target=prepare, name="storyroom-prepare", daemon=True).start()
        return cancelled

    def _row(
        self,
        messages: Sequence[BaseMessage],
        stop: Sequence[str],
        options: dict[str, Any],
        put: Callable[[Item], None],
        cancelled: Event,
    ) -> Row:
        ids = prompt_ids(self._engine.tokenizer, messages)
        left = self.capabilities.context_length - len(ids)
        if left < 1:
            raise ModelRefused(
                f"The prompt has {len(ids)} tokens; {self.spec} takes {self.capabilities.context_length}.",
                hint="Shorten the prompt, raise STORYROOM_CONTEXT, or name a model with a longer context.",
            )
        told = min(options.get("top_logprobs") or 0, _MOST_LOGPROBS)
        return Row(
            tokenizer=self._engine.tokenizer,
            prompt=ids,
            ends=self._engine.ends,
            most=min(options.get("max_tokens") or _MAX_TOKENS, left),
            sampling=Sampling.of(options, self._engine.breakers if options.get("dry") else frozenset()),
            matcher=self._matcher(options.get("grammar"), options.get("json_schema")),
            stop=stop,
            logprobs=told if options.get("logprobs") else None,
            put=put,
            cancelled=cancelled,
        )

    def _matcher(self, grammar: str | None, schema: dict[str, Any] | None) -> Any:
        import xgrammar

        if not grammar and not schema:
            return None
        compiler = self._engine.compiler
        compiled = compiler.grammar(grammar) if grammar else compiler.schema(schema or {})
        return xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=not self._engine.ends)


def _raised(item: ChatGenerationChunk | BaseException) -> ChatGenerationChunk:
    """Return a chunk; raise what the generating thread could not."""
    if isinstance(item, StoryroomError):
        raise item
    if isinstance(item, BaseException):
        raise ModelError(
            f"The model failed while it was writing: {item}",
            hint="What was finished is in the ledger: `storyroom resume` goes on behind it.",
        ) from item
    return item
