"""A text classifier of the user's own as a source of feelings."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyroom.emotion import EMOTIONS, open_source, score
from storyroom.emotion.classifier import Classifier
from storyroom.errors import ModelAbsent, ModelRefused

GO_EMOTIONS = (
    *("admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity"),
    *("desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear"),
    *("gratitude", "grief", "joy", "love", "nervousness", "optimism", "pride", "realization", "relief"),
    *("remorse", "sadness", "surprise", "neutral"),
)


def make_classifier(folder: Path, labels: tuple[str, ...], problem: str | None = None) -> Path:
    """Write a BERT of a few thousand random weights, whose tokens are characters, into a folder."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    letters = [chr(code) for code in range(33, 127)]
    vocabulary = {token: place for place, token in enumerate(["[PAD]", "[UNK]", *letters])}
    tokenizer = Tokenizer(models.WordPiece(vocab=vocabulary, unk_token="[UNK]", continuing_subword_prefix=""))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(
        folder
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: place for place, label in enumerate(labels)},
        problem_type=problem,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        (GO_EMOTIONS, "multi_label_classification"),
        (("愤怒", "厌恶", "恐惧", "高兴", "悲伤", "惊讶", "中性"), None),
        (("joy", "sadness"), None),
    ],
    ids=["many labels at once", "Chinese", "two of the seven"],
)
def test_its_labels_are_brought_to_the_seven(
    tmp_path: Path, labels: tuple[str, ...], problem: str | None
) -> None:
    """Whatever its labels, a feeling comes out whole and names its source, which nothing calibrated."""
    source = open_source(f"transformers:{make_classifier(tmp_path / 'mine', labels, problem)}")
    assert source.name == "transformers:mine (not calibrated)"
    said = score(["Who is there?", "灯灭了。", "…", "Who is there?"], source)
    assert said[0] == said[3]
    assert said[2].doubt == "no words"
    for felt in said[:2]:
        assert sum(felt.shares) == pytest.approx(1, abs=0.001)
        assert felt.source == source.name
        assert felt.label in EMOTIONS


def test_mild_attitudes_are_neutral(tmp_path: Path) -> None:
    """Of GoEmotions' labels, those that name an attitude and no feeling count as neutral."""

    class Sure:
        """Is sure of one label."""

        def __init__(self, label: str) -> None:
            self.config = type("Config", (), {"id2label": dict(enumerate(GO_EMOTIONS)), "problem_type": None})
            self.label, self.device = label, "cpu"

        def __call__(self, **given: object) -> object:
            import torch

            logits = torch.full((1, len(GO_EMOTIONS)), -20.0)
            logits[0, GO_EMOTIONS.index(self.label)] = 20.0
            return type("Output", (), {"logits": logits})

    class Tokens(dict):
        """No tokens at all."""

        def to(self, device: str) -> Tokens:
            return self

    def called(label: str) -> str:
        return Classifier(Sure(label), lambda *_, **__: Tokens(), "sure").score(["Well."])[0].label

    for label, wanted in {
        "curiosity": "neutral",
        "admiration": "neutral",
        "annoyance": "anger",
        "gratitude": "joy",
        "grief": "sadness",
        "nervousness": "fear",
        "surprise": "surprise",
    }.items():
        assert called(label) == wanted


def test_labels_that_are_no_emotions_are_refused(tmp_path: Path) -> None:
    """A classifier of something else says nothing about feelings."""
    folder = make_classifier(tmp_path / "topics", ("sports", "anger"))
    with pytest.raises(ModelRefused, match="name no emotion: sports"):
        open_source(f"transformers:{folder}")


def test_what_is_no_classifier_is_refused(tmp_path: Path) -> None:
    """An empty folder, damaged weights, a name that is nowhere."""
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises((ModelAbsent, ModelRefused)):
        open_source(f"transformers:{empty}")
    damaged = make_classifier(tmp_path / "damaged", ("joy", "fear"))
    (damaged / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelRefused, match="cannot be loaded"):
        open_source(f"transformers:{damaged}")
    with pytest.raises(ModelAbsent):
        open_source(f"transformers:{tmp_path / 'nowhere'}")
