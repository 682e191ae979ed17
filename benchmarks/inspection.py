"""Looking back: listing debates, asking why a line is as it is, and counting credits in a long session.

python benchmarks/inspection.py [--turns 2000]

The session is committed straight into a ledger, with prompts and drafts of usual size. The baseline reads the
same facts the plain way, turn by turn and version by version.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_kit import a_series, machine, median, open_room, table
from long_session import Writing

from storyroom.memory.credits import credits
from storyroom.memory.debates import debates_of
from storyroom.memory.drafts import Version
from storyroom.memory.history import histories
from storyroom.memory.ledger import Ledger
from storyroom.memory.named_lines import line_of_file, lines_saying
from storyroom.memory.provenance import why
from storyroom.memory.publish import write_out
from storyroom.memory.sifting import Sieve
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import Turn
from storyroom.transcripts.transcript import transcript_of

TARGET_LIST_S, TARGET_WHY_S = 0.5, 0.3
RUNS = 7


def plainly_listed(ledger: Ledger, session: str) -> dict[tuple[object, ...], list[Turn]]:
    """List debates the plain way: every turn, and the calls of its task, by a query of its own."""
    with ledger.database.read() as connection:
        ids = [row[0] for row in connection.exec_driver_sql("SELECT id FROM turns ORDER BY seq")]
    groups: dict[tuple[object, ...], list[Turn]] = {}
    for turn_id in ids:
        turn = ledger.turns.get(turn_id)
        assert turn is not None
        if turn.task.session == session:
            ledger.calls.made(task=turn.task.id)
            groups.setdefault((turn.task.stage, turn.scene, turn.task.pass_), []).append(turn)
    return groups


def plainly_why(ledger: Ledger, head: str, line: str) -> list[tuple[Version, str]]:
    """Follow a line the plain way: every version and its draft, and the turns of its task, one by one."""
    found: list[tuple[Version, str]] = []
    for version in ledger.drafts.line(head)[::-1]:
        if version.slot.startswith("scene:"):
            element = SceneDraft.model_validate_json(ledger.drafts.raw(version.draft)).line(line)
            turns = ledger.turns.of_task(version.task)
            ledger.calls.made(task=version.task)
            if element is not None and turns and (not found or found[-1][1] != element.text):
                found.append((version, element.text))
    return found


def timed(work: Callable[[Ledger], object], path: Path, runs: int = RUNS) -> float:
    """Return the median of some runs in seconds, each on a ledger that was just opened."""
    taken = []
    for _ in range(runs):
        ledger = Ledger(path)
        started = time.perf_counter()
        work(ledger)
        taken.append(time.perf_counter() - started)
        ledger.close()
    return median(taken)


def commands(folder: Path, session: str, file: str) -> Iterator[tuple[str, float, float | None]]:
    """Yield how long commands take from the shell, Python's start with them, and their targets.

    Beside them stands what cannot be undercut: the same rows read with `sqlite3` alone, and the import of
    SQLAlchemy alone, which a command that used it would pay before its first query.
    """
    ledger = folder / ".storyroom" / "ledger.sqlite"
    query = f"SELECT body FROM turns WHERE session = '{session}'"
    reading = (
        "import sqlite3, json, zstandard; tool = zstandard.ZstdDecompressor(); "
        f"rows = sqlite3.connect({str(ledger)!r}).execute({query!r}); "
        "[json.loads(tool.decompress(body)) for (body,) in rows]"
    )
    storyroom = ["-m", "storyroom", "-s", str(folder)]
    for what, arguments, target in (
        ("debates", [*storyroom, "debates", session], TARGET_LIST_S),
        (
            "debates --kind logic --fate open",
            [*storyroom, "debates", session, "--kind", "logic", "--fate", "open"],
            TARGET_LIST_S,
        ),
        ("why SESSION SCENE:LINE", [*storyroom, "why", session, "9:8"], TARGET_WHY_S),
        ("why FILE:LINE", [*storyroom, "why", file], TARGET_WHY_S),
        ("--help", [*storyroom, "--help"], None),
        ("(python, nothing)", ["-c", "pass"], None),
        ("(python, all turns with sqlite3)", ["-c", reading], None),
        ("(python, import sqlalchemy)", ["-c", "import sqlalchemy"], None),
    ):
        taken = []
        for _ in range(RUNS):
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            taken.append(time.perf_counter() - started)
        yield what, median(taken), target


def main(turns: int) -> None:
    """Build the session, and print what looking back takes."""
    with TemporaryDirectory() as name, open_room(a_series(Path(name))) as room:
        writing = Writing(room, turns)
        head, session = writing.write(), writing.session
        count = room.ledger.counts()["turns"]
        scene = writing.scenes // 2
        line = next(
            one for one in histories(room.ledger, head, [scene])[scene].values() if len(one.wordings) > 1
        )
        key, text = line.last.element.id, line.last.element.text
        record = room.ledger.sessions.get(session)
        file = write_out(room.ledger, room.bible, record, head, room.series.drafts)[0]
        row = file.read_text("utf-8").splitlines().index(text) + 1
        path = room.series.ledger
        sieve = Sieve(kind="logic", fate="open")
        shown = [
            ("list debates", lambda at: debates_of(at, session), TARGET_LIST_S),
            ("filter by kind and fate", lambda at: sieve.sift(debates_of(at, session)), TARGET_LIST_S),
            ("read one debate", lambda at: transcript_of(at, debates_of(at, session)[scene], "en"), None),
            ("why, by scene and line", lambda at: why(at, head, key), TARGET_WHY_S),
            ("why, by words", lambda at: why(at, head, lines_saying(at, head, text)[0][2].id), TARGET_WHY_S),
            (
                "why, by file and line",
                lambda at: why(at, head, line_of_file(at, file, row).element),
                TARGET_WHY_S,
            ),
            ("credits", lambda at: credits(at, head), None),
        ]
        plain = {
            "list debates": timed(lambda at: plainly_listed(at, session), path, 3),
            "why, by scene and line": timed(lambda at: plainly_why(at, head, key), path, 3),
        }
        rows: list[tuple[object, ...]] = []
        for what, work, target in shown:
            taken = timed(work, path)
            base = plain.get(what)
            rows.append(
                (
                    what,
                    f"{1000 * taken:,.0f}",
                    f"{1000 * base:,.0f}" if base else "",
                    f"{base / taken:.0f} ×" if base else "",
                    f"{1000 * target:,.0f}" if target else "",
                )
            )
        shell = list(commands(room.series.folder, session, f"{file}:{row}"))
    print(machine())
    table(
        f"{count:,} turns, {writing.scenes} scenes: ms, median of {RUNS}, ledger just opened",
        ("", "here", "turn by turn", "faster", "target"),
        rows,
    )
    table(
        f"From the shell, the start of Python with it: ms, median of {RUNS}",
        ("", "here", "target"),
        [
            (what, f"{1000 * taken:,.0f}", f"{1000 * most:,.0f}" if most else "")
            for what, taken, most in shell
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=2000)
    main(parser.parse_args().turns)
