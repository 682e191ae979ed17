"""GGUF models in this process: llama.cpp's server on a loopback port, with a key that nobody else has.

One slot, because calls that share a prefix are served fastest one after another: slots do not share what
they have read. The server queues calls that come together.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import SecretStr

from storyroom.errors import ModelRefused
from storyroom.models.base import Capabilities
from storyroom.models.embedded import EMBEDDED, embedded_path
from storyroom.models.gguf_header import GgufHeader, read_header
from storyroom.models.room_for import Needs, fitting_context, free_memory
from storyroom.models.server import ServerChatModel, connect
from storyroom.models.spec import ModelSpec
from storyroom.settings import settings, suggest_to_libraries

_SILENT = -1
_SLOTS = 1
_DIGEST_SPAN = 1 << 20


@dataclass(frozen=True, slots=True)
class _Key:
    path: Path
    context: int
    threads: int


@dataclass(frozen=True, slots=True)
class _Running:
    server: Any
    key: SecretStr
    context: int


_running: dict[_Key, _Running] = {}
_starting = Lock()


def open_llamacpp(
    spec: ModelSpec, *, context: int | None = None, threads: int | None = None
) -> ServerChatModel:
    """Load a GGUF file, or take the server that has it loaded.

    Args:
        spec: `embedded` or `llama.cpp:PATH`.
        context: most tokens of prompt and answer; None takes what the model was trained on, as far as the
            settings allow.
        threads: CPU threads; None takes the settings'.

    Raises:
        ModelAbsent: there is no such file, or the embedded model has not been fetched.
        ModelRefused: the file is no GGUF file, too big for the memory, or llama.cpp cannot load it.
    """
    embedded = spec.kind == "embedded"
    path = embedded_path() if embedded else spec.path.resolve()
    threads = settings().threads if threads is None else threads
    header = read_header(path)
    trained = header.context_length or settings().context
    wanted = _Key(path=path, context=min(trained, context or settings().context), threads=threads)
    with _starting:
        running = _running.get(wanted) or _running.setdefault(wanted, _start(wanted, header))
    model = connect(
        spec=str(spec),
        model=path.stem,
        url=f"{running.server.listening_address}/v1",
        key=running.key,
        digest=EMBEDDED.sha256[:12] if embedded else file_digest(path),
        capabilities=Capabilities(
            grammar=True,
            json_schema=True,
            prefill=True,
            context_length=running.context,
            surprise=True,
            small=embedded,
            languages=("en",) if embedded else None,
        ),
        dialect="body",
        tokenizes=True,
        timeout=None,
        max_retries=0,
        schema_grammar=_schema_grammar,
    )
    model.at_once, model.runs_on = _SLOTS, "llama.cpp in this process"
    return model


def file_digest(path: Path) -> str:
    """Return 12 hex digits of a file's size, first and last MiB: enough to tell files apart, at once."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_DIGEST_SPAN))
        file.seek(max(0, size - _DIGEST_SPAN))
        digest.update(file.read())
    return digest.hexdigest()[:12]


@atexit.register
def close_all() -> None:
    """Stop the servers of this process and free their memory."""
    with _starting:
        _running.clear()


def _schema_grammar(schema: dict[str, Any]) -> str:
    """The schema as a grammar of this build, for JSON on one line: no token is spent on indentation.

    The server's own conversion drops `x-guidance`, which tells its engine so.
    """
    from xllamacpp import json_schema_to_grammar  # type: ignore[import-untyped]

    one_line = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
    return str(json_schema_to_grammar(json.dumps({**schema, "x-guidance": one_line})))


def _context(wanted: _Key, header: GgufHeader) -> int:
    """Return the context that there is memory for; with a GPU, llama.cpp fits itself to what that has."""
    import xllamacpp

    kinds = xllamacpp.ggml_backend_dev_type
    gpus = {kinds.GGML_BACKEND_DEVICE_TYPE_GPU, kinds.GGML_BACKEND_DEVICE_TYPE_IGPU}
    if any(device["type"] in gpus for device in xllamacpp.get_device_info()):
        return wanted.context
    cache = settings().prompt_cache_mib << 20
    needs = Needs(weights=wanted.path.stat().st_size, per_token=header.token_bytes, cache=cache)
    return fitting_context(str(wanted.path), needs, wanted.context, free_memory())


def _start(wanted: _Key, header: GgufHeader) -> _Running:
    # Threads that wait for each other spin for milliseconds by default. Where another program wants a core,
    # all then wait for the one that was put aside: two threads on two busy cores were seen to fall from 80
    # tokens a second to 1, and with short spins only to 20. On an idle machine short spins cost about 4 %.
    suggest_to_libraries(GOMP_SPINCOUNT="1000")
    import xllamacpp

    context = _context(wanted, header)
    key = SecretStr(secrets.token_urlsafe(32))
    params = xllamacpp.CommonParams()
    params.model.path = str(wanted.path)
    params.n_ctx = context
    params.n_parallel = _SLOTS
    params.cache_ram_mib = settings().prompt_cache_mib
    params.warmup = False
    params.verbosity = _SILENT
    params.port = 0
    params.api_keys = [key.get_secret_value()]
    params.ui = False
    if wanted.threads:
        params.cpuparams.n_threads = wanted.threads
        params.cpuparams_batch.n_threads = wanted.threads
    try:
        return _Running(xllamacpp.Server(params), key, context)
    except RuntimeError as error:
        raise ModelRefused(
            f"llama.cpp cannot load {wanted.path}: {error}",
            hint="Check that the file is whole, that this llama.cpp knows its architecture, "
            "and that there is memory for it (a shorter STORYROOM_CONTEXT takes less).",
        ) from error
