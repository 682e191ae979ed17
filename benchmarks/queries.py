"""How long a question to the memory takes, and how much memory, from 1,000 chunks to 20,000.

A question goes the whole way: its vector is made, words and meanings are scored, the hits are there. Beside
it, in the same process and over the same chunks, the plain way: bm25s, one numpy product, reciprocal ranks,
no filters. The chunks are made up of passages of the benchmarks' scripts; since making 20,000 vectors says
nothing about questions, the vector of a chunk is the mean of its passages' vectors. The questions are those
of benchmarks/retrieval; a third of them ask of half the episodes, a third of some characters.

    python benchmarks/queries.py [SIZE …] [--language en] [--embedder NAME]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench_kit import machine, table
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent / "retrieval"))

import pool

from storyroom.memory.chunks import Chunk
from storyroom.memory.embeddings import Embedder, default_embedder, embed_question, open_embedder
from storyroom.memory.index import Index
from storyroom.memory.lexical import tokenize
from storyroom.memory.retrieval import Query, Retriever

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000)
TARGET_MS = 80
PASSAGES = 4  # a chunk
EPISODE = 200  # chunks
ASKED = 200
K = 8
RRF = 60


class Composed:
    """An embedder whose chunks have the mean of their passages' vectors; questions are really embedded."""

    def __init__(self, real: Embedder, passages: Sequence[str]) -> None:
        self.name, self.version = real.name, real.version
        self.config, self.dimension = real.config, real.dimension
        self._real = real
        self._of = dict(zip(passages, real.embed(passages), strict=True))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, shape ``(len(texts), dimension)``, each of length one."""
        means = np.stack([np.mean([self._of[p] for p in text.split("\n\n")], axis=0) for text in texts])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, shape ``(dimension,)``, of length one."""
        return embed_question(self._real, text)


def made_up(size: int, scenes: Sequence[Chunk], passages: Sequence[str], language: str) -> list[Chunk]:
    """Return so many chunks, each of a few passages from all over the scripts."""
    dice = random.Random(size)
    people = sorted({name for scene in scenes for name in scene.characters})
    places = sorted({scene.place for scene in scenes if scene.place})
    return [
        Chunk(
            id=f"d{number:06d}:000",
            draft_id=f"d{number:06d}",
            kind="scene",
            episode=1 + number // EPISODE,
            scene=1 + number % EPISODE,
            characters=tuple(dice.sample(people, 3)),
            place=dice.choice(places),
            text="\n\n".join(dice.choices(passages, k=PASSAGES)),
            language=language,
        )
        for number in range(size)
    ]


def timed(ask: Callable[[int], object], count: int) -> list[float]:
    """Return the milliseconds of each call, after three that warm up."""
    for number in range(3):
        ask(number)
    taken = []
    for number in range(count):
        began = time.perf_counter()
        ask(number)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def plain(chunks: Sequence[Chunk], embedder: Composed) -> Callable[[str], list[int]]:
    """Return the usual way in a few lines: bm25s and a numpy product, fused by reciprocal ranks."""
    import bm25s

    words = bm25s.BM25(method="lucene")
    words.index([tokenize(chunk.text) for chunk in chunks], show_progress=False)
    vectors = embedder.embed([chunk.text for chunk in chunks])

    def ask(text: str) -> list[int]:
        fused: dict[int, float] = {}
        for scores in (words.get_scores(tokenize(text)), vectors @ embedder.embed_question(text)):
            for rank, row in enumerate(np.argsort(-scores)[:50].tolist(), 1):
                fused[row] = fused.get(row, 0.0) + 1 / (RRF + rank)
        return sorted(fused, key=lambda row: -fused[row])[:K]

    return ask


def measure(size: int, language: str, name: str) -> dict[str, float]:
    """Fill an index, ask it, ask the plain way, erase a draft."""
    import psutil

    process = psutil.Process()
    scenes = pool.chunks(language)
    passages = sorted({p for scene in scenes for p in scene.text.split("\n\n") if p.strip()})
    embedder = Composed(open_embedder(name), passages)
    texts = [question.text for question in pool.questions(language)][:ASKED]
    chunks = made_up(size, scenes, passages, language)
    everything = {chunk.draft_id for chunk in chunks}
    embedder.embed_question(texts[0])
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder) / "index", embedder)
        began = time.perf_counter()
        index.add(chunks)
        filling = time.perf_counter() - began
        index.close()

        index, before = Index.open(Path(folder) / "index", embedder), process.memory_info().rss
        retriever = Retriever(index)

        def ask(number: int) -> object:
            query = Query(text=texts[number % len(texts)], admitted=everything, k=K)
            if number % 3 == 1:
                query = replace(query, episodes=set(range(1, 2 + size // EPISODE // 2)))
            if number % 3 == 2:
                query = replace(query, characters=chunks[number].characters[:2])
            return retriever.search(query)

        began = time.perf_counter()
        ask(0)
        first = time.perf_counter() - began
        ours = timed(ask, len(texts))
        held = process.memory_info().rss - before
        ask_plainly = plain(chunks, embedder)
        usual = timed(lambda number: ask_plainly(texts[number % len(texts)]), len(texts))
        vectors = timed(lambda number: embedder.embed_question(texts[number % len(texts)]), 100)
        size_on_disk = index.stats().size
        began = time.perf_counter()
        index.erase({chunks[size // 2].draft_id})
        erasing = time.perf_counter() - began
    return {
        "ours p50": float(np.median(ours)),
        "ours p95": float(np.quantile(ours, 0.95)),
        "plain p50": float(np.median(usual)),
        "plain p95": float(np.quantile(usual, 0.95)),
        "vector p50": float(np.median(vectors)),
        "first s": first,
        "memory MB": held / 1e6,
        "disk MB": size_on_disk / 1e6,
        "fill s": filling,
        "erase s": erasing,
    }


def main() -> None:
    """Measure each size in a process of its own, so that none has the memory of another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--language", choices=pool.LANGUAGES, default="en")
    parser.add_argument("--embedder", help="default: that of the language")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    name = arguments.embedder or default_embedder(arguments.language)
    if arguments.one:
        print(json.dumps(measure(arguments.sizes[0], arguments.language, name)))
        return
    print(machine())
    rows = []
    for size in arguments.sizes:
        command = [sys.executable, __file__, str(size), "--one", "--language", arguments.language]
        run = subprocess.run([*command, "--embedder", name], capture_output=True, text=True, check=True)
        rows.append((size, json.loads(run.stdout.splitlines()[-1])))
    head = ["chunks", *rows[0][1]]
    table(
        f"Questions over chunks, {arguments.language}, {name}; ms",
        head,
        [[n, *row.values()] for n, row in rows],
    )
    size, last = rows[-1]
    met = "met" if last["ours p95"] < TARGET_MS else "missed"
    print(f"\np95 over {size:,} chunks: {last['ours p95']:.1f} ms; under {TARGET_MS} ms: {met}")


if __name__ == "__main__":
    main()
