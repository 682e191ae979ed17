"""Any encoder of the Hugging Face hub, or of a folder, through transformers: a user's own choice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from storyroom.errors import ModelAbsent
from storyroom.memory.embeddings import whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 16
_MOST_TOKENS = 512


class HubEmbedder:
    """The mean of an encoder's last layer over the tokens of a text, scaled to length one.

    Models of the E5 family read questions and passages apart, by a word before the text (Wang et al., "Text
    Embeddings by Weakly-Supervised Contrastive Pre-training", 2022).

    Args:
        source: a hub id, or a folder with what `save_pretrained` writes.

    Raises:
        ModelAbsent: the model is neither on this machine nor to be had.
    """

    def __init__(self, source: str) -> None:
        folder = Path(source)
        self.name = str(folder.resolve()) if folder.is_dir() else source
        self._e5 = "e5" in folder.name.lower().split("-")
        self._about = self._from_hub("AutoConfig")
        self._encoding = Lock()

    @property
    def version(self) -> str:
        """The commit on the hub; for a folder, a hash of its configuration."""
        commit = getattr(self._about, "_commit_hash", None)
        return commit or hashlib.sha256(self._about.to_json_string().encode()).hexdigest()[:12]

    @property
    def config(self) -> Mapping[str, object]:
        """Every setting that changes the vectors."""
        return {"pooling": "mean", "e5": self._e5, "tokens": self._tokens}

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._about.hidden_size)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, shape ``(len(texts), dimension)``, each of length one."""
        return self._encoded([f"passage: {text}" if self._e5 else text for text in texts])

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, shape ``(dimension,)``, of length one."""
        vector: NDArray[np.float32] = self._encoded([f"query: {text}" if self._e5 else text])[0]
        return vector

    @property
    def _tokens(self) -> int:
        return min(_MOST_TOKENS, getattr(self._about, "max_position_embeddings", _MOST_TOKENS))

    @cached_property
    def _model(self) -> tuple[Any, Any]:
        return self._from_hub("AutoTokenizer"), self._from_hub("AutoModel").eval()

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np
        import torch

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        with self._encoding, torch.inference_mode():
            tokenizer, model = self._model
            for start in range(0, len(texts), _BATCH):
                batch = whole(texts[start : start + _BATCH])
                tokens = tokenizer(
                    batch, padding=True, truncation=True, max_length=self._tokens, return_tensors="pt"
                )
                mask = tokens["attention_mask"].unsqueeze(-1)
                mean = (model(**tokens).last_hidden_state * mask).sum(1) / mask.sum(1)
                vectors[start : start + len(batch)] = torch.nn.functional.normalize(mean.float()).numpy()
        return vectors

    def _from_hub(self, kind: str) -> Any:
        import transformers

        try:
            return getattr(transformers, kind).from_pretrained(self.name)
        except (OSError, ValueError) as error:
            raise ModelAbsent(
                f"There is no encoder {self.name!r} that could be read.",
                hint="Give a hub id, which is fetched once, or a folder with its files.",
            ) from error
