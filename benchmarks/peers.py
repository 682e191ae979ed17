"""The same small episode by this room and by the same roles on CrewAI, AutoGen and plain LangGraph.

    python benchmarks/peers.py [--only storyroom,langgraph,autogen,crewai] [--keep FOLDER]

All use one model file (the embedded one) on one runtime (llama.cpp through xllamacpp, one slot). The peers
run from their released packages, in environments of their own, which are made on the first run (1.3 GB, it
needs a network) and kept in the user's cache. They reach the runtime through a loopback proxy that counts
tokens; an answer is bounded by what its role may write (`peers/task.py`), so that all write about as much.

With a folder to keep results in, the systems can be run one by one; the table shows all that are there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_kit import EXAMPLES, machine, table
from meter import metered

from storyroom.formats.fountain import parse, write
from storyroom.memory.spending import total
from storyroom.models import open_model
from storyroom.room import Room
from storyroom.settings import settings
from storyroom.story.bible import same_name
from storyroom.story.headings import cue_name
from storyroom.story.script import Kind, Script

HERE = Path(__file__).parent / "peers"
SERIES = EXAMPLES / "the-last-light"
SEED = 7
ROOM = "storyroom"
PEERS = {"langgraph": "plain_graph.py", "autogen": "autogen_team.py", "crewai": "crew.py"}
SYSTEMS = (ROOM, *PEERS)


async def by_the_room(folder: Path) -> dict[str, Any]:
    """Draft the episode with the room; return what it took, and what it wrote."""
    with _opened(folder) as room:
        open_model("embedded")  # the peers find it loaded too
        started = time.perf_counter()
        run = room.begin(_idea(), episode=3, scenes=4, seed=SEED, model="embedded")
        async for _event in run.events():
            pass
        seconds = time.perf_counter() - started
        session = room.session(run.session.id)
        spent = total(session.ledger.database, session.id)
        assert spent is not None, "an episode takes calls"
        made = session.ledger.calls.made(session=session.id)
        drafts = [draft.elements for _, draft in sorted(session.manuscript.scenes.items())]
        return {
            "framework": "Storyroom",
            "version": version("storyroom"),
            "seconds": seconds,
            "calls": spent.calls,
            "prompt": spent.prompt_tokens,
            "cached": spent.cached_tokens,
            "new": spent.new_tokens,
            "unparsable": sum(any(f.startswith("unreadable") for f in call.faults) for call in made),
            "structured": spent.calls,
            "failed": 0,
            "scenes": [write(Script.of(elements)) for elements in drafts],
        }


def material(folder: Path) -> dict[str, Any]:
    """Return what the peers are given: the same series and idea."""
    with _opened(folder) as room:
        return {
            "bible": (SERIES / "series.yaml").read_text(encoding="utf-8"),
            "idea": _idea(),
            "cast": [name for one in room.bible.cast for name in one.names],
        }


def by_a_peer(name: str, given: Path) -> dict[str, Any]:
    """Have a peer draft the episode in a process and an environment of its own."""
    model = open_model("embedded")
    out = given.with_name(f"{name}.made.json")
    with metered(model.openai_api_base, model.openai_api_key.get_secret_value()) as meter:  # type: ignore[attr-defined]
        command = [_environment(name), HERE / PEERS[name], given, meter.url, meter.key, out]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-3000:]}")
    made = json.loads(out.read_text(encoding="utf-8"))
    counted = {"prompt": meter.prompt, "cached": meter.cached, "new": meter.new, "calls": meter.calls}
    return {**made, **counted, "failed": max(made["failed"], meter.refused)}


def faults(scenes: Sequence[str], cast: Sequence[str]) -> tuple[int, int, int]:
    """Return how many scenes are no screenplay, how many cues name nobody of the cast, and the cues in all.

    A scene is one when it has exactly one heading and at least two speeches. Code fences around it and words
    before its heading, such as "Here is the scene:", are passed over, as a program would that reads answers.
    """
    known = {same_name(name) for name in cast}
    bad = strangers = speeches = 0
    for text in scenes:
        script = parse("\n".join(line for line in text.splitlines() if not line.strip().startswith("```")))
        cues = [one for one in script.elements() if one.kind is Kind.CUE]
        strangers += sum(same_name(cue_name(one.text)) not in known for one in cues)
        speeches += len(cues)
        bad += len(script.scenes) != 1 or len(cues) < 2
    return bad, strangers, speeches


def _environment(name: str) -> Path:
    """Return the Python of a peer's environment, which is made on first use."""
    folder = settings().cache_dir / "peers" / name
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        wanted = HERE / f"requirements-{name}.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
        (folder / "ready").touch()
    return python


def main() -> None:
    """Run those that are asked for, and print all that are there side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default=",".join(SYSTEMS), help="which to run, separated by commas")
    parser.add_argument(
        "--keep", type=Path, help="folder for results; those of other systems there are shown too"
    )
    options = parser.parse_args()
    wanted = options.only.split(",")
    if unknown := [name for name in wanted if name not in SYSTEMS]:
        parser.error(f"there is no system {unknown[0]!r}; there are {', '.join(SYSTEMS)}")
    with TemporaryDirectory() as name:
        kept = options.keep or Path(name) / "kept"
        kept.mkdir(parents=True, exist_ok=True)
        given = kept / "material.json"
        _save(given, material(Path(name) / "read"))
        for system in wanted:
            room = system == ROOM
            made = asyncio.run(by_the_room(Path(name) / "drafted")) if room else by_a_peer(system, given)
            _save(kept / f"{system}.json", made)
        _show(kept)


@contextmanager
def _opened(folder: Path) -> Iterator[Room]:
    """Open a copy of the series."""
    with Room.open(Path(shutil.copytree(SERIES, folder))) as room:
        yield room


def _idea() -> str:
    return (SERIES / "idea.txt").read_text(encoding="utf-8")


def _save(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def _show(kept: Path) -> None:
    rows, cast = [], json.loads((kept / "material.json").read_text(encoding="utf-8"))["cast"]
    for path in (kept / f"{name}.json" for name in SYSTEMS):
        if path.exists():
            rows.append(_line(json.loads(path.read_text(encoding="utf-8")), cast))
    head = ("", "s", "calls", "read", "cached", "written", "unparsable", "failed", "no screenplay")
    print(machine())
    table("One small episode, embedded model, one runtime", (*head, "strangers"), rows)


def _line(one: dict[str, Any], cast: Sequence[str]) -> tuple[object, ...]:
    bad, strangers, speeches = faults(one["scenes"], cast)
    cached = f"{one['cached'] / one['prompt']:.0%}" if one["prompt"] else "-"
    unparsable = f"{one['unparsable']} of {one['structured']}"
    numbers = (one["seconds"], one["calls"], one["prompt"], cached, one["new"], unparsable, one["failed"])
    return (
        f"{one['framework']} {one['version']}",
        *numbers,
        f"{bad} of {len(one['scenes'])}",
        f"{strangers} of {speeches}",
    )


if __name__ == "__main__":
    main()
