"""From messages to the tokens that a model on torch reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2.exceptions import TemplateError
from langchain_core.messages import AIMessage, BaseMessage


def prompt_ids(tokenizer: Any, messages: Sequence[BaseMessage]) -> list[int]:
    """Return the tokens of a conversation under the tokenizer's chat template.

    What an assistant has begun is continued. A base model has no template: its messages become one document.
    """
    *earlier, last = messages
    begun = last.text if isinstance(last, AIMessage) else ""
    asked = earlier if isinstance(last, AIMessage) else messages
    if not tokenizer.chat_template:
        document = "\n\n".join(message.text for message in asked)
        return list(tokenizer.encode(f"{document}\n\n{begun}"))
    roles = {"human": "user", "ai": "assistant"}
    conversation = [{"role": roles.get(m.type, m.type), "content": m.text} for m in asked]
    try:
        text = tokenizer.apply_chat_template(conversation, tokenize=False, add_generation_prompt=True)
    except TemplateError:
        # Some templates have no system role: what it says then opens the first message.
        system, first, *others = conversation
        first = {"role": "user", "content": f"{system['content']}\n\n{first['content']}"}
        text = tokenizer.apply_chat_template([first, *others], tokenize=False, add_generation_prompt=True)
    return list(tokenizer.encode(text + begun, add_special_tokens=False))
