"""Whether a model fits into memory: told before a byte of its weights is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyroom.errors import ModelRefused

if TYPE_CHECKING:
    import torch

_GIB = 2**30
# Activations, the tokenizer, and what torch itself takes beside weights, keys and values.
_BESIDE = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Needs:
    """What a model takes.

    Attributes:
        parameters: numbers that it was trained to.
        number_bytes: bytes of one number.
        token_bytes: bytes of the keys and values of one token.
    """

    parameters: int
    number_bytes: int
    token_bytes: int

    def total(self, tokens: int) -> int:
        """Return bytes of weights, and keys and values of so many tokens."""
        return self.parameters * self.number_bytes + tokens * self.token_bytes + _BESIDE


def needs(config: Any, dtype: torch.dtype) -> Needs:
    """Work out what a model takes, from its configuration alone.

    Args:
        config: a transformers `PreTrainedConfig`.
        dtype: that the weights are held in, and keys and values.
    """
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        outline = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    text = config.get_text_config()
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    size = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    return Needs(
        parameters=sum(parameter.numel() for parameter in outline.parameters()),
        number_bytes=dtype.itemsize,
        token_bytes=2 * text.num_hidden_layers * heads * size * dtype.itemsize,
    )


def available(device: torch.device) -> int:
    """Return how many bytes are free on a device: on a CPU, what this process may still take."""
    import psutil
    import torch

    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    free = int(psutil.virtual_memory().available)
    contained = _left_in_control_group(Path("/sys/fs/cgroup"))
    return free if contained is None else min(free, contained)


def check_fits(spec: str, needed: Needs, free: int, *, device: torch.device, tokens: int) -> None:
    """Refuse a model that does not fit, with the sum.

    Args:
        free: bytes that the device has left.
        tokens: most tokens of prompt and answer together.

    Raises:
        ModelRefused: it does not fit.
    """
    total = needed.total(tokens)
    if total <= free:
        return
    weights = needed.parameters * needed.number_bytes
    raise ModelRefused(
        f"{spec} is too big for {device}: {needed.parameters / 1e6:,.0f} million parameters of "
        f"{needed.number_bytes} bytes are {weights / _GIB:.2f} GiB, keys and values of {tokens:,} tokens "
        f"{tokens * needed.token_bytes / _GIB:.2f} GiB, and the rest {_BESIDE / _GIB:.2f} GiB; together "
        f"{total / _GIB:.2f} GiB, and {free / _GIB:.2f} GiB are free.",
        hint="Set a shorter STORYROOM_CONTEXT, or name a smaller or quantised model (llama.cpp:PATH.gguf).",
    )


def _left_in_control_group(group: Path) -> int | None:
    """Bytes that a Linux control group, such as a container's, leaves; None where it sets no bound.

    Pages of files that were read lately count as used there, and are given back when memory is wanted.
    """
    try:
        limit, used = ((group / name).read_text().strip() for name in ("memory.max", "memory.current"))
        kept = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return None
    return int(limit) - int(used) + int(kept.get("inactive_file", 0)) if limit.isdigit() else None
