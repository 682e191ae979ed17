"""Servers that somebody else runs: found out about once, when the model is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from storyroom.errors import InputError, ModelAbsent, ModelError, ModelRefused
from storyroom.models.base import Capabilities
from storyroom.models.server import GrammarDialect, ServerChatModel, connect, meta_client
from storyroom.models.spec import ModelSpec
from storyroom.settings import settings

_PROBE_SECONDS = 10.0
_RETRIES = 2


@dataclass(frozen=True, slots=True)
class _Found:
    """What a server says about itself."""

    dialect: GrammarDialect
    context: int | None
    tokenizes: bool


def open_remote(
    spec: ModelSpec, *, grammar: GrammarDialect | None = None, context: int | None = None
) -> ServerChatModel:
    """Connect to an OpenAI-compatible server.

    Args:
        spec: `openai:MODEL@URL`; a URL without a path gets `/v1`.
        grammar: how the server takes a GBNF grammar; None asks it (llama.cpp and vLLM are recognised).
        context: most tokens of prompt and answer; None asks the server, and failing that the settings.

    Raises:
        ModelAbsent: nothing answers at the address, or the server does not have the model.
        ModelRefused: the server wants another key.
        ModelError: what answers is no such server.
    """
    if grammar not in {None, "body", "vllm", "none"}:
        raise InputError(f"{grammar!r} is no way to pass a grammar.", hint='Say "body", "vllm" or "none".')
    url = spec.url if urlsplit(spec.url).path.strip("/") else f"{spec.url.rstrip('/')}/v1"
    key = settings().api_key or SecretStr("none")
    with meta_client(url, key, timeout=_PROBE_SECONDS) as client:
        found = _look(client, url, spec)
    dialect = grammar or found.dialect
    return connect(
        spec=str(spec),
        model=spec.target,
        url=url,
        key=key,
        digest=spec.target,
        capabilities=Capabilities(
            grammar=dialect != "none",
            json_schema=True,
            prefill=dialect != "none",
            context_length=context or found.context or settings().context,
            surprise=found.tokenizes,
        ),
        dialect=dialect,
        tokenizes=found.tokenizes,
        timeout=settings().timeout,
        max_retries=_RETRIES,
    )


def _look(client: httpx.Client, url: str, spec: ModelSpec) -> _Found:
    models = _json(client, f"{url}/models", spec)
    props = _json(client, "/props", spec, optional=True)
    if generation := props.get("default_generation_settings"):
        return _Found("body", generation.get("n_ctx"), tokenizes=True)
    entries = [entry for entry in models.get("data") or [] if isinstance(entry, dict)]
    names = [str(entry.get("id")) for entry in entries]
    if names and spec.target not in names:
        raise ModelAbsent(
            f"The server at {url} has no model {spec.target!r}.",
            hint=f"It has {', '.join(names[:8])}{' …' if len(names) > 8 else ''}.",
        )
    entry = next((entry for entry in entries if entry.get("id") == spec.target), {})
    dialect: GrammarDialect = "vllm" if entry.get("owned_by") == "vllm" else "none"
    return _Found(dialect, entry.get("max_model_len"), tokenizes=False)


def _json(client: httpx.Client, path: str, spec: ModelSpec, *, optional: bool = False) -> dict[str, Any]:
    """Read a page of the server as a JSON object; an optional page that is not there is an empty one."""
    try:
        response = client.get(path)
    except httpx.HTTPError as error:
        raise ModelAbsent(
            f"Nothing answers at {spec.url} ({str(error) or type(error).__name__}).",
            hint="Start the server, or correct the address in --model or series.yaml.",
        ) from error
    if response.status_code in {401, 403} and not optional:
        raise ModelRefused(
            f"The server at {spec.url} refuses the key.", hint="Put the server's key into STORYROOM_API_KEY."
        )
    if optional and not response.is_success:
        return {}
    try:
        page = response.json()
    except ValueError:
        page = None
    if isinstance(page, dict):
        # Some servers have no list of models and say so in JSON; the first call will tell more.
        return page
    if optional:
        return {}
    raise ModelError(
        f"What answers at {spec.url} is no OpenAI-compatible server: {response.status_code}, "
        f"{response.headers.get('content-type', 'no content type')}.",
        hint="Check the port and the path; the URL usually ends in /v1.",
    )
