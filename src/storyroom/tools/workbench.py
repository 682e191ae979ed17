"""The workbench: a desk for one task of a writer's tool, outside any episode.

    with workbench(tool="monologue", script=script, series="the-last-light") as bench:
        desk = bench.desk(Role.DIALOGUE_WRITER, scene=3)

With a series, a tool uses its bible, memory and ledger: its calls are recorded under a session of their own,
which `storyroom sessions` lists only with `--all`. Without one, the bible is made of what the script shows,
and the ledger lies in a temporary folder and goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.events import Event
from storyroom.agents.prompt import Part
from storyroom.errors import BibleError, InputError
from storyroom.memory.inbox import Note
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.retrieval import Hit
from storyroom.memory.sessions import SessionRecord
from storyroom.memory.turns import Reading
from storyroom.models.base import LocalChatModel
from storyroom.ordering import make_order
from storyroom.room import Room
from storyroom.series import Series, find_series
from storyroom.story.bible import Bible, Language
from storyroom.story.plan import Order
from storyroom.story.script import Script
from storyroom.story.turn import Stage, Task
from storyroom.team import check_note
from storyroom.tools.lone import (
    bare_bible,
    manuscript_of,
    script_bible,
    script_language,
    text_language,
    with_strangers,
)


@dataclass(frozen=True)
class Sending:
    """Where a tool's result goes as a note.

    Attributes:
        role: whom it is for.
        member: who of the team sends it.
        session: whom it speaks to; the whole series when None.
    """

    role: str
    member: str
    session: str | None = None


@dataclass
class Bench:
    """What a tool works with. Model, order and session come to be when they are first used.

    Attributes:
        tool: the tool's name, as its command is called.
        room: the room of the series, or one in a temporary folder.
        bible: the bible of the series, with whom else the script knows; or one made of the script alone.
        script: the script that the tool looks at.
        alone: whether there is no series.
    """

    tool: str
    room: Room
    bible: Bible
    script: Script | None
    alone: bool
    _asked_for: dict[str, Any]
    _emit: Callable[[Event], None]
    _sending: Sending | None = None
    _desks: int = field(default=0, init=False)

    @property
    def language(self) -> Language:
        """The language that the tool answers in."""
        spoken: Language = self._asked_for["language"]
        return spoken

    @cached_property
    def order(self) -> Order:
        """What was asked for.

        Raises:
            InputError: something of it cannot be used.
            ModelRefused: the model does not write the language.
        """
        order = make_order(self.bible, episode=self.room.next_episode(), scenes=1, **self._asked_for)
        return order.model_copy(update={"tool": self.tool})

    @cached_property
    def model(self) -> LocalChatModel:
        """The language model, loaded.

        Raises:
            ModelError: it is not there or cannot be used.
        """
        return self.room.context().open(self.order.model)

    @cached_property
    def session(self) -> SessionRecord:
        """The session that this use of the tool is recorded under."""
        name = f"{self.tool}-{uuid4().hex[:6]}"
        return self.room.ledger.sessions.begin(self.order, self.bible, session_id=name)

    @cached_property
    def manuscript(self) -> Manuscript:
        """The script as prompts show it: its scenes, numbered from 1."""
        return manuscript_of(self.script) if self.script is not None else Manuscript()

    def desk(
        self,
        role: str,
        *,
        scene: int | None = None,
        stage: Stage = Stage.SCENE,
        manuscript: Manuscript | None = None,
        notes: Sequence[str] = (),
        memory: Sequence[Hit] = (),
        ground: Sequence[Part] | None = None,
    ) -> Desk:
        """Set a desk for one task; each has a place of its own in the record.

        Args:
            role: whose job it is; a model of that role's own is not taken, a tool has one model.
            scene: the scene that the task is about; the prompt shows the scenes before it. None shows all.
            stage: which stage of the workflow the task would belong to.
            manuscript: what the prompt shows as the script; the bench's own when not given.
            notes: what a human wants observed.
            memory: what `recall` found.
            ground: what the prompt begins with instead of bible, idea and script.
        """
        model, session = self.model, self.session
        self._desks += 1
        task = Task(session=session.id, head=None, stage=stage, scene=scene, role=role, ordinal=self._desks)
        reading = Reading(
            memory=tuple(hit.chunk.id for hit in memory),
            canon=tuple(episode.id for episode in self.room.ledger.episodes.canon()),
        )
        return Desk(
            task=task,
            bible=self.bible,
            order=self.order,
            manuscript=self.manuscript if manuscript is None else manuscript,
            reading=self.room.ledger.turns.begin(task, reading),
            model=model,
            ledger=self.room.ledger,
            effort=Effort.of(self.order.depth),
            emit=self._emit,
            memory=tuple((hit.chunk.episode or 0, hit.chunk.scene or 0, hit.chunk.text) for hit in memory),
            notes=tuple(notes),
            ground=None if ground is None else tuple(ground),
        )

    def recall(self, text: str, *, k: int = 4, characters: Sequence[str] = ()) -> list[Hit]:
        """Return what earlier episodes have to do with a text, the best first; nothing without a series."""
        if self.alone or not self.room.ledger.episodes.canon():
            return []
        self.room.ready_index()
        return self.room.search(text, k=k, kinds=("scene",), characters=tuple(characters))

    def embed(self, texts: Sequence[str]) -> Any:
        """Return the unit vectors of texts, shape ``(len(texts), dimension)``."""
        return self.room.context().embed(texts)

    def send(self, text: str) -> Note | None:
        """Send a result into the room as a note, if that was asked for.

        Raises:
            InputError: it is longer than a note can be.
        """
        to = self._sending
        if to is None:
            return None
        return self.room.note(text, member=to.member, roles=[to.role], session=to.session)


@contextmanager
def workbench(
    *,
    tool: str,
    matter: str = "",
    script: Script | None = None,
    bible: Bible | None = None,
    series: str | Path | Room | None = None,
    language: str | None = None,
    model: str | None = None,
    models: Mapping[str, LocalChatModel] | None = None,
    seed: int | None = None,
    writes: bool = True,
    anyway: bool = False,
    sending: Sending | None = None,
    emit: Callable[[Event], None] = lambda _event: None,
    **order: Any,
) -> Iterator[Bench]:
    """Set up a workbench, and clear it away.

    Args:
        tool: the tool's name, as its command is called.
        matter: what is asked for, in words; stands in the prompt as the idea of an episode would.
        script: the script that the tool looks at.
        bible: whom and where the tool is about, in place of the series' bible or the one made of the script.
        series: a folder of the series, or its open room, which is left open; None works without a series.
        language: `en` or `zh`; the series', the script's or the matter's when not given.
        model: spec of the model; the series', then the settings', when not given.
        models: models that are open already, by spec.
        seed: drawn when not given.
        writes: whether the tool is sure to use a language model, so that a missing one is told at once.
        anyway: let a model write a language that it is known not to write.
        sending: where `Bench.send` sends.
        emit: told of every piece of text and every call.
        order: what else `storyroom.ordering.make_order` takes, such as `depth` and `pages`.

    Raises:
        BibleError: there is no series in the folder.
        InputError: something cannot be used, or a note is to be sent and there is no series.
        ModelError: the model is not there, or does not write the language.
    """
    if sending is not None and series is None:
        raise InputError(
            "A note can be sent only into the room of a series.",
            hint="Name the folder of the series with --series, or leave --note-to out.",
        )
    with _room(series, script, bible, matter) as room:
        room.models.update(models or {})
        if sending is not None:
            _can_be_sent(room, sending)
        known = bible or (room.bible if script is None else with_strangers(room.bible, script))
        bench = Bench(
            tool=tool,
            room=room,
            bible=known,
            script=script,
            alone=series is None,
            _asked_for={
                "idea": matter or tool,
                "language": language or _spoken(known, script, matter, alone=series is None),
                "model": model,
                "seed": seed,
                "anyway": anyway,
                **order,
            },
            _emit=emit,
            _sending=sending,
        )
        if writes:
            bench.model  # noqa: B018  a model that is missing or refuses leaves no empty session behind
        yield bench


def series_here(folder: Path | None, *, alone: bool = False) -> Path | None:
    """Return the folder of the series that a tool works in: the one named, or the one around us, or none.

    Args:
        folder: as named by the user.
        alone: whether the user wants none.

    Raises:
        BibleError: one was named, and there is none.
    """
    if alone:
        return None
    if folder is not None:
        return find_series(folder)
    try:
        return find_series(Path())
    except BibleError:
        return None


@contextmanager
def _room(
    series: str | Path | Room | None, script: Script | None, bible: Bible | None, matter: str
) -> Iterator[Room]:
    if isinstance(series, Room):
        yield series
    elif series is not None:
        with Room.open(series) as room:
            yield room
    else:
        with (
            TemporaryDirectory(prefix="storyroom-", ignore_cleanup_errors=True) as folder,
            Room(Series(Path(folder), bible or _made(script, matter))) as room,
        ):
            yield room


def _made(script: Script | None, matter: str) -> Bible:
    if script is None:
        return bare_bible(text_language(matter))
    return script_bible(script, script_language(script))


def _spoken(bible: Bible, script: Script | None, matter: str, *, alone: bool) -> Language:
    if script is not None and any(True for _ in script.elements()):
        return script_language(script)
    return text_language(matter) if alone and matter else bible.language


def _can_be_sent(room: Room, to: Sending) -> None:
    """Refuse an address to which nothing can be sent, before any work is done."""
    check_note(room.bible, Note(member=to.member, text="…", roles=(to.role,)))
    if to.session is not None:
        room.ledger.sessions.get(to.session)
