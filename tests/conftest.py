"""What all tests share: an environment that sets nothing, and settings that are read anew."""

import os
from collections.abc import Iterator

import pytest

from storyroom.settings import settings

# Where the embedded model was fetched to is the user's business; tests that run it need it.
_KEPT = {"STORYROOM_CACHE_DIR"}
_OURS = ("STORYROOM_", "LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_", "OPENAI_")


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """Unset everything that would change what the room does: its own settings, tracing, keys, proxies.

    The first fixture of a session, so that fixtures of whole modules and child processes see the same.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name not in _KEPT and (name.startswith(_OURS) or name.upper().endswith("_PROXY")):
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _fresh_settings(_plain_environment: None) -> Iterator[None]:
    """Have the settings read again by every test, and by whatever comes after it."""
    settings.cache_clear()
    yield
    settings.cache_clear()
