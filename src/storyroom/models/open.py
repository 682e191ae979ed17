"""From a spec to a loaded model."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from storyroom.errors import InputError
from storyroom.models.spec import ModelSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyroom.models.base import LocalChatModel


def open_model(spec: str, **options: Any) -> LocalChatModel:
    """Load a model, or take the one that this process has loaded already.

    Args:
        spec: `embedded`, `llama.cpp:PATH.gguf`, `transformers:ID-OR-PATH`, `openai:MODEL@URL` or
            `scripted:FILE.yaml`.
        options: what the kind understands beyond the settings:
            `embedded`, `llama.cpp`: `context`, `threads`;
            `transformers`: `context`, `device`, `dtype`, `lora`, `rows`;
            `openai`: `context`, `grammar` (`"body"`, `"vllm"`, `"guided"` or `"none"`: how the server takes
            one).

    Raises:
        InputError: the spec or an option is none.
        ModelAbsent: the file or the server is not there.
        ModelRefused: it is there and cannot be used.
    """
    parsed = ModelSpec.parse(spec)
    opener = _opener(parsed)
    known = [name for name, p in inspect.signature(opener).parameters.items() if p.kind is p.KEYWORD_ONLY]
    if unknown := sorted(set(options) - set(known)):
        raise InputError(
            f"{parsed.kind} models know no option {', '.join(unknown)}.",
            hint=f"Options of this kind: {', '.join(known) or 'none'}.",
        )
    return opener(parsed, **options)


def _opener(spec: ModelSpec) -> Callable[..., LocalChatModel]:
    # Imported here so that torch, transformers and langchain_openai load only for the kinds that need them.
    match spec.kind:
        case "embedded" | "llama.cpp":
            from storyroom.models.llamacpp import open_llamacpp

            return open_llamacpp
        case "transformers":
            from storyroom.models.torch_load import open_transformers

            return open_transformers
        case "openai":
            from storyroom.models.remote import open_remote

            return open_remote
        case "scripted":
            from storyroom.models.scripted import open_scripted

            return open_scripted
