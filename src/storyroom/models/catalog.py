"""What models there are, and what one of them is, without loading it: `storyroom models list | show`."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.errors import ModelAbsent, ModelRefused
from storyroom.models.artifact import verify
from storyroom.models.embedded import EMBEDDED, embedded_file
from storyroom.models.spec import FORMS, Kind, ModelSpec
from storyroom.settings import settings

if TYPE_CHECKING:
    from storyroom.models.base import LocalChatModel, SchemaMode

_SAYS: dict[Kind, str] = {
    "embedded": "SmolLM2-135M-Instruct: small, English only, fetched once",
    "llama.cpp": "a GGUF file, in this process",
    "transformers": "a folder, a GGUF file or a hub id, on torch",
    "openai": "vLLM, Ollama, llama-server, LM Studio, or another such server",
    "scripted": "answers from a file, for tests and docs",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A kind of model in the list.

    Attributes:
        form: how its spec is written.
        says: what it is, in a few words.
        available: whether it can be opened now; None where that depends on what is named.
        path: the file, if it is known and there.
        size: of the file, in bytes.
        default: whether it fills the seats that name no model.
    """

    kind: Kind
    form: str
    says: str
    available: bool | None
    path: Path | None = None
    size: int | None = None
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One model.

    Attributes:
        spec: as it was named.
        name: what its makers call it.
        context_length: tokens of prompt and answer that it would be opened with.
        grammar, json_schema, schema_mode, prefill: see `Capabilities`.
        server: what runs it, and in which version, for a model at a server.
        probed: when `storyroom models probe` tried that server out; None when it never did.
        logprobs: whether the server tells how likely tokens were, where it was tried out.
        languages: that it writes; None where nobody has said so.
        file: where its weights are, on this machine.
        size: of the file, in bytes.
        sha256: of the file, where it is known and was checked.
    """

    spec: str
    kind: Kind
    name: str
    context_length: int
    grammar: bool = True
    json_schema: bool = True
    schema_mode: SchemaMode = "enforced"
    prefill: bool = True
    server: str | None = None
    probed: str | None = None
    logprobs: bool | None = None
    languages: tuple[str, ...] | None = None
    file: Path | None = None
    size: int | None = None
    sha256: str | None = None


def entries() -> list[Entry]:
    """Return all kinds; only `embedded` has a file that can be looked for."""
    path = embedded_file()
    fetched = path.is_file()
    chosen = ModelSpec.parse(settings().model).kind
    return [
        Entry(
            kind=kind,
            form=form,
            says=_SAYS[kind],
            available=fetched if kind == "embedded" else None,
            path=path if kind == "embedded" and fetched else None,
            size=path.stat().st_size if kind == "embedded" and fetched else None,
            default=kind == chosen,
        )
        for kind, form in FORMS.items()
    ]


def show(spec: str) -> Card:
    """Return what a model is. A file is read, a server is asked; nothing is loaded.

    Raises:
        InputError: the spec is none.
        ModelAbsent: the file or server is not there.
        ModelRefused: the file is none that could be loaded.
    """
    parsed = ModelSpec.parse(spec)
    match parsed.kind:
        case "embedded":
            return _embedded_card()
        case "llama.cpp":
            return _gguf_card(parsed)
        case "transformers":
            return _gguf_card(parsed) if parsed.path.suffix == ".gguf" else _folder_card(parsed)
        case _:
            return _opened_card(parsed)


def _embedded_card() -> Card:
    path = embedded_file()
    if not path.is_file():
        raise ModelAbsent(
            f"The embedded model ({EMBEDDED.file_name}, {EMBEDDED.size / 1e6:.0f} MB) has not been fetched.",
            hint="Run `storyroom models pull`.",
        )
    verify(path, EMBEDDED)
    return _file_card(
        ModelSpec("embedded"),
        path,
        name="SmolLM2-135M-Instruct (Q4_1)",
        languages=("en",),
        sha256=EMBEDDED.sha256,
    )


def _gguf_card(spec: ModelSpec) -> Card:
    return _file_card(spec, spec.path)


def _file_card(
    spec: ModelSpec,
    path: Path,
    *,
    name: str = "",
    languages: tuple[str, ...] | None = None,
    sha256: str | None = None,
) -> Card:
    from storyroom.models.gguf_header import read_header

    header = read_header(path)
    return Card(
        spec=str(spec),
        kind=spec.kind,
        name=name or header.name or path.stem,
        context_length=min(header.context_length or settings().context, settings().context),
        languages=languages,
        file=path,
        size=path.stat().st_size,
        sha256=sha256,
    )


def _folder_card(spec: ModelSpec) -> Card:
    config = spec.path / "config.json"
    if not config.is_file():
        raise ModelAbsent(
            f"{spec.target} is not a model folder on this machine.",
            hint="Name a folder with config.json. What a hub id is becomes known when it is opened.",
        )
    weights = sum(file.stat().st_size for file in spec.path.glob("*.safetensors"))
    try:
        trained = json.loads(config.read_text(encoding="utf-8")).get("max_position_embeddings")
    except (ValueError, AttributeError) as error:
        raise ModelRefused(
            f"{config} cannot be read: {error}", hint="Fetch the model's folder again."
        ) from error
    return Card(
        spec=str(spec),
        kind=spec.kind,
        name=spec.path.name,
        context_length=min(trained or settings().context, settings().context),
        file=spec.path,
        size=weights,
    )


def _opened_card(spec: ModelSpec) -> Card:
    """A server or a script: to open one loads nothing here."""
    from storyroom.models.open import open_model

    model = open_model(str(spec))
    can = model.capabilities
    card = Card(
        spec=str(spec),
        kind=spec.kind,
        name=spec.target,
        context_length=can.context_length,
        grammar=can.grammar,
        json_schema=can.json_schema,
        schema_mode=can.schema_mode,
        prefill=can.prefill,
        languages=can.languages,
        file=spec.path if spec.kind == "scripted" else None,
    )
    return _with_server(card, model) if spec.kind == "openai" else card


def _with_server(card: Card, model: LocalChatModel) -> Card:
    from storyroom.models.server import ServerChatModel

    assert isinstance(model, ServerChatModel), "openai: opens a server"
    if (probed := model.probed) is None:
        return replace(card, server=model.server)
    server = " ".join(filter(None, (probed.server, probed.version)))
    return replace(card, server=server, probed=probed.date, logprobs=probed.logprobs)
