"""How often the emotion critic calls a plan missed, rightly and wrongly.

Scenes of twelve lines are put together at random from the test lines of one language, seven of them of one
emotion and five of others. With that emotion planned, the critic should be silent; with any other planned
that fewer than two of the lines have, it should object.

    python benchmarks/emotion/plans.py
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_kit import machine, table
from lines import Labelled, read_lines, texts

from storyroom.agents.emotion_findings import Heard, missed
from storyroom.emotion.feeling import EMOTIONS, Feeling
from storyroom.emotion.source import score
from storyroom.story.script import Element, Kind

SCENES, LINES, OF_ONE = 300, 12, 7


def main() -> None:
    """Count the verdicts in both languages."""
    print(machine())
    test = read_lines("test")
    felt = score(texts(test))
    rows = []
    for language in ("en", "zh"):
        pairs = [
            (line, feeling) for line, feeling in zip(test, felt, strict=True) if line.language == language
        ]
        wrongly, rightly = verdicts(pairs)
        rows.append([language, share(wrongly), share(rightly)])
    table(
        f"called missed, of {SCENES} scenes an emotion",
        ["", "the plan is what is there", "the plan is something else"],
        rows,
    )


def verdicts(pairs: Sequence[tuple[Labelled, Feeling]]) -> tuple[list[bool], list[bool]]:
    """Return for each scene and plan whether it is called missed: where it was met, and where it was not."""
    draw = random.Random(0)
    met, unmet = [], []
    for emotion in EMOTIONS:
        ours = [pair for pair in pairs if pair[0].emotion == emotion]
        others = [pair for pair in pairs if pair[0].emotion != emotion]
        for _ in range(SCENES):
            scene = [*draw.sample(ours, OF_ONE), *draw.sample(others, LINES - OF_ONE)]
            met.append(called_missed(scene, emotion))
            labels = [line.emotion for line, _ in scene]
            unmet += [called_missed(scene, other) for other in EMOTIONS if labels.count(other) < 2]
    return met, unmet


def called_missed(scene: Sequence[tuple[Labelled, Feeling]], planned: str) -> bool:
    """Whether the critic objects that a scene misses what is planned for the one who speaks in it."""
    heard = [Heard(Element(kind=Kind.DIALOGUE, text=line.text), "ANY", feeling) for line, feeling in scene]
    return any(missed(heard, {"ANY": (planned,)}))


def share(verdicts: Sequence[bool]) -> str:
    """Say how many of them are true."""
    return f"{100 * sum(verdicts) / len(verdicts):.1f} % of {len(verdicts):,}"


if __name__ == "__main__":
    main()
