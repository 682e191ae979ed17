"""Loading a model on torch: a folder of safetensors, a GGUF file, or a hub id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from storyroom.errors import InputError, ModelAbsent, ModelRefused, StoryroomError
from storyroom.models.base import Capabilities
from storyroom.models.gguf_header import read_header
from storyroom.models.llamacpp import file_digest
from storyroom.models.spec import ModelSpec
from storyroom.models.torch_model import Engine, TorchChatModel
from storyroom.settings import settings

if TYPE_CHECKING:
    import torch

_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
_DTYPES = ("float32", "bfloat16", "float16")


@dataclass(frozen=True, slots=True)
class _Source:
    """Where `from_pretrained` reads: a folder or a hub id, and in it perhaps one GGUF file."""

    name: str
    gguf_file: str | None
    local: bool


_loaded: dict[tuple[_Source, str, str], Engine] = {}
_loading = Lock()


def open_transformers(
    spec: ModelSpec, *, context: int | None = None, device: str | None = None, dtype: str | None = None
) -> TorchChatModel:
    """Load a model on torch, or take the one that this process has loaded.

    Code that comes with a model is never run, and pickled weights are refused. The network is asked only
    for a hub id.

    Args:
        spec: `transformers:` and a folder, a `.gguf` file or a hub id.
        context: most tokens of prompt and answer; None takes what the model was trained on, as far as the
            settings allow.
        device: `cpu`, `cuda`, `cuda:1`, `mps`; None takes the settings', which take a GPU if there is one.
        dtype: `float32`, `bfloat16` or `float16`; None takes float32 on a CPU and bfloat16 on a GPU that has
            it, else float16.

    Raises:
        InputError: the device or dtype is none.
        ModelAbsent: there is no such file, or the hub cannot be reached.
        ModelRefused: the weights are pickled, damaged, or of an architecture that transformers lacks.
    """
    source = _source(spec)
    on = _device(device or settings().device)
    kind = _dtype(dtype, on)
    key = (source, str(on), str(kind))
    with _loading, _errors_as_ours(spec):
        engine = _loaded.get(key) or _loaded.setdefault(key, _load(source, on, kind))
    trained = (
        getattr(engine.model.config.get_text_config(), "max_position_embeddings", None) or settings().context
    )
    return TorchChatModel.around(
        engine,
        spec=str(spec),
        digest=_digest(source, engine.model),
        capabilities=Capabilities(
            grammar=True,
            json_schema=True,
            prefill=True,
            context_length=min(trained, context or settings().context),
            surprise=True,
        ),
    )


def _source(spec: ModelSpec) -> _Source:
    path = spec.path
    if path.is_dir():
        return _Source(str(path.resolve()), None, local=True)
    if path.suffix == ".gguf":
        read_header(path)
        return _Source(str(path.resolve().parent), path.name, local=True)
    if path.is_file() or path.is_absolute() or not _HUB_ID.fullmatch(spec.target):
        raise ModelAbsent(
            f"{spec.target} is neither a folder, nor a GGUF file, nor a hub id.",
            hint="Name a folder with config.json and safetensors, a .gguf file, or an id such as OWNER/NAME.",
        )
    return _Source(spec.target, None, local=False)


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


def _dtype(wanted: str | None, device: torch.device) -> torch.dtype:
    import torch

    if wanted is not None and wanted not in _DTYPES:
        raise InputError(f"{wanted!r} is no dtype for a model.", hint=f"Say {', '.join(_DTYPES)}.")
    if wanted is None and device.type != "cpu":
        wanted = "bfloat16" if device.type != "cuda" or torch.cuda.is_bf16_supported() else "float16"
    dtype: torch.dtype = getattr(torch, wanted or "float32")
    return dtype


def _load(source: _Source, device: torch.device, dtype: torch.dtype) -> Engine:
    import huggingface_hub.constants
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY = True
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    place: dict[str, Any] = {"trust_remote_code": False, "local_files_only": source.local}
    if source.gguf_file:
        place["gguf_file"] = source.gguf_file
    # Dequantising draws a progress bar on stderr that no setting turns off.
    with redirect_stderr(StringIO()):
        tokenizer = AutoTokenizer.from_pretrained(source.name, **place)
        model: Any = AutoModelForCausalLM.from_pretrained(
            source.name, dtype=dtype, use_safetensors=True, **place
        )
    return Engine(model.to(device).eval(), tokenizer)


def _digest(source: _Source, model: Any) -> str:
    if source.gguf_file:
        return file_digest(Path(source.name, source.gguf_file))
    if source.local:
        weights = sorted(Path(source.name).glob("*.safetensors"))
        return file_digest(weights[0]) if weights else ""
    return str(getattr(model.config, "_commit_hash", None) or source.name)[:12]


@contextmanager
def _errors_as_ours(spec: ModelSpec) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = str(error)
        if "safetensors" in said or "pickle" in said or ".bin" in said:
            raise ModelRefused(
                f"{spec} has no safetensors weights; pickled ones are never read.",
                hint="Convert the weights to safetensors, or name a model that has them.",
            ) from error
        raise ModelAbsent(
            f"{spec} cannot be found: {said.splitlines()[0][:200]}",
            hint="Check the id or the folder. A hub id needs a network the first time, "
            "and HF_HUB_OFFLINE must not be set then.",
        ) from error
    except StoryroomError:
        raise
    except Exception as error:  # a damaged file makes these libraries raise whatever it leads them to
        raise ModelRefused(
            f"{spec} cannot be loaded: {' '.join(str(error).split())[:300]}",
            hint="Check that the folder or file is whole, and that this transformers knows its architecture.",
        ) from error
