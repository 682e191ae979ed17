"""Draft an episode through the Python API, read what the room said, and take one scene another way.

    cp -r examples/the-last-light my-light
    python examples/use_the_api.py my-light --scenes 2

The folder is a series' own: what is drafted and remembered stays in it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from storyroom.errors import StoryroomError
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.turn import Turn, TurnKind


async def draft(room: Room, idea: str, *, model: str, scenes: int) -> Session:
    """Draft an episode, and return its session."""
    turn = None
    async for turn in room.draft(idea, model=model, scenes=scenes, pages=float(scenes), seed=7):
        print(told(turn))
    if turn is None:
        raise SystemExit("Nothing was drafted.")
    return room.session(turn.task.session)


async def retake(room: Room, session: Session, scene: int) -> Session:
    """Write an episode anew from one scene on; the session that it began as stays as it is."""
    fork = room.fork(session.id, str(scene))
    # A fork is resumed like a session that was interrupted: both go on from where they stand.
    async for turn in room.resume(fork.id):
        print(told(turn))
    return room.session(fork.id)


def told(turn: Turn) -> str:
    """Return a turn as one line."""
    where = f"scene {turn.scene}" if turn.scene else turn.task.stage
    return f"{where:<12} {turn.role:<20} {turn.kind}"


def report(session: Session) -> str:
    """Return what a session came to: its script versions, what was objected and what became of it."""
    lines = [f"{session.id}: {session.status}, {len(session.turns)} turns"]
    lines += [f"  {version.slot:<9} became draft {version.draft[:8]}" for version in session.drafts]
    for turn in session.turns:
        where = f"scene {turn.scene}" if turn.scene else turn.task.stage
        if turn.kind is TurnKind.OBJECTION:
            lines.append(f"  {where}, {turn.role}: {turn.body['says']} ({turn.body['quote']!r})")
        elif turn.kind is TurnKind.STOP:
            lines.append(f"  {where}: the debate stopped, {turn.body['reason']}")
    return "\n".join(lines)


async def main(folder: Path, model: str, scenes: int) -> None:
    """Draft, report, and retake the last scene."""
    idea = (folder / "idea.txt").read_text(encoding="utf-8")
    with Room.open(folder) as room:
        room.remember(sorted(room.series.episodes.glob("*.fountain")))
        first = await draft(room, idea, model=model, scenes=scenes)
        print(report(first))
        second = await retake(room, first, scenes)
        print(report(second))
        print(second.fountain)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="folder of a series that holds an idea.txt")
    parser.add_argument("--model", default="embedded", help="spec of the model that plays every part")
    parser.add_argument("--scenes", type=int, default=2)
    given = parser.parse_args()
    try:
        asyncio.run(main(given.folder, given.model, given.scenes))
    except StoryroomError as error:
        sys.exit(str(error))
