"""The public API: a room is opened on a series folder, drafts episodes, and answers for what it did.

room = Room.open("the-last-light")
async for turn in room.draft("The lamp fails with the Dunlin at sea.", episode=3):
    print(turn.kind, turn.role)
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.agents.crew import Crew
from storyroom.agents.events import Turned
from storyroom.archive import Archive
from storyroom.errors import InputError, SessionError
from storyroom.memory.inbox import Answer, MemberPitch, Note, NoteChange, NoteVerb, SeatChange
from storyroom.ordering import make_order
from storyroom.running import Run
from storyroom.series import Series
from storyroom.session import Session
from storyroom.story.plan import Depth, Gate, Order
from storyroom.story.turn import Turn, TurnKind

if TYPE_CHECKING:
    from storyroom.absorbing import Absorbed
    from storyroom.graphs.context import RoomContext
    from storyroom.memory.note_lives import NoteLife
    from storyroom.memory.sessions import SessionRecord
    from storyroom.models.base import LocalChatModel


class Room(Archive):
    """A writers' room for one series: an archive in which work is done.

    Make it with `Room.open`; close it, or use it in a `with` block.

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
    def open(cls, folder: str | Path = ".", *, crew: Crew | None = None) -> Room:
        """Open the room of the series that a folder belongs to.

        Raises:
            BibleError: there is no series, or its `series.yaml` cannot be used.
        """
        return cls(Series.open(Path(folder)), crew=crew)

    # Drafting

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

    # Humans

    def pitch(self, text: str, *, member: str, session: str | None = None) -> MemberPitch:
        """Pitch a storyline; it lies on the table beside those of the plot writers.

        Args:
            text: prose, or YAML with some of `title`, `conflict`, `turn` and `ending`.
            session: whose table; that of the next episode to be drafted when not given.

        Raises:
            InputError: the text is empty or too long or cannot be read, or the member is unknown.
            SessionError: the session's pitches lie on the table already.
        """
        from storyroom.pitching import check_pitch, refuse_late

        pitch = check_pitch(self.bible, member, text)
        if session is not None:
            refuse_late(self.session(session))
        return self.ledger.inbox.put(pitch, self._name(session))

    def note(
        self,
        text: str,
        *,
        member: str,
        roles: Sequence[str] = (),
        scene: int | None = None,
        lines: Sequence[str] = (),
        session: str | None = None,
    ) -> Note:
        """Leave a note for one or more roles; the next turn of theirs has read it.

        Args:
            roles: to whom; found out from what it says when not given, and told in `Note.routed`.
            lines: lines of the session's script that it is about, each as a quote or as `SCENE:LINE`.

        Raises:
            InputError: the text is empty or too long, or the member, a role, the scene or a line is unknown.
        """
        from storyroom.notes import leave_note

        note = Note(member=member, text=text, roles=tuple(roles), scene=scene)
        return leave_note(self.ledger, self.bible, note, self.session(session) if session else None, lines)

    def notes(self, session: str | None = None) -> list[NoteLife]:
        """Return the notes to a session with what became of them; all there are when none is named."""
        from storyroom.memory.note_lives import lives

        return lives(self.ledger, self._name(session))

    def change_note(
        self, note: str, change: NoteVerb, *, member: str, roles: Sequence[str] = (), reason: str = ""
    ) -> NoteChange:
        """Assign a note to other roles, decline it, or open it again.

        Args:
            note: its id, or the beginning of it.
            change: `assign` (with roles), `decline` or `reopen` (with a reason).

        Raises:
            InputError: there is no such note, member or role; or it is declined, or open, as it is.
        """
        from storyroom.notes import change_note

        return change_note(self.ledger, self.bible, note, change, member=member, roles=roles, reason=reason)

    def absorb(self, file: str | Path, *, member: str, session: str | None = None) -> Absorbed:
        """Take in a script that was exported and that a member edited since, line by line as theirs.

        A session on which a process works takes it in at the next scene.

        Args:
            file: Fountain or FDX.
            session: whose script it is; found out from the exports when not given.

        Raises:
            InputError: it cannot be read, has scenes more or less, or somebody who is not in a scene's cast.
            SessionError: nothing tells which session it was exported from.
        """
        from storyroom.absorbing import absorb

        found = absorb(self.ledger, self.bible, self.series.locks, Path(file), member, session)
        if found.turns:
            self.ready_index()
        return found

    def answer(
        self,
        session: str,
        verdict: str,
        *,
        member: str = "",
        reason: str = "",
        text: str = "",
        scene: int | None = None,
    ) -> Answer:
        """Answer the gate that a session waits at; `resume` then goes on from it.

        Args:
            verdict: `approve`, `send_back` (with a reason) or `edit` (with the text).

        Raises:
            SessionError: it waits at no gate, or was answered already.
            InputError: what came back cannot be read, or says what the bible does not allow.
        """
        from storyroom.team import take_answer

        record = self.ledger.sessions.get(session)
        return take_answer(self.context(), Session(self.ledger, record), verdict, member, reason, text, scene)

    def take_seat(self, role: str, member: str, session: str | None = None) -> SeatChange:
        """Let a member do a role's work, in one session or in the whole series; it can be taken at any time.

        Raises:
            InputError: there is no such role or member, or somebody else sits there.
        """
        from storyroom.seats import take_seat

        return take_seat(self.ledger, self.bible, self.crew, role, member, self._name(session))

    def leave_seat(self, role: str, session: str | None = None) -> SeatChange:
        """Give a seat back to the agent, which also does what its member was asked and has not answered.

        Raises:
            InputError: there is no such role, or nobody sits there.
        """
        from storyroom.seats import leave_seat

        return leave_seat(self.ledger, self.bible, self.crew, role, self._name(session))

    def seats(self, session: str | None = None) -> dict[str, str | None]:
        """Return every role with the member in its seat, in a session or the series; None is the agent."""
        from storyroom.seats import seats

        return seats(self.ledger, self.bible, self._name(session))

    def answer_seat(self, session: str, text: str, *, member: str = "", role: str = "") -> Answer:
        """Answer what a member in a seat was asked; `resume` then goes on from it.

        Args:
            text: the filled sheet; an empty one hands the task back to the agent.
            member: who answers; whoever was asked when not given.
            role: whose seat, when several were asked and the sheet does not name its question.

        Raises:
            SessionError: nothing was asked, or it was answered already.
            InputError: the text cannot be read, or another member was asked.
        """
        from storyroom.seats import answer_seat, asked

        one = self.session(session)
        ask = asked(one, role=role, member=member, text=text)
        return answer_seat(self.ledger, self.bible, one, ask, text, member=member)

    def _name(self, session: str | None) -> str | None:
        return None if session is None else self.ledger.sessions.get(session).id

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
