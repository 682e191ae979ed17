"""What each runtime writes and reads in a second, with and without a form, alone and together.

    python benchmarks/runtimes.py [transformers] [llamacpp]

The same file (the embedded model's) runs through the room's `transformers:` beside plain transformers
`generate`, and through the room's `embedded` beside plain xllamacpp, on the same prompts, for the same number
of tokens. The two runtimes take turns, because either keeps the cores busy; each figure is the median of
three rounds, and the two sides of a comparison alternate within a round, so that a machine that slows down
slows both.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.request import ProxyHandler, build_opener
from urllib.request import Request as HttpRequest

from bench_kit import machine, median, table
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, Field

from storyroom.models import open_model
from storyroom.models.ask import Reply, Request, complete
from storyroom.models.base import LocalChatModel
from storyroom.models.embedded import embedded_path
from storyroom.models.grammar import scene_grammar
from storyroom.models.schema import bounded_schema

ROUNDS = 3
CALLS = 4
NEW = 96
STORY = "\n".join(
    f"{number}. Mara climbs the stairs of the lighthouse and looks for the log in drawer {number * 7}."
    for number in range(1, 26)
)
GRAMMAR = scene_grammar(["Mara", "Tomas"], min_blocks=8, max_blocks=14)


class Notes(BaseModel):
    """An answer that is long enough to be cut off at `NEW` tokens."""

    notes: list[str] = Field(min_length=8, max_length=12)


FORMS: dict[str, dict[str, Any]] = {
    "free": {},
    "JSON schema": {"json_schema": bounded_schema(Notes)},
    "grammar": {"grammar": GRAMMAR},
}


@dataclass
class Took:
    """Tokens and seconds of some calls."""

    new: int
    seconds: float

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.new / self.seconds


def request(number: int, *, new: int = NEW, **form: Any) -> Request:
    """One of the calls: they share all but the end of their prompt."""
    messages = (
        SystemMessage("You write scenes."),
        HumanMessage(f"{STORY}\n\nWrite scene {number}, at great length."),
    )
    return Request(messages=messages, seed=number, max_tokens=new, temperature=0.8, min_p=0.05, **form)


def timed(model: LocalChatModel, requests: Sequence[Request], *, together: bool) -> tuple[Took, list[Reply]]:
    """Ask a model, one call after another or all at once."""

    async def ask() -> list[Reply]:
        if together:
            return list(await asyncio.gather(*(complete(model, one) for one in requests)))
        return [await complete(model, one) for one in requests]

    started = time.perf_counter()
    replies = asyncio.run(ask())
    return Took(sum(reply.new_tokens for reply in replies), time.perf_counter() - started), replies


def measure(model: LocalChatModel, name: str, plain: dict[str, Callable[[], float]]) -> None:
    """Print what a model does in each form, beside the same runtime without the room."""
    rates: dict[str, list[float]] = {}
    waits: list[float] = []
    cached: list[tuple[int, int]] = []
    timed(model, [request(0, new=8, **form) for form in FORMS.values()], together=False)
    for turn in range(ROUNDS):
        numbers = range(1 + turn * 2 * CALLS, 1 + turn * 2 * CALLS + CALLS)
        for form, options in FORMS.items():
            alone, replies = timed(model, [request(n, **options) for n in numbers], together=False)
            beside, _ = timed(model, [request(n + CALLS, **options) for n in numbers], together=True)
            rates.setdefault(f"{form}, one after another", []).append(alone.rate)
            rates.setdefault(f"{form}, {CALLS} at once", []).append(beside.rate)
            waits += [reply.first_token_seconds for reply in replies]
            cached += [(reply.cached_tokens, reply.prompt_tokens) for reply in replies]
        rates.setdefault("prompt, read for the first time", []).append(reading(model, turn))
        for label, work in plain.items():
            rates.setdefault(label, []).append(work())
    middle = {label: median(values) for label, values in rates.items()}
    lines = [(label, middle[label]) for label in sorted(middle, key=lambda label: label.startswith("plain"))]
    table(f"{name} (tokens a second)", ("", "median"), lines)
    for form in FORMS:
        gain = middle[f"{form}, {CALLS} at once"] / middle[f"{form}, one after another"]
        print(f"{form}: {CALLS} at once {gain:.2f} times as fast as one after another")
    read, of = (sum(column) for column in zip(*cached, strict=True))
    print(f"prompt tokens served from the cache: {read / of:.1%}; first text after {median(waits):.2f} s")


def reading(model: LocalChatModel, turn: int) -> float:
    """Return how many tokens of a prompt with a new beginning are read in a second."""
    prompt = (HumanMessage(f"Round {turn} at {time.time()}.\n{STORY}"),)
    reply = asyncio.run(complete(model, Request(messages=prompt, max_tokens=1, temperature=0)))
    return (reply.prompt_tokens - reply.cached_tokens) / reply.seconds


def decode_overhead(model: LocalChatModel) -> None:
    """Print what a form adds to the time of a token, from pairs of calls that differ in nothing else.

    The time from the first token to the last is compared, so that neither the prompt nor the compiling of
    the grammar counts. Free calls may end early; time is compared by the token.
    """
    added: dict[str, list[float]] = {form: [] for form in FORMS if form != "free"}
    for number in range(2 * ROUNDS):
        paces = {}
        for form, options in FORMS.items():
            (reply,) = timed(model, [request(100 + number, **options)], together=False)[1]
            paces[form] = (reply.seconds - reply.first_token_seconds) / max(1, reply.new_tokens - 1)
        for form, values in added.items():
            values.append(paces[form] / paces["free"] - 1)
    for form, values in added.items():
        print(f"{form}: adds {median(values):+.1%} to the time of a token (median of {len(values)} pairs)")


def plain_generate(model: Any) -> dict[str, Callable[[], float]]:
    """The same weights and prompts through transformers' `generate`, alone and as one padded batch."""
    import torch

    from storyroom.models.torch_prompt import prompt_ids

    engine = model._engine
    tokenizer = engine.tokenizer
    texts = [tokenizer.decode(prompt_ids(tokenizer, request(n).messages)) for n in range(1, 1 + CALLS)]
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    tokenizer.padding_side = "left"

    def generate(batch: list[str]) -> float:
        started = time.perf_counter()
        with torch.inference_mode():
            given = tokenizer(batch, return_tensors="pt", padding=True, add_special_tokens=False)
            engine.model.generate(
                **given,
                max_new_tokens=NEW,
                min_new_tokens=NEW,
                do_sample=True,
                temperature=0.8,
                min_p=0.05,
                pad_token_id=tokenizer.pad_token_id,
            )
        return len(batch) * NEW / (time.perf_counter() - started)

    return {
        "plain generate, one after another": lambda: generate(texts[:1]),
        f"plain generate, a batch of {CALLS}": lambda: generate(texts),
    }


def plain_xllamacpp() -> dict[str, Callable[[], float]]:
    """The same file and prompts through a server of xllamacpp with its own defaults, one slot."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(embedded_path())
    params.n_ctx, params.n_parallel, params.port = 8192, 1, 0
    params.verbosity = -1
    server = xllamacpp.Server(params)
    http = build_opener(ProxyHandler({}))

    def generate() -> float:
        new, started = 0, time.perf_counter()
        for number in range(1, 1 + CALLS):
            asked = request(number)
            body = {
                "messages": [
                    {"role": "system" if m.type == "system" else "user", "content": m.text}
                    for m in asked.messages
                ],
                "max_tokens": NEW,
                "seed": number,
                "temperature": 0.8,
                "min_p": 0.05,
            }
            url = f"{server.listening_address}/v1/chat/completions"
            sent = HttpRequest(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
            with http.open(sent) as answer:
                new += json.load(answer)["usage"]["completion_tokens"]
        return new / (time.perf_counter() - started)

    return {"plain xllamacpp, one after another": generate}


def main(names: list[str]) -> int:
    """Measure the runtimes that are named, or both."""
    print(machine())
    if not names or "transformers" in names:
        model = open_model(f"transformers:{embedded_path()}")
        measure(model, f"transformers, {model.dtype} on {model.device} ({model.why})", plain_generate(model))  # type: ignore[attr-defined]
        decode_overhead(model)
    if not names or "llamacpp" in names:
        model = open_model("embedded")
        measure(model, "embedded, llama.cpp", plain_xllamacpp())
        decode_overhead(model)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
