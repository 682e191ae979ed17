"""Servers that somebody else runs: recognised when opened, and held to what probing has shown."""

from __future__ import annotations

from urllib.parse import urlsplit

from storyroom.errors import InputError
from storyroom.models.base import Capabilities, SchemaMode
from storyroom.models.probed import GrammarDialect, PrefillWay, Probed, ServerName, recorded
from storyroom.models.recognise import Recognised, recognise
from storyroom.models.server import ServerChatModel, connect
from storyroom.models.server_http import meta_client
from storyroom.models.spec import ModelSpec
from storyroom.settings import settings

_LOOK_SECONDS = 10.0
# The client waits half a second, then twice as long each time, up to 8 seconds, or as long as the server's
# `Retry-After` asks for: some 25 seconds in all, time enough for a server that is started again.
_RETRIES = 6

# What these run a model with when nobody has said otherwise; they forget the beginning of a longer prompt and
# say nothing, so it is better to believe in too little.
_UNSAID_CONTEXT: dict[ServerName, int] = {"ollama": 4096, "lmstudio": 4096}


def open_remote(
    spec: ModelSpec, *, grammar: GrammarDialect | None = None, context: int | None = None
) -> ServerChatModel:
    """Connect to an OpenAI-compatible server.

    What `storyroom models probe` found out is believed as long as the same server answers, in the same
    version. Without it the model is held to what such a server is known to take.

    Args:
        spec: `openai:MODEL@URL`; a URL without a path gets `/v1`.
        grammar: how the server takes a GBNF grammar; None goes by the record, or by what it is.
        context: most tokens of prompt and answer; None asks the server, and failing that the settings.

    Raises:
        ModelAbsent: nothing answers at the address, or the server does not have the model.
        ModelRefused: the server wants another key.
        ModelError: what answers is no such server.
    """
    if grammar not in {None, "body", "vllm", "guided", "none"}:
        raise InputError(
            f"{grammar!r} is no way to pass a grammar.", hint='Say "body", "vllm", "guided" or "none".'
        )
    url = api_url(spec)
    key = settings().key_for(url)
    with meta_client(url, key, timeout=_LOOK_SECONDS, keep=False) as client:
        found = recognise(client, url, spec)
    known = still_valid(recorded(spec), found)
    dialect = grammar or (known.grammar if known else _usual_dialect(found.server))
    prefill = known.prefill if known else _usual_prefill(dialect)
    model = connect(
        spec=str(spec),
        model=spec.target,
        url=url,
        key=key,
        digest=spec.target,
        capabilities=Capabilities(
            grammar=dialect != "none",
            json_schema=True,
            schema_mode=known.schema if known else _usual_schema(found.server),
            prefill=prefill != "none",
            context_length=context or running_context(found, known) or settings().context,
            surprise=found.server == "llama.cpp",
        ),
        dialect=dialect,
        tokenizes=tokenizes(found.server),
        timeout=settings().timeout,
        max_retries=_RETRIES,
        server=found.server,
        continue_flag=prefill == "flag",
        call_timeout=settings().call_timeout,
    )
    model.probed = known
    model.runs_on = f"{found.server} {found.version}".strip()
    return model


def api_url(spec: ModelSpec) -> str:
    """Return the base URL of a server's OpenAI API."""
    return spec.url if urlsplit(spec.url).path.strip("/") else f"{spec.url.rstrip('/')}/v1"


def still_valid(known: Probed | None, found: Recognised) -> Probed | None:
    """Return the record of a server if that is what answers today."""
    same = known is not None and (known.server, known.version) == (found.server, found.version)
    return known if same else None


def running_context(found: Recognised, known: Probed | None = None) -> int | None:
    """Return the tokens that a model runs with: as it says now, as it said, as such a server has it."""
    return found.context or (known.context_length if known else None) or _UNSAID_CONTEXT.get(found.server)


def tokenizes(server: ServerName) -> bool:
    """Whether such a server counts tokens."""
    return server in ("llama.cpp", "vllm")


def _usual_dialect(server: ServerName) -> GrammarDialect:
    usual: dict[ServerName, GrammarDialect] = {"llama.cpp": "body", "vllm": "vllm"}
    return usual.get(server, "none")


def _usual_prefill(dialect: GrammarDialect) -> PrefillWay:
    usual: dict[GrammarDialect, PrefillWay] = {"body": "plain", "vllm": "flag", "guided": "flag"}
    return usual.get(dialect, "none")


def _usual_schema(server: ServerName) -> SchemaMode:
    # It reads `response_format` and lets it be.
    return "prompt" if server == "transformers" else "enforced"
