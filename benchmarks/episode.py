"""The demo episode on the embedded model, beside the same calls made straight to the runtime.

python benchmarks/episode.py [SEED]
"""

from __future__ import annotations

import asyncio
import json
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_kit import EXAMPLES, table

from storyroom.agents import desk
from storyroom.models import open_model
from storyroom.models.ask import Reply, Request, complete
from storyroom.room import Room

TARGET_MINUTES, TARGET_GB = 4, 1.5
SEED = 7
SERIES = EXAMPLES / "the-last-light"


async def draft(seed: int, kept: Path) -> dict[str, Any]:
    """Draft the demo episode, keep the requests that were made, and return what it took."""
    requests: list[Request] = []
    replies: list[Reply] = []

    async def watched(model: Any, request: Request, on_text: Any = None) -> Reply:
        requests.append(request)
        replies.append(await complete(model, request, on_text))
        return replies[-1]

    desk.complete = watched  # type: ignore[attr-defined]
    with TemporaryDirectory() as name:
        folder = Path(shutil.copytree(SERIES, Path(name) / "series"))
        with Room.open(folder) as room:
            room.remember(sorted(room.series.episodes.glob("*.fountain")))
            idea = (SERIES / "idea.txt").read_text(encoding="utf-8")
            started = time.perf_counter()
            run = room.begin(idea, episode=3, seed=seed, model="embedded")
            async for _event in run.events():
                pass
            seconds = time.perf_counter() - started
            scenes = len(room.session(run.session.id).manuscript.scenes)
    with kept.open("wb") as file:
        pickle.dump(requests, file)
    return {"scenes": scenes, **_sums(replies, seconds)}


async def replay(requests: Sequence[Request]) -> dict[str, Any]:
    """Make the same calls, one after the other, with nothing around them."""
    started = time.perf_counter()
    model = open_model("embedded")
    replies = [await complete(model, request) for request in requests]
    return _sums(replies, time.perf_counter() - started)


def _sums(replies: list[Reply], seconds: float) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "model seconds": sum(reply.seconds for reply in replies),
        "peak bytes": peak * (1 if sys.platform == "darwin" else 1024),
        "calls": len(replies),
        "prompt tokens": sum(reply.prompt_tokens for reply in replies),
        "cached tokens": sum(reply.cached_tokens for reply in replies),
        "new tokens": sum(reply.new_tokens for reply in replies),
    }


def apart(*arguments: str) -> dict[str, Any]:
    """Run one of the two in a process of its own, so that neither finds the other's cache warm."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(seed: int) -> None:
    """Measure both and print them side by side."""
    with TemporaryDirectory() as name:
        kept = str(Path(name) / "requests.pickle")
        both = {"the room": apart("--draft", str(seed), kept), "the calls alone": apart("--replay", kept)}
    lines = [
        (
            name,
            one["seconds"],
            one["model seconds"],
            one["calls"],
            one["prompt tokens"],
            f"{one['cached tokens'] / one['prompt tokens']:.0%}",
            one["new tokens"],
            f"{one['peak bytes'] / 1e9:.2f}",
        )
        for name, one in both.items()
    ]
    head = ("", "s", "in the model, s", "calls", "prompt tokens", "cached", "new tokens", "peak GB")
    table(f"The demo episode: {both['the room']['scenes']} scenes, embedded model, seed {seed}", head, lines)
    print(f"target: at most {TARGET_MINUTES} minutes and {TARGET_GB} GB on two cores")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--draft", seed, kept]:
            print(json.dumps(asyncio.run(draft(int(seed), Path(kept)))))
        case ["--replay", kept]:
            print(json.dumps(asyncio.run(replay(pickle.loads(Path(kept).read_bytes())))))
        case arguments:
            main(int(arguments[0]) if arguments else SEED)
