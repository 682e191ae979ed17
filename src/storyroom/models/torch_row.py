"""One answer in the making: what it was asked, what it has written, and when it is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk

from storyroom.models.torch_sample import Sampling
from storyroom.models.torch_text import TextStream

if TYPE_CHECKING:
    import torch
    import xgrammar

Item = ChatGenerationChunk | BaseException | None
"""A piece of the answer, what went wrong, or None for its end."""


@dataclass(eq=False)
class Row:
    """A call, from its tokens to its last chunk.

    Attributes:
        prompt: tokens of the prompt.
        ends: tokens that end an answer.
        most: most tokens of the answer.
        sampling: how the next token is chosen.
        matcher: follows its grammar; None where there is none.
        logprobs: how many alternatives are told with each token; None tells no likelihoods.
        put: takes the chunks; called in the thread that generates.
        cancelled: set when nobody waits for the rest.
        written: tokens of the answer so far.
        cached: tokens of the prompt that did not have to be read.
        shared_with: most rows that it was generated beside.
        failures: how often memory ran out while it was the only row.
    """

    tokenizer: Any
    prompt: list[int]
    ends: Sequence[int]
    most: int
    sampling: Sampling
    matcher: xgrammar.GrammarMatcher | None
    stop: Sequence[str]
    logprobs: int | None
    put: Callable[[Item], None]
    cancelled: Event
    written: list[int] = field(default_factory=list)
    cached: int = 0
    shared_with: int = 0
    failures: int = 0
    _told: list[dict[str, Any]] = field(default_factory=list)
    _started: float = field(default_factory=time.perf_counter)
    _first: float | None = None
    _closed: bool = False

    def __post_init__(self) -> None:
        self._stream = TextStream(
            self.tokenizer,
            self.stop,
            lambda text: self.put(ChatGenerationChunk(message=AIMessageChunk(content=text))),
        )

    @property
    def tokens(self) -> list[int]:
        """Prompt and answer so far."""
        return self.prompt + self.written

    @property
    def most_tokens(self) -> int:
        """Tokens of prompt and answer together, at most."""
        return len(self.prompt) + self.most

    @property
    def ended(self) -> bool:
        """Whether the model itself ended the answer."""
        return bool(self.written) and self.written[-1] in self.ends

    @property
    def over(self) -> bool:
        """Whether nothing more is to be generated."""
        return (
            self.ended
            or self._stream.stopped
            or len(self.written) >= self.most
            or self.cancelled.is_set()
            or self._complete
        )

    @property
    def _complete(self) -> bool:
        """Whether its grammar allows nothing more."""
        return self.matcher is not None and self.matcher.is_terminated()

    def take(self, token: int) -> None:
        """Write the next token."""
        if self._first is None:
            self._first = time.perf_counter() - self._started
        self.written.append(token)
        if self.matcher is not None:
            self.matcher.accept_token(token)
        if not self.ended:
            self._stream.put(token)

    def tell(self, scores: torch.Tensor, token: int) -> None:
        """Note how likely a token was, by the model alone: before its grammar and its sampling.

        Args:
            scores: (vocabulary,), as the model gave them.
        """
        likely = scores.log_softmax(dim=-1)
        told = self._as_told(token, float(likely[token]))
        if self.logprobs:
            best = likely.topk(self.logprobs)
            told["top_logprobs"] = [
                self._as_told(int(t), float(p)) for t, p in zip(best.indices, best.values, strict=True)
            ]
        self._told.append(told)

    def finish(self) -> None:
        """Hand on what was held back, and then what the answer took; once."""
        if self._closed:
            return
        self._closed = True
        self._stream.end()
        read, new = len(self.prompt), len(self.written)
        usage = UsageMetadata(
            input_tokens=read,
            output_tokens=new,
            total_tokens=read + new,
            input_token_details=InputTokenDetails(cache_read=self.cached),
        )
        seconds = time.perf_counter() - self._started
        whole = self.ended or self._stream.stopped or self._complete
        information: dict[str, Any] = {
            "finish_reason": "stop" if whole else "length",
            "first_token_seconds": self._first or seconds,
            "seconds": seconds,
            "rows": self.shared_with,
        }
        if self.logprobs is not None:
            information["logprobs"] = {"content": self._told}
        self.put(
            ChatGenerationChunk(
                message=AIMessageChunk(content="", usage_metadata=usage), generation_info=information
            )
        )
        self.put(None)

    def fail(self, error: BaseException) -> None:
        """End with an error, unless the answer has ended."""
        if self._closed:
            return
        self._closed = True
        self.put(error)
        self.put(None)

    def _as_told(self, token: int, likely: float) -> dict[str, Any]:
        text = self.tokenizer.decode([token])
        return {"token": text, "logprob": likely, "bytes": list(text.encode())}
