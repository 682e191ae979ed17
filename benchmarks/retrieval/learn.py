"""Learn how much each score counts in the fusion, on the questions of the split `tune` and nothing else.

The weights are those under which the scenes that answer are likeliest: a softmax over the chunks that a
search looks at, its loss minus the logarithm of what falls on the evidence (Cao et al., "Learning to Rank:
From Pairwise Approach to Listwise Approach", ICML 2007). Recall at 5 moves by a whole question or not at all,
and a hundred questions are too few to choose by it. Weights below nothing are not allowed, so that a score
never counts against what it speaks for; in the end they are made to sum to one, which changes no ranking.

    python benchmarks/retrieval/learn.py [--embedder NAME --language en]

Prints the weights, and recall and loss of weights learned on four fifths of the scripts and tried on the
other fifth, over several ways of dividing them: with two scores, three and all four. The weights that a
search uses stand in `memory/retrieval.py`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pool import LANGUAGES, Question, questions
from run import MEASURES, Bench, measure

from storyroom.memory.embeddings import default_embedder
from storyroom.memory.retrieval import LOOKED_AT, Fusion, Query

FOLDS, DIVISIONS = 5, 4
PENALTY = 0.05  # times the squares of the weights; from 0.005 to 0.2 the ranking hardly changes
STEPS = 4_000
SETS = {"two scores": [0, 1], "and kindred words": [0, 1, 2], "and word order": [0, 1, 2, 3]}

Array = NDArray[np.float64]


@dataclass
class Listed:
    """What a search looked at for one question: scores, shape ``(chunks, 4)``, scenes, and which answer."""

    question: Question
    scores: Array
    scenes: list[str]

    @property
    def answers(self) -> NDArray[np.bool_]:
        """Whether each chunk is of a scene that answers."""
        return np.array([scene in self.question.evidence for scene in self.scenes])

    def ranking(self, weights: Array) -> list[str]:
        """Return the scenes, the best first."""
        best = np.argsort(-(self.scores @ weights), kind="stable")
        return list(dict.fromkeys(self.scenes[row] for row in best))


def listed(bench: Bench, asked: Sequence[Question]) -> list[Listed]:
    """Have each question searched with all scores, whatever they weigh."""
    retriever = bench.retriever(Fusion(dense=0.5, words=0.5, kindred=1e-9, order=1e-9))
    everything = {chunk.draft_id for chunk in bench.chunks}
    found = []
    for question in asked:
        hits = retriever.search(Query(text=question.text, admitted=everything, k=LOOKED_AT))
        found.append(Listed(question, np.array([h.scores for h in hits]), [h.chunk.draft_id for h in hits]))
    return found


def learned(lists: Sequence[Listed], columns: Sequence[int]) -> Array:
    """Return the weights of all scores, those of other columns 0, by gradient descent with momentum."""
    lists = [one for one in lists if one.answers.any()]
    scores = np.stack([one.scores for one in lists])
    answers = np.stack([one.answers for one in lists])
    allowed = np.isin(np.arange(scores.shape[-1]), columns)
    weights, last = allowed.astype(float), allowed.astype(float)
    for step in range(1, STEPS + 1):
        # Nesterov's, projected onto what is allowed.
        ahead = weights + (step - 1) / (step + 2) * (weights - last)
        sums = scores @ ahead
        shares = np.exp(sums - sums.max(axis=1, keepdims=True))
        of_answers = shares * answers
        shares /= shares.sum(axis=1, keepdims=True)
        of_answers /= of_answers.sum(axis=1, keepdims=True)
        slope = np.einsum("qc,qcs->s", shares - of_answers, scores) + 2 * PENALTY * ahead
        last, weights = weights, np.where(allowed, (ahead - slope / len(lists)).clip(0.0), 0.0)
    return weights


def loss(one: Listed, weights: Array) -> float:
    """Return minus the logarithm of the share that falls on what answers; not finite where nothing does."""
    sums = one.scores @ weights
    shares = np.exp(sums - sums.max())
    with np.errstate(divide="ignore"):
        return float(-np.log(shares[one.answers].sum() / shares.sum()))


def cross_validated(lists: Sequence[Listed], columns: Sequence[int]) -> tuple[Array, float]:
    """Return the measures, and the mean loss where the evidence was looked at at all."""
    # A script's questions stay together, or a fold would have been seen.
    of = [min(one.question.evidence).partition("#")[0] for one in lists]
    scripts = sorted(set(of))
    rows, losses = [], []
    for division in range(DIVISIONS):
        order = np.random.default_rng(division).permutation(len(scripts))
        folds = np.array([order[scripts.index(script)] % FOLDS for script in of])
        for fold in range(FOLDS):
            weights = learned([one for one, its in zip(lists, folds, strict=True) if its != fold], columns)
            tried = [one for one, its in zip(lists, folds, strict=True) if its == fold]
            rows.append(measure([t.question for t in tried], [t.ranking(weights) for t in tried]))
            losses += [loss(one, weights) for one in tried]
    return np.concatenate(rows).mean(axis=0), float(np.mean([one for one in losses if np.isfinite(one)]))


def show(language: str, name: str, folder: Path) -> None:
    """Learn for one language and embedder."""
    asked = [question for question in questions(language) if question.split == "tune"]
    lists = listed(Bench.of(language, name, folder), asked)
    print(f"\n{language}, {name}: {len(lists)} questions")
    print(f"  {'':20s}" + "".join(f"{measured:>10s}" for measured in MEASURES) + "      loss   weights")
    for what, columns in SETS.items():
        weights, (measures, lost) = learned(lists, columns), cross_validated(lists, columns)
        shown = ", ".join(f"{weight:.2f}" for weight in weights / weights.sum())
        print(f"  {what:20s}" + "".join(f"{one:10.3f}" for one in measures) + f"{lost:10.3f}   {shown}")


def main() -> None:
    """Learn for each language with its embedder, or for one that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--embedder", help="default: that of the language")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for language in [arguments.language] if arguments.language else LANGUAGES:
            show(language, arguments.embedder or default_embedder(language), Path(folder))


if __name__ == "__main__":
    main()
