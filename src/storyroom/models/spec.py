"""Specs: how a model is named on the command line, in `series.yaml` and in the record of calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from storyroom.errors import InputError

Kind = Literal["embedded", "llama.cpp", "transformers", "openai", "scripted"]

FORMS: dict[Kind, str] = {
    "embedded": "embedded",
    "llama.cpp": "llama.cpp:PATH.gguf",
    "transformers": "transformers:ID-OR-PATH",
    "openai": "openai:MODEL@URL",
    "scripted": "scripted:FILE.yaml",
}


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A spec taken apart.

    Attributes:
        kind: which of the five kinds.
        target: the path, the hub id or the name of the model at its server; empty for `embedded`.
        url: address of the server, for `openai`.
    """

    kind: Kind
    target: str = ""
    url: str = ""

    @classmethod
    def parse(cls, spec: str) -> ModelSpec:
        """Read a spec.

        Raises:
            InputError: it is none of the five kinds, or a part is missing.
        """
        kind, _, rest = spec.strip().partition(":")
        if kind == "embedded" and not rest:
            return cls("embedded")
        if kind == "openai":
            return cls._at_server(spec, rest)
        if kind in FORMS and kind != "embedded" and rest:
            return cls(kind, rest)
        raise _unusable(spec, f"{spec!r} names no model.")

    @classmethod
    def _at_server(cls, spec: str, rest: str) -> ModelSpec:
        model, _, url = rest.rpartition("@")
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _unusable(spec, f"{_without_secret(spec)!r} names no server.")
        if not model or parts.username or parts.password:
            raise _unusable(spec, f"{_without_secret(spec)!r} names no model, or holds a key.")
        return cls("openai", model, url.rstrip("/"))

    @property
    def path(self) -> Path:
        """The target as a path, `~` expanded."""
        return Path(self.target).expanduser()

    def __str__(self) -> str:
        return {"embedded": "embedded", "openai": f"openai:{self.target}@{self.url}"}.get(
            self.kind, f"{self.kind}:{self.target}"
        )


def _unusable(spec: str, message: str) -> InputError:
    return InputError(
        message,
        hint="Write one of " + ", ".join(FORMS.values()) + "; a server's key goes into STORYROOM_API_KEY.",
    )


def _without_secret(spec: str) -> str:
    """The spec without what stands between `//` and the last `@` of a URL: it may be a password."""
    head, slashes, tail = spec.partition("://")
    return f"{head}{slashes}…@{tail.rpartition('@')[2]}" if "@" in tail else spec
