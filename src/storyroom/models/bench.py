"""How fast a model is on this machine: `storyroom models bench`.

Each round begins with a prompt that was never read; the calls behind it go on from the same beginning, and
the free one and those under a form alternate, so that a machine that slows down slows all. Every figure is
the median of the rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from pydantic import BaseModel

from storyroom.errors import GrammarRefused, ModelRefused
from storyroom.models.base import LocalChatModel
from storyroom.models.bench_calls import NEW, STORY, Took, forms, pace, request, timed, unread

ROUNDS = 5
QUICK_ROUNDS = 1
_FEWEST_AT_ONCE = 4
_SHORTEST_ANSWER = 16

Held = Literal["enforced", "not enforced", "not taken", "refused"]
"""Whether a model is held to a form; told to keep to it only; cannot be asked; refused it when asked."""

OnStep = Callable[[int, int, str], None]
"""Told how many steps are done, of how many, and what comes next."""


class FormCost(BaseModel, frozen=True):
    """What it costs to hold an answer to a form.

    Attributes:
        held: whether it is.
        tokens_per_second: written under the form; None where the form is not taken.
        overhead: what the form adds to the time of a token, as a share of it; None where it is not held.
    """

    held: Held
    tokens_per_second: float | None = None
    overhead: float | None = None


class Bench(BaseModel, frozen=True):
    """What was measured. Rates are tokens a second.

    Attributes:
        model: its spec.
        runs_on: what is known of where it runs.
        rounds: that the figures are medians of.
        prompt_tokens: of each prompt.
        answer_tokens: most of each answer.
        single: written by a call alone, on a beginning that is cached.
        token_seconds: from one token to the next of such a call.
        at_once: how many calls were made together.
        slots: how many of them the runtime generates together; None where it does not tell.
        together: written by all of them.
        prefill: read of a prompt with a new beginning.
        cold_seconds: to the first token, with a new beginning.
        warm_seconds: to the first token, with one that was read before.
        cached_share: share of the second prompt that was not read again; None where the runtime tells none.
        schema_form, grammar_form: what forms cost.
    """

    model: str
    runs_on: str
    rounds: int
    prompt_tokens: int
    answer_tokens: int
    single: float
    token_seconds: float
    at_once: int
    slots: int | None
    together: float
    prefill: float
    cold_seconds: float
    warm_seconds: float
    cached_share: float | None
    schema_form: FormCost
    grammar_form: FormCost

    @property
    def call_seconds(self) -> float:
        """Return what a call takes before its first token, beside reading what is not cached."""
        read = self.prompt_tokens * (1 - self.cached_share) / self.prefill if self.cached_share else 0.0
        return max(0.0, self.warm_seconds - read - self.token_seconds)


@dataclass
class _Found:
    """The figures of the rounds so far."""

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    prefill: list[float] = field(default_factory=list)
    cached: list[float] = field(default_factory=list)
    prompt: list[int] = field(default_factory=list)
    single: list[float] = field(default_factory=list)
    paces: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    rates: dict[str, list[float]] = field(default_factory=dict)
    added: dict[str, list[float]] = field(default_factory=dict)


async def bench(model: LocalChatModel, *, rounds: int = ROUNDS, on_step: OnStep | None = None) -> Bench:
    """Measure a model. It writes about 700 tokens a round, and reads as many.

    Args:
        model: any; what it cannot do is left out and said.
        rounds: the more, the less a busy machine distorts the figures.
        on_step: follows the progress.

    Raises:
        ModelRefused: its context is too short to measure anything.
        ModelError: it failed.
    """
    story, new = _sized(model)
    held = {"schema": _schema(model), "grammar": _grammar(model)}
    at_once = max(model.at_once or 0, _FEWEST_AT_ONCE)
    found = _Found()
    total, done = rounds * 2 + 1, 0

    def step(says: str) -> None:
        nonlocal done
        if on_step:
            on_step(done, total, says)
        done += 1

    step("warming up")
    held = await _warm_up(model, story, held)
    for turn in range(1, rounds + 1):
        beginning = unread(turn, story)
        step(f"round {turn} of {rounds}: one call after another")
        await _read(model, beginning, turn, found)
        await _write(model, beginning, turn, new, held, found)
        step(f"round {turn} of {rounds}: {at_once} calls at once")
        numbers = range(turn * 100, turn * 100 + at_once)
        several = [request(number, beginning=beginning, new=new) for number in numbers]
        found.together.append((await timed(model, several, together=True)).rate)
    if on_step:
        on_step(total, total, "done")
    return Bench(
        model=model.spec,
        runs_on=model.runs_on,
        rounds=rounds,
        prompt_tokens=round(median(found.prompt)),
        answer_tokens=new,
        single=median(found.single),
        token_seconds=median(found.paces) if found.paces else 1 / median(found.single),
        at_once=at_once,
        slots=model.at_once,
        together=median(found.together),
        prefill=median(found.prefill),
        cold_seconds=median(found.cold),
        warm_seconds=median(found.warm),
        cached_share=median(found.cached) if any(found.cached) else None,
        schema_form=_cost("schema", held, found),
        grammar_form=_cost("grammar", held, found),
    )


def _sized(model: LocalChatModel) -> tuple[str, int]:
    """Return the story, shortened to what half of the context takes, and the tokens of an answer.

    Raises:
        ModelRefused: nothing is left.
    """
    context = model.capabilities.context_length
    lines = STORY.splitlines()
    while lines and model.count_tokens("\n".join(lines)) > context // 2:
        lines.pop()
    new = min(NEW, context // 4)
    if not lines or new < _SHORTEST_ANSWER:
        raise ModelRefused(
            f"{model.spec} takes {context} tokens, which is too few to measure anything.",
            hint="Give it a longer context: STORYROOM_CONTEXT, or the server's own setting.",
        )
    return "\n".join(lines), new


def _schema(model: LocalChatModel) -> Held:
    if not model.capabilities.json_schema:
        return "not taken"
    return "enforced" if model.capabilities.schema_mode == "enforced" else "not enforced"


def _grammar(model: LocalChatModel) -> Held:
    return "enforced" if model.capabilities.grammar else "not taken"


async def _warm_up(model: LocalChatModel, story: str, held: dict[str, Held]) -> dict[str, Held]:
    """Have grammars compiled, and find out whether they are taken after all."""
    learnt = dict(held)
    for name, form in forms().items():
        if learnt.get(name, "enforced") != "enforced":
            continue
        try:
            await timed(model, [request(0, beginning=story, new=8, **form)])
        except GrammarRefused:
            learnt[name] = "refused"
    return learnt


async def _read(model: LocalChatModel, beginning: str, turn: int, found: _Found) -> None:
    """Have a new beginning read, and then the same one with another end."""
    cold = (await timed(model, [request(turn * 10, beginning=beginning, new=1)])).replies[0]
    warm = (await timed(model, [request(turn * 10 + 1, beginning=beginning, new=1)])).replies[0]
    found.cold.append(cold.seconds)
    found.warm.append(warm.seconds)
    found.prefill.append((cold.prompt_tokens - cold.cached_tokens) / cold.seconds)
    found.cached.append(warm.cached_tokens / warm.prompt_tokens)
    found.prompt.append(cold.prompt_tokens)


async def _write(
    model: LocalChatModel, beginning: str, turn: int, new: int, held: dict[str, Held], found: _Found
) -> None:
    """Have answers of the same length written, free and in each form that the model is held to."""
    took: dict[str, Took] = {}
    for name, form in forms().items():
        if held.get(name, "enforced") == "enforced":
            asked = request(turn * 10 + 2, beginning=beginning, new=new, **form)
            took[name] = await timed(model, [asked])
            found.rates.setdefault(name, []).append(took[name].rate)
    free = took.pop("free")
    found.single.append(free.rate)
    if (usual := pace(free.replies[0])) is None:
        return
    found.paces.append(usual)
    for name, one in took.items():
        if (slowed := pace(one.replies[0])) is not None:
            found.added.setdefault(name, []).append(slowed / usual - 1)


def _cost(name: str, held: dict[str, Held], found: _Found) -> FormCost:
    rates, added = found.rates.get(name), found.added.get(name)
    return FormCost(
        held=held[name],
        tokens_per_second=median(rates) if rates else None,
        overhead=median(added) if added else None,
    )
