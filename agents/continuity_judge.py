"""A model that is asked whether two lines of a script can both be true."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated

from langchain_core.messages import HumanMessage
from pydantic import BaseModel, Field, ValidationError

from storyroom.errors import ModelRefused
from storyroom.models.ask import Request, complete
from storyroom.models.base import LocalChatModel
from storyroom.models.schema import bounded_schema
from storyroom.prompts import render
from storyroom.story.continuity.judging import Pair, Verdict
from storyroom.story.han import HAN
from storyroom.story.text import Sentence

_ANSWER_TOKENS = 160
_ATTEMPTS = 2
_HAN = re.compile(f"[{HAN}]")


class Contradiction(BaseModel):
    """The answer: the reason first, so that the verdict follows from it."""

    reason: Annotated[str, Sentence(15, 160)] = Field(description="what the two lines say, side by side")
    contradicts: bool = Field(description="whether they cannot both be true")


class ModelJudge:
    """Asks a model. A small one should not be asked: it says yes to everything."""

    def __init__(self, model: LocalChatModel) -> None:
        self.model = model

    @property
    def name(self) -> str:
        """The spec of the model."""
        return self.model.spec

    def judge(self, pair: Pair) -> Verdict:
        """Tell whether two lines contradict each other.

        Raises:
            ModelError: the model fails, or gives no answer that can be read.
        """
        prompt = render(_language(pair), "judge_contradiction", pair=pair)
        wrong = ""
        for attempt in range(1, _ATTEMPTS + 1):
            request = Request(
                messages=[HumanMessage(prompt)],
                json_schema=bounded_schema(Contradiction),
                max_tokens=_ANSWER_TOKENS,
                seed=attempt,
                temperature=0.0 if attempt == 1 else 0.7,
                label=f"continuity.{pair.kind}#{attempt}",
            )
            reply = asyncio.run(complete(self.model, request))
            try:
                answer = Contradiction.model_validate_json(reply.text)
            except ValidationError as error:
                wrong = " ".join(str(error).split())[:200]
                continue
            return Verdict(answer.contradicts, answer.reason)
        raise ModelRefused(
            f"{self.model.spec} gave no usable answer about line {pair.later.line}: {wrong}",
            hint="Name a stronger model with --model, or leave it out.",
        )


def _language(pair: Pair) -> str:
    return "zh" if _HAN.search(pair.later.quote) else "en"
