"""Drafting: sessions are begun, gone on with and forked, and the graph is told what it runs on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Self

from storyroom.agents.crew import Crew
from storyroom.agents.events import Turned
from storyroom.archive import Archive
from storyroom.errors import InputError, SessionError
from storyroom.ordering import make_order
from storyroom.running import Run
from storyroom.series import Series
from storyroom.session import Session
from storyroom.story.plan import Depth, Gate, Order
from storyroom.story.turn import Turn, TurnKind

if TYPE_CHECKING:
    from storyroom.graphs.context import RoomContext
    from storyroom.memory.sessions import SessionRecord
    from storyroom.models.base import LocalChatModel


class Drafting(Archive):
    """An archive in which episodes are drafted.

    Attributes:
        crew: who does which job.
        models: models that are open, by spec; put one in to use a model of your own making.
    """

    def __init__(self, series: Series, *, crew: Crew | None = None) -> None:
        super().__init__(series)
        crew = crew or Crew.default()
        self.crew = crew.with_standards() if self.bible.room.standards else crew
        self.models: dict[str, LocalChatModel] = {}

    @classmethod
    def open(cls, folder: str | Path = ".", *, crew: Crew | None = None) -> Self:
        """Open the room of the series that a folder belongs to.

        Raises:
            BibleError: there is no series, or its `series.yaml` cannot be used.
        """
        return cls(Series.open(Path(folder)), crew=crew)

    def begin(
        self,
        idea: str,
        *,
        episode: int | None = None,
        scenes: int | None = None,
        pages: float | None = None,
        depth: Depth | None = None,
        seed: int | None = None,
        model: str | None = None,
        models: Mapping[str, str] | None = None,
        gates: Sequence[Gate] | None = None,
        language: str | None = None,
        cast: Sequence[str] = (),
        lock: bool = False,
        anyway: bool = False,
        inputs: Sequence[tuple[str, str, str]] = (),
    ) -> Run:
        """Begin a session and return the run that will draft it; nothing is drafted before it is iterated.

        Args:
            idea: what happens, in a few sentences or keywords.
            episode: number of the episode; the next one when not given.
            scenes, pages, depth, seed, model, gates: as in `series.yaml` when not given.
            models: specs for roles that have a model of their own.
            language: `en` or `zh`; the bible's when not given.
            cast: names the episode is limited to.
            lock: whether the finished episode becomes canon at once.
            anyway: let a model write a language that it is known not to write.
            inputs: what members bring, as member, role and text: a story line, characters, a scene, dialogue.

        Raises:
            InputError: something of this cannot be used.
            ModelError: the model is not there, or does not write the language.
        """
        from storyroom.bringing import bring, check_inputs

        brought = check_inputs(self.bible, inputs)
        order = make_order(
            self.bible,
            idea,
            episode=episode if episode is not None else self.next_episode(),
            scenes=scenes,
            pages=pages,
            depth=depth,
            seed=seed,
            model=model,
            models=models,
            gates=gates,
            language=language,
            cast=cast,
            lock=lock,
            anyway=anyway,
        )
        record = self._begun(order)
        bring(self.ledger, brought, record.id)
        return self._run(record)

    def collide(self, ideas: Sequence[tuple[str, str]], **order: object) -> Run:
        """Begin a session that makes one story of members' ideas, and return the run that gets that far.

        The run stops when the story is there, its outcome `reached`; `resume` drafts the episode from it.

        Args:
            ideas: two or more, each with who has it: ``[("Rosa", "space exploration"), ("Dev", "a robot")]``.
            order: what `begin` takes besides the idea.

        Raises:
            InputError: there is one idea only, a member has two, or something of this cannot be used.
            ModelError: the model is not there, or does not write the language.
        """
        from storyroom.pitching import check_ideas, idea_of

        pitches = check_ideas(self.bible, ideas)
        language = order.get("language") or self.bible.language
        number = order.pop("episode", None)
        made = make_order(
            self.bible,
            idea_of(pitches, str(language)),
            episode=self.next_episode() if number is None else number,  # type: ignore[arg-type]
            pitches=0,
            merge=True,
            **order,  # type: ignore[arg-type]
        )
        record = self._begun(made)
        for pitch in pitches:
            self.ledger.inbox.put(pitch, record.id)
        run = self._run(record)
        run.until = TurnKind.CHOICE
        return run

    def _begun(self, order: Order) -> SessionRecord:
        context = self.context()
        for spec in {order.model, *order.models.values()}:
            context.open(spec)
        # All that can fail or take long comes first, so that what goes wrong leaves no empty session behind.
        self.ready_index()
        return self.ledger.sessions.begin(order, self.bible)

    async def draft(self, idea: str, **order: object) -> AsyncGenerator[Turn]:
        """Draft an episode, and yield each turn as it is recorded; takes what `begin` takes."""
        run = self.begin(idea, **order)  # type: ignore[arg-type]
        async with aclosing(turns_of(run)) as turns:
            async for turn in turns:
                yield turn

    async def resume(self, session: str) -> AsyncGenerator[Turn]:
        """Go on with a session from where it stands, and yield the turns that are new.

        Raises:
            SessionError: it is unknown, another process works on it, or it waits for an answer.
        """
        async with aclosing(turns_of(self.run(session))) as turns:
            async for turn in turns:
                yield turn

    def run(self, session: str) -> Run:
        """Return the run that goes on with a session; `Run.events` tells everything that happens."""
        record = self.ledger.sessions.get(session)
        self.ready_index()
        return self._run(record)

    def fork(
        self,
        session: str,
        at: str = "",
        *,
        seed: int | None = None,
        revive: int | None = None,
        member: str = "",
    ) -> Session:
        """Make a session that shares another's work up to a point and writes anew from there.

        Args:
            session: which to fork; it is left as it is.
            at: `pitch`, `choice`, `outline`, the number of the scene that is to be the first new one, or
                `3:debate` to keep the draft of scene 3 and argue about it anew.
            seed: drawn anew when not given; with the old one, a model would write the same again.
            revive: instead of `at`, the number of the pitch that this session is to go on with.
            member: who revives it.

        Raises:
            SessionError: the session has not come that far.
            InputError: there is no such point, pitch or member.
        """
        from storyroom.forking import fork, revived

        parent = self.ledger.sessions.get(session)
        if revive is None:
            record = fork(self.ledger, self.bible, parent, at, seed=seed)
        elif at:
            raise InputError("A session is forked at one point.", hint="Give either --at or --revive.")
        else:
            record = revived(self.ledger, self.bible, parent, revive, member=member, seed=seed)
        return Session(self.ledger, record)

    def _run(self, record: SessionRecord) -> Run:
        if record.order.tool:
            raise SessionError(
                f"{record.id} is a use of the tool {record.order.tool!r}; there is nothing to go on with.",
                hint="Sessions that draft an episode are listed by `storyroom sessions`.",
            )
        return Run(record, self.context(), self.series.checkpoints, self.series.locks)

    def context(self) -> RoomContext:
        """Return what the graph runs on, for hosts that run `build_graph` themselves."""
        from storyroom.graphs.context import RoomContext

        return RoomContext(
            ledger=self.ledger,
            index=lambda: self.index,
            bible=self.bible,
            crew=self.crew,
            written=self.series.drafts,
            begin=lambda idea: self.begin(idea).session.id,
            models=self.models,
        )


async def turns_of(run: Run) -> AsyncGenerator[Turn]:
    """Yield the turns that a run records."""
    async with aclosing(run.events()) as events:
        async for event in events:
            if isinstance(event, Turned) and event.fresh:
                yield event.turn
