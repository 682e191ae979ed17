"""A model that answers from a script, for tests and docs. It never pretends to be a real one.

    answers:
      - when: "scene.*.draft*"
        answer: |
          MARA
          You came back.
      - when: "outline*"
        delay: 0.5
        answers: [{title: "Storm"}, {title: "Salt"}]

The first rule whose pattern matches a call's label answers it. A label may end in the number of the attempt,
`outline#2`: a list of answers is gone through by attempt, and its last one serves from there on. Nothing is
counted here, so a process that was killed and started again gets the answers that it would have got.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from storyroom.errors import InputError, ScriptError
from storyroom.models.base import Capabilities, LocalChatModel
from storyroom.models.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class Call:
    """What a scripted answer that is a function gets to see.

    Attributes:
        label: the call's label, without the attempt.
        attempt: which attempt it is, from 1.
        messages: the conversation.
        options: the other options of the call.
    """

    label: str
    attempt: int
    messages: Sequence[BaseMessage]
    options: Mapping[str, Any]


Answer = str | dict[str, Any] | list[Any] | Callable[[Call], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is answered to labels that match.

    Attributes:
        when: a glob (`*`, `?`, `[…]`).
        answers: by attempt; the last one repeats. A dict or list is answered as JSON.
        delay: seconds before the first text, as a real model would take.
    """

    when: str
    answers: tuple[Answer, ...]
    delay: float = 0.0


_PIECE = re.compile(r"\s*\S{1,12}|\s+")
_ATTEMPT = re.compile(r"#(\d+)$")
# A script of a whole episode must fit; a real model's limits are not what it is for.
_CONTEXT = 1_000_000


class ScriptedModel(LocalChatModel):
    """Answers from rules. A token is a piece of at most twelve characters.

    Attributes:
        rules: tried in order.
    """

    spec: str = "scripted"
    digest: str = "scripted"
    capabilities: Capabilities = Capabilities(
        grammar=True, json_schema=True, prefill=True, context_length=_CONTEXT
    )
    rules: tuple[Rule, ...] = Field(repr=False)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def count_tokens(self, text: str) -> int:
        """Return how many pieces the text falls into."""
        return sum(1 for _ in _PIECE.finditer(text))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = self._stream(messages, stop, **kwargs)
        whole = next(chunks)
        for chunk in chunks:
            whole += chunk
        message = whole.message
        return ChatResult(
            generations=[ChatGeneration(message=message, generation_info=whole.generation_info)]
        )

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        rule, text = self._answer(messages, kwargs)
        time.sleep(rule.delay)
        yield from self._chunks(messages, text, kwargs.get("max_tokens"))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        rule, text = self._answer(messages, kwargs)
        await asyncio.sleep(rule.delay)
        for chunk in self._chunks(messages, text, kwargs.get("max_tokens")):
            await asyncio.sleep(0)
            yield chunk

    def _answer(self, messages: Sequence[BaseMessage], options: Mapping[str, Any]) -> tuple[Rule, str]:
        said = str(options.get("label") or "")
        attempt = int(found[1]) if (found := _ATTEMPT.search(said)) else 1
        label = _ATTEMPT.sub("", said)
        rule = next((rule for rule in self.rules if fnmatchcase(label, rule.when)), None)
        if rule is None:
            known = ", ".join(rule.when for rule in self.rules) or "none"
            raise ScriptError(
                f"The script has no answer for {label!r}.",
                hint=f"Add a rule for it; its patterns are {known}.",
            )
        answer = rule.answers[min(attempt, len(rule.answers)) - 1]
        if callable(answer):
            return rule, answer(Call(label, attempt, messages, options))
        return rule, answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)

    def _chunks(
        self, messages: Sequence[BaseMessage], text: str, max_tokens: int | None
    ) -> Iterator[ChatGenerationChunk]:
        pieces = _PIECE.findall(text)
        finish = "stop" if max_tokens is None or len(pieces) <= max_tokens else "length"
        pieces = pieces[:max_tokens]
        for piece in pieces:
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        read = self.count_prompt(messages)
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="",
                usage_metadata=UsageMetadata(
                    input_tokens=read,
                    output_tokens=len(pieces),
                    total_tokens=read + len(pieces),
                    input_token_details=InputTokenDetails(cache_read=0),
                ),
            ),
            generation_info={"finish_reason": finish, "model_name": self.spec},
        )


def scripted(*rules: tuple[str, Answer] | Rule) -> ScriptedModel:
    """Return a scripted model: `scripted(("brief*", {"premise": "…"}), ("*", "Yes."))`."""
    return ScriptedModel(rules=tuple(r if isinstance(r, Rule) else Rule(r[0], (r[1],)) for r in rules))


def open_scripted(spec: ModelSpec) -> ScriptedModel:
    """Read a script from a YAML file.

    Raises:
        InputError: the file is not there or is not such a script.
    """
    path = spec.path
    try:
        text = path.read_text(encoding="utf-8")
        rules = _rules(YAML(typ="safe").load(text))
    except OSError as error:
        raise InputError(
            f"The script {path} cannot be read: {error.strerror}.", hint="Check the path."
        ) from error
    except (YAMLError, ValueError) as error:
        raise InputError(
            f"{path} is no script of answers: {error}",
            hint="Write `answers:` and under it a list of `when:` with `answer:` or `answers:`.",
        ) from error
    return ScriptedModel(spec=str(spec), digest=sha256(text.encode()).hexdigest()[:12], rules=rules)


def _rules(page: object) -> tuple[Rule, ...]:
    if not isinstance(page, dict) or not isinstance(page.get("answers"), list):
        raise ValueError("it has no list `answers`")
    return tuple(_rule(entry, place) for place, entry in enumerate(page["answers"], start=1))


def _rule(entry: object, place: int) -> Rule:
    if not isinstance(entry, dict) or not isinstance(entry.get("when"), str):
        raise ValueError(f"rule {place} has no `when`")
    unknown = set(entry) - {"when", "answer", "answers", "delay"}
    if unknown:
        raise ValueError(f"rule {place} has an unknown key {', '.join(sorted(map(str, unknown)))}")
    answers = entry["answers"] if "answers" in entry else [entry["answer"]] if "answer" in entry else []
    if not isinstance(answers, list) or not answers:
        raise ValueError(f"rule {place} has no answer")
    if not all(isinstance(answer, str | dict | list) for answer in answers):
        raise ValueError(f"rule {place} has an answer that is neither text nor a mapping nor a list")
    return Rule(entry["when"], tuple(answers), float(entry.get("delay", 0)))
