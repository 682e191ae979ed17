"""Calls that measure a runtime: prompts that begin alike, answers of one length, forms to hold them to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, Field

from storyroom.models.ask import Reply, Request, complete
from storyroom.models.base import LocalChatModel

NEW = 96
"""Tokens of a measured answer."""

STORY = "\n".join(
    f"{number}. Mara climbs the stairs of the lighthouse and looks for the log in drawer {number * 7}."
    for number in range(1, 26)
)
"""What the prompts have in common: about 700 tokens."""


class Notes(BaseModel):
    """An answer that is long enough to be cut off at `NEW` tokens."""

    notes: list[str] = Field(min_length=8, max_length=12)


@dataclass(frozen=True, slots=True)
class Took:
    """What some calls wrote, and the seconds from the first to the end of the last."""

    replies: tuple[Reply, ...]
    seconds: float

    @property
    def new(self) -> int:
        """Tokens that were written."""
        return sum(reply.new_tokens for reply in self.replies)

    @property
    def rate(self) -> float:
        """Tokens written a second."""
        return self.new / self.seconds


@cache
def forms() -> dict[str, dict[str, Any]]:
    """Return what an answer can be held to, by name, as keywords of a `Request`; `free` comes first."""
    from storyroom.models.grammar import scene_grammar
    from storyroom.models.schema import bounded_schema

    return {
        "free": {},
        "schema": {"json_schema": bounded_schema(Notes)},
        "grammar": {"grammar": scene_grammar(["Mara", "Tomas"], min_blocks=8, max_blocks=14)},
    }


def request(number: int, *, beginning: str = STORY, new: int = NEW, **form: Any) -> Request:
    """Return one of the calls: they share all but the end of their prompt.

    Args:
        number: of the call; its seed, and what sets its prompt apart.
        beginning: what the prompt begins with.
        new: most tokens of the answer.
        form: one of `forms`.
    """
    messages = (
        SystemMessage("You write scenes."),
        HumanMessage(f"{beginning}\n\nWrite scene {number}, at great length."),
    )
    return Request(
        messages=messages,
        seed=number,
        max_tokens=new,
        temperature=0.8,
        min_p=0.05,
        label=f"bench.{number}",
        **form,
    )


def unread(turn: int, story: str = STORY) -> str:
    """Return the story behind words that no runtime has read before."""
    return f"Round {turn}, begun at {time.time_ns()}.\n{story}"


async def timed(model: LocalChatModel, requests: Sequence[Request], *, together: bool = False) -> Took:
    """Ask a model, one call after another or all at once."""
    started = time.perf_counter()
    if together:
        replies = list(await asyncio.gather(*(complete(model, one) for one in requests)))
    else:
        replies = [await complete(model, one) for one in requests]
    seconds = time.perf_counter() - started
    counted = (_counted(model, one, reply) for one, reply in zip(requests, replies, strict=True))
    return Took(tuple(counted), seconds)


def pace(reply: Reply) -> float | None:
    """Return the seconds of one token, from the first to the last; None where too few came one by one.

    Neither the prompt nor the compiling of a grammar counts.
    """
    if reply.new_tokens < 2 or not 0 < reply.first_token_seconds < reply.seconds:
        return None
    return (reply.seconds - reply.first_token_seconds) / (reply.new_tokens - 1)


def _counted(model: LocalChatModel, asked: Request, reply: Reply) -> Reply:
    """Fill in the counts of a server that tells none."""
    return replace(
        reply,
        prompt_tokens=reply.prompt_tokens or model.count_prompt(asked.messages),
        new_tokens=reply.new_tokens or model.count_tokens(reply.text),
    )
