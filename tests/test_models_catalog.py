import pytest
from fake_server import FakeServer, serving
from test_models_gguf import WHOLE

from storyroom.errors import ModelAbsent, ModelRefused
from storyroom.models.catalog import entries, show
from storyroom.models.embedded import embedded_file
from storyroom.models.spec import FORMS
from storyroom.settings import settings


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_all_kinds_are_listed_and_the_embedded_one_is_looked_for():
    """What is fetched is said with its path and size; the rest depends on what is named."""
    before = {entry.kind: entry for entry in entries()}
    assert list(before) == list(FORMS)
    assert before["embedded"].available is False
    assert before["embedded"].default
    assert before["openai"].available is None
    embedded_file().parent.mkdir()
    embedded_file().write_bytes(b"GGUF")
    after = entries()[0]
    assert (after.available, after.path, after.size) == (True, embedded_file(), 4)


def test_a_gguf_file_shows_its_header(tmp_path):
    """Name and context come from the file, nothing is loaded."""
    file = tmp_path / "m.gguf"
    file.write_bytes(WHOLE)
    for kind in ("llama.cpp", "transformers"):
        card = show(f"{kind}:{file}")
        assert (card.name, card.context_length, card.size) == ("小模型", 2048, len(WHOLE))


def test_a_folder_shows_its_configuration(tmp_path):
    """Context and size of the weights come from the folder; a broken configuration is refused."""
    (tmp_path / "config.json").write_text('{"max_position_embeddings": 2048}')
    (tmp_path / "model.safetensors").write_bytes(b"12345")
    card = show(f"transformers:{tmp_path}")
    assert (card.context_length, card.size) == (2048, 5)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelRefused):
        show(f"transformers:{tmp_path}")


def test_a_server_is_asked():
    """What a server can do is what opening it found out."""
    with serving(FakeServer(props={"default_generation_settings": {"n_ctx": 4096}})) as server:
        card = show(server.spec)
    assert (card.name, card.context_length, card.grammar) == ("m", 4096, True)


@pytest.mark.parametrize("spec", ["embedded", "llama.cpp:nowhere.gguf", "transformers:owner/not-here"])
def test_what_is_not_there_is_absent(spec):
    """Showing fetches nothing."""
    with pytest.raises(ModelAbsent):
        show(spec)
