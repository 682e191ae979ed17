"""Check that the labels of the continuity benchmark fit its scripts, and count them.

Run ``python benchmarks/continuity/validate.py``; it needs ruamel.yaml alone. Exit code 1 when a label is
wrong. It checks the data, not continuity: whether a planted error is one stays a reader's judgement.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CASES = Path(__file__).parent / "cases"
CERTAIN = (
    "unknown_speaker",
    "not_in_cast",
    "dead_speaks",
    "two_places",
    "unknown_place",
    "time_backwards",
    "attribute_conflict",
    "unheld_fact",
    "setup_unpaid",
)
LIKELY = ("likely_death", "likely_possession", "likely_knowledge")
KINDS = CERTAIN + LIKELY
FACTS = ("death", "departure", "possession", "knowledge", "attribute", "setup")
LISTS = ("cast", "casts", "places")
FOLDERS = {("en", False): 17, ("zh", False): 15, ("en", True): 16, ("zh", True): 16}
LENGTHS = {"en": (350, 700), "zh": (500, 1000)}
LEAST_ERRORS, LEAST_OF_A_KIND = 160, 12
HEADING = re.compile(r"(?i:(?:INT|EXT)[./ ])|\.[内外]")

Case = dict[str, Any]


def main() -> int:
    """Check every case, print the counts, and return the exit code."""
    problems: list[str] = []
    planted: Counter[tuple[str, str]] = Counter()
    near: Counter[tuple[str, str]] = Counter()
    folders: Counter[tuple[str, bool]] = Counter()
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        case, errors = _yaml(folder / "case.yaml"), _yaml(folder / "planted.yaml")
        lines = (folder / "script.fountain").read_text(encoding="utf-8").splitlines()
        problems += [f"{folder.name}: {problem}" for problem in _problems(folder.name, case, errors, lines)]
        folders[case["language"], case["clean"]] += 1
        planted.update((case["language"], error["kind"]) for error in errors)
        near.update((case["language"], miss["kind"]) for miss in case["near_misses"])
    problems += _wrong_counts(folders, planted)
    _print_counts(planted, near)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _problems(name: str, case: Case, errors: list[Case], lines: list[str]) -> Iterator[str]:
    """Yield what is wrong with one case."""
    scenes = _scenes(lines)
    if case["language"] != name[:2]:
        yield "the folder's name tells another language"
    if case["clean"] != (not errors):
        yield "clean, and yet errors are planted" if errors else "not clean, and yet nothing is planted"
    if not 5 <= scenes[-1] <= 9 or sorted(case["casts"]) != list(range(1, scenes[-1] + 1)):
        yield f"{scenes[-1]} scenes, casts for {sorted(case['casts'])}"
    least, most = LENGTHS[case["language"]]
    if not least <= _length(case["language"], lines) <= most:
        yield f"length {_length(case['language'], lines)}"
    yield from _case_problems(case)
    for label in [*errors, *case["near_misses"]]:
        where = f"{label['kind']} at line {label.get('line')}"
        yield from (f"{where}: {problem}" for problem in _label_problems(label, case, lines, scenes))
    for error in errors:
        if not {"scene", "line", "quote", "against", "why"} <= set(error):
            yield f"{error['kind']}: an error needs scene, line, quote, against and why"
    yield from _setup_problems(case, errors, "\n".join(lines).casefold())


def _scenes(lines: list[str]) -> list[int]:
    """Return the number of the scene that each line stands in, 0 before the first heading."""
    numbers, number = [], 0
    for line in lines:
        number += bool(HEADING.match(line))
        numbers.append(number)
    return numbers


def _length(language: str, lines: list[str]) -> int:
    """Count words, in Chinese the Han characters."""
    text = "\n".join(lines)
    return len(text.split()) if language == "en" else len(re.findall(r"[\u4e00-\u9fff]", text))


def _case_problems(case: Case) -> Iterator[str]:
    names = {member["name"] for member in case["cast"]}
    for scene, planned in case["casts"].items():
        if strangers := set(planned) - names:
            yield f"casts of scene {scene}: {strangers} not in the cast"
    ids = [fact["id"] for fact in case["facts"]]
    if len(ids) != len(set(ids)):
        yield "two facts of one id"
    for fact in case["facts"]:
        if fact["kind"] not in FACTS:
            yield f"{fact['id']}: no kind of fact is {fact['kind']!r}"
        if {fact["subject"], *fact.get("holders", [])} - names:
            yield f"{fact['id']}: subject or holders not in the cast"
        if not re.fullmatch(r"\d+:\d+", fact["since"]):
            yield f"{fact['id']}: since is no episode:scene"
    if strange := {waiver["id"] for waiver in case["waived"]} - set(ids):
        yield f"waived, and not among the facts: {strange}"


def _label_problems(label: Case, case: Case, lines: list[str], scenes: list[int]) -> Iterator[str]:
    """Yield what is wrong with one planted error or near-miss."""
    if label["kind"] not in KINDS:
        yield "no such kind"
    if "line" in label:
        yield from _quote_problems(label, lines, scenes)
    against = label.get("against") or {}
    if "line" in against:
        yield from _quote_problems(against, lines, scenes)
    if "fact" in against and against["fact"] not in {fact["id"] for fact in case["facts"]}:
        yield f"no fact {against['fact']}"
    if "cast" in against:
        member: Case = next((m for m in case["cast"] if m["name"] == against["cast"]), {})
        if against["attribute"] not in member:
            yield f"the cast has no {against['attribute']} of {against['cast']}"
    if "list" in against and (against["list"] not in LISTS or not case[against["list"]]):
        yield f"no list {against['list']}"


def _quote_problems(label: Case, lines: list[str], scenes: list[int]) -> Iterator[str]:
    line = label["line"]
    if not 1 <= line <= len(lines) or lines[line - 1] != label["quote"]:
        yield f"the quote is not what stands on line {line}"
    elif scenes[line - 1] != label["scene"]:
        yield f"line {line} is in scene {scenes[line - 1]}, not {label['scene']}"


def _setup_problems(case: Case, errors: list[Case], text: str) -> Iterator[str]:
    """Yield the set-ups whose label does not fit the words of the script."""
    unpaid = {error["against"]["fact"] for error in errors if error["kind"] == "setup_unpaid"}
    for fact in case["facts"]:
        if fact["kind"] == "setup":
            appears = any(term.casefold() in text for term in fact["terms"])
            if (fact["due"] and not appears) != (fact["id"] in unpaid):
                yield f"set-up {fact['id']}: due {fact['due']}, its terms appear: {appears}"


def _wrong_counts(folders: Counter[tuple[str, bool]], planted: Counter[tuple[str, str]]) -> Iterator[str]:
    if folders != FOLDERS:
        yield f"cases: {dict(folders)}, expected {FOLDERS}"
    if planted.total() < LEAST_ERRORS:
        yield f"{planted.total()} errors, expected at least {LEAST_ERRORS}"
    for kind in KINDS:
        if planted["en", kind] + planted["zh", kind] < LEAST_OF_A_KIND:
            yield f"{kind}: fewer than {LEAST_OF_A_KIND}"


def _print_counts(planted: Counter[tuple[str, str]], near: Counter[tuple[str, str]]) -> None:
    print("| kind | English | Chinese | both | near-misses |\n|---|---:|---:|---:|---:|")
    for name, kinds in [*((kind, (kind,)) for kind in KINDS), ("all", KINDS)]:
        english, chinese = (sum(planted[language, kind] for kind in kinds) for language in ("en", "zh"))
        misses = sum(near[language, kind] for kind in kinds for language in ("en", "zh"))
        print(f"| {name} | {english} | {chinese} | {english + chinese} | {misses} |")


if __name__ == "__main__":
    sys.exit(main())
