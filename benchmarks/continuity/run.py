"""Run the continuity checks over the benchmark, beside a plain comparison of strings.

Run ``python benchmarks/continuity/run.py``. Exit code 1 when a certain kind has a precision under 0.95 or a
recall under 0.90. ``--cases en-0*`` takes some cases, ``--json`` writes the counts as JSON, ``--list`` tells
what was missed and what was a false alarm. How findings are matched with labels is in the README.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from storyroom.formats.fountain import parse
from storyroom.story.canon import Canon, Fact, Moment
from storyroom.story.continuity import CERTAIN, KINDS, CastMember, Show, check
from storyroom.story.script import Script

CASES = Path(__file__).parent / "cases"
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.90
LANGUAGES = ("en", "zh")

# Contradictions at large are found by a model alone, and none is planted.
MEASURED = tuple(kind for kind in KINDS if kind != "likely_contradiction")

Key = tuple[str, Any]
"""A finding or a label: its kind, and the line, or the fact of a set-up."""


@dataclass(frozen=True)
class Case:
    """One case of the benchmark, as a checker is given it, and its labels."""

    name: str
    language: str
    clean: bool
    script: Script
    text: str
    show: Show
    canon: Canon
    labels: tuple[Key, ...]


@dataclass
class Counts:
    """Right findings, false alarms and misses of each kind."""

    right: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    alarms_in_clean: Counter[str] = field(default_factory=Counter)

    def add(self, case: Case, found: Iterable[Key], say: Callable[[str], None]) -> None:
        """Count one case."""
        findings, labels = Counter(found), Counter(case.labels)
        for kind, _ in (findings & labels).elements():
            self.right[kind] += 1
        for kind, where in (findings - labels).elements():
            self.false[kind] += 1
            self.alarms_in_clean[kind] += case.clean
            say(f"{case.name}: false {kind} at {where}")
        for kind, where in (labels - findings).elements():
            self.missed[kind] += 1
            say(f"{case.name}: missed {kind} at {where}")

    def rates(self, kinds: Sequence[str]) -> tuple[float, float]:
        """Return precision and recall over some kinds; 1 where there is nothing to divide."""
        right = sum(self.right[kind] for kind in kinds)
        false, missed = (sum(one[kind] for kind in kinds) for one in (self.false, self.missed))
        return right / (right + false) if right + false else 1.0, right / (
            right + missed
        ) if right + missed else 1.0


def load(folder: Path) -> Case:
    """Read a case."""
    yaml = YAML(typ="safe")
    given = yaml.load((folder / "case.yaml").read_text(encoding="utf-8"))
    planted = yaml.load((folder / "planted.yaml").read_text(encoding="utf-8"))
    text = (folder / "script.fountain").read_text(encoding="utf-8")
    show = Show(
        language=given["language"],
        episode=given["episode"],
        cast=tuple(_member(one) for one in given["cast"]),
        places=tuple(given["places"]),
        casts={number: tuple(names) for number, names in given["casts"].items()},
    )
    waived = {one["id"] for one in given["waived"]}
    facts = [_fact(one, given["episode"], waived=one["id"] in waived) for one in given["facts"]]
    return Case(
        name=folder.name,
        language=given["language"],
        clean=given["clean"],
        script=parse(text),
        text=text,
        show=show,
        canon=Canon.of(facts),
        labels=tuple(_key(one) for one in planted),
    )


def _key(label: dict[str, Any]) -> Key:
    kind = label["kind"]
    return kind, label["against"]["fact"] if kind == "setup_unpaid" else label["line"]


def _member(given: dict[str, Any]) -> CastMember:
    known = {"name", "aliases"}
    attributes = {name: str(value) for name, value in given.items() if name not in known}
    return CastMember(given["name"], tuple(given["aliases"]), attributes)


def _fact(given: dict[str, Any], episode: int, *, waived: bool) -> Fact:
    due = given.pop("due", False)
    since = Moment.parse(given.pop("since"))
    return Fact(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()},
        since=since,
        due=episode if due else None,
        status="waived" if waived else "approved",
        origin="member",
    )


def checker(case: Case) -> list[Key]:
    """Return what the checks find."""
    return [
        (one.kind, one.fact if one.kind == "setup_unpaid" else one.here.line)
        for one in check(case.script, case.show, case.canon)
    ]


def baseline(case: Case) -> list[Key]:
    """Compare strings line by line, knowing of layout but headings and cues."""
    names = {name.casefold(): one.name for one in case.show.cast for name in one.names}
    dead = {fact.subject for fact in case.canon.select(kind="death")}
    known = list(case.canon.select(kind="knowledge"))
    found: list[Key] = []
    seen: set[tuple[int, str, str]] = set()
    number, speaker = 0, ""
    for line, text in enumerate(case.text.splitlines(), 1):
        heading = re.match(r"(?:(?:INT|EXT)\.?|\.[内外]景) (.*)", text)
        cue = re.fullmatch(r"@(.+)|([A-Z][A-Z .']+)(?: \(.*\))?", text)
        if heading:
            number, speaker = number + 1, ""
            place = re.split(r" - |(?<=\S) (?=\S+$)", heading[1])[0]
            if not any(place.casefold() == one.casefold() for one in case.show.places or ()):
                found.append(("unknown_place", line))
        elif cue and not text.endswith("."):
            said = re.sub(r"[(（].*", "", cue[1] or cue[2]).strip()
            speaker = names.get(said.casefold(), "")
            kinds = ["unknown_speaker"] if not speaker else []
            kinds += ["not_in_cast"] if speaker and speaker not in case.show.casts.get(number, ()) else []
            kinds += ["dead_speaks"] if speaker in dead else []
            for kind in kinds:
                if (number, said, kind) not in seen:
                    seen.add((number, said, kind))
                    found.append((kind, line))
        elif speaker and text:
            for fact in known:
                if speaker not in fact.holders and any(
                    one.casefold() in text.casefold() for one in fact.terms
                ):
                    found.append(("unheld_fact", line))
        else:
            speaker = ""
            for one in case.show.cast:
                if (
                    age := re.search(rf"{re.escape(one.name)}[(（ ]+(\d+)", text)
                ) and "age" in one.attributes:
                    found += [("attribute_conflict", line)] * (age[1] != one.attributes["age"])
    for fact in case.canon.select(kind="setup"):
        if fact.due and not any(term.casefold() in case.text.casefold() for term in fact.terms):
            found.append(("setup_unpaid", fact.id))
    return found


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", nargs="*", default=["*"], help="names or patterns of cases")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--list", action="store_true", help="tell what was missed and what was a false alarm")
    asked = parser.parse_args()
    folders = sorted({folder for pattern in asked.cases for folder in CASES.glob(pattern) if folder.is_dir()})
    cases = [load(folder) for folder in folders]
    say: Callable[[str], None] = print if asked.list else lambda _: None
    ours = {language: Counts() for language in LANGUAGES}
    plain = {language: Counts() for language in LANGUAGES}
    for case in cases:
        ours[case.language].add(case, checker(case), say)
        plain[case.language].add(case, baseline(case), lambda _: None)
    table = [_row(kind, [kind], ours, plain) for kind in MEASURED]
    table.append(_row("all certain", list(CERTAIN), ours, plain))
    table.append(_row("all", list(MEASURED), ours, plain))
    if asked.json:
        json.dump({"cases": len(cases), "kinds": table}, sys.stdout, indent=2)
        print()
    else:
        _show(table, len(cases))
    bad = [row["kind"] for row in table if row["kind"] in CERTAIN and _below(row)]
    if bad:
        print(f"under {LEAST_PRECISION} or {LEAST_RECALL}: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad else 0


def _row(name: str, kinds: list[str], ours: dict[str, Counts], plain: dict[str, Counts]) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": name}
    for language in (*LANGUAGES, "both"):
        chosen = LANGUAGES if language == "both" else (language,)
        row[language] = _figures(kinds, [ours[one] for one in chosen])
    row["baseline"] = _figures(kinds, list(plain.values()))
    return row


def _figures(kinds: list[str], counts: list[Counts]) -> dict[str, Any]:
    total = Counts()
    for one in counts:
        for name in ("right", "false", "missed", "alarms_in_clean"):
            getattr(total, name).update(getattr(one, name))
    precision, recall = total.rates(kinds)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "right": sum(total.right[kind] for kind in kinds),
        "false": sum(total.false[kind] for kind in kinds),
        "missed": sum(total.missed[kind] for kind in kinds),
        "alarms_in_clean": sum(total.alarms_in_clean[kind] for kind in kinds),
    }


def _below(row: dict[str, Any]) -> bool:
    return bool(row["both"]["precision"] < LEAST_PRECISION or row["both"]["recall"] < LEAST_RECALL)


def _show(table: list[dict[str, Any]], cases: int) -> None:
    print(f"{cases} cases; precision / recall\n")
    print("| kind | English | Chinese | both | right, false, missed | alarms in clean | strings alone |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for row in table:
        rates = [
            f"{row[one]['precision']:.2f} / {row[one]['recall']:.2f}"
            for one in (*LANGUAGES, "both", "baseline")
        ]
        both = row["both"]
        counts = f"{both['right']}, {both['false']}, {both['missed']}"
        print(
            f"| {row['kind']} | {' | '.join(rates[:3])} | {counts} | {both['alarms_in_clean']} | {rates[3]} |"
        )


if __name__ == "__main__":
    sys.exit(main())
