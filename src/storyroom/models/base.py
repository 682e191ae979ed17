"""The seam: what the room asks of every chat model, whatever runs it.

A `LocalChatModel` is a LangChain `BaseChatModel`. `invoke`, `ainvoke`, `stream` and `astream` of every kind
take the same keyword arguments (`CallOptions`), and a conversation that ends in an `AIMessage` asks the model
to continue that message and to return the continuation alone.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import LLMResult
from langsmith import tracing_context

from storyroom.errors import ModelRefused
from storyroom.story.surprise import TokenBits

# What a chat template puts around one message, in tokens; no template in use needs more.
MESSAGE_OVERHEAD = 8

SchemaMode = Literal["enforced", "json_object", "prompt"]
"""How a model is held to a JSON schema: token by token; to some JSON object, and told the rest; told only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a model can be held to.

    Attributes:
        grammar: whether it can write under a GBNF grammar.
        json_schema: whether it can be asked for an answer that fits a JSON schema.
        schema_mode: what makes the answer fit; whoever reads it validates it in any case.
        prefill: whether it continues a message that has begun.
        context_length: most tokens of prompt and answer together.
        surprise: whether it can tell how likely a text was (`LocalChatModel.surprise`).
        small: whether it is too small to be left free: the room then guides it by closer forms.
        languages: languages that it writes; None where nobody has said so.
    """

    grammar: bool
    json_schema: bool
    prefill: bool
    context_length: int
    schema_mode: SchemaMode = "enforced"
    surprise: bool = False
    small: bool = False
    languages: tuple[str, ...] | None = None


class CallOptions(TypedDict, total=False):
    """Keyword arguments of a call, the same for every kind.

    Keys:
        grammar: GBNF that the answer is written under.
        json_schema: JSON schema that the answer is written under.
        max_tokens: most tokens of the answer.
        seed: same seed, same model, same prompt: same answer.
        temperature, top_p, min_p: sampling, as usual; temperature 0 takes the likeliest token.
        repeat_penalty: 1 is none; divides the likelihood of tokens among the last 64.
        dry: strength of the penalty on repeating *sequences* of tokens (DRY), 0 is none; it leaves single
            names alone. llama.cpp and torch.
        stop: strings that end the answer and are not part of it.
        label: what the call is for, such as `scene.3.draft`; only a scripted model looks at it.
    """

    grammar: str | None
    json_schema: dict[str, Any] | None
    max_tokens: int
    seed: int
    temperature: float
    top_p: float
    min_p: float
    repeat_penalty: float
    dry: float
    stop: list[str]
    label: str


class LocalChatModel(BaseChatModel):
    """A chat model that the room can use.

    LangSmith tracing is off for its calls whatever the environment says: prompts hold unreleased scripts.

    Attributes:
        spec: how it was named.
        digest: short identity of the weights, for the record of calls; the model's name at a server.
        capabilities: what it can be held to.
        call_timeout: seconds that one call may take in all; None sets no bound.
        at_once: how many calls the runtime generates together, others wait; None where it does not tell.
        runs_on: the runtime and where it runs, as a phrase; empty where that is not known.
    """

    spec: str
    digest: str
    capabilities: Capabilities
    call_timeout: float | None = None
    at_once: int | None = None
    runs_on: str = ""

    @abstractmethod
    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text is; an estimate that errs high where the model cannot be asked."""

    def count_prompt(self, messages: Sequence[BaseMessage]) -> int:
        """Return how many tokens a conversation is at most, chat template included."""
        return sum(self.count_tokens(message.text) + MESSAGE_OVERHEAD for message in messages)

    def surprise(self, text: str, given: str = "") -> list[TokenBits]:
        """Return how surprising each token of a text is behind what is given, as plain text without a chat.

        The very first token of all has nothing before it and is left out. What does not fit the context is
        forgotten from its beginning.

        Raises:
            ModelRefused: the model does not tell (`capabilities.surprise`).
        """
        raise ModelRefused(
            f"{self.spec} does not tell how likely a text is.",
            hint="Name a model that runs here: embedded, llama.cpp:PATH.gguf or transformers:ID-OR-PATH.",
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.spec!r})"

    __str__ = __repr__

    def generate(self, *args: Any, **kwargs: Any) -> LLMResult:
        """Answer conversations; `invoke` comes through here."""
        with tracing_context(enabled=False):
            return super().generate(*args, **kwargs)

    async def agenerate(self, *args: Any, **kwargs: Any) -> LLMResult:
        """Answer conversations; `ainvoke` comes through here."""
        with tracing_context(enabled=False):
            return await super().agenerate(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[AIMessageChunk]:
        """Answer one conversation piece by piece."""
        with tracing_context(enabled=False):
            yield from super().stream(*args, **kwargs)

    async def astream(self, *args: Any, **kwargs: Any) -> AsyncGenerator[AIMessageChunk, None]:
        """Answer one conversation piece by piece."""
        with tracing_context(enabled=False):
            async for chunk in super().astream(*args, **kwargs):
                yield chunk
