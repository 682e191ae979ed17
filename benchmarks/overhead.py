"""The room's own time: what a step takes beside its model, and how long the command line takes to say hello.

python benchmarks/overhead.py
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_kit import EXAMPLES, IDEA, median, table
from scripted_room import scripted_room

from storyroom.agents import asking
from storyroom.agents.events import Turned
from storyroom.room import Room

TARGET_TURN_MS, TARGET_HELP_S = 15, 0.4
SCENES = 12
HELP_RUNS = 7


class Stopwatch:
    """Adds up the time in which at least one call of a model is under way."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0
        self._running = 0
        self._since = (0.0, 0.0)

    def timed(self, complete: Callable[..., Any]) -> Callable[..., Any]:
        """Return `complete` with the watch running while it does."""

        async def watched(*args: Any, **kwargs: Any) -> Any:
            if self._running == 0:
                self._since = time.perf_counter(), time.process_time()
            self._running += 1
            try:
                return await complete(*args, **kwargs)
            finally:
                self._running -= 1
                if self._running == 0:
                    self.wall += time.perf_counter() - self._since[0]
                    self.cpu += time.process_time() - self._since[1]

        return watched


async def steps(scenes: int) -> tuple[list[float], float, float, int]:
    """Draft an episode, model excluded; return ms of each step, then wall ms, CPU ms and turns of the run."""
    watch = Stopwatch()
    usual, asking.complete = asking.complete, watch.timed(asking.complete)  # type: ignore[attr-defined]
    with TemporaryDirectory() as name:
        folder = Path(shutil.copytree(EXAMPLES / "the-last-light", Path(name) / "series"))
        with Room.open(folder) as room:
            room.models["scripted:x"] = scripted_room()
            room.remember(sorted(room.series.episodes.glob("*.fountain")))
            run = room.begin(IDEA, scenes=scenes, pages=float(scenes), seed=1, model="scripted:x")
            taken: list[float] = []
            turns, task = 0, ""
            started = last = time.perf_counter()
            cpu, spent = time.process_time(), 0.0
            async for event in run.events():
                if not isinstance(event, Turned):
                    continue
                turns += 1
                if event.turn.task.id != task:
                    now = time.perf_counter()
                    taken.append((now - last - (watch.wall - spent)) * 1000)
                    last, spent, task = now, watch.wall, event.turn.task.id
            wall = (time.perf_counter() - started - watch.wall) * 1000
            cpu = (time.process_time() - cpu - watch.cpu) * 1000
    asking.complete = usual  # type: ignore[attr-defined]
    return taken, wall, cpu, turns


def first_words(command: list[str]) -> float:
    """Return the seconds that a command takes, the best of several."""
    best = float("inf")
    for _ in range(HELP_RUNS):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    """Measure and print."""
    taken, wall, cpu, turns = asyncio.run(steps(SCENES))
    table(
        f"The room's own time, model excluded: {SCENES} scenes, {len(taken)} steps, {turns} turns",
        ("", "median", "90 %", "mean", "CPU, mean"),
        [
            (
                "ms a step",
                median(taken),
                sorted(taken)[len(taken) * 9 // 10],
                wall / len(taken),
                cpu / len(taken),
            ),
            ("ms a turn", "", "", wall / turns, cpu / turns),
        ],
    )
    print(f"target: median a turn under {TARGET_TURN_MS} ms; a step makes one turn or more")
    storyroom = Path(sys.executable).with_name("storyroom")
    hello = first_words([str(storyroom), "--help"])
    bare = first_words([sys.executable, "-c", "import typer"])
    table(
        "First words, best of several",
        ("", "seconds"),
        [("storyroom --help", f"{hello:.2f}"), ("python -c 'import typer'", f"{bare:.2f}")],
    )
    print(f"target: storyroom --help under {TARGET_HELP_S} s")


if __name__ == "__main__":
    main()
