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
from typing import Any
from urllib.request import ProxyHandler, build_opener
from urllib.request import Request as HttpRequest

from bench_kit import machine, median, table

from storyroom.models import open_model
from storyroom.models.ask import Request
from storyroom.models.base import LocalChatModel
from storyroom.models.bench_calls import NEW, Took, forms, pace, request, timed, unread
from storyroom.models.embedded import embedded_path

ROUNDS = 3
CALLS = 4
NAMES = {"free": "free", "schema": "JSON schema", "grammar": "grammar"}


def ask(model: LocalChatModel, requests: Sequence[Request], *, together: bool = False) -> Took:
    """Ask a model, one call after another or all at once."""
    return asyncio.run(timed(model, requests, together=together))


def measure(model: LocalChatModel, name: str, plain: dict[str, Callable[[], float]]) -> None:
    """Print what a model does in each form, beside the same runtime without the room."""
    rates: dict[str, list[float]] = {}
    waits: list[float] = []
    cached: list[tuple[int, int]] = []
    ask(model, [request(0, new=8, **form) for form in forms().values()])
    for turn in range(ROUNDS):
        numbers = range(1 + turn * 2 * CALLS, 1 + turn * 2 * CALLS + CALLS)
        for form, options in forms().items():
            alone = ask(model, [request(n, **options) for n in numbers])
            beside = ask(model, [request(n + CALLS, **options) for n in numbers], together=True)
            rates.setdefault(f"{NAMES[form]}, one after another", []).append(alone.rate)
            rates.setdefault(f"{NAMES[form]}, {CALLS} at once", []).append(beside.rate)
            waits += [reply.first_token_seconds for reply in alone.replies]
            cached += [(reply.cached_tokens, reply.prompt_tokens) for reply in alone.replies]
        rates.setdefault("prompt, read for the first time", []).append(reading(model, turn))
        for label, work in plain.items():
            rates.setdefault(label, []).append(work())
    middle = {label: median(values) for label, values in rates.items()}
    lines = [(label, middle[label]) for label in sorted(middle, key=lambda label: label.startswith("plain"))]
    table(f"{name} (tokens a second)", ("", "median"), lines)
    for form in NAMES.values():
        gain = middle[f"{form}, {CALLS} at once"] / middle[f"{form}, one after another"]
        print(f"{form}: {CALLS} at once {gain:.2f} times as fast as one after another")
    read, of = (sum(column) for column in zip(*cached, strict=True))
    print(f"prompt tokens served from the cache: {read / of:.1%}; first text after {median(waits):.2f} s")


def reading(model: LocalChatModel, turn: int) -> float:
    """Return how many tokens of a prompt with a new beginning are read in a second."""
    (reply,) = ask(model, [request(turn, beginning=unread(turn), new=1)]).replies
    return (reply.prompt_tokens - reply.cached_tokens) / reply.seconds


def decode_overhead(model: LocalChatModel) -> None:
    """Print what a form adds to the time of a token, from calls that differ in nothing else."""
    added: dict[str, list[float]] = {form: [] for form in forms() if form != "free"}
    for number in range(2 * ROUNDS):
        paces = {
            form: pace(ask(model, [request(100 + number, **options)]).replies[0])
            for form, options in forms().items()
        }
        for form, values in added.items():
            if (held := paces[form]) and (free := paces["free"]):
                values.append(held / free - 1)
    for form, values in added.items():
        print(f"{NAMES[form]}: adds {median(values):+.1%} to the time of a token ({len(values)} pairs)")


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
