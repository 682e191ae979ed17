"""The demo episode on the embedded model, beside the same calls made straight to the runtime.

    python benchmarks/episode.py [SEED] [--only room,one_by_one,bare,role_first] [--keep FOLDER]

`bare` posts the prompts and options that the room sent to llama.cpp's server, each as soon as the calls are
answered that it waited for in the room; `role_first` does so with the task of the role before what all roles
share, as prompts are usually laid out. `one_by_one` is the room again, told to run one task at a time.
With a folder to keep results in, these can be measured one by one; the table shows all that are there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from bench_kit import EXAMPLES, machine, table
from langchain_core.messages import AIMessage, HumanMessage
from meter import Meter
from side_by_side import one_at_a_time

from storyroom.agents import asking
from storyroom.agents.prompt import Prompt
from storyroom.models import open_model
from storyroom.models.ask import Reply, Request, complete
from storyroom.room import Room

TARGET_MINUTES, TARGET_GB, TARGET_SHARE = 4, 1.5, 0.85
SEED = 7
SERIES = EXAMPLES / "the-last-light"
CALLS = "calls.pickle"
KINDS = {
    "room": "the room",
    "one_by_one": "the room, one task at a time",
    "bare": "the same calls alone",
    "role_first": "the same calls, role first",
}

_prompt: ContextVar[Prompt] = ContextVar("prompt")


@dataclass(frozen=True)
class Made:
    """A call that the room made.

    Attributes:
        prompt: what its messages were laid out from.
        after: places of the calls that were answered when it was made.
    """

    request: Request
    prompt: Prompt
    after: tuple[int, ...]

    def role_first(self) -> Made:
        """Return the same call with the task of the role before what all roles share."""
        parts = sorted(self.prompt.parts, key=lambda part: part.name != "task")
        system, _ = self.request.messages
        messages = [system, HumanMessage("".join(part.text for part in parts))]
        return replace(self, request=replace(self.request, messages=messages))


class Recorder:
    """Stands between the room and its model, and writes down what is asked and what comes."""

    def __init__(self) -> None:
        self.made: list[Made] = []
        self.replies: dict[int, Reply] = {}

    async def complete(self, model: Any, request: Request, *args: Any, **kwargs: Any) -> Reply:
        """Make a call."""
        place = len(self.made)
        self.made.append(Made(request, _prompt.get(), tuple(self.replies)))
        self.replies[place] = await complete(model, request, *args, **kwargs)
        return self.replies[place]

    def watch(self) -> None:
        """Take the place of what the room asks through, for the rest of this process."""
        call = asking.Question._call

        async def named(question: asking.Question, attempt: int) -> Any:
            _prompt.set(question.prompt)
            return await call(question, attempt)

        asking.Question._call = named  # type: ignore[method-assign]
        asking.complete = self.complete  # type: ignore[attr-defined]


async def draft(seed: int, *, one_by_one: bool, kept: Path) -> dict[str, Any]:
    """Draft the demo episode, keep the calls that were made, and return what it took."""
    recorder = Recorder()
    recorder.watch()
    with (
        TemporaryDirectory() as name,
        Room.open(Path(shutil.copytree(SERIES, Path(name) / "series"))) as room,
        one_at_a_time() if one_by_one else nullcontext(),
    ):
        room.remember(sorted(room.series.episodes.glob("*.fountain")))
        idea = (SERIES / "idea.txt").read_text(encoding="utf-8")
        started = time.perf_counter()
        run = room.begin(idea, episode=3, seed=seed, model="embedded")
        async for _event in run.events():
            pass
        seconds = time.perf_counter() - started
        scenes = len(room.session(run.session.id).manuscript.scenes)
    if not one_by_one:
        (kept / CALLS).write_bytes(pickle.dumps(recorder.made))
    replies = recorder.replies.values()
    return {
        "scenes": scenes,
        "seconds": seconds,
        "calls": len(replies),
        "prompt": sum(reply.prompt_tokens for reply in replies),
        "cached": sum(reply.cached_tokens for reply in replies),
        "new": sum(reply.new_tokens for reply in replies),
    }


async def replay(made: Sequence[Made]) -> dict[str, Any]:
    """Make the same calls, in the same company, with nothing around them."""
    meter = Meter()
    answered = [asyncio.Event() for _ in made]
    started = time.perf_counter()
    model: Any = open_model("embedded")
    bodies = [_body(model, one.request) for one in made]
    client = httpx.AsyncClient(
        base_url=model.openai_api_base,
        headers={"Authorization": f"Bearer {model.openai_api_key.get_secret_value()}"},
        timeout=None,
        trust_env=False,
        # The server closes a connection behind a stream, and a call that is on its way then is lost.
        limits=httpx.Limits(max_keepalive_connections=0),
    )

    async def post(place: int) -> None:
        for earlier in made[place].after:
            await answered[earlier].wait()
        answer = await client.post("chat/completions", json=bodies[place])
        meter.count(answer.status_code, answer.content)
        answered[place].set()

    async with client:
        await asyncio.gather(*map(post, range(len(made))))
    seconds = time.perf_counter() - started
    if meter.refused:
        raise RuntimeError(f"the runtime refused {meter.refused} calls")
    return {
        "seconds": seconds,
        "calls": meter.calls,
        "prompt": meter.prompt,
        "cached": meter.cached,
        "new": meter.new,
    }


def _body(model: Any, request: Request) -> dict[str, Any]:
    """Return what goes over the wire for a call."""
    begun = [AIMessage(request.prefill)] if request.prefill else []
    body = model._get_request_payload([*request.messages, *begun], stream=True, **request.options())
    return {**body, **body.pop("extra_body")}


def measure(kind: str, seed: int, kept: Path) -> dict[str, Any]:
    """Measure one of `KINDS`, and how much memory this process took for it."""
    if kind in ("room", "one_by_one"):
        found = asyncio.run(draft(seed, one_by_one=kind == "one_by_one", kept=kept))
    else:
        made = pickle.loads((kept / CALLS).read_bytes())
        found = asyncio.run(replay([one.role_first() for one in made] if kind == "role_first" else made))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**found, "peak": peak * (1 if sys.platform == "darwin" else 1024)}


def apart(kind: str, seed: int, kept: Path) -> None:
    """Measure one in a process of its own, so that none finds another's cache warm."""
    command = [sys.executable, __file__, str(seed), "--here", kind, "--keep", str(kept)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    (kept / f"{kind}.json").write_text(done.stdout.splitlines()[-1], encoding="utf-8")


def show(seed: int, kept: Path) -> None:
    """Print what has been measured, side by side."""
    files = {kind: kept / f"{kind}.json" for kind in KINDS}
    found = {kind: json.loads(file.read_text("utf-8")) for kind, file in files.items() if file.is_file()}
    lines = [
        (
            KINDS[kind],
            one["seconds"],
            one["calls"],
            one["prompt"],
            f"{one['cached'] / one['prompt']:.1%}",
            one["new"],
            one["new"] / one["seconds"],
            f"{one['peak'] / 1e9:.2f}",
        )
        for kind, one in found.items()
    ]
    head = ("", "s", "calls", "prompt tokens", "cached", "new tokens", "new/s", "peak GB")
    table(f"The demo episode, embedded model, seed {seed}", head, lines)
    _compare(found)


def _compare(found: dict[str, dict[str, Any]]) -> None:
    room, bare = found.get("room"), found.get("bare")
    if room:
        print(f"{room['scenes']} scenes; target: at most {TARGET_MINUTES} minutes, {TARGET_GB} GB")
        cached = room["cached"] / room["prompt"]
        print(f"prompt tokens from the cache: {cached:.1%}; target: {TARGET_SHARE:.0%}")
    if room and bare:
        rate = (room["new"] / room["seconds"]) / (bare["new"] / bare["seconds"])
        print(f"the room writes at {rate:.1%} of the runtime's own pace; target: {TARGET_SHARE:.0%}")
    if bare and (role_first := found.get("role_first")):
        saved = role_first["seconds"] - bare["seconds"]
        print(f"what all roles share, put first, saves {saved:.0f} s of {role_first['seconds']:.0f}")
    if room and (one_by_one := found.get("one_by_one")):
        share = room["seconds"] / one_by_one["seconds"]
        print(f"side by side takes {share:.2f} times what one task at a time takes; target: 1.00")


def main() -> None:
    """Measure what is asked for, and print all that is known."""
    parser = argparse.ArgumentParser(description="The demo episode beside the same calls without the room.")
    parser.add_argument("seed", nargs="?", type=int, default=SEED)
    parser.add_argument("--only", default=",".join(KINDS))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--here", choices=KINDS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        print(json.dumps(measure(given.here, given.seed, given.keep)))
        return
    with nullcontext(given.keep) if given.keep else TemporaryDirectory() as name:
        kept = Path(name)
        kept.mkdir(parents=True, exist_ok=True)
        for kind in given.only.split(","):
            apart(kind, given.seed, kept)
        print(machine())
        show(given.seed, kept)


if __name__ == "__main__":
    main()
