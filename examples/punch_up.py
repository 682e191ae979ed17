"""Add a role of one's own: a punch-up writer, who sharpens the flattest lines of every scene.

    cp -r examples/the-last-light my-light
    python examples/punch_up.py my-light --scenes 2

A polisher is an object with a `role` and a method `polish`. It works after the debate on a scene and before
a human is asked; its calls, turns, drafts and credits are recorded like those of the room's own roles, and
notes can be addressed to it once `series.yaml` lists its role under `room: extra_roles`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path

from storyroom.agents.crew import Crew
from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.errors import StoryroomError
from storyroom.room import Room
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.script import Element, Kind

WANTED = {
    "en": "It is flat. Say it shorter, with one concrete thing from this scene in it.",
    "zh": "这句太平。要更短，并带出这场戏里的一样东西。",
}


@dataclass(frozen=True)
class PunchUp:
    """Rewords the longest speeches of a scene.

    Attributes:
        lines: how many speeches of a scene, at most.
    """

    lines: int = 1
    role: str = "punch_up"
    hand: DialogueWriter = field(default_factory=DialogueWriter)

    async def polish(self, desk: Desk, draft: SceneDraft) -> SceneDraft:
        """Return the scene with some speeches reworded.

        `DialogueWriter.rewrite` asks through this role's desk: its model, its notes, its record. The answer
        is held to a grammar and checked; what fails the checks leaves the line as it was.
        """
        for speech in longest(draft, self.lines):
            asked = Objection(
                line=speech.id,
                quote=speech.text,
                kind="dialogue",
                gravity="minor",
                says=WANTED[desk.language],
            )
            better = await self.hand.rewrite(desk, draft, asked)
            # Shorter is what was asked for, and a thing that code can tell.
            if len(better) < len(speech.text):
                draft = draft.with_line(speech.id, better)
        return draft


def longest(draft: SceneDraft, count: int) -> list[Element]:
    """Return the longest speeches of a scene, the longest first."""
    speeches = [line for line in draft.lines if line.kind is Kind.DIALOGUE]
    return sorted(speeches, key=lambda line: -line.words)[:count]


async def main(folder: Path, model: str, scenes: int) -> None:
    """Draft an episode with the punch-up writer in the room, and show what they changed."""
    idea = (folder / "idea.txt").read_text(encoding="utf-8")
    crew = Crew.default().with_polisher(PunchUp())
    with Room.open(folder, crew=crew) as room:
        async for turn in room.draft(idea, model=model, scenes=scenes, pages=float(scenes), seed=7):
            print(f"{turn.task.label:<40} {turn.kind}")
            if turn.role == PunchUp.role and turn.produced:
                scene = room.session(turn.task.session).manuscript.scenes[turn.task.scene or 0]
                for line in filter(None, map(scene.line, turn.body["changed"])):
                    print(f"    {scene.speaker_of(line.id)}: {line.text}")


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
