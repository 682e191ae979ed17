"""Whether a model fits into memory: the sum is made before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storyroom.errors import ModelRefused

_CGROUP = Path("/sys/fs/cgroup")
_LEAST_CONTEXT = 2048
_MIB = 1 << 20
# An allowance for the runtime itself: its graph, logits and buffers.
_OVERHEAD = 256 * _MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a model takes, in bytes.

    Attributes:
        weights: of the weights as they are loaded.
        per_token: of the keys and values of one token of context.
        cache: most that prompts read before may take.
    """

    weights: int
    per_token: int
    cache: int = 0

    def at(self, context: int) -> int:
        """Return all that the model takes with that many tokens of context."""
        return self.weights + self.per_token * context + self.cache + _OVERHEAD

    def told(self, context: int) -> str:
        """Return the sum as people read it."""
        return (
            f"{gib(self.weights)} of weights + {gib(self.per_token * context)} for {context:,} tokens "
            f"+ {gib(self.cache + _OVERHEAD)} beside = {gib(self.at(context))}"
        )


def gib(size: float) -> str:
    """Return a size in GiB: ``1.4 GiB``."""
    return f"{size / (1 << 30):.1f} GiB"


def free_memory() -> int:
    """Return how many bytes of memory can still be had; the limit of a container counts too."""
    import psutil

    free = int(psutil.virtual_memory().available)
    try:
        limit = int((_CGROUP / "memory.max").read_text())
        used = int((_CGROUP / "memory.current").read_text())
        # Pages of files that were read count as used, and are given back when they are wanted.
        stat = dict(line.split() for line in (_CGROUP / "memory.stat").read_text().splitlines())
        return min(free, limit - used + int(stat.get("inactive_file", 0)))
    except (OSError, ValueError):
        return free


def fitting_context(what: str, needs: Needs, wanted: int, free: int) -> int:
    """Return the context that there is memory for: the wanted one, or less.

    Raises:
        ModelRefused: not even a short context fits.
    """
    if needs.at(wanted) <= free:
        return wanted
    least = min(_LEAST_CONTEXT, wanted)
    if needs.at(least) > free:
        raise ModelRefused(
            f"{what} is too big for this machine: {needs.told(least)}, and {gib(free)} are free.",
            hint="Take a smaller model or a smaller quantisation (Q4), or close what uses memory.",
        )
    spare = free - needs.at(0)
    return max(least, spare // needs.per_token // 256 * 256)
