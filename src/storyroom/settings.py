"""What the environment can set: the one place that reads it.

Everything else about a series stands in its `series.yaml`. These are the properties of the machine.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from storyroom.errors import InputError


class Settings(BaseSettings):
    """The machine's side of the room; each field is `STORYROOM_` and its name in capitals.

    Attributes:
        model: spec of the model that fills every seat which names none of its own.
        cache_dir: where fetched models are kept, one copy for the user.
        api_key: key for `openai:` servers; shown nowhere, written nowhere.
        api_keys: keys of single servers by host, or by host and port, as a JSON object:
            `{"gpu-box:8000": "…"}`. A server that is not among them gets `api_key`.
        context: most tokens, prompt and answer together, that a model is loaded for; a model that was
            trained on fewer gets fewer. Also taken for servers that do not tell theirs.
        threads: CPU threads for a model in this process; 0 leaves the choice to the runtime.
        prompt_cache_mib: most memory, in MiB, that a model in this process (llama.cpp or torch) may spend on
            prompts it has read before.
        timeout: seconds that a server may stay silent before a call is given up.
        call_timeout: seconds that one call of a server may take in all, asking again after a break among
            them, however steadily its answer trickles in.
        series: folder of the series that a host of the graph works on, such as LangGraph Studio.
        device: where torch models run; `auto` takes a GPU when there is one.
        chroma_url: a Chroma server (`chroma run`) that holds the index, such as `http://127.0.0.1:8000`;
            without one it lies in the folder of the series.
    """

    model_config = SettingsConfigDict(
        env_prefix="STORYROOM_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    model: str = "embedded"
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("storyroom", appauthor=False))
    api_key: SecretStr | None = None
    api_keys: dict[str, SecretStr] = Field(default_factory=dict)
    context: int = Field(default=16_384, ge=512)
    threads: int = Field(default=0, ge=0)
    prompt_cache_mib: int = Field(default=256, ge=0)
    timeout: float = Field(default=600.0, gt=0)
    call_timeout: float = Field(default=3600.0, gt=0)
    series: Path = Path()
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    chroma_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+/?$")

    def key_for(self, url: str) -> SecretStr:
        """Return the key that the server at an address gets; a word that says nothing where there is none."""
        parts = urlsplit(url)
        own = self.api_keys.get(parts.netloc) or self.api_keys.get(parts.hostname or "")
        return own or self.api_key or SecretStr("none")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings, read once; `settings.cache_clear()` has them read again.

    Raises:
        InputError: a variable holds something that its field cannot take.
    """
    try:
        return Settings()
    except ValidationError as error:
        # The value itself is left out: it may be a key.
        complaints = "; ".join(f"STORYROOM_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise InputError(
            f"The environment sets something that cannot be used. {complaints}.",
            hint="Correct or unset the variable; `storyroom doctor` lists them all.",
        ) from None
    except SettingsError:
        # Only this one is JSON, and what is in it is nobody's to see.
        raise InputError(
            "The environment sets something that cannot be used. STORYROOM_API_KEYS: it is no JSON object.",
            hint='Write it as {"host:port": "key"}, or unset it.',
        ) from None


def suggest_to_libraries(**variables: str) -> None:
    """Set variables for libraries that are loaded later, unless the user has set them."""
    for name, value in variables.items():
        os.environ.setdefault(name, value)


def child_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with changes, for a process to be started."""
    return {**os.environ, **changes}
