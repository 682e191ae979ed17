"""Ten seeds of the demo episode on the embedded model, and how many scripts can be read.

    python benchmarks/seeds.py [--keep FOLDER] [SEED …]

Each script is judged by `judge.py`. With `--keep` the scripts are written to a folder, to be read by a human.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_kit import EXAMPLES, table
from judge import Idea, Verdict, judge

from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.bible import Bible

SEEDS = range(1, 11)
SERIES = EXAMPLES / "the-last-light"


async def draft(room: Room, idea: str, seed: int) -> Session:
    """Draft one episode."""
    run = room.begin(idea, episode=3, seed=seed, model="embedded")
    async for _event in run.events():
        pass
    return room.session(run.session.id)


def verdict_on(session: Session, bible: Bible, idea: str) -> Verdict:
    """Hand the finished episode to the judge."""
    brief, outline = session.manuscript.brief, session.manuscript.outline
    assert brief is not None
    assert outline is not None
    places = [place.name for place in bible.locations]
    return judge(
        session.fountain,
        Idea.of(idea, [name for who in bible.cast for name in who.names], places),
        brief={"premise": brief.premise, **{story.letter: story.line for story in brief.stories}},
        beats=[scene.beat for scene in outline.scenes],
        casts=[scene.cast for scene in outline.scenes],
        places=places,
    )


def main(seeds: list[int], keep: Path | None) -> None:
    """Draft, judge, and print the share that meets."""
    idea = (SERIES / "idea.txt").read_text(encoding="utf-8").strip()
    lines, met = [], 0
    for seed in seeds:
        with TemporaryDirectory() as name:
            folder = Path(shutil.copytree(SERIES, Path(name) / "series"))
            with Room.open(folder) as room:
                room.remember(sorted(room.series.episodes.glob("*.fountain")))
                started = time.perf_counter()
                session = asyncio.run(draft(room, idea, seed))
                seconds = time.perf_counter() - started
                verdict = verdict_on(session, room.bible, idea)
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"seed-{seed}.fountain").write_text(session.fountain, encoding="utf-8")
        met += verdict.meets
        counts = [len(found) for found in verdict.faults.values()]
        about = ("yes" if verdict.brief else "no", "yes" if verdict.outline else "no")
        lines.append(
            (
                str(seed),
                *about,
                f"{verdict.scenes}/{verdict.of}",
                *counts,
                seconds,
                "yes" if verdict.meets else "no",
            )
        )
        for what, found in verdict.faults.items():
            for one in found[:3]:
                print(f"seed {seed}: {what}: {one[:100]}", file=sys.stderr)
    head = (
        "seed",
        "brief",
        "outline",
        "scenes",
        "noise",
        "too often",
        "cut off",
        "headings",
        "strangers",
        "s",
        "meets",
    )
    table("Can it be read? Counted are texts about the idea, and faults", head, lines)
    print(f"{met} of {len(seeds)} meet all of it")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    folder = Path(arguments[1]) if arguments[:1] == ["--keep"] else None
    main([int(one) for one in arguments[2 if folder else 0 :]] or list(SEEDS), folder)
