"""Blind reviews side by side: what three of them take against one, and against one after another.

    python benchmarks/side_by_side.py [remote] [embedded]

A session is run up to the reviews of its scene, which the scripted model writes, and they are timed from the
first that begins to the last that is recorded. `remote` is a server that takes the same time for every
answer. One after another is the same graph, told to run one task at a time.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_kit import IDEA, a_series, machine, median, open_room, table
from fake_server import FakeServer, serving

from storyroom import running
from storyroom.agents.crew import Crew
from storyroom.agents.critic import ModelCritic
from storyroom.agents.editor import Editor
from storyroom.agents.emotion_critic import EmotionCritic
from storyroom.agents.events import Began, Turned
from storyroom.models.base import LocalChatModel
from storyroom.room import Room
from storyroom.story.bible import Role
from storyroom.story.turn import Stage, TurnKind

TARGET = 1.3
DELAY = 0.8
REMOTE_RUNS, EMBEDDED_RUNS = 9, 5


class SceneEditor(ModelCritic):
    """The editor as far as scenes go, so that no plans are read before them."""

    role = Role.EDITOR
    template = Editor.template
    kinds = Editor.kinds


class SecondEditor(SceneEditor):
    """One more critic who asks the model."""

    role = "second_editor"  # type: ignore[assignment]


CRITICS = (SceneEditor(), EmotionCritic(), SecondEditor())


def series(folder: Path) -> Path:
    """Return an example series whose room knows the second editor."""
    path = a_series(folder)
    bible = path / "series.yaml"
    text = bible.read_text("utf-8").replace("\nroom:\n", "\nroom:\n  extra_roles: [second_editor]\n")
    bible.write_text(text, "utf-8")
    return path


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let LangGraph run one task after the other."""
    usual: Callable[[str], Any] = running.config_of
    running.config_of = lambda session: {**usual(session), "max_concurrency": 1}  # type: ignore[assignment]
    try:
        yield
    finally:
        running.config_of = usual  # type: ignore[assignment]


async def reviews(room: Room, spec: str, seed: int, count: int) -> float:
    """Run a session to its first scene, and return the seconds that the scene's reviews took."""
    models = {critic.role: spec for critic in CRITICS}
    run = room.begin(IDEA, scenes=1, pages=1.0, depth="quick", seed=seed, model="scripted:x", models=models)
    first, done = 0.0, 0
    async with aclosing(run.events()) as events:
        async for event in events:
            task = event.turn.task if isinstance(event, Turned) else event.task
            if task.stage is not Stage.SCENE or task.role not in models:
                continue
            if isinstance(event, Began):
                first = first or time.perf_counter()
            elif isinstance(event, Turned) and event.turn.kind is TurnKind.REVIEW:
                done += 1
            if done == count:
                return time.perf_counter() - first
    raise RuntimeError(f"{done} of {count} reviews were recorded")


def timed(critics: Sequence[Any], spec: str, seed: int, models: dict[str, LocalChatModel]) -> float:
    """Return the seconds that reviews by these critics take."""
    crew = replace(Crew.default(), critics=(*critics, Crew.default().coordinator))
    with TemporaryDirectory() as name, open_room(series(Path(name)), crew=crew) as room:
        room.models.update(models)
        return asyncio.run(reviews(room, spec, seed, len(critics)))


def measure(spec: str, runs: int, models: dict[str, LocalChatModel]) -> tuple[float, float, float]:
    """Return the median seconds of one review, of three side by side, and of three one after another."""
    one, together, apart = [], [], []
    timed(CRITICS, spec, 0, models)
    for seed in range(1, runs + 1):
        one.append(timed(CRITICS[:1], spec, seed, models))
        together.append(timed(CRITICS, spec, seed, models))
        with one_at_a_time():
            apart.append(timed(CRITICS, spec, seed, models))
    return median(one), median(together), median(apart)


def show(title: str, one: float, together: float, apart: float) -> None:
    """Print what was measured."""
    rows = [
        ("one review", f"{one:.2f}", "1.00"),
        ("three side by side", f"{together:.2f}", f"{together / one:.2f}"),
        ("three one after another", f"{apart:.2f}", f"{apart / one:.2f}"),
    ]
    table(title, ("", "seconds", "of one"), rows)


def main(names: list[str]) -> None:
    """Measure and print."""
    print(machine())
    if not names or "remote" in names:
        with serving(FakeServer(pieces=['{"objections": []}'], delay=DELAY)) as server:
            found = measure(server.spec, REMOTE_RUNS, {})
        show(f"Remote, {DELAY} s an answer, median of {REMOTE_RUNS}", *found)
        print(f"target: three side by side at most {TARGET} times one")
    if not names or "embedded" in names:
        from storyroom.models import open_model

        found = measure("embedded", EMBEDDED_RUNS, {"embedded": open_model("embedded")})
        show(f"Embedded, median of {EMBEDDED_RUNS}", *found)
        print("target: side by side never slower than one after another")


if __name__ == "__main__":
    main(sys.argv[1:])
