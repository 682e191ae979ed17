"""The labelled lines of `data/`, and the three parts they are in."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

DATA = Path(__file__).parent / "data"
Part = Literal["training", "development", "test"]
_FIRST_ADDED = 43


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line with its label.

    Attributes:
        script: language and name of the script that it stands in; no script is in two parts.
        before: the line before it in the script, or nothing.
        after: the line after it, or nothing.
        added: whether it was written after the test part had been looked at, for training alone.
    """

    text: str
    emotion: str
    intensity: float
    valence: float
    language: str
    script: str
    speaker: str
    kind: str
    before: str
    after: str
    added: bool


def part_of(path: Path) -> Part:
    """Return the part a file belongs to: by the number at the front of its name, modulo five."""
    return {0: "test", 1: "development"}.get(int(path.name[:2]) % 5, "training")  # type: ignore[return-value]


def read_lines(*parts: Part) -> list[Labelled]:
    """Read the lines of these parts, English first, in the order of the files."""
    return [one for path in _files() if part_of(path) in parts for one in _read(path)]


def fingerprint() -> str:
    """Return a SHA-256 over all files of labelled lines."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def texts(lines: Sequence[Labelled]) -> list[str]:
    """Return what the lines say."""
    return [line.text for line in lines]


def _files() -> list[Path]:
    return [path for language in ("en", "zh") for path in sorted((DATA / language).glob("*.tsv"))]


def _read(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    said = ["", *(row["line"] for row in rows), ""]
    return [
        Labelled(
            text=row["line"],
            emotion=row["emotion"],
            intensity=float(row["intensity"]),
            valence=float(row["valence"]),
            language=path.parent.name,
            script=f"{path.parent.name}/{row['script']}",
            speaker=row["speaker"],
            kind=row["kind"],
            before=said[place],
            after=said[place + 2],
            added=int(path.name[:2]) >= _FIRST_ADDED,
        )
        for place, row in enumerate(rows)
    ]
