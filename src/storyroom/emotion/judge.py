"""A local language model as a source of feelings: it reads a few lines at a time, and gives reasons.

Its answers come under a JSON schema with one entry for each line, so none is lost or made up. How sure it
is is its own word, which nothing has calibrated; the name of the source says so. What a model too small to be
left free says is always shown as weak.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, Field, ValidationError, create_model

from storyroom.emotion.feeling import EMOTIONS, WEAK, Feeling, unfelt
from storyroom.emotion.pieces import words
from storyroom.errors import ModelRefused
from storyroom.models.base import LocalChatModel
from storyroom.models.open import open_model
from storyroom.models.schema import bounded_schema
from storyroom.prompts import render
from storyroom.story.han import HAN

_TOGETHER = 6
"""Lines of one call: enough to read one beside the other, few enough for a small model to keep apart."""

_ATTEMPTS = 3
_TOKENS_PER_LINE = 90
_SMALL_AT_MOST = WEAK - 0.01
_SURE = {"low": 0.35, "medium": 0.6, "high": 0.85}
_CHINESE = re.compile(f"[{HAN}]")

Emotion = Literal["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]


class Judged(BaseModel):
    """What the model says of one line: the reason first, so that the label follows from it."""

    reason: Annotated[str, Field(min_length=8, max_length=140)]
    feeling: Emotion
    strength: Annotated[int, Field(ge=0, le=10)]
    pleasant: Annotated[int, Field(ge=-10, le=10)]
    sure: Literal["low", "medium", "high"]


class Judge:
    """Asks a chat model how lines feel.

    Args:
        model: any model that can be held to a JSON schema.
    """

    def __init__(self, model: LocalChatModel) -> None:
        self._model = model
        self.name = f"judge:{model.spec} (its own word)"

    def score(self, lines: Sequence[str]) -> list[Feeling]:
        """Return what each line feels like, with a reason.

        Raises:
            ModelRefused: no attempt gave an answer that can be read.
            ModelError: the model or its server failed.
        """
        felt = [unfelt(self.name, "no words") for _ in lines]
        spoken = [place for place, line in enumerate(lines) if words(line)]
        for start in range(0, len(spoken), _TOGETHER):
            places = spoken[start : start + _TOGETHER]
            judged = self._ask([lines[place] for place in places])
            for place, one in zip(places, judged, strict=True):
                felt[place] = self._feeling(one)
        return felt

    def _ask(self, lines: Sequence[str]) -> list[Judged]:
        language = "zh" if sum(len(_CHINESE.findall(line)) for line in lines) * 2 > len(lines) else "en"
        flat = [" ".join(line.split()) for line in lines]
        messages = [
            SystemMessage(render(language, "system")),
            HumanMessage(render(language, "judge_feelings", lines=flat)),
        ]
        answer = create_model("Feelings", **{f"line_{n}": (Judged, ...) for n in range(1, len(lines) + 1)})  # type: ignore[call-overload]
        options: dict[str, Any] = {
            "json_schema": bounded_schema(answer),
            "max_tokens": _TOKENS_PER_LINE * len(lines),
        }
        wrong = ""
        for attempt in range(_ATTEMPTS):
            options |= {"temperature": 0.3 * attempt, "seed": attempt + 1, "label": f"feelings#{attempt + 1}"}
            said = self._model.invoke(messages, **options).text
            try:
                read = answer.model_validate_json(said)
            except ValidationError as error:
                wrong = " ".join(str(error).split())[:200]
                continue
            return [getattr(read, f"line_{n}") for n in range(1, len(lines) + 1)]
        raise ModelRefused(
            f"{self._model.spec} gave no judgement of {len(lines)} lines that can be read: {wrong}",
            hint="Name a stronger model, or measure with the head that ships with Storyroom.",
        )

    def _feeling(self, judged: Judged) -> Feeling:
        sure = _SURE[judged.sure]
        small = self._model.capabilities.small
        if small:
            sure = min(sure, _SMALL_AT_MOST)
        rest = round((1 - sure) / (len(EMOTIONS) - 1), 4)
        return Feeling(
            shares=tuple(sure if label == judged.feeling else rest for label in EMOTIONS),
            intensity=judged.strength / 10,
            valence=judged.pleasant / 10,
            confidence=sure,
            source=self.name,
            doubt="small model" if small else "",
            reason=judged.reason.strip(),
        )


def open_judge(spec: str) -> Judge:
    """Open a model as a judge of feelings.

    Args:
        spec: of any chat model: `openai:MODEL@URL`, `llama.cpp:PATH.gguf`, …

    Raises:
        InputError: the spec is none.
        ModelAbsent: what it names is not there.
        ModelRefused: it cannot be used, or cannot be held to a JSON schema.
    """
    model = open_model(spec)
    if not model.capabilities.json_schema:
        raise ModelRefused(
            f"{spec} cannot be held to a JSON schema.", hint="Name a model that can: `storyroom models show`."
        )
    return Judge(model)
