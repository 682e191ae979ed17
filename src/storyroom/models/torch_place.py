"""Where a model on torch runs, and in what numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyroom.errors import InputError

if TYPE_CHECKING:
    import torch

DTYPES = ("float32", "bfloat16", "float16")
# Instructions of CPUs that multiply bfloat16: Intel and AMD's, and Arm's.
_BF16_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "bf16", "arm_bf16")


@dataclass(frozen=True, slots=True)
class Place:
    """A device and a dtype.

    Attributes:
        why: what led to them, as a phrase.
    """

    device: torch.device
    dtype: torch.dtype
    why: str


def choose_place(device: str, dtype: str | None) -> Place:
    """Return where to run, by what was asked for and by what the machine has.

    On a CPU that multiplies bfloat16 a prompt is read about three times as fast in it as in float32, and
    four rows are written a third faster (measured with SmolLM2-135M on two cores with AMX); on others
    bfloat16 is slower. Single rows are written equally fast.

    Args:
        device: `auto`, `cpu`, `cuda`, `cuda:1`, `mps`; `auto` takes a GPU if there is one.
        dtype: one of `DTYPES`; None takes bfloat16 where the device multiplies it, else float16 on a GPU and
            float32 on a CPU.

    Raises:
        InputError: there is no such device or dtype.
    """
    import torch

    if dtype is not None and dtype not in DTYPES:
        raise InputError(f"{dtype!r} is no dtype for a model.", hint=f"Say {', '.join(DTYPES)}.")
    where = _device(device)
    if dtype is not None:
        return Place(where, getattr(torch, dtype), "as asked for")
    if where.type == "cpu":
        if cpu_multiplies_bf16():
            return Place(where, torch.bfloat16, "this CPU multiplies bfloat16")
        return Place(where, torch.float32, "this CPU does not multiply bfloat16")
    if where.type == "cuda" and not torch.cuda.is_bf16_supported():
        return Place(where, torch.float16, "this GPU does not multiply bfloat16")
    return Place(where, torch.bfloat16, "this GPU multiplies bfloat16")


def cpu_multiplies_bf16() -> bool:
    """Whether this machine's CPU has instructions for products of bfloat16."""
    import torch

    told: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return any(told.get(name) for name in _BF16_INSTRUCTIONS)


def _device(wanted: str) -> torch.device:
    import torch

    if wanted == "auto":
        return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
    try:
        device = torch.device(wanted)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise InputError(
            f"There is no device {wanted!r} here.", hint="Leave STORYROOM_DEVICE unset, or say cpu."
        ) from error
    return device
