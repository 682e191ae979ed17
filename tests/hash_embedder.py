"""A small deterministic embedder for tests: texts that share words have near vectors."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from storyroom.memory.chunks import Chunk
from storyroom.memory.lexical import tokenize


class HashEmbedder:
    """Adds up one pseudo-random direction a word."""

    name = "hash"
    dimension = 48
    config: Mapping[str, object] = {}

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text."""
        self.embedded += len(texts)
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in tokenize(text):
                direction = np.random.default_rng(zlib.crc32(word.encode())).normal(size=self.dimension)
                vectors[row] += direction.astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def chunk(draft: str, text: str, ordinal: int = 0, **about: object) -> Chunk:
    """Return a chunk, of a scene in English unless told otherwise."""
    defaults = {"kind": "scene", "language": "en"}
    return Chunk(id=f"{draft}:{ordinal:03d}", draft_id=draft, text=text, **{**defaults, **about})  # type: ignore[arg-type]
