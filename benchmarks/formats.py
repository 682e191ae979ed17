"""Formats beside three other libraries: rules of Fountain, lost text, Chinese PDFs, Final Draft, speed.

    python benchmarks/formats.py        needs: pip install -e ".[dev,bench]"

Each library works in processes of its own, and is stopped when an answer takes too long.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench_kit import EXAMPLES, machine, table
from formats_worker import ask
from fountain_checks import CHECKS, passes
from fountain_readers import LACKS, READERS

from storyroom.formats.fountain import parse, read_file
from storyroom.formats.fountain.files import decode
from storyroom.formats.pages import pages
from storyroom.formats.pdf import system, write_pdf
from storyroom.story.asides import printed

NEEDED = {
    "screenplay_tools": "screenplay-tools",
    "fountain": "fountain-py",
    "screenplain": "screenplain",
    "pypdfium2": "pypdfium2",
}
TESTS = Path(__file__).parents[1] / "tests"
CORPUS = sorted(
    [*TESTS.glob("corpus/**/*.fountain"), *EXAMPLES.glob("*/episodes/*.fountain")], key=lambda path: path.name
)
ENGLISH = EXAMPLES / "the-last-light/episodes/s01e01-the-notice.fountain"
CHINESE = next(EXAMPLES.glob("the-long-river/episodes/s01e01-*.fountain"))
RICH = [TESTS / "corpus/fountain/low_water.fountain", TESTS / "corpus/fountain/zuihou_de_deng.fountain"]
FDX = {
    "scene numbers": ".//Paragraph[@Number]",
    "dual": ".//DualDialogue",
    "styled runs": ".//Text[@Style]",
    "notes": ".//ScriptNote",
}


def checks(folder: Path) -> None:
    """Run the isolated checks: passed, wrong, not supported; and name what is wrong."""
    paths = [folder / f"{number}.fountain" for number in range(len(CHECKS))]
    for path, check in zip(paths, CHECKS, strict=True):
        path.write_bytes(check.data)
    groups = Counter(check.group for check in CHECKS)
    lines, failures = [], []
    for library in READERS:
        lacks = LACKS.get(library, frozenset())
        outcomes: Counter[tuple[str, str]] = Counter()
        for check, answer in zip(CHECKS, ask(library, [("read", str(path)) for path in paths]), strict=True):
            found = [tuple(piece) for piece in answer.get("value", ())]
            if check.about in lacks:
                outcome = "not supported"
            elif "value" in answer and passes(check, found, lacks=lacks):
                outcome = "passed"
            elif check.group == "beyond Fountain":
                outcome = "not supported"
            else:
                outcome = "wrong"
                failures.append([library, f"{check.group}: {check.name}", answer.get("error", "")[:60]])
            outcomes[outcome, check.group] += 1
        by_group = [f"{outcomes['passed', group]} of {count}" for group, count in groups.items()]
        sums = [
            sum(outcomes[outcome, group] for group in groups)
            for outcome in ("passed", "wrong", "not supported")
        ]
        lines.append([library, *by_group, *sums])
    head = ["library", *groups, "passed", "wrong", "not supported"]
    table(f"Isolated checks: {len(CHECKS)}", head, lines)
    table("What is wrong", ["library", "check", "error"], failures)


def letters(text: str) -> Counter[str]:
    """Count the letters, digits and Han characters of a text, in any case."""
    return Counter(character for character in text.casefold() if character.isalnum())


def lost(texts: Sequence[str], found: Sequence[Counter[str]]) -> int:
    """Count the letters of some texts that were not found."""
    return sum((letters(text) - there).total() for text, there in zip(texts, found, strict=True))


def losses(folder: Path) -> None:
    """Count what stands in the source and nowhere in what was parsed, and whether writing gives it back."""
    files = [folder / source.name for source in CORPUS]
    texts = [decode(source.read_bytes()).removeprefix("\ufeff") for source in CORPUS]
    for path, text in zip(files, texts, strict=True):
        path.write_bytes(text.encode("utf-8"))  # so that parsing is compared, not decoding
    lines = []
    for library in READERS:
        again = [folder / f"{library} {path.name}" for path in files]
        read = ask(library, [("read", str(path)) for path in files])
        written = ask(library, [("rewrite", str(a), str(b)) for a, b in zip(files, again, strict=True)])
        found = [_letters_of(answer) for answer in read]
        losing = sum(bool(letters(text) - there) for text, there in zip(texts, found, strict=True))
        line = [library, lost(texts, found), lost([printed(text) for text in texts], found), losing]
        if "error" in written[0]:
            lines.append([*line, *["not offered"] * 2])
            continue
        reread = ask(library, [("read", str(path)) for path in again])
        same = sum(a.exists() and a.read_bytes() == b.read_bytes() for a, b in zip(again, files, strict=True))
        alike = sum("value" in a and a == b for a, b in zip(reread, read, strict=True))
        lines.append([*line, f"{same} of {len(files)}", f"{alike} of {len(files)}"])
    total = sum(letters(text).total() for text in texts)
    table(
        f"Lost of {total:,} letters in {len(files)} files, and Fountain written again",
        ["library", "letters lost", "besides notes", "files that lose", "same bytes", "same elements"],
        lines,
    )


def _letters_of(answer: dict[str, Any]) -> Counter[str]:
    parts = [str(part) for piece in answer.get("value", ()) for part in piece[1:]]
    return letters(re.sub(r"</?[biu]{1,3}>", "", "\n".join(parts)))


def chinese_pdf(folder: Path) -> None:
    """Write the Chinese example as PDF and look for its characters in the drawn pages."""
    from pdf_glyphs import drawn_of

    font = next(system.installed(system.CHINESE), None)
    han = {character for character in printed(decode(CHINESE.read_bytes())) if "一" <= character <= "鿿"}
    lines = []
    for library, given in [
        *((library, None) for library in READERS),
        ("screenplain", str(font) if font else None),
    ]:
        out = folder / "chinese.pdf"
        out.unlink(missing_ok=True)
        (answer,) = ask(library, [("to_pdf", str(CHINESE), str(out), given)])
        name = f"{library}, given a font" if given else library
        if "error" in answer:
            lines.append([name, "-", "-", answer["error"][:70]])
            continue
        count, copied, drawn = drawn_of(out, han)
        verdict = "real glyphs" if drawn == len(han) else "blank or boxes" if not drawn else "some missing"
        lines.append([name, count, f"{copied} of {len(han)}", f"{drawn} of {len(han)}, {verdict}"])
    table(
        "The Chinese example as PDF: its Han characters",
        ["library", "pages", "can be copied", "drawn"],
        lines,
    )


def final_draft(folder: Path) -> None:
    """Write two scripts as FDX, count what is in them, and read them back with the same library."""
    texts = [_said(decode(path.read_bytes())) for path in RICH]
    lines: list[list[object]] = []
    for library in READERS:
        outs = [folder / f"{library} {path.stem}.fdx" for path in RICH]
        backs = [out.with_suffix(".fountain") for out in outs]
        ask(library, [("to_fdx", str(a), str(b)) for a, b in zip(RICH, outs, strict=True)])
        roots = [ET.parse(out).getroot() for out in outs]
        found = [letters("".join(root.itertext()) + " ".join(_attributes(root))) for root in roots]
        counts = [sum(1 for root in roots for _ in root.iterfind(path)) for path in FDX.values()]
        (answer, _) = ask(library, [("from_fdx", str(a), str(b)) for a, b in zip(outs, backs, strict=True)])
        back: object = answer.get("error")
        if not back:
            back = lost(texts, [letters(path.read_text(encoding="utf-8")) for path in backs])
        lines.append([library, lost(texts, found), lost([printed(t) for t in texts], found), *counts, back])
    table(
        "An English and a Chinese script as FDX",
        ["library", "letters lost", "besides notes", *FDX, "lost when read back"],
        lines,
    )


def _said(text: str) -> str:
    """Return a script without the names of its title page's keys, which FDX has no place for."""
    page = parse(text).title_page
    below = text[len(page.source.raw) :] if page.source else text
    return "\n".join(line for _, lines in page.entries for line in lines) + "\n" + below


def _attributes(root: ET.Element) -> list[str]:
    return [
        value
        for one in root.iter()
        for key, value in one.attrib.items()
        if key in ("Number", "Name", "Title")
    ]


def long_script(size: int) -> str:
    """Return a script of at least so many bytes, English and Chinese in turn, under one title page."""
    parts = [decode(path.read_bytes()).partition("\n\n")[2] for path in (ENGLISH, CHINESE)]
    both = "\n\n".join(part.strip() for part in parts) + "\n\n"
    return "Title: Long\n\n" + both * (size // len(both.encode("utf-8")) + 1)


def speed(folder: Path) -> None:
    """Time parsing and drawing."""
    one, twenty = folder / "one.fountain", folder / "twenty.fountain"
    one.write_text(long_script(1_000_000), encoding="utf-8")
    twenty.write_text(long_script(20_000_000), encoding="utf-8")
    lines = []
    for library in READERS:
        answers = ask(library, [("seconds", str(one))] * 3)
        times = [answer["value"] for answer in answers if "value" in answer]
        lines.append([library, f"{min(times):.2f}" if times else answers[0]["error"]])
    table("Parsing 1 MB of Fountain, best of three", ["library", "seconds"], lines)
    (twenty_mb,) = ask("storyroom", [("seconds", str(twenty))])
    script = read_file(ENGLISH)
    script = script.with_elements([*script.elements()] * (130 // len(pages(script)) + 1))
    begun = time.perf_counter()
    drawn = write_pdf(script, folder / "long.pdf")
    lines = [
        ["parse 20 MB of Fountain", f"{twenty_mb['value']:.1f}"],
        [f"draw a PDF of {len(drawn)} pages", f"{time.perf_counter() - begun:.1f}"],
    ]
    table("storyroom alone", ["what", "seconds"], lines)


def main() -> int:
    """Print all tables; 2 if a library is missing."""
    missing = [name for module, name in NEEDED.items() if find_spec(module) is None]
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
        print('hint: python -m pip install -e ".[dev,bench]"', file=sys.stderr)
        return 2
    print(machine())
    print(", ".join(f"{name} {metadata.version(name)}" for name in READERS))
    for part in (checks, losses, chinese_pdf, final_draft, speed):
        with tempfile.TemporaryDirectory() as folder:
            part(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
