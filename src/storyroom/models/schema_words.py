"""A JSON schema in words, for models that nothing but the prompt holds to one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from storyroom.story.voice.words import is_chinese

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_ASKS = {
    "en": (
        "Answer with one JSON object and nothing else: no explanation, no code fence. "
        "It fits this JSON schema:"
    ),
    "zh": "只回答一个 JSON 对象，不要解释，也不要代码块。它必须符合这个 JSON Schema：",
}


def with_schema(messages: Sequence[BaseMessage], schema: dict[str, Any]) -> list[BaseMessage]:
    """Return the conversation with the schema at the end of its last human message, in its language."""
    from langchain_core.messages import HumanMessage

    told = list(messages)
    place = max((i for i, one in enumerate(told) if one.type == "human"), default=None)
    asks = _ASKS["zh" if is_chinese(one.text for one in messages) else "en"]
    words = f"{asks}\n{json.dumps(schema, ensure_ascii=False)}"
    if place is None:
        return [*told, HumanMessage(words)]
    told[place] = HumanMessage(f"{told[place].text}\n\n{words}")
    return told
