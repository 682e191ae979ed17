"""Train the head that ships with storyroom.emotion, and record how.

    python benchmarks/emotion/train.py              writes src/storyroom/emotion/head.npz and head.json
    python benchmarks/emotion/train.py --compare    shows what was tried, on the development part

needs: pip install -e ".[dev]"

What to take in was chosen on the development part, with heads that had seen the training part alone. The head
that ships has then learnt from both, with the same choices. Its temperatures are those that suit heads which
learnt from five sixths of these scripts, on the sixth that each had not seen; scripts that were added later
are left out of that sixth, for they wear their feelings more plainly. None has seen the test part.
One thread and fixed order make the head come out the same on the same machine and libraries.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_kit import table
from lines import Labelled, fingerprint, read_lines, texts

from storyroom.emotion.cues import pieces_and_cues
from storyroom.emotion.feeling import EMOTIONS
from storyroom.emotion.head import NAME, PROBES, SHIPPED, weighted_pieces
from storyroom.files import sha256, write_whole
from storyroom.memory.embeddings import identity, open_embedder

FEWEST_LINES = 2  # in which a piece must stand
PIECES_WEIGH = 2.0  # a line's pieces against its vector, both of length one
C = 2.0  # inverse of the regularisation of the labels
ALPHA = 6.0  # regularisation of the intensity
FOLDS = 6  # for the temperatures


class Trained(NamedTuple):
    """What was learnt: columns for seven labels and the intensity, not yet calibrated."""

    vocabulary: dict[str, int]
    idf: Any
    of_vector: Any
    of_pieces: Any
    bias: Any

    def logits(self, lines: Sequence[Labelled]) -> Any:
        """Return seven logits for each line."""
        both = features(lines, self.vocabulary, self.idf)
        weights = np.vstack([self.of_vector, self.of_pieces / PIECES_WEIGH])
        return both @ weights[:, :-1] + self.bias[:-1]


def train(lines: Sequence[Labelled]) -> Trained:
    """Learn labels and intensity from lines."""
    counts = Counter(piece for text in texts(lines) for piece in set(pieces_and_cues(text)))
    names = sorted(piece for piece, count in counts.items() if count >= FEWEST_LINES)
    vocabulary = {name: place for place, name in enumerate(names)}
    idf = np.array([np.log((1 + len(lines)) / (1 + counts[name])) + 1 for name in names], np.float32)
    given = features(lines, vocabulary, idf)
    labels = LogisticRegression(C=C, max_iter=2000).fit(given, label_numbers(lines))
    strength = Ridge(alpha=ALPHA, solver="sparse_cg", tol=1e-6).fit(given, [one.intensity for one in lines])
    weights = np.vstack([labels.coef_, strength.coef_]).T
    size = open_embedder().dimension
    return Trained(
        vocabulary,
        idf,
        of_vector=weights[:size],
        of_pieces=weights[size:] * PIECES_WEIGH,
        bias=np.append(labels.intercept_, strength.intercept_),
    )


def features(lines: Sequence[Labelled], vocabulary: dict[str, int], idf: Any) -> Any:
    """Return vectors and weighted pieces side by side, one row a line."""
    found = weighted_pieces(texts(lines), vocabulary, idf)
    shape = (len(lines), len(vocabulary))
    weights = csr_matrix((found.weights * PIECES_WEIGH, (found.rows, found.columns)), shape)
    return hstack([csr_matrix(vectors(texts(lines))), weights]).tocsr()


def vectors(said: Sequence[str]) -> Any:
    """Return the sentence vectors of texts; an empty text has none."""
    made = open_embedder().embed([text or "." for text in said])
    return made * np.array([bool(text) for text in said])[:, None]


def label_numbers(lines: Sequence[Labelled]) -> list[int]:
    """Return the place of each line's label among the seven."""
    return [EMOTIONS.index(line.emotion) for line in lines]


def temperature(logits: Any, labels: Any) -> float:
    """Return what logits are divided by to make the labels likeliest."""

    def surprise(by: float) -> float:
        scaled = logits / by
        likely = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return float(-likely[np.arange(len(labels)), labels].mean())

    return round(float(minimize_scalar(surprise, bounds=(0.2, 5), method="bounded").x), 3)


def unseen_logits(lines: Sequence[Labelled]) -> Any:
    """Return logits for each line, from a head that has not seen its script."""
    scripts = list(dict.fromkeys(line.script for line in lines))
    fold = np.array([scripts.index(line.script) % FOLDS for line in lines])
    logits = np.zeros((len(lines), len(EMOTIONS)))
    for number in range(FOLDS):
        seen = [line for line, of in zip(lines, fold, strict=True) if of != number]
        asked = [line for line, of in zip(lines, fold, strict=True) if of == number]
        logits[fold == number] = train(seen).logits(asked)
    return logits


def temperatures(lines: Sequence[Labelled]) -> dict[str, float]:
    """Return the temperature of each language."""
    logits, numbers = unseen_logits(lines), np.array(label_numbers(lines))
    of = {one: np.array([line.language == one and not line.added for line in lines]) for one in ("en", "zh")}
    return {one: temperature(logits[mask], numbers[mask]) for one, mask in of.items()}


def write_head(
    learnt: Trained, by: dict[str, float], lines: Sequence[Labelled], told: dict[str, Any]
) -> None:
    """Write the head and the record of how it was made."""
    felt = np.array([[one.intensity, one.valence] for one in lines])
    numbers = np.array(label_numbers(lines))
    arrays = {
        "pieces": np.frombuffer("\n".join(learnt.vocabulary).encode(), dtype=np.uint8),
        "idf": learnt.idf.astype(np.float16),
        "of_vector": learnt.of_vector.astype(np.float32),
        "of_pieces": learnt.of_pieces.astype(np.float16),
        "bias": learnt.bias.astype(np.float32),
        "typical": np.array([felt[numbers == n].mean(axis=0) for n in range(len(EMOTIONS))], np.float32).T,
        "probes": open_embedder().embed(PROBES),
        "temperatures": np.array([by["en"], by["zh"]], np.float32),
    }
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    write_whole(SHIPPED, file.getvalue())
    record = {
        "name": NAME,
        "command": "python benchmarks/emotion/train.py",
        "sha256": sha256(file.getvalue()),
        "data": fingerprint(),
        "lines": len(lines),
        "encoder": identity(open_embedder()),
        "pieces": len(learnt.vocabulary),
        "temperatures": by,
        **told,
        "made with": {name: metadata.version(name) for name in ("numpy", "scipy", "scikit-learn")},
    }
    write_whole(SHIPPED.with_suffix(".json"), (json.dumps(record, indent=2) + "\n").encode())
    print(f"{SHIPPED.name}: {len(file.getvalue()):,} bytes, {record['sha256']}")


def compare(training: Sequence[Labelled], development: Sequence[Labelled]) -> None:
    """Show how much each thing that a head could take in helps on the development part."""
    learnt = train(training)
    vector, speaker, before, after = (
        [vectors([of(line) for line in part]) for part in (training, development)]
        for of in (_text, lambda one: one.speaker, lambda one: one.before, lambda one: one.after)
    )
    action = [np.array([[one.kind == "action"] for one in part], float) for part in (training, development)]
    both = [features(part, learnt.vocabulary, learnt.idf) for part in (training, development)]
    size = vector[0].shape[1]

    def joined(*more: Any) -> list[Any]:
        return [hstack([both[n], *(csr_matrix(one[n]) for one in more)]).tocsr() for n in (0, 1)]

    tried = {
        "majority": None,
        "vector": vector,
        "pieces": [one[:, size:] for one in both],
        "vector and pieces": both,
        "… and whether it is action": joined(action),
        "… and who speaks": joined(speaker),
        "… and the lines around it": joined(before, after),
    }
    rows = []
    for name, given in tried.items():
        if given is None:
            said = np.full(len(development), EMOTIONS.index("neutral"))
        else:
            said = (
                LogisticRegression(C=C, max_iter=2000)
                .fit(given[0], label_numbers(training))
                .predict(given[1])
            )
        rows.append([name, *(f"{score:.3f}" for score in _scores(development, said))])
    table("macro-F1 on the development part", ["takes in", "all", "English", "Chinese"], rows)


def _scores(lines: Sequence[Labelled], said: Any) -> list[float]:
    wanted = np.array(label_numbers(lines))
    language = np.array([line.language for line in lines])
    masks = (language != "", language == "en", language == "zh")
    return [float(f1_score(wanted[mask], said[mask], average="macro")) for mask in masks]


def _text(line: Labelled) -> str:
    return line.text


def main() -> None:
    """Train the head, or show what was tried."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--compare", action="store_true")
    training, development = read_lines("training"), read_lines("development")
    if options.parse_args().compare:
        compare(training, development)
        return
    with threadpool_limits(1):
        learnt = train(training)
        score = round(_scores(development, learnt.logits(development).argmax(axis=1))[0], 3)
        seen = [*training, *development]
        told = {"development macro-F1 before it was learnt from": score}
        write_head(train(seen), temperatures(seen), seen, told)


if __name__ == "__main__":
    main()
