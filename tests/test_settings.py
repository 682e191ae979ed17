import os
from pathlib import Path

import pytest

from storyroom.errors import InputError
from storyroom.settings import Settings, child_environment, settings, suggest_to_libraries


@pytest.fixture(autouse=True)
def _fresh():
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_defaults_name_the_embedded_model_and_a_cache_of_the_user(monkeypatch):
    """Without any variable the room works with the embedded model."""
    monkeypatch.delenv("STORYROOM_MODEL", raising=False)
    monkeypatch.delenv("STORYROOM_CACHE_DIR", raising=False)
    found = settings()
    assert found.model == "embedded"
    assert found.cache_dir.name == "storyroom"


def test_variables_are_read_once(monkeypatch, tmp_path):
    """A variable sets its field, and a later change waits for `cache_clear`."""
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    assert settings().cache_dir == tmp_path
    monkeypatch.setenv("STORYROOM_CACHE_DIR", "/elsewhere")
    assert settings().cache_dir == tmp_path
    settings.cache_clear()
    assert settings().cache_dir == Path("/elsewhere")


def test_an_empty_variable_is_no_variable(monkeypatch):
    """`STORYROOM_CONTEXT=` leaves the default."""
    monkeypatch.setenv("STORYROOM_CONTEXT", "")
    assert settings().context == Settings.model_fields["context"].default


def test_the_key_is_never_shown(monkeypatch):
    """Neither the settings' repr nor an error about another field holds the key."""
    monkeypatch.setenv("STORYROOM_API_KEY", "sk-very-secret")
    assert "very-secret" not in repr(settings())
    settings.cache_clear()
    monkeypatch.setenv("STORYROOM_THREADS", "sk-very-secret")
    with pytest.raises(InputError) as caught:
        settings()
    assert "STORYROOM_THREADS" in str(caught.value)
    assert "very-secret" not in str(caught.value)


def test_what_the_user_set_for_a_library_stays(monkeypatch):
    """The room suggests how libraries should behave; the user decides."""
    monkeypatch.setenv("SET_BY_USER", "mine")
    monkeypatch.delenv("SET_BY_NOBODY", raising=False)
    suggest_to_libraries(SET_BY_USER="ours", SET_BY_NOBODY="ours")
    assert (os.environ["SET_BY_USER"], os.environ.pop("SET_BY_NOBODY")) == ("mine", "ours")
    assert child_environment(SET_BY_USER="changed")["SET_BY_USER"] == "changed"
