"""What every step leans on, and that no state can carry: the series, its memory, the crew, the models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from langgraph.runtime import Runtime

from storyroom.agents.crew import Crew
from storyroom.errors import SessionError
from storyroom.memory.embeddings import open_embedder
from storyroom.memory.index import Index
from storyroom.memory.ledger import Ledger
from storyroom.memory.retrieval import Retriever
from storyroom.memory.sessions import SessionRecord
from storyroom.models import open_model
from storyroom.models.base import LocalChatModel
from storyroom.story.bible import Bible

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from storyroom.emotion.feeling import Feeling


@dataclass
class RoomContext:
    """The runtime context of the graph.

    Attributes:
        index: opened when something is first looked up.
        written: folder for finished scripts.
        models: models by spec that are open already; one model serves all roles that name it.
        begin: begins a session for an idea, and returns its id.
    """

    ledger: Ledger
    index: Callable[[], Index]
    bible: Bible
    crew: Crew
    written: Path
    begin: Callable[[str], str]
    models: dict[str, LocalChatModel] = field(default_factory=dict)

    def session(self, session_id: str) -> SessionRecord:
        """Return what is known of a session."""
        return self.ledger.sessions.get(session_id)

    def bible_of(self, session: SessionRecord) -> Bible:
        """Return the bible as it was when the session began."""
        return self.ledger.drafts.get(session.bible, Bible)

    def model_of(self, session: SessionRecord, role: str) -> LocalChatModel:
        """Return the model that a role answers with."""
        spec = session.order.models.get(role, session.order.model)
        return self.open(spec)

    def open(self, spec: str) -> LocalChatModel:
        """Return the model of that spec, loaded once for the whole room."""
        if spec not in self.models:
            self.models[spec] = open_model(spec)
        return self.models[spec]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of texts, shape ``(len(texts), dimension)``."""
        return open_embedder().embed(texts)

    def measure(self, texts: Sequence[str]) -> Sequence[Feeling]:
        """Return what each text feels like; the first call loads the sentence encoder."""
        from storyroom.emotion.source import score

        return score(texts)

    @cached_property
    def retriever(self) -> Retriever:
        """The search over the index."""
        return Retriever(self.index())


_default: list[Callable[[], RoomContext]] = []


def use_by_default(make: Callable[[], RoomContext]) -> None:
    """Say where the context of a run comes from when its host, compiling the graph itself, gives none."""
    _default[:] = [make]


def here(runtime: Runtime[RoomContext]) -> RoomContext:
    """Return the context of a run.

    Raises:
        SessionError: the host gave none, and none is there by default.
    """
    if runtime.context is not None:
        return runtime.context
    if not _default:
        raise SessionError(
            "The graph was run without its context.",
            hint="Pass context=room.context() to invoke or stream, or run it through Room.",
        )
    return _default[0]()
