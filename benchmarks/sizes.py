"""How much an episode takes on disk, scene by scene, beside a graph that keeps its script in its state.

The scripted model plays all parts, so the sizes are those of the room. The episode is drafted in one session;
sizes are read whenever so many of its scenes are approved.

    python benchmarks/sizes.py [SCENES]
"""

from __future__ import annotations

import asyncio
import operator
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, TypedDict

from bench_kit import IDEA, a_series, open_room, table

from storyroom.agents.events import Turned
from storyroom.story.turn import TurnKind

SCENES = 160
STEPS = (20, 40, 80, 160)
TARGET_CHECKPOINTS, TARGET_LEDGER = 60, 50
# How many steps a scene takes in the room; the plain graph takes as many.
NODES = 8


def used(path: Path) -> int:
    """Return the bytes of a SQLite file's pages, those in its log included."""
    with closing(sqlite3.connect(path)) as connection:
        (pages,), (size,) = (
            connection.execute("PRAGMA page_count").fetchone(),
            connection.execute("PRAGMA page_size").fetchone(),
        )
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    return int((pages - free) * size)


def marks(scenes: int) -> list[int]:
    """Return after which scenes sizes are read."""
    return [step for step in STEPS if step < scenes] + [scenes]


async def the_room(folder: Path, scenes: int) -> dict[int, tuple[int, int]]:
    """Draft an episode; return the bytes of checkpoints and ledger by number of finished scenes."""
    found: dict[int, tuple[int, int]] = {}
    with open_room(a_series(folder)) as room:
        run = room.begin(
            IDEA, scenes=scenes, pages=float(scenes), depth="standard", seed=1, model="scripted:x"
        )
        async for event in run.events():
            if isinstance(event, Turned) and event.turn.kind in (TurnKind.OUTLINE, TurnKind.APPROVAL):
                done = event.turn.scene or 0
                if done in (0, *marks(scenes)) and done not in found:
                    found[done] = used(room.series.checkpoints), used(room.series.ledger)
        assert run.outcome == "finished", run.outcome
        session = room.session(run.session.id)
        assert len(session.manuscript.scenes) == scenes
    return found


class Plain(TypedDict, total=False):
    """The state of a graph that keeps its script in its state."""

    scenes: Annotated[list[str], operator.add]
    notes: str


async def plain_graph(folder: Path, scenes: int, text: str) -> dict[int, int]:
    """Write as many scenes of the same text with a plain graph; return bytes of its checkpoints."""
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
    from langgraph.graph import END, START, StateGraph

    found: dict[int, int] = {}
    file = folder / "plain.sqlite"

    def step(number: int) -> object:
        def node(state: Plain) -> Plain:
            written = len(state.get("scenes", []))
            if number == 0:
                return {"scenes": [f"{written}\n{text}"]}
            if number == NODES - 1 and written in marks(scenes):
                found[written] = used(file)
            return {"notes": f"{written}.{number}"}

        return node

    graph = StateGraph(Plain)
    for number in range(NODES):
        graph.add_node(f"n{number}", step(number))  # type: ignore[call-overload]
        graph.add_edge(START if number == 0 else f"n{number - 1}", f"n{number}")
    graph.add_conditional_edges(
        f"n{NODES - 1}", lambda state: END if len(state["scenes"]) >= scenes else "n0", [END, "n0"]
    )
    async with AsyncSqliteSaver.from_conn_string(str(file)) as saver:
        config = {"configurable": {"thread_id": "plain"}, "recursion_limit": 100_000}
        await graph.compile(checkpointer=saver).ainvoke({}, config, durability="sync")  # type: ignore[call-overload]
    return found


def main(scenes: int = SCENES) -> None:
    """Measure both and print them side by side."""
    with TemporaryDirectory() as name:
        room = asyncio.run(the_room(Path(name), scenes))
        with TemporaryDirectory() as other:
            text = (
                "INT. LAMP ROOM - NIGHT\n\n" + "Mara turns the crank and says nothing of the storm.\n\n" * 25
            )
            plain = asyncio.run(plain_graph(Path(other), scenes, text))
    lines = []
    before = (0, 0, 0, 0)
    for done, (checkpoints, ledger) in sorted(room.items()):
        kept = plain.get(done, 0)
        grown = (done - before[0]) * 1024 or 1
        growth = (
            (checkpoints - before[1]) / grown,
            (ledger - before[2]) / grown,
            (kept - before[3]) / grown,
        )
        lines.append(
            (
                str(done),
                checkpoints // 1024,
                ledger // 1024,
                kept // 1024,
                *(growth if done else ("", "", "")),
            )
        )
        before = (done, checkpoints, ledger, kept)
    head = ("scenes", "checkpoints KB", "ledger KB", "plain graph KB", *("more a scene, KB",) * 3)
    table(
        f"Size on disk of an episode of {scenes} scenes; the row of 0 is its brief and outline", head, lines
    )
    _, checkpoints, ledger, kept = before
    each = [size / 1024 / scenes for size in (checkpoints, ledger, kept)]
    print(
        f"KB a scene: checkpoints {each[0]:.1f} (at most {TARGET_CHECKPOINTS}), ledger with all prompts "
        f"{each[1]:.1f} (at most {TARGET_LEDGER}), a plain graph with the script in its state {each[2]:.1f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SCENES)
