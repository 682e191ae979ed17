"""A text classifier of the user's own, through transformers, as a source of feelings.

Its labels are brought to the seven: those of GoEmotions (Demszky et al., ACL 2020) by their Ekman groups,
except that mild attitudes (approval, curiosity, caring …) count as neutral. Its confidence is its own:
nothing has calibrated it, and its name says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storyroom.emotion.feeling import EMOTIONS, Feeling, unfelt
from storyroom.emotion.pieces import words
from storyroom.errors import ModelAbsent, ModelRefused

_MEANINGS = {
    "anger": "angry annoyance rage hostile 愤怒 生气 怒",
    "disgust": "disgusted hate 厌恶 恶心 恶",
    "fear": "afraid scared nervousness anxiety worry 恐惧 害怕 惧 担忧",
    "joy": "happy happiness amusement excitement gratitude love pride relief 喜悦 高兴 开心 快乐 喜 乐 喜欢",
    "sadness": "sad grief remorse disappointment embarrassment 悲伤 伤心 难过 悲 哀",
    "surprise": "surprised astonished 惊讶 惊奇 吃惊 惊",
    "neutral": "none other no_emotion admiration approval caring confusion curiosity desire disapproval "
    "optimism realization 平静 中性 无 其他",
}
_LABELS = {word: label for label, said in _MEANINGS.items() for word in (label, *said.split())}

_TYPICAL = {"joy": 0.65, "surprise": 0.0, "neutral": 0.0}
_UNPLEASANT = -0.55
_BATCH = 32


class Classifier:
    """A model that gives a text one of its labels, brought to the seven emotions.

    Args:
        model: a sequence classifier of transformers, in evaluation mode.
        tokenizer: its tokenizer.
        name: what it is called.

    Raises:
        ModelRefused: its labels name no emotions, or some that are unknown here.
    """

    def __init__(self, model: Any, tokenizer: Any, name: str) -> None:
        self.name = f"transformers:{name} (not calibrated)"
        self._model, self._tokenizer = model, tokenizer
        self._several = getattr(model.config, "problem_type", None) == "multi_label_classification"
        self._columns = _columns(model.config.id2label, name)

    def score(self, lines: Sequence[str]) -> list[Feeling]:
        """Return what each line feels like."""
        felt: list[Feeling] = []
        for start in range(0, len(lines), _BATCH):
            felt += self._score(list(lines[start : start + _BATCH]))
        return felt

    def _score(self, lines: list[str]) -> list[Feeling]:
        import torch

        given = self._tokenizer(lines, padding=True, truncation=True, max_length=256, return_tensors="pt")
        with torch.inference_mode():
            logits = self._model(**given.to(self._model.device)).logits.float()
        likely = logits.sigmoid() if self._several else logits.softmax(dim=-1)
        return [self._feeling(line, row) for line, row in zip(lines, likely.tolist(), strict=True)]

    def _feeling(self, line: str, likely: list[float]) -> Feeling:
        if not words(line):
            return unfelt(self.name, "no words")
        sums = dict.fromkeys(EMOTIONS, 0.0)
        for share, label in zip(likely, self._columns, strict=True):
            sums[label] += share
        whole = sum(sums.values()) or 1.0
        shares = {label: share / whole for label, share in sums.items()}
        return Feeling(
            shares=tuple(round(share, 4) for share in shares.values()),
            intensity=round(1 - shares["neutral"], 4),
            valence=round(sum(_TYPICAL.get(one, _UNPLEASANT) * share for one, share in shares.items()), 4),
            confidence=round(max(shares.values()), 4),
            source=self.name,
        )


def open_classifier(place: str) -> Classifier:
    """Load a classifier. Code that comes with it is never run, and pickled weights are refused.

    Args:
        place: a folder, or a hub id; the network is asked only for the latter.

    Raises:
        ModelAbsent: there is none.
        ModelRefused: it cannot be loaded, or its labels are not emotions.
    """
    with _errors_as_ours(place):
        import huggingface_hub.constants
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
        from transformers.utils import logging

        huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY = True
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        folder = Path(place).expanduser()
        name = str(folder.resolve()) if folder.is_dir() else place
        options: dict[str, Any] = {"trust_remote_code": False, "local_files_only": folder.is_dir()}
        tokenizer = AutoTokenizer.from_pretrained(name, **options)
        model: Any = AutoModelForSequenceClassification.from_pretrained(name, use_safetensors=True, **options)
    return Classifier(model.eval(), tokenizer, folder.name if folder.is_dir() else place)


def _columns(labels: dict[int, str], name: str) -> list[str]:
    said = [str(labels[place]) for place in range(len(labels))]
    known = [_LABELS.get(label.strip().casefold()) for label in said]
    if unknown := [label for label, found in zip(said, known, strict=True) if found is None]:
        raise ModelRefused(
            f"{name} has labels that name no emotion: {', '.join(unknown[:8])}.",
            hint="Name one whose labels (id2label in config.json) are emotions, in English or Chinese.",
        )
    return [label for label in known if label]


@contextmanager
def _errors_as_ours(place: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = " ".join(str(error).split())[:200]
        if "safetensors" in said or "pickle" in said:
            raise ModelRefused(
                f"{place} has no safetensors weights; pickled ones are never read.",
                hint="Convert the weights to safetensors, or name a model that has them.",
            ) from error
        raise ModelAbsent(
            f"The classifier {place} cannot be found: {said}",
            hint="Check the folder or the id. A hub id needs a network the first time.",
        ) from error
    except Exception as error:  # a damaged file makes these libraries raise whatever it leads them to
        raise ModelRefused(
            f"The classifier {place} cannot be loaded: {' '.join(str(error).split())[:300]}",
            hint="Check that the folder is whole and holds a sequence classifier with its tokenizer.",
        ) from error
