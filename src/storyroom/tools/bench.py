"""What a writer's tool works with: a room, a bible, a script, a model, and a place in the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.events import Event
from storyroom.agents.prompt import Part
from storyroom.memory.inbox import Note
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.retrieval import Hit
from storyroom.memory.sessions import SessionRecord
from storyroom.memory.turns import Reading
from storyroom.models.base import LocalChatModel
from storyroom.ordering import make_order
from storyroom.room import Room
from storyroom.story.bible import Bible, Language
from storyroom.story.plan import Order
from storyroom.story.script import Script
from storyroom.story.turn import Stage, Task
from storyroom.team import LONGEST_NOTE
from storyroom.tools.lone import manuscript_of


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

    def send(self, room: Room, text: str) -> Note:
        """Send a result into the room as a note; what no note can hold is cut off."""
        if len(text) > LONGEST_NOTE:
            text = f"{text[: LONGEST_NOTE - 2].rpartition(chr(10))[0] or text[: LONGEST_NOTE - 2]}\n…"
        return room.note(text, member=self.member, roles=[self.role], session=self.session)


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
        """Send a result into the room as a note, if that was asked for."""
        return self._sending.send(self.room, text) if self._sending else None
