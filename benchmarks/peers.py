"""The same small episode by this room and by the same roles on CrewAI, AutoGen and plain LangGraph.

    python benchmarks/peers.py [--peers langgraph,autogen,crewai] [--keep FOLDER]

All use one model file (the embedded one) on one runtime (llama.cpp through xllamacpp, one slot). The peers
run from their released packages, in environments of their own, which are made on the first run (1.3 GB, it
needs a network) and kept in the user's cache. They reach the runtime through a loopback proxy that counts
tokens. Their answers are bounded so that they write about as many tokens as the room does. The room drafts
first.
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
from collections.abc import Sequence
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
PEERS = {"langgraph": "plain_graph.py", "autogen": "autogen_team.py", "crewai": "crew.py"}
PEER_CALLS = 1 + 3 + 1 + 1 + 4 * 5


async def by_the_room(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draft the episode with the room; return what it took, and the material for the peers."""
    with Room.open(Path(shutil.copytree(SERIES, folder / "series"))) as room:
        idea = (SERIES / "idea.txt").read_text(encoding="utf-8")
        open_model("embedded")  # the peers find it loaded too
        started = time.perf_counter()
        run = room.begin(idea, episode=3, scenes=4, seed=SEED, model="embedded")
        async for _event in run.events():
            pass
        seconds = time.perf_counter() - started
        session = room.session(run.session.id)
        spent = total(session.ledger.database, session.id)
        assert spent is not None, "an episode takes calls"
        made = session.ledger.calls.made(session=session.id)
        drafts = [draft.elements for _, draft in sorted(session.manuscript.scenes.items())]
        row = {
            "framework": "Storyroom",
            "version": "",
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
        material = {
            "bible": (room.series.folder / "series.yaml").read_text(encoding="utf-8"),
            "idea": idea,
            "cast": [name for one in room.bible.cast for name in one.names],
            "places": [one.name for one in room.bible.locations],
            "max_tokens": round(spent.new_tokens / PEER_CALLS),
        }
    return row, material


def by_a_peer(name: str, material: Path, folder: Path) -> dict[str, Any]:
    """Have a peer draft the episode in a process and an environment of its own."""
    model = open_model("embedded")
    out = folder / f"{name}.json"
    with metered(model.openai_api_base, model.openai_api_key.get_secret_value()) as meter:  # type: ignore[attr-defined]
        command = [_environment(name), HERE / PEERS[name], material, meter.url, meter.key, out]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-3000:]}")
    made = json.loads(out.read_text(encoding="utf-8"))
    counted = {"prompt": meter.prompt, "cached": meter.cached, "new": meter.new, "calls": meter.calls}
    return {**made, **counted, "failed": max(made["failed"], meter.refused)}


def faults(scenes: Sequence[str], cast: Sequence[str]) -> tuple[int, int]:
    """Return how many scenes are no screenplay, and how many cues name nobody of the cast.

    A scene is one when it has exactly one heading, before all else, and at least two speeches.
    """
    known = {same_name(name) for name in cast}
    bad = strangers = 0
    for text in scenes:
        script = parse(text)
        cues = [one for one in script.elements() if one.kind is Kind.CUE]
        strangers += sum(same_name(cue_name(one.text)) not in known for one in cues)
        bad += len(script.scenes) != 1 or bool(script.preamble) or len(cues) < 2
    return bad, strangers


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
    """Run all, and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peers", default=",".join(PEERS), help="which, separated by commas")
    parser.add_argument("--keep", type=Path, help="folder for what they wrote")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        row, material = asyncio.run(by_the_room(folder))
        given = folder / "material.json"
        given.write_text(json.dumps(material, ensure_ascii=False), encoding="utf-8")
        rows = [row, *(by_a_peer(peer, given, folder) for peer in options.peers.split(","))]
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / "peers.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    lines = [_line(one, material["cast"]) for one in rows]
    head = ("", "s", "calls", "read", "cached", "written", "unparsable", "failed", "scenes", "no screenplay")
    print(machine())
    table("One small episode, embedded model, one runtime", (*head, "strangers"), lines)


def _line(one: dict[str, Any], cast: Sequence[str]) -> tuple[object, ...]:
    bad, strangers = faults(one["scenes"], cast)
    cached = f"{one['cached'] / one['prompt']:.0%}" if one["prompt"] else "-"
    unparsable = f"{one['unparsable']} of {one['structured']}"
    numbers = (one["seconds"], one["calls"], one["prompt"], cached, one["new"], unparsable, one["failed"])
    return (f"{one['framework']} {one['version']}".strip(), *numbers, len(one["scenes"]), bad, strangers)


if __name__ == "__main__":
    main()
