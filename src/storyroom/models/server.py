"""A chat model behind an OpenAI-compatible server: the one inside this process, or another one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import httpx
import openai
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import Field, PrivateAttr, SecretStr

from storyroom.errors import ModelAbsent, ModelError, ModelRefused
from storyroom.models.base import Capabilities, LocalChatModel
from storyroom.models.surprise import written_out
from storyroom.story.surprise import TokenBits

GrammarDialect = Literal["body", "vllm", "none"]
"""How a server takes a GBNF grammar: llama.cpp in the body, vLLM as `structured_outputs`, others not."""

SchemaGrammar = Callable[[dict[str, Any]], str]

_BYTES_PER_TOKEN = 2.5
_DRY_ALLOWED_LENGTH = 3
_DRY_WINDOW = 1024


class ServerChatModel(ChatOpenAI, LocalChatModel):
    """A chat model that an OpenAI-compatible server runs; made by `connect`.

    Attributes:
        dialect: how the server takes a grammar, and with it the sampling options that OpenAI's API lacks.
        tokenizes: whether it has llama.cpp's `/tokenize` and `/apply-template`.
        schema_grammar: turns a JSON schema into the server's own kind of grammar; None leaves that to it.
    """

    dialect: GrammarDialect = "none"
    tokenizes: bool = False
    schema_grammar: SchemaGrammar | None = Field(default=None, exclude=True)
    _meta: httpx.Client = PrivateAttr()
    _counted: Callable[[str], int] = PrivateAttr()

    @property
    def _llm_type(self) -> str:
        return "storyroom-server"

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text is; for a server that cannot say, an estimate that errs high."""
        return self._counted(text) if self.tokenizes else round(len(text.encode()) / _BYTES_PER_TOKEN)

    def count_prompt(self, messages: Sequence[BaseMessage]) -> int:
        """Return how many tokens a conversation is, chat template included."""
        if not self.tokenizes:
            return super().count_prompt(messages)
        roles = {"human": "user", "ai": "assistant"}
        conversation = [{"role": roles.get(m.type, m.type), "content": m.text} for m in messages]
        prompt: str = self._post("/apply-template", {"messages": conversation})["prompt"]
        return len(self._post("/tokenize", {"content": prompt, "add_special": True})["tokens"])

    def surprise(self, text: str, given: str = "") -> list[TokenBits]:
        """Return how surprising each token of a text is behind what is given."""
        if not self.capabilities.surprise:
            return super().surprise(text, given)
        context = self.capabilities.context_length
        return written_out(self._post, text, given, context=context, spec=self.spec)

    def _ask_count(self, text: str) -> int:
        return len(self._post("/tokenize", {"content": text})["tokens"])

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            response = self._meta.post(path, json=body).raise_for_status()
        except httpx.HTTPStatusError as error:
            raise ModelRefused(
                f"The server of {self.spec} refused {path} ({error.response.status_code}).",
                hint="It may be too old for what was asked; look at its log.",
            ) from error
        except httpx.HTTPError as error:
            raise _gone(self.spec, error) from error
        return cast("dict[str, Any]", response.json())

    def _get_request_payload(
        self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        own = {name: kwargs.pop(name, None) for name in _OWN_OPTIONS}
        payload = super()._get_request_payload(input_, stop=stop, **kwargs)
        # Older servers know only the older name.
        if "max_completion_tokens" in payload:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        continues = payload["messages"][-1]["role"] == "assistant"
        payload["extra_body"] = {**(payload.get("extra_body") or {}), **self._extra_body(own, continues)}
        return payload

    def _extra_body(self, own: dict[str, Any], continues: bool) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if self.dialect == "body":
            body |= {
                "cache_prompt": True,
                "grammar": own["grammar"],
                "min_p": own["min_p"],
                "repeat_penalty": own["repeat_penalty"],
            }
            if own["dry"]:
                body |= {
                    "dry_multiplier": own["dry"],
                    "dry_allowed_length": _DRY_ALLOWED_LENGTH,
                    "dry_penalty_last_n": _DRY_WINDOW,
                }
        elif self.dialect == "vllm":
            body |= {"min_p": own["min_p"], "repetition_penalty": own["repeat_penalty"]}
            if own["grammar"]:
                body["structured_outputs"] = {"grammar": own["grammar"]}
            if continues:
                body |= {"add_generation_prompt": False, "continue_final_message": True}
        if own["json_schema"] and self.schema_grammar:
            body["grammar"] = self.schema_grammar(own["json_schema"])
        elif own["json_schema"]:
            # In the body and not as an argument, with which the client would parse the answer a second time.
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": own["json_schema"]},
            }
        return {name: value for name, value in body.items() if value is not None}

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        finished = False
        with _errors_as_ours(self.spec):
            for chunk in super()._stream(*args, **kwargs):
                finished = finished or _finishes(chunk)
                yield chunk
        if not finished:
            raise _broken_off(self.spec)

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        finished = False
        with _errors_as_ours(self.spec):
            async for chunk in super()._astream(*args, **kwargs):
                finished = finished or _finishes(chunk)
                yield chunk
        if not finished:
            raise _broken_off(self.spec)


_OWN_OPTIONS = ("grammar", "json_schema", "min_p", "repeat_penalty", "dry", "label")


def connect(
    *,
    spec: str,
    model: str,
    url: str,
    key: SecretStr,
    digest: str,
    capabilities: Capabilities,
    dialect: GrammarDialect,
    tokenizes: bool,
    timeout: float | None,
    max_retries: int,
    schema_grammar: SchemaGrammar | None = None,
) -> ServerChatModel:
    """Return a chat model for a server.

    Args:
        url: base URL, with `/v1`.
        timeout: seconds that the server may stay silent; None waits for ever, which suits a server in this
            process whose queue may be long.
        max_retries: how often a call that could not begin is tried again.
    """
    # No connection outlives its call: an async client that keeps some is tied to one event loop.
    shared: dict[str, Any] = {
        "trust_env": trusts_environment(url),
        "timeout": timeout,
        "limits": httpx.Limits(max_keepalive_connections=0),
    }
    made = ServerChatModel(
        spec=spec,
        digest=digest,
        capabilities=capabilities,
        dialect=dialect,
        tokenizes=tokenizes,
        schema_grammar=schema_grammar,
        model=model,
        base_url=url,
        api_key=key,
        timeout=timeout,
        stream_chunk_timeout=timeout,
        max_retries=max_retries,
        streaming=True,
        stream_usage=True,
        use_responses_api=False,
        cache=False,
        openai_proxy=None,
        http_socket_options=(),
        http_client=httpx.Client(**shared),
        http_async_client=httpx.AsyncClient(**shared),
    )
    made._meta = meta_client(url, key, timeout=timeout)
    # Prompts are fitted by asking again and again about the same parts.
    made._counted = lru_cache(maxsize=4096)(made._ask_count)
    return made


def meta_client(url: str, key: SecretStr, *, timeout: float | None) -> httpx.Client:
    """Return a client for a server's own pages, such as `/props`, below its root and not below `/v1`."""
    return httpx.Client(
        base_url=url.removesuffix("/v1"),
        headers={"Authorization": f"Bearer {key.get_secret_value()}"},
        timeout=timeout,
        trust_env=trusts_environment(url),
    )


def trusts_environment(url: str) -> bool:
    """Whether proxy settings count for an address: never for loopback, or prompts would go to the proxy."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


@contextmanager
def _errors_as_ours(spec: str) -> Iterator[None]:
    try:
        yield
    except (openai.APITimeoutError, TimeoutError) as error:
        raise ModelError(
            f"The server of {spec} has been silent for too long.",
            hint="Look at the server's log, or raise STORYROOM_TIMEOUT (seconds).",
        ) from error
    except (openai.APIConnectionError, httpx.HTTPError) as error:
        raise _gone(spec, error) from error
    except openai.APIStatusError as error:
        raise _status_as_ours(spec, error) from error
    except (openai.APIError, ValueError) as error:
        raise ModelError(
            f"The server of {spec} gave an answer that cannot be read: {_line(error)}",
            hint="Check that the URL is that of an OpenAI-compatible server; it usually ends in /v1.",
        ) from error


def _status_as_ours(spec: str, error: openai.APIStatusError) -> ModelError:
    said = f"The server of {spec} refused the call ({error.status_code}): {_line(error)}"
    match error.status_code:
        case 401 | 403:
            return ModelRefused(said, hint="Put the server's key into STORYROOM_API_KEY.")
        case 404:
            return ModelAbsent(said, hint="Check the model's name and that the URL ends in /v1.")
        case 400 | 413 | 422:
            return ModelRefused(said, hint="The request is not one that this model or server can take.")
        case _:
            return ModelError(said, hint="Look at the server's log, and resume when it answers again.")


def _finishes(chunk: ChatGenerationChunk) -> bool:
    return bool((chunk.generation_info or {}).get("finish_reason"))


def _broken_off(spec: str) -> ModelError:
    """A stream that just ends: without this, half an answer would pass for a whole one."""
    return ModelError(
        f"The server of {spec} broke off in the middle of its answer.",
        hint="Look at the server's log, and resume when it answers again.",
    )


def _gone(spec: str, error: Exception) -> ModelAbsent:
    return ModelAbsent(
        f"The server of {spec} cannot be reached: {_line(error)}",
        hint="Start the server, check the URL, and resume.",
    )


def _line(error: Exception) -> str:
    """The error's text on one line of bounded length; it is a server's word and may be a whole page."""
    return " ".join((str(error) or type(error).__name__).split())[:300]
