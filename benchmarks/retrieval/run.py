"""Does fused retrieval find more than each of its parts? Questions whose scene is known, in both languages.

The parts are asked as the project asks them: BM25 over its words, an embedder's vectors, and the two as
`Retriever` fuses them, once by their scores alone and once with its close look at the best; beside them the
same two fused as equals by their ranks. A scene counts as found by its best chunk. Weights were learned on
the questions of the split `tune` (`learn.py`); what is reported is `test`, with 95% intervals from resampling
the questions. How much of the evidence stands in the first five or ten of either part tells what fusing them
could find at best.

    python benchmarks/retrieval/run.py [--split test] [--embedders NAME,…] [--json FILE]

Hub ids among the embedders are fetched through transformers.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pool import LANGUAGES, Question, chunks, questions

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_kit import machine

from storyroom.memory.chunks import Chunk
from storyroom.memory.embeddings import default_embedder, embed_question, identity, open_embedder
from storyroom.memory.index import Index
from storyroom.memory.retrieval import MAX_K, Fusion, Query, Retriever

EMBEDDERS = ("universal-sentence-encoder", "all-minilm-l6-v2")
OF_ENGLISH = {"all-minilm-l6-v2"}
CUTS = (1, 5, 10)
MEASURES = (*(f"recall@{cut}" for cut in CUTS), "MRR")
RRF = 60
BY_WORDS, BY_MEANING = Fusion(dense=0.0, words=1.0), Fusion(dense=1.0, words=0.0)
BOTH = Fusion()
RESAMPLES = 10_000

Ranking = list[str]
Measured = NDArray[np.float64]  # shape (questions, measures)


@dataclass
class Bench:
    """One language's scenes in an index of one embedder."""

    chunks: Sequence[Chunk]
    retriever: Callable[[Fusion | None], Retriever]
    embedder: str
    indexing: float

    @classmethod
    def of(cls, language: str, name: str, folder: Path) -> Bench:
        """Index all scenes of a language, and say how long that took."""
        embedder = open_embedder(name)
        pool = chunks(language)
        embed_question(embedder, "the first loads the weights")
        index = Index.open(folder / f"{language}-{name.replace('/', '-')}", embedder)
        began = time.perf_counter()
        index.add(pool)
        took = time.perf_counter() - began
        return cls(pool, lambda fusion: Retriever(index, fusion), identity(embedder), took)

    def rankings(self, asked: Sequence[Question], fusion: Fusion | None) -> tuple[list[Ranking], list[float]]:
        """Return the scenes for each question, the best first, and the seconds that each took."""
        retriever = self.retriever(fusion)
        everything = {chunk.draft_id for chunk in self.chunks}
        retriever.search(Query(text="the first takes the words in", admitted=everything))
        found, seconds = [], []
        for question in asked:
            began = time.perf_counter()
            hits = retriever.search(Query(text=question.text, admitted=everything, k=MAX_K))
            seconds.append(time.perf_counter() - began)
            found.append(list(dict.fromkeys(hit.chunk.draft_id for hit in hits if hit.score)))
        return found, seconds


def equals(first: Sequence[Ranking], second: Sequence[Ranking]) -> list[Ranking]:
    """Fuse rankings as equals, by reciprocal ranks (Cormack, Clarke & Büttcher, SIGIR 2009)."""
    fused = []
    for rankings in zip(first, second, strict=True):
        scores: dict[str, float] = {}
        for ranking in rankings:
            for rank, scene in enumerate(ranking, 1):
                scores[scene] = scores.get(scene, 0.0) + 1 / (RRF + rank)
        fused.append(sorted(scores, key=lambda scene: -scores[scene]))
    return fused


def measure(asked: Sequence[Question], found: Sequence[Ranking]) -> Measured:
    """Return recall at each cut and the reciprocal rank for every question."""
    rows = []
    for question, ranking in zip(asked, found, strict=True):
        recalls = [len(question.evidence & set(ranking[:cut])) / len(question.evidence) for cut in CUTS]
        first = next((rank for rank, scene in enumerate(ranking, 1) if scene in question.evidence), None)
        rows.append([*recalls, 1 / first if first else 0.0])
    return np.array(rows)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95% interval of a mean over questions, by bootstrap."""
    dice = np.random.default_rng(0)
    means = values[dice.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def report(name: str, measured: Measured) -> dict[str, Any]:
    """Print a line of the table, and return what it says."""
    means, (low, high) = measured.mean(axis=0), interval(measured[:, CUTS.index(5)])
    print(f"  {name:46s}" + "".join(f"{mean:9.3f}" for mean in means) + f"   {low:.3f} … {high:.3f}")
    return {"name": name, **dict(zip(MEASURES, means.tolist(), strict=True)), "interval@5": [low, high]}


def gain(fused: Measured, parts: Mapping[str, Measured]) -> dict[str, Any]:
    """Print by how much the fusion beats the better part at 5, question by question."""
    at = CUTS.index(5)
    better = max(parts, key=lambda name: parts[name][:, at].mean())
    differences = fused[:, at] - parts[better][:, at]
    low, high = interval(differences)
    print(f"  {'':8s}fused over {better} at 5: {differences.mean():+.3f}   ({low:+.3f} … {high:+.3f})")
    return {"over": better, "gain@5": float(differences.mean()), "interval": [low, high]}


def ceilings(asked: Sequence[Question], *parts: Sequence[Ranking]) -> dict[str, float]:
    """Print how much of the evidence stands at the top of at least one part."""
    found = {}
    for cut in CUTS[1:]:
        tops = [
            {scene for ranking in rankings for scene in ranking[:cut]}
            for rankings in zip(*parts, strict=True)
        ]
        shares = [len(q.evidence & top) / len(q.evidence) for q, top in zip(asked, tops, strict=True)]
        found[f"in the first {cut} of either"] = float(np.mean(shares))
    print(" " * 10 + ", ".join(f"{what}: {share:.3f}" for what, share in found.items()))
    return found


def by_style(asked: Sequence[Question], measured: Mapping[str, Measured]) -> None:
    """Print recall at 5 for each style of question."""
    styles = sorted({question.style for question in asked})
    print(f"  {'recall@5 by style':46s}" + "".join(f"{style:>12s}" for style in styles))
    for name, rows in measured.items():
        of = [
            [row[CUTS.index(5)] for q, row in zip(asked, rows, strict=True) if q.style == s] for s in styles
        ]
        print(f"  {name:46s}" + "".join(f"{np.mean(values):12.3f}" for values in of))


def compare(language: str, names: Sequence[str], split: str, folder: Path) -> list[dict[str, Any]]:
    """Report all ways of retrieval on one language."""
    asked = [question for question in questions(language) if question.split == split]
    scenes = len({chunk.draft_id for chunk in chunks(language)})
    print(f"\n{language}, {split}: {len(asked)} questions, {scenes} scenes in {len(chunks(language))} chunks")
    print(f"  {'':46s}" + "".join(f"{name:>9s}" for name in MEASURES) + "   recall@5, 95%")
    told: list[dict[str, Any]] = []
    shown: dict[str, Measured] = {}
    for name in names:
        bench = Bench.of(language, name, folder)
        by_words, _ = bench.rankings(asked, BY_WORDS)
        if "BM25" not in shown:
            shown["BM25"] = measure(asked, by_words)
            told.append(report("BM25", shown["BM25"]))
        by_meaning, _ = bench.rankings(asked, BY_MEANING)
        by_scores, _ = bench.rankings(asked, BOTH)
        by_both, seconds = bench.rankings(asked, None)
        parts = {"BM25": shown["BM25"], name: measure(asked, by_meaning)}
        both = measure(asked, by_both)
        default = ", default" if name == default_embedder(language) else ""
        told.append(report(f"{name}{default}", parts[name]))
        told.append(report("  fused as equals", measure(asked, equals(by_meaning, by_words))))
        told.append(report("  fused by their scores", measure(asked, by_scores)))
        told.append(report("  fused by us", both) | gain(both, parts))
        told[-1] |= ceilings(asked, by_words, by_meaning)
        shown |= {name: parts[name], f"{name}, fused": both}
        speed = {
            "chunks a second": len(bench.chunks) / bench.indexing,
            "query, median ms": 1000 * float(np.median(seconds)),
        }
        print(" " * 10 + ", ".join(f"{what}: {value:.1f}" for what, value in speed.items()))
        told[-1] |= {"embedder": bench.embedder, **speed}
    by_style(asked, shown)
    return told


def main() -> None:
    """Compare on each language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--split", choices=("test", "tune"), default="test")
    parser.add_argument("--embedders", default=",".join(EMBEDDERS), help="names, hub ids or folders")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--json", type=Path, help="where to write the table")
    arguments = parser.parse_args()
    told = {}
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        for language in arguments.languages.split(","):
            names = [n for n in arguments.embedders.split(",") if language == "en" or n not in OF_ENGLISH]
            told[language] = compare(language, names, arguments.split, Path(folder))
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=2), "utf-8")


if __name__ == "__main__":
    main()
