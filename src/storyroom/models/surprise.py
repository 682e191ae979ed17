"""How likely a text was, asked of llama.cpp's server.

The server tells the likelihood of tokens that it writes, not of tokens that it reads. So it is made to write
the text, under a grammar that admits one token at each place. What it reports is how likely the model found
the token before the grammar was applied.

A character that is several tokens stands in the grammar as itself: llama.cpp loses its way in a grammar of
tokens whose bytes are no whole characters.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storyroom.errors import ModelRefused
from storyroom.story.surprise import TokenBits

Post = Callable[[str, dict[str, Any]], dict[str, Any]]

_AT_A_TIME = 256
_ROOM = 3  # tokens of the context for each that is written: a character may be several
# What was read is left out in large blocks, so that the beginning stays the same and is not read again.
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class _Unit:
    """One token, or the tokens of one character.

    Attributes:
        ids: of the tokens.
        data: their bytes, whole characters.
    """

    ids: tuple[int, ...]
    data: bytes

    @property
    def grammar(self) -> str:
        """What admits it alone."""
        return f"<[{self.ids[0]}]>" if len(self.ids) == 1 else json.dumps(self.data.decode())


def written_out(post: Post, text: str, given: str, *, context: int, spec: str) -> list[TokenBits]:
    """Return how surprising the tokens of a text are, behind what is given.

    Args:
        post: sends a body to a page of the server and returns the answer.
        context: most tokens that the model takes.
        spec: how errors name the model.

    Raises:
        ModelRefused: the server does not tell likelihoods, or knows no grammars of tokens.
    """
    whole = (given + text).encode()
    owners = [place for place, character in enumerate(given + text) for _ in character.encode()]
    units = list(_units(post("/tokenize", {"content": given + text, "with_pieces": True})["tokens"]))
    if b"".join(one.data for one in units) != whole:
        raise _refused(spec)  # a tokenizer that changes what it reads
    # The very first token has nothing before it that could make it likely.
    begin, done = 1, len(units[0].data) if units else 0
    while begin < len(units) and done + len(units[begin].data) <= len(given.encode()):
        done += len(units[begin].data)
        begin += 1
    found: list[TokenBits] = []
    for at in range(begin, len(units), _AT_A_TIME):
        before = [one for unit in units[:at] for one in unit.ids]
        for data, bits in _written(post, _tail(before, context), units[at : at + _AT_A_TIME], spec):
            start, end = owners[done], owners[done + len(data) - 1] + 1
            found.append(TokenBits(max(0, start - len(given)), end - len(given), bits))
            done += len(data)
    return found


def _units(pieces: Sequence[dict[str, Any]]) -> Iterator[_Unit]:
    """Yield the tokens, those of one character together."""
    ids: tuple[int, ...] = ()
    data = b""
    for one in pieces:
        piece = one["piece"]
        ids += (int(one["id"]),)
        data += piece.encode() if isinstance(piece, str) else bytes(piece)
        try:
            data.decode()
        except UnicodeDecodeError:
            continue
        yield _Unit(ids, data)
        ids, data = (), b""
    if ids:
        yield _Unit(ids, data)


def _tail(before: list[int], context: int) -> list[int]:
    """Return the last tokens of what was read: as many as fit with room for what is to be written."""
    over = len(before) + _ROOM * _AT_A_TIME - context
    if over <= 0:
        return before
    block = min(_BLOCK, context // 4)
    return before[min(len(before) - 1, math.ceil(over / block) * block) :]


def _written(
    post: Post, before: Sequence[int], units: Sequence[_Unit], spec: str
) -> Iterator[tuple[bytes, float]]:
    """Yield the bytes of each token that the server wrote, and its surprise in bits."""
    answer = post(
        "/completion",
        {
            "prompt": list(before),
            "grammar": "root ::= " + " ".join(one.grammar for one in units),
            "n_predict": sum(len(one.ids) for one in units) + len(units),
            "n_probs": 1,
            "temperature": 0,
            "cache_prompt": True,
        },
    )
    left = sum(len(one.data) for one in units)
    for one in answer.get("completion_probabilities") or ():
        if data := bytes(one["bytes"])[:left]:
            yield data, -float(one["logprob"]) / math.log(2)
            left -= len(data)
    if left:
        raise _refused(spec)


def _refused(spec: str) -> ModelRefused:
    return ModelRefused(
        f"{spec} does not tell how likely a text is.",
        hint="It takes a llama.cpp server of 2026 or later, or a model on torch (transformers:…).",
    )
