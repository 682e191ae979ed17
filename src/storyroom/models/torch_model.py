"""A chat model on torch: one generation at a time, in a thread of its own."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

from jinja2.exceptions import TemplateError
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from storyroom.errors import ModelError, StoryroomError
from storyroom.models.base import Capabilities, LocalChatModel
from storyroom.models.torch_text import TextStream
from storyroom.story.surprise import TokenBits

_MAX_TOKENS = 512
_END = None
_Item = ChatGenerationChunk | BaseException | None


@dataclass
class Engine:
    """A loaded model, shared by all chat models of its spec.

    Attributes:
        model: a transformers `PreTrainedModel`.
        tokenizer: the tokenizer that belongs to it.
        lock: held during a generation.
        compiler: of grammars; made when the first one is asked for.
    """

    model: Any
    tokenizer: Any
    lock: Lock = field(default_factory=Lock)
    compiler: Any = None


class TorchChatModel(LocalChatModel):
    """A model that transformers runs in this process; made by `open_transformers`.

    Attributes:
        device: where it runs, such as `cpu` or `cuda:0`.
        dtype: what its numbers are, such as `float32`.
    """

    device: str
    dtype: str
    _engine: Engine = PrivateAttr()

    @classmethod
    def around(cls, engine: Engine, *, spec: str, digest: str, capabilities: Capabilities) -> TorchChatModel:
        """Return a chat model for a loaded model."""
        made = cls(
            spec=spec,
            digest=digest,
            capabilities=capabilities,
            device=str(engine.model.device),
            dtype=str(engine.model.dtype).removeprefix("torch."),
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
        items: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        cancelled = self._begin(messages, stop, kwargs, items.put)
        try:
            while (item := items.get()) is not _END:
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
        items: asyncio.Queue[_Item] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(item: _Item) -> None:
            # The loop is closed when its program was interrupted; nobody waits for the rest then.
            if not loop.is_closed():
                loop.call_soon_threadsafe(items.put_nowait, item)

        cancelled = self._begin(messages, stop, kwargs, put)
        try:
            while (item := await items.get()) is not _END:
                yield _raised(item)
        finally:
            cancelled.set()

    def _begin(
        self,
        messages: Sequence[BaseMessage],
        stop: list[str] | None,
        options: dict[str, Any],
        put: Callable[[_Item], None],
    ) -> Event:
        """Start a generation and return the event that stops it."""
        cancelled = Event()

        def work() -> None:
            try:
                with self._engine.lock:
                    if not cancelled.is_set():
                        generate(self._engine, messages, stop or [], options, cancelled, put)
            except BaseException as error:
                put(error)
            put(_END)

        Thread(target=work, name="storyroom-generate", daemon=True).start()
        return cancelled


def generate(
    engine: Engine,
    messages: Sequence[BaseMessage],
    stop: Sequence[str],
    options: dict[str, Any],
    cancelled: Event,
    put: Callable[[_Item], None],
) -> None:
    """Generate one answer, and put its chunks as they come. The engine's lock is held by the caller."""
    import torch
    from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteria, StoppingCriteriaList

    model, tokenizer = engine.model, engine.tokenizer
    stream = TextStream(
        tokenizer, stop, lambda text: put(ChatGenerationChunk(message=AIMessageChunk(content=text)))
    )

    class Stopped(StoppingCriteria):
        def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
            over = cancelled.is_set() or stream.stopped
            return torch.full((input_ids.shape[0],), over, device=input_ids.device, dtype=torch.bool)

    ids = prompt_ids(tokenizer, messages)
    prompt = torch.tensor([ids], device=model.device)
    ends = model.generation_config.eos_token_id or tokenizer.eos_token_id
    limit = options.get("max_tokens") or _MAX_TOKENS
    config = GenerationConfig(  # type: ignore[no-untyped-call]
        max_new_tokens=limit,
        eos_token_id=ends,
        pad_token_id=ends[0] if isinstance(ends, list) else ends,
        **_sampling(options),
    )
    # The seed is torch's, and the lock that is held keeps it this call's own.
    torch.manual_seed(options.get("seed") or 0)
    with torch.inference_mode():
        model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            generation_config=config,
            logits_processor=LogitsProcessorList(_processors(engine, options)),
            stopping_criteria=StoppingCriteriaList([Stopped()]),
            streamer=stream,
        )
    written = stream.tokens
    usage = UsageMetadata(
        input_tokens=len(ids),
        output_tokens=written,
        total_tokens=len(ids) + written,
        input_token_details=InputTokenDetails(cache_read=0),
    )
    cut_off = written >= limit and not stream.ended_by(ends)
    put(
        ChatGenerationChunk(
            message=AIMessageChunk(content="", usage_metadata=usage),
            generation_info={"finish_reason": "length" if cut_off else "stop"},
        )
    )


def prompt_ids(tokenizer: Any, messages: Sequence[BaseMessage]) -> list[int]:
    """Return the tokens of a conversation under the tokenizer's chat template.

    What an assistant has begun is continued. A base model has no template: its messages become one document.
    """
    *earlier, last = messages
    begun = last.text if isinstance(last, AIMessage) else ""
    asked = earlier if isinstance(last, AIMessage) else messages
    if not tokenizer.chat_template:
        document = "\n\n".join(message.text for message in asked)
        return list(tokenizer.encode(f"{document}\n\n{begun}"))
    roles = {"human": "user", "ai": "assistant"}
    conversation = [{"role": roles.get(m.type, m.type), "content": m.text} for m in asked]
    try:
        text = tokenizer.apply_chat_template(conversation, tokenize=False, add_generation_prompt=True)
    except TemplateError:
        # Some templates have no system role: what it says then opens the first message.
        system, first, *others = conversation
        first = {"role": "user", "content": f"{system['content']}\n\n{first['content']}"}
        text = tokenizer.apply_chat_template([first, *others], tokenize=False, add_generation_prompt=True)
    return list(tokenizer.encode(text + begun, add_special_tokens=False))


def _sampling(options: dict[str, Any]) -> dict[str, Any]:
    temperature = options.get("temperature", 1.0)
    if not temperature:
        return {"do_sample": False}
    return {
        "do_sample": True,
        "temperature": temperature,
        "top_k": 0,
        "top_p": options.get("top_p") or 1.0,
        "min_p": options.get("min_p"),
    }


def _processors(engine: Engine, options: dict[str, Any]) -> list[Any]:
    from storyroom.models.torch_constrain import Compiler, GrammarMask, RepeatPenalty

    processors: list[Any] = []
    if (penalty := options.get("repeat_penalty") or 1.0) != 1.0:
        processors.append(RepeatPenalty(penalty))
    grammar, schema = options.get("grammar"), options.get("json_schema")
    if grammar or schema:
        if engine.compiler is None:
            width = engine.model.get_output_embeddings().weight.shape[0]
            engine.compiler = Compiler(engine.tokenizer, width)
        compiled = engine.compiler.grammar(grammar) if grammar else engine.compiler.schema(schema)
        processors.append(GrammarMask(compiled))
    return processors


def _raised(item: ChatGenerationChunk | BaseException) -> ChatGenerationChunk:
    """Return a chunk; raise what the generating thread could not."""
    if isinstance(item, StoryroomError):
        raise item
    if isinstance(item, BaseException):
        raise ModelError(
            f"The model failed while it was writing: {item}",
            hint="If memory ran out, name a smaller model or set a shorter STORYROOM_CONTEXT.",
        ) from item
    return item
