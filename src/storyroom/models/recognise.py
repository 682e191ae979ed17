"""Which server answers at an address, from the pages that it has and others have not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from storyroom.errors import ModelAbsent, ModelError, ModelRefused
from storyroom.models.probed import ServerName
from storyroom.models.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a server says about itself and the model.

    Attributes:
        version: empty where it does not tell.
        context: tokens that the model runs with; None where the server does not tell, or has not loaded it.
    """

    server: ServerName
    version: str = ""
    context: int | None = None


def recognise(client: httpx.Client, url: str, spec: ModelSpec) -> Recognised:
    """Ask a server for what it is, without asking its model for anything.

    Args:
        client: whose base is the server's root.
        url: base URL of its OpenAI API.

    Raises:
        ModelAbsent: nothing answers at the address, or the server does not have the model.
        ModelRefused: the server wants another key.
        ModelError: what answers is no such server.
    """
    listing = _get(client, f"{url}/models", spec)
    if listing.status_code in {401, 403}:
        raise ModelRefused(
            f"The server at {spec.url} refuses the key.", hint="Put the server's key into STORYROOM_API_KEY."
        )
    models = _object(listing)
    # `transformers serve` fails on its list when the hub's cache is empty, and loads what it does not list.
    if "/load_model" in (_page(client, "/openapi.json", spec).get("paths") or {}):
        return Recognised("transformers")
    if models is None:
        raise ModelError(
            f"What answers at {spec.url} is no OpenAI-compatible server: {listing.status_code}, "
            f"{listing.headers.get('content-type', 'no content type')}.",
            hint="Check the port and the path; the URL usually ends in /v1.",
        )
    props = _page(client, "/props", spec)
    if running := props.get("default_generation_settings"):
        return Recognised("llama.cpp", str(props.get("build_info") or ""), running.get("n_ctx"))
    entry = _entry(models, url, spec)
    if entry.get("owned_by") == "vllm":
        version = _page(client, "/version", spec).get("version")
        return Recognised("vllm", str(version or ""), entry.get("max_model_len"))
    if version := _page(client, "/api/version", spec).get("version"):
        return Recognised("ollama", str(version), _ollama_context(client, spec))
    if studio := _page(client, "/api/v0/models", spec).get("data"):
        context = next((one.get("loaded_context_length") for one in studio if one["id"] == spec.target), None)
        return Recognised("lmstudio", "", context)
    return Recognised("unknown", "", entry.get("max_model_len"))


def _entry(models: dict[str, Any], url: str, spec: ModelSpec) -> dict[str, Any]:
    """Return the model's entry in the list; an empty one where the server has no list."""
    entries = [entry for entry in models.get("data") or [] if isinstance(entry, dict)]
    names = [str(entry.get("id")) for entry in entries]
    for entry in entries:
        # Ollama lists `llama3:latest` and answers to `llama3`.
        if entry.get("id") in {spec.target, f"{spec.target}:latest"}:
            return entry
    if names:
        raise ModelAbsent(
            f"The server at {url} has no model {spec.target!r}.",
            hint=f"It has {', '.join(names[:8])}{' …' if len(names) > 8 else ''}.",
        )
    return {}


def _ollama_context(client: httpx.Client, spec: ModelSpec) -> int | None:
    """Return what Ollama runs the model with, which is far less than what the model was trained on."""
    names = {spec.target, f"{spec.target}:latest"}
    for model in _page(client, "/api/ps", spec).get("models") or []:
        if model.get("name") in names and model.get("context_length"):
            return int(model["context_length"])
    shown = _object(_sent(lambda: client.post("/api/show", json={"model": spec.target}), spec)) or {}
    set_to = re.search(r"^num_ctx\s+(\d+)", str(shown.get("parameters") or ""), re.MULTILINE)
    return int(set_to[1]) if set_to else None


def _page(client: httpx.Client, path: str, spec: ModelSpec) -> dict[str, Any]:
    """Return a page that only some servers have; where it is not there, an empty one."""
    response = _get(client, path, spec)
    return (_object(response) or {}) if response.is_success else {}


def _get(client: httpx.Client, path: str, spec: ModelSpec) -> httpx.Response:
    return _sent(lambda: client.get(path), spec)


def _sent(send: Callable[[], httpx.Response], spec: ModelSpec) -> httpx.Response:
    try:
        return send()
    except httpx.HTTPError as error:
        raise ModelAbsent(
            f"Nothing answers at {spec.url} ({str(error) or type(error).__name__}).",
            hint="Start the server, or correct the address in --model or series.yaml.",
        ) from error


def _object(response: httpx.Response) -> dict[str, Any] | None:
    """Return a response as a JSON object; None when it is none."""
    try:
        page = response.json()
    except ValueError:
        return None
    return page if isinstance(page, dict) else None
