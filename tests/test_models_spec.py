import pytest

from storyroom.errors import InputError
from storyroom.models import open_model
from storyroom.models.spec import FORMS, ModelSpec


@pytest.mark.parametrize(
    ("text", "kind", "target", "url"),
    [
        ("embedded", "embedded", "", ""),
        ("llama.cpp:models/a b.gguf", "llama.cpp", "models/a b.gguf", ""),
        ("transformers:owner/name", "transformers", "owner/name", ""),
        ("scripted:answers.yaml", "scripted", "answers.yaml", ""),
        ("openai:qwen2.5:7b@http://localhost:11434", "openai", "qwen2.5:7b", "http://localhost:11434"),
        ("openai:a@b@https://host/v1/", "openai", "a@b", "https://host/v1"),
    ],
)
def test_a_spec_falls_into_its_parts(text, kind, target, url):
    """Each of the five kinds is read, model names with colons and at signs included."""
    spec = ModelSpec.parse(text)
    assert (spec.kind, spec.target, spec.url) == (kind, target, url)
    assert ModelSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    "text", ["", "gpt-4", "llama.cpp:", "openai:model", "openai:@http://x", "openai:m@ftp://x", "embedded:x"]
)
def test_anything_else_is_refused_with_the_kinds_named(text):
    """The hint of an unusable spec lists how the five are written."""
    with pytest.raises(InputError) as caught:
        open_model(text)
    assert all(form in caught.value.hint for form in FORMS.values())


def test_a_key_in_the_address_is_refused_and_not_repeated():
    """A password within a URL would end up in records; the error does not show it either."""
    with pytest.raises(InputError) as caught:
        ModelSpec.parse("openai:m@https://me:hunter2@host/v1")
    assert "hunter2" not in str(caught.value)
    assert "STORYROOM_API_KEY" in caught.value.hint


def test_an_unknown_option_is_refused_with_the_known_ones_named(tmp_path):
    """Options belong to a kind; a misspelt one is no silent default."""
    with pytest.raises(InputError) as caught:
        open_model("openai:m@http://localhost:1", gramar="body")
    assert "gramar" in caught.value.message
    assert "grammar" in caught.value.hint
