"""Check that the questions of the retrieval benchmark fit their scripts, and count them.

Run ``python benchmarks/retrieval/validate.py``: it prints the counts, and exits 1 when an entry is wrong. It
checks the data, not a retriever: whether a scene answers a question stays a reader's judgement.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from storyroom.formats.fountain import read_file

ROOT = Path(__file__).parents[2]
QUESTIONS = Path(__file__).parent / "questions"
SCRIPTS = (
    "benchmarks/continuity/cases/*/script.fountain",
    "tests/corpus/scripts/*.fountain",
    "examples/*/episodes/*.fountain",
)
LANGUAGES = ("en", "zh")
STYLES = ("names", "paraphrase", "situation", "knowledge", "thing")
SPLITS = ("tune", "test")
FIELDS = {"id", "split", "style", "evidence", "question"}
QUESTIONS_PER_LANGUAGE, QUESTIONS_PER_STYLE, LEAST_PER_SCRIPT, MOST_EVIDENCE = 260, 52, 3, 3
TUNED_SHARE = (0.35, 0.45)

Entry = dict[str, Any]


def main() -> int:
    """Check both languages, print the counts, and return the exit code."""
    problems: list[str] = []
    entries = {language: _entries(language) for language in LANGUAGES}
    for language, asked in entries.items():
        scenes = _scenes(language)
        wrong = [*_field_problems(language, asked), *_evidence_problems(asked, scenes)]
        problems += wrong or [*_split_problems(asked, scenes), *_count_problems(language, asked, scenes)]
    _print_counts(entries)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _entries(language: str) -> list[Entry]:
    text = (QUESTIONS / f"{language}.yaml").read_text(encoding="utf-8")
    entries: list[Entry] = YAML(typ="safe").load(text)
    return entries


def _scenes(language: str) -> dict[str, Path]:
    """Return the ids ``CASE#SCENE`` of all scenes in a language, each with its script."""
    scenes = {}
    for pattern in SCRIPTS:
        for path in sorted(ROOT.glob(pattern)):
            if _language(path.read_text(encoding="utf-8")) == language:
                case = path.parent.name if path.stem == "script" else path.stem
                numbers = range(1, len(read_file(path).scenes) + 1)
                scenes.update({f"{case}#{number}": path for number in numbers})
    return scenes


def _language(text: str) -> str:
    """Tell Chinese by a quarter of Han characters; a Chinese script may have people speak English."""
    return "zh" if 4 * sum("\u4e00" <= character <= "\u9fff" for character in text) > len(text) else "en"


def _field_problems(language: str, entries: list[Entry]) -> Iterator[str]:
    """Yield what is wrong with entries on their own."""
    for number, entry in enumerate(entries, 1):
        name = f"{language}-{number:03d}"
        if set(entry) != FIELDS or not all(entry.values()):
            yield f"{name}: the fields are {', '.join(entry)}, none may be missing or empty"
        elif entry["id"] != name:
            yield f"{entry['id']}: ids count on, {name} was due"
        elif entry["style"] not in STYLES or entry["split"] not in SPLITS:
            yield f"{name}: no style {entry['style']!r}, or no split {entry['split']!r}"
        elif entry["question"] != entry["question"].strip():
            yield f"{name}: space around the question"
    for question, times in Counter(str(entry.get("question")).casefold() for entry in entries).items():
        if times > 1:
            yield f"{language}: asked {times} times: {question}"


def _evidence_problems(entries: list[Entry], scenes: dict[str, Path]) -> Iterator[str]:
    for entry in entries:
        evidence = entry.get("evidence") or []
        if not 1 <= len(evidence) <= MOST_EVIDENCE or len(set(evidence)) < len(evidence):
            yield f"{entry.get('id')}: evidence is 1-{MOST_EVIDENCE} scenes, each named once"
        if missing := [scene for scene in evidence if scene not in scenes]:
            yield f"{entry.get('id')}: no such scene: {', '.join(missing)}"


def _split_problems(entries: list[Entry], scenes: dict[str, Path]) -> Iterator[str]:
    """Yield the questions that put a script, or a series of episodes, into both halves."""
    halves: dict[Path, str] = {}
    for entry in entries:
        for whole in sorted({_whole(scenes[scene]) for scene in entry["evidence"]}):
            if halves.setdefault(whole, entry["split"]) != entry["split"]:
                yield f"{entry['id']}: {whole.name} is in {halves[whole]} elsewhere"


def _whole(script: Path) -> Path:
    """Return what the split keeps together: the script, for an episode its whole series."""
    return script.parent if script.parent.name == "episodes" else script


def _count_problems(language: str, entries: list[Entry], scenes: dict[str, Path]) -> Iterator[str]:
    if len(entries) != QUESTIONS_PER_LANGUAGE:
        yield f"{language}: {len(entries)} questions, expected {QUESTIONS_PER_LANGUAGE}"
    for style, number in Counter(entry["style"] for entry in entries).items():
        if number != QUESTIONS_PER_STYLE:
            yield f"{language}: {number} questions of style {style}, expected {QUESTIONS_PER_STYLE}"
    least, most = TUNED_SHARE
    if not least <= sum(entry["split"] == "tune" for entry in entries) / len(entries) <= most:
        yield f"{language}: the share to tune on is not within {least}-{most}"
    asked = Counter(script for entry in entries for script in {scenes[scene] for scene in entry["evidence"]})
    for script in sorted(set(scenes.values())):
        if asked[script] < LEAST_PER_SCRIPT:
            yield f"{script.relative_to(ROOT)}: {asked[script]} questions, at least {LEAST_PER_SCRIPT}"


def _print_counts(entries: dict[str, list[Entry]]) -> None:
    cells = [f"{language} {split}" for language in LANGUAGES for split in SPLITS]
    print(f"| style | {' | '.join(cells)} | all |\n|---|{'---:|' * (len(cells) + 1)}")
    counts = Counter(
        (language, entry.get("split"), entry.get("style"))
        for language, asked in entries.items()
        for entry in asked
    )
    for name, styles in [*((style, (style,)) for style in STYLES), ("all", STYLES)]:
        row = [
            sum(counts[language, split, style] for style in styles)
            for language in LANGUAGES
            for split in SPLITS
        ]
        print(f"| {name} | {' | '.join(map(str, row))} | {sum(row)} |")


if __name__ == "__main__":
    sys.exit(main())
