"""What an episode asks of a model, and how long a measured model would take for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from storyroom.models.bench import Bench


class EpisodeLoad(BaseModel, frozen=True):
    """What the calls of a session add up to.

    Attributes:
        source: which session that was.
        calls: how many.
        prompt_tokens: tokens of the prompts, cached ones among them.
        cached_tokens: tokens of the prompts that the runtime did not read again.
        new_tokens: tokens of the answers.
    """

    source: str
    calls: int
    prompt_tokens: int
    cached_tokens: int
    new_tokens: int


STANDARD_EPISODE = EpisodeLoad(
    source="the demo's: 4 scenes, drafted by the embedded model, 2026-11-24",
    calls=48,
    prompt_tokens=110_451,
    cached_tokens=94_988,
    new_tokens=2_658,
)
"""The demo with seed 7, as `benchmarks/episode.py` measured it. A larger model is held to looser forms and
writes more."""


def estimated_seconds(found: Bench, load: EpisodeLoad) -> float:
    """Return how long a model takes for the calls of an episode, one after another.

    What was cached in that session is taken to be cached here; answers are written as fast as under a form
    of middling cost, since most of the room's are.
    """
    costs = [one.overhead for one in (found.schema_form, found.grammar_form) if one.overhead is not None]
    token = found.token_seconds * (1 + sum(costs) / len(costs) if costs else 1)
    reading = (load.prompt_tokens - load.cached_tokens) / found.prefill
    return load.calls * found.call_seconds + reading + load.new_tokens * token
