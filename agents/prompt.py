"""How a prompt is laid out and made to fit.

What changes least comes first, so that every role of a session shares one long prefix and the model's prompt
cache serves it: bible, script so far, what memory says of this scene, notes, and at the very end the role and
its task. What does not fit is left out by rank, and what was left out is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from storyroom.errors import ModelRefused

KEEP = 0
"""The rank of a part that is never left out; the higher a rank, the sooner the part goes."""


@dataclass(frozen=True)
class Part:
    """A piece of a prompt: its name for the record, its text, and its rank."""

    name: str
    text: str
    rank: int = KEEP


@dataclass(frozen=True)
class Prompt:
    """A prompt that fits.

    Attributes:
        system: the system message, the same for every role of a session.
        parts: the pieces of the user message, in order.
        prefill: the beginning of the answer, which the model continues.
        left_out: names of the parts that did not fit.
    """

    system: str
    parts: tuple[Part, ...]
    prefill: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def user(self) -> str:
        """The whole user message."""
        return "".join(part.text for part in self.parts)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is sent, piece by piece, for the record of the call."""
        return (self.system, *(part.text for part in self.parts), self.prefill)


def fit(
    system: str, parts: Sequence[Part], prefill: str, *, budget: int, count: Callable[[str], int]
) -> Prompt:
    """Leave parts out, highest rank first and oldest first within a rank, until the prompt fits.

    Args:
        budget: tokens that the prompt may take.
        count: tells how many tokens a text takes.

    Raises:
        ModelRefused: what may never be left out is too long already.
    """
    costs = [count(part.text) for part in parts]
    spare = budget - count(system) - count(prefill) - sum(costs)
    going: set[int] = set()
    for place in sorted(range(len(parts)), key=lambda i: (-parts[i].rank, i)):
        if spare >= 0:
            break
        if parts[place].rank != KEEP:
            going.add(place)
            spare += costs[place]
    if spare < 0:
        raise ModelRefused(
            f"The fixed part of the prompt needs {budget - spare} tokens; the model has room for {budget}.",
            hint="Name a model with a longer context (--model), or shorten the bible in series.yaml.",
        )
    return Prompt(
        system=system,
        parts=tuple(part for i, part in enumerate(parts) if i not in going),
        prefill=prefill,
        left_out=tuple(part.name for i, part in enumerate(parts) if i in going),
    )


def in_blocks(name: str, texts: Sequence[str], *, rank: int, size: int = 8) -> Iterable[Part]:
    """Cut a growing list of texts into parts of `size`, so that the beginning stays the same as it grows.

    The texts that do not yet fill a block are parts of their own.
    """
    whole = len(texts) - len(texts) % size
    for start in range(0, whole, size):
        yield Part(f"{name} {start + 1}-{start + size}", "".join(texts[start : start + size]), rank)
    for place in range(whole, len(texts)):
        yield Part(f"{name} {place + 1}", texts[place], rank)
