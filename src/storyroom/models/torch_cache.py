"""Keys and values of what a model on torch has read: rows of a batch, and beginnings kept for later calls.

Rows of a batch have different lengths, so they lie against the right edge of one tensor, and what is before
a row's first token is padding that its attention mask hides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from transformers.cache_utils import Cache, DynamicLayer

_SLACK = 64


class GrowingLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """A layer that writes new tokens into room set aside, where `DynamicLayer` copies all at each step.

    `keys` and `values`, (rows, heads, tokens, size), are views of what is written.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._room: tuple[torch.Tensor, torch.Tensor] | None = None

    @classmethod
    def holding(cls, keys: torch.Tensor, values: torch.Tensor, tokens: int) -> GrowingLayer:
        """Return a layer whose first tokens are written in these tensors, the rest being room."""
        layer = cls()
        layer.lazy_initialization(keys, values)
        layer._room = (keys, values)
        layer.keys, layer.values = keys[:, :, :tokens], values[:, :, :tokens]
        return layer

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: object, **kwargs: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write the next tokens; return all keys and all values."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        begin = self.get_seq_length()
        end = begin + key_states.shape[-2]
        if self._room is None or end > self._room[0].shape[-2]:
            self._room = (
                _widened(self.keys if begin else None, key_states, end),
                _widened(self.values if begin else None, value_states, end),
            )
        for room, states in zip(self._room, (key_states, value_states), strict=True):
            room[:, :, begin:end] = states
        self.keys, self.values = (room[:, :, :end] for room in self._room)
        return self.keys, self.values

    @property
    def nbytes(self) -> int:
        """Bytes of memory, the room that is not written yet among them."""
        return sum(room.nbytes for room in self._room or ())


class Part(NamedTuple):
    """Some tokens of one row of a cache: from `begin` up to `end`."""

    cache: Cache
    row: int
    begin: int
    end: int


def empty_cache() -> Cache:
    """Return a cache in which nothing has been read."""
    return Cache(layer_class_to_replicate=GrowingLayer)


def gathered(parts: Sequence[Part], *, room: int) -> Cache:
    """Copy rows into one cache, each against the right edge of the longest.

    Args:
        parts: the rows, in their order.
        room: tokens to set aside behind them.
    """
    tokens = max(part.end - part.begin for part in parts)
    made = empty_cache()
    for place in range(len(parts[0].cache.layers)):
        layers: list[Any] = [part.cache.layers[place] for part in parts]
        if not layers[0].is_initialized:
            made.layers.append(GrowingLayer())
            continue
        made.layers.append(
            GrowingLayer.holding(
                _beside([layer.keys for layer in layers], parts, tokens, room),
                _beside([layer.values for layer in layers], parts, tokens, room),
                tokens,
            )
        )
    return made


def cache_bytes(cache: Cache) -> int:
    """Return how much memory a cache takes."""
    layers: list[Any] = cache.layers
    return sum(layer.nbytes for layer in layers)


def _beside(sources: Sequence[torch.Tensor], parts: Sequence[Part], tokens: int, room: int) -> torch.Tensor:
    _, heads, _, size = sources[0].shape
    # Padding is zeros: a mask hides numbers, but not the infinities that unset memory may hold.
    made = sources[0].new_zeros((len(parts), heads, tokens + room, size))
    for place, (source, part) in enumerate(zip(sources, parts, strict=True)):
        length = part.end - part.begin
        made[place, :, tokens - length : tokens] = source[part.row, :, part.begin : part.end]
    return made


def _widened(old: torch.Tensor | None, like: torch.Tensor, tokens: int) -> torch.Tensor:
    rows, heads, _, size = like.shape
    made = like.new_empty((rows, heads, tokens + tokens // 4 + _SLACK, size))
    if old is not None:
        made[:, :, : old.shape[-2]] = old
    return made


@dataclass
class _Beginning:
    ids: torch.Tensor
    cache: Cache

    @property
    def nbytes(self) -> int:
        return cache_bytes(self.cache)


class PrefixStore:
    """What was read for the last prompts, so that a prompt with the same beginning need not be read again.

    Args:
        most_bytes: memory that it may take; the longest unused goes first. Of a prompt that would not fit
            alone its beginning is kept.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: list[_Beginning] = []

    @property
    def nbytes(self) -> int:
        """Bytes that it takes now."""
        return sum(kept.nbytes for kept in self._kept)

    def begin(self, ids: Sequence[int], *, room: int) -> tuple[Cache, int]:
        """Return a cache that holds the longest known beginning of a prompt, and how many tokens that is.

        The last token is never among them, since what comes after it is to be told.

        Args:
            ids: tokens of the prompt.
            room: tokens to set aside behind the beginning.
        """
        wanted = torch.tensor(ids[:-1])
        lengths = [_common(kept.ids, wanted) for kept in self._kept]
        best = max(range(len(lengths)), key=lengths.__getitem__, default=None)
        if best is None or not lengths[best]:
            return empty_cache(), 0
        found = self._kept.pop(best)
        self._kept.append(found)
        length = lengths[best]
        return gathered([Part(found.cache, 0, 0, length)], room=len(ids) - length + room), length

    def keep(self, ids: Sequence[int], cache: Cache) -> None:
        """Keep what was read of a prompt; the cache may go on growing behind it, and is not copied."""
        own = torch.tensor(ids)
        if any(_common(kept.ids, own) == len(own) for kept in self._kept):
            return
        size = cache_bytes(cache)
        if size > self._most_bytes:
            length = len(ids) * self._most_bytes // size
            if not length:
                return
            own, cache = own[:length], gathered([Part(cache, 0, 0, length)], room=0)
        self._kept = [kept for kept in self._kept if _common(kept.ids, own) < len(kept.ids)]
        self._kept.append(_Beginning(own, cache))
        while self.nbytes > self._most_bytes:
            self._kept.pop(0)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()


def _common(one: torch.Tensor, other: torch.Tensor) -> int:
    """How many tokens two prompts begin with in common."""
    shorter = min(len(one), len(other))
    differ = (one[:shorter] != other[:shorter]).nonzero()
    return int(differ[0]) if len(differ) else shorter
