"""The scenes that the questions are asked of, and the questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from storyroom.formats.fountain import read_file
from storyroom.memory.chunks import Chunk, scene_chunks
from storyroom.story.script import Script

ROOT = Path(__file__).parents[2]
QUESTIONS = Path(__file__).parent / "questions"
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Question:
    """A question with the scenes that answer it, as ``CASE#SCENE``."""

    id: str
    text: str
    evidence: frozenset[str]
    style: str
    split: str


def scripts(language: str) -> dict[str, Path]:
    """Return all scripts of a language by the name of their case."""
    cases = {path.parent.name: path for path in ROOT.glob("benchmarks/continuity/cases/*/script.fountain")}
    loose = [*ROOT.glob("tests/corpus/scripts/*.fountain"), *ROOT.glob("examples/*/episodes/*.fountain")]
    cases |= {path.stem: path for path in loose}
    return {name: path for name, path in sorted(cases.items()) if _language(path) == language}


def chunks(language: str) -> list[Chunk]:
    """Return the chunks of all scenes of a language; a chunk's draft is its scene, ``CASE#SCENE``."""
    pool: list[Chunk] = []
    for number, (name, path) in enumerate(scripts(language).items(), 1):
        pool += script_chunks(read_file(path), name, number, language)
    return pool


def script_chunks(script: Script, name: str, episode: int, language: str) -> list[Chunk]:
    """Cut the scenes of a script; no bible knows its people, so who is present is who speaks."""
    return [
        chunk
        for scene, one in enumerate(script.scenes, 1)
        for chunk in scene_chunks(
            [one.heading, *one.elements],
            draft_id=f"{name}#{scene}",
            episode=episode,
            scene=scene,
            place=one.parts.place,
            characters=one.speakers,
            language=language,
        )
    ]


def questions(language: str, folder: Path = QUESTIONS) -> list[Question]:
    """Return the questions of a language."""
    entries: Sequence[dict[str, object]] = yaml.safe_load((folder / f"{language}.yaml").read_text("utf-8"))
    return [
        Question(
            id=str(one["id"]),
            text=str(one["question"]),
            evidence=frozenset(one["evidence"]),  # type: ignore[call-overload]
            style=str(one["style"]),
            split=str(one["split"]),
        )
        for one in entries
    ]


def _language(path: Path) -> str:
    text = path.read_text("utf-8")
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return "zh" if 4 * han > len(text) else "en"
