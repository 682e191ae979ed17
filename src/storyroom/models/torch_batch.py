"""Concurrent calls on one torch model: a batch that rows join at any step and leave when they are done.

transformers' own continuous batching takes one list of logits processors and one seed for all requests, so it
cannot hold each row to a grammar of its own or make a row repeatable; hence this loop. A thread reads the
prompt of each new row, which goes fastest alone and finds what earlier rows have read, and then steps all
rows together: on a CPU four rows take little longer than one.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING, Any

import torch

from storyroom.errors import ModelError
from storyroom.models.torch_cache import Part, PrefixStore, gathered
from storyroom.models.torch_constrain import Compiler, mask
from storyroom.models.torch_sample import choose, penalise

if TYPE_CHECKING:
    from transformers.cache_utils import Cache

    from storyroom.models.torch_row import Row

_READ_AT_ONCE = 512
_BREAKING = ("\n", ":", '"', "*", "：", "“", "”")


@dataclass
class Engine:
    """A loaded model, shared by all chat models of its spec.

    Attributes:
        model: a transformers `PreTrainedModel`.
        tokenizer: the tokenizer that belongs to it.
        most_rows: most calls that are generated together.
        most_tokens: most tokens that all rows together may hold, padding among them; a row alone is let in
            whatever it needs.
        prefixes: beginnings of prompts that were read before.
        lock: held while the model computes.
    """

    model: Any
    tokenizer: Any
    most_rows: int
    most_tokens: int
    prefixes: PrefixStore
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.batch = Batch(self)
        self._compiler: Compiler | None = None
        self._compiling = Lock()

    @property
    def ends(self) -> tuple[int, ...]:
        """Tokens that end an answer."""
        told = self.model.generation_config.eos_token_id
        told = self.tokenizer.eos_token_id if told is None else told
        return tuple(told) if isinstance(told, list) else () if told is None else (told,)

    @cached_property
    def breakers(self) -> frozenset[int]:
        """Tokens that end a line, a clause or a quotation: no repetition is looked for across them."""
        vocabulary = self.tokenizer.get_vocab().values()
        texts = zip(vocabulary, self.tokenizer.batch_decode([[token] for token in vocabulary]), strict=True)
        return frozenset(token for token, text in texts if any(mark in text for mark in _BREAKING))

    @property
    def compiler(self) -> Compiler:
        """Compiles grammars; made when the first one is asked for."""
        with self._compiling:
            if self._compiler is None:
                width = self.model.get_output_embeddings().weight.shape[0]
                self._compiler = Compiler(self.tokenizer, width, self.ends)
            return self._compiler


class Batch:
    """The rows that one model generates, and the thread that steps them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._takes = inspect.signature(engine.model.forward).parameters
        self._most_rows = engine.most_rows
        self._waiting: deque[Row] = deque()
        self._read: list[tuple[Row, Cache]] = []
        self._rows: list[Row] = []
        self._cache: Cache | None = None
        self._changed = Condition()
        self._thread: Thread | None = None

    def submit(self, row: Row) -> None:
        """Have a row generated; its chunks come through `row.put`."""
        with self._changed:
            self._waiting.append(row)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="storyroom-generate", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._rows:
                    self._most_rows = self._engine.most_rows
                    self._changed.wait()
            with self._engine.lock, torch.inference_mode():
                self._turn()

    def _turn(self) -> None:
        """Let rows leave and join, and take one step with those that are there."""
        while (row := self._next_row()) is not None:
            self._attempt([row], partial(self._read_prompt, row))
        self._attempt(self._present, self._settle)
        if self._rows:
            self._attempt(self._rows, self._step)

    @property
    def _present(self) -> list[Row]:
        return [*self._rows, *(row for row, _ in self._read)]

    def _next_row(self) -> Row | None:
        """Return the row that is to join now."""
        with self._changed:
            while self._waiting and self._waiting[0].over:
                self._waiting.popleft().finish()
            if not self._waiting:
                return None
            beside = [row for row in self._present if not row.over]
            together = [*beside, self._waiting[0]]
            held = len(together) * max(row.most_tokens for row in together)
            fits = len(together) <= self._most_rows and held <= self._engine.most_tokens
            return self._waiting.popleft() if fits or not beside else None

    def _read_prompt(self, row: Row) -> None:
        """Read what a row has so far, and write its next token."""
        ids = row.tokens
        cache, known = self._engine.prefixes.begin(ids, room=row.most_tokens - len(ids) + 1)
        if not row.written:
            row.cached = known
        for begin in range(known, len(ids), _READ_AT_ONCE):
            if row.cancelled.is_set():
                row.finish()
                return
            scores = self._scores(ids[begin : begin + _READ_AT_ONCE], cache, begin)
        if not row.written:
            self._engine.prefixes.keep(ids, cache)
        self._choose([row], scores)
        self._read.append((row, cache))

    def _settle(self) -> None:
        """Bring the rows that stay and those whose prompt was read into one cache."""
        staying = [row for row in self._rows if not row.over]
        read = [(row, cache) for row, cache in self._read if not row.over]
        if len(staying) == len(self._rows) and not read:
            self._read.clear()
            return
        rows = [*staying, *(row for row, _ in read)]
        if not rows:
            cache = None
        elif len(read) == len(rows) == 1:
            cache = read[0][1]
        else:
            # The last token of a row is chosen and not read yet.
            new = [Part(cache, 0, 0, len(row.tokens) - 1) for row, cache in read]
            room = max(row.most - len(row.written) for row in rows) + 1
            cache = gathered([*self._parts(staying), *new], room=room)
        for row in self._present:
            if row.over:
                row.finish()
        self._rows, self._cache = rows, cache
        self._read.clear()
        for row in rows:
            row.shared_with = max(row.shared_with, len(rows))

    def _parts(self, rows: Sequence[Row]) -> list[Part]:
        if self._cache is None:
            return []
        tokens = self._cache.get_seq_length()
        places = {id(row): place for place, row in enumerate(self._rows)}
        return [Part(self._cache, places[id(row)], tokens - len(row.tokens) + 1, tokens) for row in rows]

    def _attempt(self, rows: Sequence[Row], work: Callable[[], None]) -> None:
        """Do something for some rows. If it fails they fail; if memory runs out, all rows are read again."""
        rows = list(rows)
        try:
            work()
        except Exception as error:  # whatever a model raises belongs to those who wait for its answer
            if out_of_memory(error):
                self._make_do(rows)
                return
            for row in rows:
                row.fail(error)
            if any(row in self._present for row in rows):
                self._forget()

    def _make_do(self, rows: list[Row]) -> None:
        """Go on in less memory: drop what can be read again, and step half as many rows at once."""
        rows = [*self._present, *(row for row in rows if row not in self._present)]
        self._forget()
        self._engine.prefixes.clear()
        if self._engine.model.device.type == "cuda":
            torch.cuda.empty_cache()
        self._most_rows = max(1, len(rows) // 2)
        if len(rows) == 1:
            rows[0].failures += 1
            if rows[0].failures > 1:
                rows[0].fail(_too_little_memory(self._engine.model.device))
                return
        with self._changed:
            self._waiting.extendleft(reversed(rows))

    def _forget(self) -> None:
        self._rows, self._cache = [], None
        self._read.clear()

    def _step(self) -> None:
        """Write the next token of every row."""
        assert self._cache is not None
        self._choose(self._rows, self._next_scores(self._cache))

    def _choose(self, rows: Sequence[Row], scores: torch.Tensor) -> None:
        """Choose and write a token for each row; `scores` is (rows, vocabulary)."""
        told = scores.clone() if any(row.logprobs is not None for row in rows) else scores
        for row, own in zip(rows, scores, strict=True):
            penalise(own, row.tokens, row.sampling)
        mask(scores, [row.matcher for row in rows])
        for row, token, own in zip(rows, choose(scores, [row.sampling for row in rows]), told, strict=True):
            if row.logprobs is not None:
                row.tell(own, token)
            row.take(token)
            if row.over:
                row.finish()

    def _scores(self, ids: list[int], cache: Cache, begin: int) -> torch.Tensor:
        """Read tokens of one row behind what is in its cache; return (1, vocabulary) of what follows."""
        device = self._engine.model.device
        read = torch.tensor([ids], device=device)
        places = torch.arange(begin, begin + len(ids), device=device)[None]
        return self._forward(read, places, cache, None)

    def _next_scores(self, cache: Cache) -> torch.Tensor:
        """Read the last token of each row; return (rows, vocabulary) of what follows."""
        device = self._engine.model.device
        lengths = [len(row.prompt) + len(row.written) for row in self._rows]
        longest = cache.get_seq_length() + 1
        read = torch.tensor([[row.written[-1]] for row in self._rows], device=device)
        places = torch.tensor([[length - 1] for length in lengths], device=device)
        shown = None
        if min(lengths) != longest:
            before = longest - torch.tensor(lengths, device=device)
            shown = (torch.arange(longest, device=device)[None] >= before[:, None]).long()
        return self._forward(read, places, cache, shown)

    def _forward(
        self, ids: torch.Tensor, places: torch.Tensor, cache: Cache, shown: torch.Tensor | None
    ) -> torch.Tensor:
        options = {"position_ids": places, "logits_to_keep": 1}
        known = {name: value for name, value in options.items() if name in self._takes}
        output = self._engine.model(
            input_ids=ids, attention_mask=shown, past_key_values=cache, use_cache=True, **known
        )
        scores: torch.Tensor = output.logits[:, -1].float()
        return scores


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on a GPU or on a CPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(
        words in str(error) for words in ("out of memory", "not enough memory", "can't allocate memory")
    )


def _too_little_memory(device: torch.device) -> ModelError:
    return ModelError(
        f"Memory ran out on {device} in the middle of an answer, with one call at a time and nothing kept.",
        hint="What was finished is in the ledger. Free memory, or set a shorter STORYROOM_CONTEXT or another "
        "--model, and go on with `storyroom resume`.",
    )
