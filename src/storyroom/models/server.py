"""A chat model behind an OpenAI-compatible server: the one inside this process, or another one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

import httpx
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import Field, PrivateAttr, SecretStr

from storyroom.errors import ModelRefused
from storyroom.models.base import Capabilities, LocalChatModel
from storyroom.models.probed import GrammarDialect, Probed, ServerName
from storyroom.models.schema_words import with_schema
from storyroom.models.server_errors import Progress, errors_as_ours, gone
from storyroom.models.server_http import clients, meta_client
from storyroom.models.surprise import written_out
from storyroom.story.surprise import TokenBits

SchemaGrammar = Callable[[dict[str, Any]], str]

_BYTES_PER_TOKEN = 2.5
_DRY_ALLOWED_LENGTH = 3
_DRY_WINDOW = 1024


class ServerChatModel(ChatOpenAI, LocalChatModel):
    """A chat model that an OpenAI-compatible server runs; made by `connect`.

    Attributes:
        server: what runs there; llama.cpp and vLLM count tokens, each in its own way.
        dialect: how the server takes a grammar, and with it the sampling options that OpenAI's API lacks.
        continue_flag: whether it has to be told to continue a message that has begun.
        tokenizes: whether it has `/tokenize`.
        probed: what trying it out has shown; None when that was not done, or another version answered then.
        schema_grammar: turns a JSON schema into the server's own kind of grammar; None leaves that to it.
    """

    server: ServerName = "unknown"
    dialect: GrammarDialect = "none"
    continue_flag: bool = False
    tokenizes: bool = False
    probed: Probed | None = Field(default=None, exclude=True)
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
        if self.server == "vllm":
            body = {"model": self.model_name, "messages": conversation}
            return int(self._post("/tokenize", body | self._continuing(conversation))["count"])
        prompt: str = self._post("/apply-template", {"messages": conversation})["prompt"]
        return len(self._post("/tokenize", {"content": prompt, "add_special": True})["tokens"])

    def surprise(self, text: str, given: str = "") -> list[TokenBits]:
        """Return how surprising each token of a text is behind what is given."""
        if not self.capabilities.surprise:
            return super().surprise(text, given)
        context = self.capabilities.context_length
        return written_out(self._post, text, given, context=context, spec=self.spec)

    def _ask_count(self, text: str) -> int:
        if self.server == "vllm":
            body = {"model": self.model_name, "prompt": text, "add_special_tokens": False}
            return int(self._post("/tokenize", body)["count"])
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
            raise gone(self.spec, error) from error
        return cast("dict[str, Any]", response.json())

    def _get_request_payload(
        self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        own = {name: kwargs.pop(name, None) for name in _OWN_OPTIONS}
        if own["json_schema"] and self.capabilities.schema_mode != "enforced":
            input_ = with_schema(self._convert_input(input_).to_messages(), own["json_schema"])
        payload = super()._get_request_payload(input_, stop=stop, **kwargs)
        # Older servers know only the older name.
        if "max_completion_tokens" in payload:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        body = self._continuing(payload["messages"]) | self._sampling(own) | self._held_to(own["json_schema"])
        payload["extra_body"] = {**(payload.get("extra_body") or {}), **body}
        return payload

    def _continuing(self, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
        if self.continue_flag and messages[-1]["role"] == "assistant":
            return {"add_generation_prompt": False, "continue_final_message": True}
        return {}

    def _sampling(self, own: dict[str, Any]) -> dict[str, Any]:
        """Return the grammar and the sampling options in the server's own words."""
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
        elif self.dialect in ("vllm", "guided"):
            body |= {"min_p": own["min_p"], "repetition_penalty": own["repeat_penalty"]}
            if own["grammar"] and self.dialect == "guided":
                body["guided_grammar"] = own["grammar"]
            elif own["grammar"]:
                body["structured_outputs"] = {"grammar": own["grammar"]}
        return {name: value for name, value in body.items() if value is not None}

    def _held_to(self, schema: dict[str, Any] | None) -> dict[str, Any]:
        """Return what holds an answer to a schema, as far as the server does."""
        if not schema or self.capabilities.schema_mode == "prompt":
            return {}
        if self.capabilities.schema_mode == "json_object":
            return {"response_format": {"type": "json_object"}}
        if self.schema_grammar:
            return {"grammar": self.schema_grammar(schema)}
        # In the body and not as an argument, with which the client would parse the answer a second time.
        named = {"name": "answer", "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": named}}

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        progress = Progress()
        with errors_as_ours(self.spec, progress, grammar=bool(kwargs.get("grammar"))):
            for chunk in super()._stream(*args, **kwargs):
                _follow(progress, chunk)
                yield chunk

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        progress = Progress()
        with errors_as_ours(self.spec, progress, grammar=bool(kwargs.get("grammar"))):
            async for chunk in super()._astream(*args, **kwargs):
                _follow(progress, chunk)
                yield chunk


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
    server: ServerName = "llama.cpp",
    continue_flag: bool = False,
    call_timeout: float | None = None,
) -> ServerChatModel:
    """Return a chat model for a server.

    Args:
        url: base URL, with `/v1`.
        timeout: seconds that the server may stay silent; None waits for ever, which suits a server in this
            process whose queue may be long.
        max_retries: how often a call that could not begin is tried again, after longer and longer pauses or
            as long as the server asks for (`Retry-After`); one that the server has met with silence is not.
        call_timeout: seconds that one call may take in all.
    """
    client, async_client = clients(url, timeout)
    made = ServerChatModel(
        spec=spec,
        digest=digest,
        capabilities=capabilities,
        dialect=dialect,
        tokenizes=tokenizes,
        schema_grammar=schema_grammar,
        server=server,
        continue_flag=continue_flag,
        call_timeout=call_timeout,
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
        http_client=client,
        http_async_client=async_client,
    )
    made._meta = meta_client(url, key, timeout=timeout)
    # Prompts are fitted by asking again and again about the same parts.
    made._counted = lru_cache(maxsize=4096)(made._ask_count)
    return made


def _follow(progress: Progress, chunk: ChatGenerationChunk) -> None:
    progress.begun = True
    progress.finished |= bool((chunk.generation_info or {}).get("finish_reason"))
