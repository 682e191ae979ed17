"""The archive of a series: what is remembered of it, and everything that can be asked without a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from storyroom.errors import EmbedderChanged, IndexStale, SessionError
from storyroom.memory.ledger import Ledger
from storyroom.series import Series
from storyroom.session import Session
from storyroom.story.bible import Bible

if TYPE_CHECKING:
    from storyroom.canon_desk import CanonDesk
    from storyroom.memory.index import Index
    from storyroom.memory.remember import Ask, Progress, Remembered
    from storyroom.memory.retrieval import Hit
    from storyroom.memory.scenes import ScenePresence


class Archive:
    """Ledger and index of one series, opened when they are first needed.

    Attributes:
        series: the series and where its files lie.
    """

    def __init__(self, series: Series) -> None:
        self.series = series

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files."""
        if "ledger" in self.__dict__:
            self.ledger.close()
        if "index" in self.__dict__:
            self.index.close()

    @property
    def bible(self) -> Bible:
        """The bible as it stands in `series.yaml` now."""
        return self.series.bible

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of the series."""
        return Ledger(self.series.ledger)

    @cached_property
    def index(self) -> Index:
        """The index of the series.

        Raises:
            IndexStale: it is damaged, or made by another embedder.
        """
        from storyroom.memory.embeddings import embedder_of
        from storyroom.memory.index import Index
        from storyroom.settings import settings

        embedder = embedder_of(self.series.index, self.bible.language)
        return Index.open(self.series.index, embedder, url=settings().chroma_url)

    def session(self, session: str) -> Session:
        """Return a session with its drafts and turns."""
        return Session(self.ledger, self.ledger.sessions.get(session))

    def sessions(self, *, episode: int | None = None, tools: bool = False) -> list[Session]:
        """Return all sessions, oldest first.

        Args:
            episode: only sessions of this episode.
            tools: whether the uses of writer's tools are among them.
        """
        every = self.ledger.sessions.every(episode=episode)
        return [Session(self.ledger, record) for record in every if tools or not record.order.tool]

    def lock(self, session: str) -> str:
        """Make a finished session's episode canon, and return the id of the episode.

        Raises:
            SessionError: it is not finished.
        """
        from storyroom.memory.indexing import bring_up_to_date
        from storyroom.memory.publish import lock_episode

        one = self.session(session)
        if one.status != "finished" or one.head is None:
            raise SessionError(
                f"Session {one.id} is {one.status}; only a finished one can be locked.",
                hint=f"Finish it first: storyroom resume {one.id}",
            )
        episode = lock_episode(self.ledger, one.record, one.head)
        bring_up_to_date(self.ledger, self.bible, self.index)
        return episode

    def remember(
        self,
        files: Sequence[Path],
        *,
        same: Mapping[str, str] | None = None,
        ask: Ask | None = None,
        told: Callable[[Remembered], None] | None = None,
        progress: Progress | None = None,
    ) -> list[Remembered]:
        """Read earlier episodes into the memory: all of these files, or none of them.

        Args:
            files: scripts in any format that can be read; the name or the title page has the number.
            same: spellings of names, and whom they mean: ``{"MARAH": "Mara"}``. Kept for good; a spelling
                that is given as its own name is somebody else than those it looks like.
            ask: asked about each name that could mean somebody of the cast; else such names are only listed.
            told: told what came of each file.
            progress: told how far the import is.

        Raises:
            InputError: two files are one episode, or `same` names nobody.
            FormatError: a file cannot be read as a script.
        """
        from storyroom.memory.remember import remember

        return remember(
            self.ledger, self.bible, self.index, files, same=same, ask=ask, told=told, progress=progress
        )

    def presence(self, episode: int | None = None, *, session: str | None = None) -> list[ScenePresence]:
        """Return who is present in each scene, and who speaks.

        Args:
            episode: of the canon; all of its episodes if left out.
            session: the scenes that this session wrote, instead.
        """
        from storyroom.memory.scenes import canon_scenes, session_scenes

        if session is None:
            return canon_scenes(self.ledger, self.bible, episode=episode)
        one = self.session(session)
        return session_scenes(self.ledger, self.bible, one.head, one.record.episode)

    def canon(self, session: str | None = None) -> CanonDesk:
        """Return the canon of the series, or that of a session, to look at and to decide about."""
        from storyroom.canon_desk import CanonDesk

        record = self.ledger.sessions.get(session) if session is not None else None
        return CanonDesk(self.ledger, self.bible, record)

    def search(self, text: str, *, k: int = 8, session: str | None = None, **filters: object) -> list[Hit]:
        """Search the memory: the bible, the canon, and the scenes of a session if one is named.

        Raises:
            InputError: the text is empty, or a number is out of bounds.
            IndexStale: the index is damaged, lacks episodes, or was made by another embedder.
        """
        from storyroom.memory.indexing import admitted
        from storyroom.memory.retrieval import Query, Retriever

        one = self.session(session) if session else None
        seen = admitted(
            self.ledger, self.bible, one.head if one else None, one.record.episode if one else None
        )
        self._see_that_it_holds(seen)
        query = Query(text=text, admitted=seen, k=k, **filters)  # type: ignore[arg-type]
        return Retriever(self.index).search(query)

    def rebuild_index(self, embedder: str | None = None) -> int:
        """Make the index again from the ledger; return how many chunks it holds.

        Args:
            embedder: the name, hub id or folder of the one that makes the vectors from now on. None: the one
                that was chosen before, or the default of the series' language.

        Raises:
            InputError: there is no such embedder.
            ModelAbsent: its weights are not there.
        """
        from storyroom.memory.embeddings import choose_embedder, open_embedder
        from storyroom.memory.index import Index
        from storyroom.memory.indexing import expected
        from storyroom.settings import settings

        if embedder is not None:
            choose_embedder(self.series.index, open_embedder(embedder).name)
        if "index" in self.__dict__:
            self.index.close()
            del self.__dict__["index"]
        Index.reset(self.series.index, url=settings().chroma_url)
        self.index.add(expected(self.ledger, self.bible))
        return self.index.stats().chunks

    def ready_index(self) -> None:
        """Bring the index up to date. A process that died while it wrote may have left it damaged.

        Raises:
            EmbedderChanged: another embedder made it; that is not repaired, but asked about.
        """
        from storyroom.memory.indexing import bring_up_to_date

        try:
            bring_up_to_date(self.ledger, self.bible, self.index)
        except EmbedderChanged:
            raise
        except IndexStale:
            self.rebuild_index()

    def _see_that_it_holds(self, drafts: Set[str]) -> None:
        """Have the index take in what is new in the bible or in a session.

        Raises:
            IndexStale: it lacks scenes of the canon. They were in it, so it was lost or put back from a copy.
        """
        from storyroom.memory.chroma_errors import REBUILD_HINT

        lacking = drafts - self.index.draft_ids()
        canon = {draft for episode in self.ledger.episodes.canon() for draft in episode.scenes.values()}
        if lost := len(lacking & canon):
            scenes = f"{lost} of {len(drafts & canon)} scenes of the canon"
            raise IndexStale(f"The index at {self.series.index} lacks {scenes}.", hint=REBUILD_HINT)
        if lacking:
            self.ready_index()

    def next_episode(self) -> int:
        """Return the number behind the last episode of the canon."""
        taken = [episode.number for episode in self.ledger.episodes.canon()]
        return max(taken, default=0) + 1
