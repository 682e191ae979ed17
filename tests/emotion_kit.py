"""A source of feelings for tests: a line says itself what it feels like (`fear 0.8: The light goes out.`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyroom.emotion import EMOTIONS, Feeling
from storyroom.formats.fountain import parse
from storyroom.story.script import Script

VALENCES = {"joy": 0.6, "surprise": 0.0, "neutral": 0.0}


def feeling(label: str, confidence: float = 0.8, intensity: float = 0.6) -> Feeling:
    """Return a feeling of one label."""
    rest = (1 - confidence) / (len(EMOTIONS) - 1)
    shares = tuple(confidence if one == label else rest for one in EMOTIONS)
    return Feeling(shares, intensity, VALENCES.get(label, -0.6), confidence, "told v1")


class Told:
    """Takes the feeling from the line itself; neutral where it says none."""

    name = "told v1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, lines: Sequence[str]) -> list[Feeling]:
        """Return what each line says that it feels like."""
        self.asked += lines
        return [self._of(line) for line in lines]

    def _of(self, line: str) -> Feeling:
        said = re.match(rf"({'|'.join(EMOTIONS)})(?: ([\d.]+))?", line)
        if said is None:
            return feeling("neutral", intensity=0.1)
        return feeling(said[1], float(said[2] or 0.8))


EPISODE = """Title: Two Lamps

INT. QUAY - DAY

# Act One

neutral: A boat comes in. [[how long?]]

MARA
(softly)
anger: You sold the lamp.
anger: Say it *again*.

MARA (CONT'D)
anger: Slower.

SILAS
fear: They would have taken the house.

# Act Two

EXT. CLIFF - NIGHT

BEA
joy: It is a girl!

@Mara
joy 0.3: Who?

> FADE OUT.
"""


def episode() -> Script:
    """Return a script of two acts, a scene in each, whose lines say what they feel like."""
    return parse(EPISODE)
