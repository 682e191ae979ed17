"""Trying out what a model at a server can be held to, by small real calls: `storyroom models probe`.

A server that does not know an option mostly ignores it and says nothing, so what it lists or accepts proves
little. Each trial therefore asks for one thing and holds the model to another that it would never say by
itself: the answer tells which of the two won.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from storyroom.errors import InputError, ModelAbsent, ModelError, ModelRefused
from storyroom.models.base import SchemaMode
from storyroom.models.probed import GrammarDialect, PrefillWay, Probed, record, recorded
from storyroom.models.recognise import recognise
from storyroom.models.remote import api_url, running_context, still_valid, tokenizes
from storyroom.models.server_http import meta_client
from storyroom.models.spec import ModelSpec
from storyroom.settings import settings

_UNLIKELY = ("qax", "zub")
_GRAMMAR = 'root ::= "qax" | "zub"'
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": list(_UNLIKELY)}},
    "required": ["answer"],
    "additionalProperties": False,
}
_FEW = 24
# A model that thinks before it answers gets room for both.
_MANY = 1024


def probe(spec: str, *, again: bool = False) -> Probed:
    """Find out what a model at a server can be held to, and write it down for `open_model`.

    Args:
        spec: `openai:MODEL@URL`.
        again: try even when it is known of this version of the server.

    Raises:
        InputError: the spec names no server.
        ModelAbsent: nothing answers, or the server does not have the model.
        ModelError: it does not answer the simplest question.
        FormatError: the cache folder cannot be written.
    """
    parsed = ModelSpec.parse(spec)
    if parsed.kind != "openai":
        raise InputError(
            f"{parsed} is not at a server: what it can be held to is known.",
            hint="See it with `storyroom models show`; servers are named openai:MODEL@URL.",
        )
    url = api_url(parsed)
    key = settings().key_for(url)
    with meta_client(url, key, timeout=settings().timeout, keep=False) as client:
        known = still_valid(recorded(parsed), recognise(client, url, parsed))
        if known and not again:
            return known
        trial = _Trial(client, url, parsed)
        trial.answers_at_all()
        schema, grammar, prefill = trial.schema(), trial.grammar(), trial.prefill()
        logprobs = trial.logprobs()
        # Again, because some servers load a model when it is first asked, and know its context only then.
        found = recognise(client, url, parsed)
    probed = Probed(
        spec=str(parsed),
        server=found.server,
        version=found.version,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        schema=schema,
        grammar=grammar,
        prefill=prefill,
        logprobs=logprobs,
        context_length=running_context(found),
        tokenizes=tokenizes(found.server),
    )
    record(probed)
    return probed


@dataclass(frozen=True, slots=True)
class _Trial:
    """Small calls of one model."""

    client: httpx.Client
    url: str
    spec: ModelSpec

    def answers_at_all(self) -> None:
        """Ask the simplest question; what goes wrong here would go wrong with every call."""
        response = self._send("Say hello.", {"max_tokens": 1})
        if response.status_code in {401, 403}:
            raise ModelRefused(
                f"The server of {self.spec} refuses the key.",
                hint="Put the server's key into STORYROOM_API_KEY.",
            )
        if not response.is_success:
            said = " ".join(response.text.split())[:300]
            raise ModelRefused(
                f"The server of {self.spec} refused the simplest call ({response.status_code}): {said}",
                hint="Look at the server's log; the model may not be loaded, or be none that chats.",
            )
        if _answer(response) is None:
            raise ModelError(
                f"The server of {self.spec} gave an answer that cannot be read "
                f"({response.headers.get('content-type', 'no content type')}).",
                hint="Check that the URL is that of an OpenAI-compatible server; it usually ends in /v1.",
            )

    def schema(self) -> SchemaMode:
        """Hold the model to a schema against what it is asked for."""
        named = {"name": "answer", "strict": True, "schema": _SCHEMA}
        answer = self._said(
            'Which city is the capital of France? Answer in JSON: {"answer": "Paris"}',
            {"response_format": {"type": "json_schema", "json_schema": named}},
        )
        if answer is not None and _keeps_schema(answer):
            return "enforced"
        answer = self._said(
            "Say hello in one word. Write plain text, no JSON.", {"response_format": {"type": "json_object"}}
        )
        return "json_object" if answer is not None and answer.lstrip().startswith("{") else "prompt"

    def grammar(self) -> GrammarDialect:
        """Hold the model to a grammar, passed in each of the ways in use."""
        ways: dict[GrammarDialect, dict[str, Any]] = {
            "body": {"grammar": _GRAMMAR},
            "vllm": {"structured_outputs": {"grammar": _GRAMMAR}},
            "guided": {"guided_grammar": _GRAMMAR},
        }
        for dialect, options in ways.items():
            answer = self._said("Which city is the capital of France? Answer in one word.", options)
            if answer is not None and answer.strip() in _UNLIKELY:
                return dialect
        return "none"

    def prefill(self) -> PrefillWay:
        """Let the model go on with a message that has begun."""
        if self._continues({}):
            return "plain"
        flags = {"add_generation_prompt": False, "continue_final_message": True}
        return "flag" if self._continues(flags) else "none"

    def logprobs(self) -> bool:
        """Ask how likely a token was."""
        answer = _answer(self._send("Say hello.", {"logprobs": True, "top_logprobs": 1, "max_tokens": 1}))
        return answer is not None and answer.logprobs

    def _continues(self, flags: dict[str, Any]) -> bool:
        # A message of its own does not begin with a space. Where spaces are cut off, a word that was begun in
        # its middle must be ended.
        counting = self._said("Count from 1 to 12, with spaces between.", flags, begun="1 2 3 4 5 6 7 8")
        if counting is None or not re.match(r"\s*9\b", counting):
            return False
        if counting[0].isspace():
            return True
        word = self._said("Write the word lighthouse and nothing else.", flags, begun="light")
        return word is not None and word.lower().startswith("house")

    def _said(self, question: str, options: dict[str, Any], *, begun: str = "") -> str | None:
        """Return what the model answered; None when the server does not take the question in this form."""
        for most in (_FEW, _MANY):
            answer = _answer(self._send(question, {"max_tokens": most, **options}, begun))
            if answer is None:
                return None
            if answer.text or answer.finish_reason != "length":
                return answer.text
        return ""

    def _send(self, question: str, options: dict[str, Any], begun: str = "") -> httpx.Response:
        messages = [{"role": "user", "content": question}]
        if begun:
            messages.append({"role": "assistant", "content": begun})
        body = {"model": self.spec.target, "messages": messages, "temperature": 0, "stream": True, **options}
        try:
            return self.client.post(f"{self.url}/chat/completions", json=body)
        except httpx.HTTPError as error:
            raise ModelAbsent(
                f"The server of {self.spec} broke off: {str(error) or type(error).__name__}.",
                hint="Look at the server's log, start it again, and probe again.",
            ) from error


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    finish_reason: str
    logprobs: bool


def _answer(response: httpx.Response) -> _Answer | None:
    """Read a stream to its end; None when the call was refused, or what came is no such stream.

    The trials are streamed because the room's calls are, and servers treat both differently: llama.cpp gives
    a continued message back from its beginning when it is not streamed.
    """
    if not response.is_success:
        return None
    lines = (line.removeprefix("data:").strip() for line in response.text.splitlines() if line[:5] == "data:")
    try:
        events = [json.loads(line) for line in lines if line != "[DONE]"]
        choices = [choice for event in events for choice in event["choices"] if choice]
        return _Answer(
            text="".join((choice.get("delta") or {}).get("content") or "" for choice in choices),
            finish_reason=next(choice["finish_reason"] for choice in choices if choice.get("finish_reason")),
            logprobs=any((choice.get("logprobs") or {}).get("content") for choice in choices),
        )
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return None


def _keeps_schema(answer: str) -> bool:
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and set(said) == {"answer"} and said["answer"] in _UNLIKELY
