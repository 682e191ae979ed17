"""Loading a model on torch: a folder of safetensors, a GGUF file or a hub id, perhaps with an adapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from storyroom.errors import InputError, ModelAbsent, ModelRefused, StoryroomError
from storyroom.models.base import Capabilities
from storyroom.models.gguf_header import read_header
from storyroom.models.llamacpp import file_digest
from storyroom.models.spec import ModelSpec
from storyroom.models.torch_adapter import check_adapter_files, merged
from storyroom.models.torch_memory import available, check_fits, needs
from storyroom.models.torch_place import Place, choose_place
from storyroom.settings import settings, suggest_to_libraries

if TYPE_CHECKING:
    from storyroom.models.torch_batch import Engine
    from storyroom.models.torch_model import TorchChatModel

_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
_PICKLED = {".bin", ".pt", ".pth", ".ckpt", ".pkl"}
# Layers that keep keys and values of every token; "dummy" ones keep nothing.
_ATTENTION = {"full_attention", "sliding_attention", "chunked_attention", "dummy"}
_MIB = 2**20
_ROWS = {"cpu": 8}
_ROWS_ON_A_GPU = 32
# What other programs, and the prompts that are kept, need of the memory that the weights leave.
_SHARE_FOR_ROWS = 0.5


@dataclass(frozen=True, slots=True)
class Choices:
    """What a spec's query, or the caller, asks for; None leaves the choice to the room.

    Attributes:
        context: most tokens of prompt and answer together.
        device: `auto`, `cpu`, `cuda`, `cuda:1` or `mps`.
        dtype: `float32`, `bfloat16` or `float16`.
        lora: folder of a LoRA adapter, as peft saves them.
        rows: most calls that are generated together.
    """

    context: int | None = None
    device: str | None = None
    dtype: str | None = None
    lora: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where `from_pretrained` reads: a folder or a hub id, and in it perhaps one GGUF file."""

    name: str
    gguf_file: str | None
    local: bool

    def options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"trust_remote_code": False, "local_files_only": self.local}
        return options | ({"gguf_file": self.gguf_file} if self.gguf_file else {})


@dataclass(frozen=True, slots=True)
class _Key:
    source: _Source
    device: str
    dtype: str
    lora: Path | None
    rows: int | None


_loaded: dict[_Key, Engine] = {}
_loading = Lock()


def open_transformers(
    spec: ModelSpec,
    *,
    context: int | None = None,
    device: str | None = None,
    dtype: str | None = None,
    lora: str | None = None,
    rows: int | None = None,
) -> TorchChatModel:
    """Load a model on torch, or take the one that this process has loaded.

    Code that comes with a model is never run, and pickled weights are refused. The network is asked only
    for a hub id. A model that does not fit into memory is refused before its weights are read.

    Args:
        spec: `transformers:` and a folder, a `.gguf` file or a hub id; behind it perhaps `?` and any of the
            options below, such as `?lora=FOLDER&dtype=float32`.
        context: most tokens of prompt and answer; None takes what the model was trained on, as far as the
            settings allow.
        device: `cpu`, `cuda`, `cuda:1`, `mps`; None takes the settings', which take a GPU if there is one.
        dtype: `float32`, `bfloat16` or `float16`; None takes bfloat16 where the device multiplies it.
        lora: folder of a LoRA adapter for this model.
        rows: most calls that are generated together; None takes 8 on a CPU and 32 on a GPU.

    Raises:
        InputError: an option is none, or there is no such device.
        ModelAbsent: there is no such file, or the hub cannot be reached.
        ModelRefused: the weights are pickled, damaged, too big, or of an architecture that cannot be run;
            or the adapter is for another model.
    """
    # Threads that spin while they wait for each other keep a busy machine busy: beside other programs on two
    # cores a token took 0.5 to 2 seconds, and a tenth with short spins. Read when torch is loaded.
    suggest_to_libraries(GOMP_SPINCOUNT="1000")
    from storyroom.models.torch_model import TorchChatModel

    given = Choices(context, device, dtype, lora, rows)
    target, asked = _asked(spec, given)
    source = _source(spec, target)
    place = choose_place(asked.device or settings().device, asked.dtype)
    adapter = Path(asked.lora).expanduser().resolve() if asked.lora else None
    if adapter:
        check_adapter_files(adapter)
    key = _Key(source, str(place.device), str(place.dtype), adapter, asked.rows)
    most = asked.context or settings().context
    with _loading, _errors_as_ours(spec):
        engine = _loaded.get(key) or _loaded.setdefault(key, _load(spec, key, place, most))
    return TorchChatModel.around(
        engine,
        spec=str(spec),
        digest=_digest(source, adapter, engine.model),
        capabilities=Capabilities(
            grammar=True,
            json_schema=True,
            prefill=True,
            context_length=min(_trained(engine.model.config), most),
            surprise=True,
        ),
        why=place.why,
    )


def _asked(spec: ModelSpec, given: Choices) -> tuple[str, Choices]:
    """Part the spec from its query; what the caller gives goes before what the query says."""
    target, _, query = spec.target.partition("?")
    said: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in Choices.__slots__ or not value:
            raise InputError(
                f"{name}={value} in {spec} is no option of a model.",
                hint=f"Options are {', '.join(Choices.__slots__)}, as in ?dtype=float32&lora=FOLDER.",
            )
        said[name] = value
    for name in ("context", "rows"):
        if name in said:
            if not said[name].isdigit() or not int(said[name]):
                raise InputError(f"{name}={said[name]} in {spec} is no number.", hint="Give a whole number.")
            said[name] = int(said[name])
    chosen = {name: getattr(given, name) for name in Choices.__slots__ if getattr(given, name) is not None}
    return target, replace(Choices(**said), **chosen)


def _source(spec: ModelSpec, target: str) -> _Source:
    path = Path(target).expanduser()
    if path.is_dir():
        return _Source(str(path.resolve()), None, local=True)
    if path.suffix == ".gguf":
        read_header(path)
        return _Source(str(path.resolve().parent), path.name, local=True)
    if path.suffix in _PICKLED:
        raise _pickled(spec)
    if path.is_file() or path.is_absolute() or not _HUB_ID.fullmatch(target):
        raise ModelAbsent(
            f"{target} is neither a folder, nor a GGUF file, nor a hub id.",
            hint="Name a folder with config.json and safetensors, a .gguf file, or an id such as OWNER/NAME.",
        )
    return _Source(target, None, local=False)


def _load(spec: ModelSpec, key: _Key, place: Place, most: int) -> Engine:
    import huggingface_hub.constants
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from transformers.utils import logging

    from storyroom.models.torch_batch import Engine
    from storyroom.models.torch_cache import PrefixStore

    huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY = True
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    source, options = key.source, key.source.options()
    config = AutoConfig.from_pretrained(source.name, **options)
    _check_architecture(spec, config)
    needed, free = needs(config, place.dtype), available(place.device)
    tokens = min(_trained(config), most)
    check_fits(str(spec), needed, free, device=place.device, tokens=tokens)
    if source.gguf_file:
        # Kernels for weights that stay packed would be fetched from the hub, which is code from elsewhere.
        options["quantization_config"] = GgufConfig(dequantize=True)
    # Dequantising draws a progress bar on stderr that no setting turns off.
    with redirect_stderr(StringIO()):
        tokenizer = AutoTokenizer.from_pretrained(source.name, **key.source.options())
        model: Any = AutoModelForCausalLM.from_pretrained(
            source.name, config=config, dtype=place.dtype, use_safetensors=True, **options
        )
    if key.lora:
        model = merged(model, key.lora)
    left = free - needed.parameters * needed.number_bytes
    return Engine(
        model.to(place.device).eval(),
        tokenizer,
        most_rows=key.rows or _ROWS.get(place.device.type, _ROWS_ON_A_GPU),
        most_tokens=max(tokens, int(left * _SHARE_FOR_ROWS / needed.token_bytes)),
        prefixes=PrefixStore(settings().prompt_cache_mib * _MIB),
    )


def _check_architecture(spec: ModelSpec, config: Any) -> None:
    """Refuse a model that keeps a state instead of keys and values, which cannot be cut or shared."""
    from transformers.cache_utils import get_layer_types_and_kwargs

    if getattr(config, "is_encoder_decoder", False):
        foreign = ["an encoder"]
    elif not hasattr(config.get_text_config(), "num_attention_heads"):
        foreign = ["layers without attention"]
    else:
        foreign = sorted(set(get_layer_types_and_kwargs(config.get_text_config())[0]) - _ATTENTION)
    if foreign:
        raise ModelRefused(
            f"{spec} has what this runtime cannot batch: {', '.join(foreign)}.",
            hint="Run it as llama.cpp:FILE.gguf, or on a server as openai:MODEL@URL.",
        )


def _trained(config: Any) -> int:
    """Tokens that a model was trained on; what the settings allow where it does not say."""
    return getattr(config.get_text_config(), "max_position_embeddings", None) or settings().context


def _digest(source: _Source, adapter: Path | None, model: Any) -> str:
    if source.gguf_file:
        base = file_digest(Path(source.name, source.gguf_file))
    elif source.local:
        weights = sorted(Path(source.name).glob("*.safetensors"))
        base = file_digest(weights[0]) if weights else ""
    else:
        base = str(getattr(model.config, "_commit_hash", None) or source.name)[:12]
    return f"{base}+{file_digest(adapter / 'adapter_model.safetensors')}" if adapter else base


def _pickled(spec: ModelSpec) -> ModelRefused:
    return ModelRefused(
        f"{spec} has no safetensors weights; pickled ones are never read.",
        hint="Convert the weights to safetensors, or name a model that has them.",
    )


@contextmanager
def _errors_as_ours(spec: ModelSpec) -> Iterator[None]:
    try:
        yield
    except StoryroomError:
        raise
    except OSError as error:
        said = str(error)
        if "safetensors" in said or "pickle" in said or ".bin" in said:
            raise _pickled(spec) from error
        raise ModelAbsent(
            f"{spec} cannot be found: {said.splitlines()[0][:200]}",
            hint="Check the id or the folder. A hub id needs a network the first time, "
            "and HF_HUB_OFFLINE must not be set then.",
        ) from error
    except Exception as error:  # a damaged file makes these libraries raise whatever it leads them to
        raise ModelRefused(
            f"{spec} cannot be loaded: {' '.join(str(error).split())[:300]}",
            hint="Check that the folder or file is whole, and that this transformers knows its architecture.",
        ) from error
