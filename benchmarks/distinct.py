"""Where the bounds lie between pitches that differ and pitches that repeat one another.

    python benchmarks/distinct.py

For each language it prints the distance of embeddings and the share of phrases in common for three kinds of
pairs: two different pitches for one idea, a pitch and its rewording, a pitch and the same story in new words.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from bench_kit import median, table
from ruamel.yaml import YAML

from storyroom.memory.embeddings import open_embedder
from storyroom.story.distinct import TOO_MUCH, TOO_NEAR, in_common, nearly_repeats
from storyroom.story.plan import Pitch

DATA = Path(__file__).parent / "pitches"


def pairs(language: str) -> dict[str, list[tuple[Pitch, Pitch]]]:
    """Return the pairs of each kind."""
    found: dict[str, list[tuple[Pitch, Pitch]]] = {"different": [], "reworded": [], "retold": []}
    for entry in YAML(typ="safe").load((DATA / f"{language}.yaml").read_text("utf-8")):
        pitches = [pitch(fields) for fields in entry["pitches"]]
        found["different"] += itertools.combinations(pitches, 2)
        for kind in ("reworded", "retold"):
            number, *fields = entry[kind]
            found[kind].append((pitches[number - 1], pitch(fields)))
    return found


def pitch(fields: list[Any]) -> Pitch:
    """Return a pitch from its four fields."""
    title, conflict, turn, ending = map(str, fields)
    return Pitch(title=title, conflict=conflict, turn=turn, ending=ending)


def distance(one: Pitch, other: Pitch) -> float:
    """Return 1 less the cosine of two pitches' embeddings."""
    a, b = open_embedder().embed([one.told, other.told])
    return float(1 - a @ b)


def main() -> None:
    """Measure and print."""
    for language in ("en", "zh"):
        lines = []
        for kind, found in pairs(language).items():
            far = [distance(*pair) for pair in found]
            alike = [in_common(one, other) for one, other in found]
            caught = sum(nearly_repeats(*pair, away) for pair, away in zip(found, far, strict=True))
            lines.append((kind, *_spread(far), *_spread(alike), f"{caught} of {len(found)}"))
        head = ("", "distance", "median", "most", "in common", "median", "most", "taken for repeats")
        table(f"Pairs of pitches, {language}", head, lines)
    print(f"\nbounds: a distance under {TOO_NEAR}, or more than {TOO_MUCH} of the phrases in common")


def _spread(values: list[float]) -> tuple[str, str, str]:
    return f"{min(values):.2f}", f"{median(values):.2f}", f"{max(values):.2f}"


if __name__ == "__main__":
    main()
