"""What trying a server out has shown, and the record of it in the user's cache folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from storyroom.files import write_whole
from storyroom.models.base import SchemaMode
from storyroom.models.spec import ModelSpec
from storyroom.settings import settings

ServerName = Literal["llama.cpp", "vllm", "ollama", "lmstudio", "transformers", "unknown"]

GrammarDialect = Literal["body", "vllm", "guided", "none"]
"""How a server takes a GBNF grammar: llama.cpp as `grammar` in the body, vLLM as `structured_outputs`, vLLM
before 0.12 as `guided_grammar`, others not."""

PrefillWay = Literal["plain", "flag", "none"]
"""How a server continues a message that has begun: when it stands last; when vLLM's `continue_final_message`
says so as well; not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a model at a server can be held to; each was seen in an answer and not only read in a manual.

    Attributes:
        spec: the model and its server.
        server, version: what answers there; an empty version is one that it does not tell.
        date: when it was tried, in UTC, as ISO 8601.
        schema: what makes its answers fit a JSON schema.
        grammar: how it takes a grammar that it really keeps to.
        prefill: how it continues a message.
        logprobs: whether it tells how likely its own tokens were.
        context_length: tokens of prompt and answer; None where it does not tell.
        tokenizes: whether it counts the tokens of a text.
    """

    spec: str
    server: ServerName
    version: str
    date: str
    schema: SchemaMode
    grammar: GrammarDialect
    prefill: PrefillWay
    logprobs: bool
    context_length: int | None
    tokenizes: bool


def recorded(spec: ModelSpec) -> Probed | None:
    """Return what was found out about a model at its server; None when it never was, or not in this form."""
    try:
        return TypeAdapter(Probed).validate_json(_file(spec).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def record(probed: Probed) -> Path:
    """Write down what was found out, in place of what was known before.

    Raises:
        FormatError: the cache folder cannot be written.
    """
    path = _file(ModelSpec.parse(probed.spec))
    write_whole(path, json.dumps(asdict(probed), ensure_ascii=False, indent=2).encode() + b"\n")
    return path


def _file(spec: ModelSpec) -> Path:
    return settings().cache_dir / "servers" / f"{sha256(str(spec).encode()).hexdigest()[:16]}.json"
