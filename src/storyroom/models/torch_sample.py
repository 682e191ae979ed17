"""Choosing the next token of each row of a batch, each row by its own rules.

A row draws from a generator of its own, one number a token, so that what it writes depends neither on its
neighbours' seeds nor on the device.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

_PENALTY_WINDOW = 64
_DRY_WINDOW = 1024
_DRY_ALLOWED = 3
_DRY_LONGEST = 50


@dataclass
class Sampling:
    """How one row chooses.

    Attributes:
        temperature: 0 takes the likeliest token.
        top_p: keep the likeliest tokens that make up this share; 1 keeps all.
        min_p: drop tokens less likely than this share of the likeliest; 0 drops none.
        repeat_penalty: divides what speaks for each of the last 64 tokens, as llama.cpp's does; the whole
            prompt would be too much, since a script names its characters on every page.
        dry: how strongly a token is held back that would repeat a sequence (`dry_penalties`); 0 is none.
        breakers: tokens that a repeated sequence cannot reach across.
        dice: gives one number from 0 to 1 a token.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    dry: float = 0.0
    breakers: frozenset[int] = frozenset()
    dice: random.Random = field(default_factory=random.Random)

    @classmethod
    def of(cls, options: dict[str, Any], breakers: frozenset[int]) -> Sampling:
        """Read the options of a call (`CallOptions`)."""
        temperature = options.get("temperature")
        return cls(
            temperature=1.0 if temperature is None else temperature,
            top_p=options.get("top_p") or 1.0,
            min_p=options.get("min_p") or 0.0,
            repeat_penalty=options.get("repeat_penalty") or 1.0,
            dry=options.get("dry") or 0.0,
            breakers=breakers,
            dice=random.Random(options.get("seed") or 0),
        )


def penalise(scores: torch.Tensor, tokens: Sequence[int], row: Sampling) -> None:
    """Make what was written a moment ago less likely, in place; `scores` is (vocabulary,) of one row."""
    if row.repeat_penalty != 1:
        recent = torch.tensor(sorted(set(tokens[-_PENALTY_WINDOW:])), device=scores.device)
        found = scores[recent]
        scores[recent] = torch.where(found < 0, found * row.repeat_penalty, found / row.repeat_penalty)
    for token, penalty in dry_penalties(tokens[-_DRY_WINDOW:], row.dry, row.breakers).items():
        scores[token] -= penalty


def dry_penalties(tokens: Sequence[int], strength: float, breakers: frozenset[int]) -> dict[int, float]:
    """Return what is taken from the scores of tokens that would go on with a sequence written before.

    The longer the sequence, the more: `strength` times 1.75 to the power of its length beyond three tokens,
    as llama.cpp's DRY sampler has it (https://github.com/ggml-org/llama.cpp/pull/9702). A name, being short,
    is left alone.
    """
    if not strength or len(tokens) < 2 or tokens[-1] in breakers:
        return {}
    longest: dict[int, int] = {}
    last = len(tokens) - 1
    for place in range(last):
        length = 0
        while length <= place and tokens[place - length] == tokens[last - length]:
            if tokens[place - length] in breakers:
                break
            length += 1
        if length >= _DRY_ALLOWED and tokens[place + 1] not in breakers:
            longest[tokens[place + 1]] = max(length, longest.get(tokens[place + 1], 0))
    # The power is bounded so that it stays a number whatever is repeated.
    return {t: strength * 1.75 ** min(n - _DRY_ALLOWED, _DRY_LONGEST) for t, n in longest.items()}


def choose(scores: torch.Tensor, rows: Sequence[Sampling]) -> list[int]:
    """Return the next token of each row.

    Args:
        scores: (rows, vocabulary), float32; impossible tokens are at minus infinity.
        rows: how each row chooses.
    """
    greedy = scores.argmax(dim=-1).tolist()
    drawing = [place for place, row in enumerate(rows) if row.temperature]
    if not drawing:
        return [int(token) for token in greedy]
    likely = _likelihoods(scores[drawing], [rows[place] for place in drawing])
    reached = likely.cumsum(dim=-1)
    # The draws are made on the CPU and in order of the rows: one each, whatever the others do.
    draws = torch.tensor([[rows[place].dice.random()] for place in drawing], dtype=torch.float32)
    wanted = draws.to(scores.device) * reached[:, -1:]
    drawn = torch.searchsorted(reached, wanted, right=True)[:, 0]
    # Rounding can carry a draw past the last possible token.
    drawn = torch.where(likely.gather(1, drawn.clamp(max=likely.shape[1] - 1)[:, None])[:, 0] > 0, drawn, -1)
    for place, token in zip(drawing, drawn.tolist(), strict=True):
        if token >= 0:
            greedy[place] = token
    return [int(token) for token in greedy]


def _likelihoods(scores: torch.Tensor, rows: Sequence[Sampling]) -> torch.Tensor:
    def column(values: list[float]) -> torch.Tensor:
        return torch.tensor(values, device=scores.device)[:, None]

    likely = torch.softmax(scores / column([row.temperature for row in rows]), dim=-1)
    if any(row.top_p < 1 for row in rows):
        ordered, places = likely.sort(dim=-1, descending=True)
        before = ordered.cumsum(dim=-1) - ordered
        ordered[before >= column([row.top_p for row in rows])] = 0
        likely = torch.zeros_like(likely).scatter_(1, places, ordered)
    if any(row.min_p for row in rows):
        least = column([row.min_p for row in rows]) * likely.max(dim=-1, keepdim=True).values
        likely = torch.where(likely < least, 0, likely)
    return likely
