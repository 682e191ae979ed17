"""A model that is asked whether two lines, or two passages, of a script can both be true.

A small model should not be asked: it says yes to everything.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from storyroom.agents.desk import Desk
from storyroom.story.continuity.judging import Clash, Pair, PassagePair, Verdict
from storyroom.story.text import Sentence

_VERDICT_TOKENS = 160
_COMPARISON_TOKENS = 600
_ATTEMPTS = 2


class Contradiction(BaseModel):
    """The answer about two lines: the reason first, so that the verdict follows from it."""

    reason: Annotated[str, Sentence(15, 160)] = Field(description="what the two lines say, side by side")
    contradicts: Literal["yes", "no"] = Field(description="whether they cannot both be true")


class Comparison(BaseModel):
    """The answer about two passages; the quotes are empty where nothing contradicts."""

    reason: Annotated[str, Sentence(15, 160)] = Field(description="what the two passages say of one thing")
    contradicts: Literal["yes", "no"] = Field(description="whether they cannot both be true")
    earlier: Annotated[str, Field(max_length=200)] = Field(description="quoted from the earlier passage")
    later: Annotated[str, Field(max_length=200)] = Field(description="quoted from the later passage")


async def judged(desk: Desk, pair: Pair) -> Verdict:
    """Ask whether two lines contradict each other.

    Raises:
        ModelError: the model fails, or gives no answer that can be read.
    """
    answer = await desk.ask(
        "judge_contradiction", Contradiction, max_tokens=_VERDICT_TOKENS, attempts=_ATTEMPTS, pair=pair
    )
    return Verdict(answer.contradicts == "yes", answer.reason)


async def compared(desk: Desk, pair: PassagePair) -> Clash | None:
    """Ask what in a passage contradicts an earlier one; None where nothing does.

    Raises:
        ModelError: the model fails, or gives no answer that can be read.
    """
    answer = await desk.ask(
        "compare_passages", Comparison, max_tokens=_COMPARISON_TOKENS, attempts=_ATTEMPTS, pair=pair
    )
    if not (answer.contradicts == "yes" and answer.earlier and answer.later):
        return None
    return Clash(answer.earlier, answer.later, answer.reason)
