"""LoRA adapters (arXiv:2106.09685): checked against their base, and merged into its weights."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from storyroom.errors import ModelAbsent, ModelRefused

_WEIGHTS = "adapter_model.safetensors"
_FACTOR = re.compile(r"^base_model\.model\.(?P<module>.+)\.lora_(?P<side>[AB])(\.\w+)?\.weight$")


def check_adapter_files(folder: Path) -> None:
    """Look for an adapter without reading its weights.

    Raises:
        ModelAbsent: the folder holds none.
        ModelRefused: its weights are pickled.
    """
    if not (folder / "adapter_config.json").is_file():
        raise ModelAbsent(
            f"{folder} holds no LoRA adapter.",
            hint=f"Name a folder with adapter_config.json and {_WEIGHTS}, as peft saves them.",
        )
    if (kind := _told(folder, "peft_type")) != "LORA":
        raise ModelRefused(
            f"The adapter {folder} is of the type {kind}.", hint="Name a LoRA adapter, or merge it with peft."
        )
    if not (folder / _WEIGHTS).is_file():
        raise ModelRefused(
            f"The adapter {folder} has no safetensors weights; pickled ones are never read.",
            hint="Save it again with peft's save_pretrained, which writes safetensors.",
        )


def merged(model: Any, folder: Path) -> Any:
    """Return the model with an adapter merged into its weights: it then costs nothing per token.

    Args:
        model: a transformers `PreTrainedModel`; it is changed.
        folder: where `adapter_config.json` and `adapter_model.safetensors` lie.

    Raises:
        ModelRefused: the adapter was made for another base, or is damaged.
    """
    from peft import PeftModel

    check_fits_base(model, folder)
    return PeftModel.from_pretrained(model, str(folder)).merge_and_unload()


def check_fits_base(model: Any, folder: Path) -> None:
    """Compare the adapter's factors with the base's modules, by name and by shape.

    Raises:
        ModelRefused: a module is missing or has another shape.
    """
    from safetensors import SafetensorError, safe_open

    modules = dict(model.named_modules())
    try:
        with safe_open(folder / _WEIGHTS, framework="pt") as weights:
            shapes = {name: tuple(weights.get_slice(name).get_shape()) for name in weights.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelRefused(
            f"The adapter {folder} cannot be read: {error}",
            hint="Fetch it again; it may have been cut short.",
        ) from error
    for name, shape in shapes.items():
        factor = _FACTOR.match(name)
        if factor is None:
            continue
        weight = getattr(modules.get(factor["module"]), "weight", None)
        # A is (rank, in) and B is (out, rank), beside a weight of (out, in).
        fits = weight is not None and (
            shape[1] == weight.shape[1] if factor["side"] == "A" else shape[0] == weight.shape[0]
        )
        if not fits:
            raise _for_another(
                folder, factor["module"], shape, None if weight is None else tuple(weight.shape)
            )


def _for_another(
    folder: Path, module: str, shape: tuple[int, ...], own: tuple[int, ...] | None
) -> ModelRefused:
    base = _told(folder, "base_model_name_or_path")
    found = "which this model has not" if own is None else f"with {shape} beside this model's {own}"
    return ModelRefused(
        f"The adapter {folder} was made for another model: it changes {module}, {found}.",
        hint=f"Name the base that it was trained on{f', {base}' if base else ''}.",
    )


def _told(folder: Path, key: str) -> Any:
    """What the adapter's configuration says; None if it cannot be read."""
    try:
        return json.loads((folder / "adapter_config.json").read_text("utf-8")).get(key)
    except (OSError, ValueError, AttributeError):
        return None
