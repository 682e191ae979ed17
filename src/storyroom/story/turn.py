"""Turns: the record of everything said and done in the room.

A turn belongs to a task. A task is a place in the story's making (session, head, stage, scene, pass, round,
role, ordinal), and its id is made from that place alone. Running a task again, after a crash or on purpose
from an old checkpoint, therefore finds what it already said.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


def short_hash(*parts: object) -> str:
    """Return 32 hex digits that stand for the parts, in order."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


class Stage(StrEnum):
    """The seven stages of the workflow."""

    BRIEF = "brief"
    PITCH = "pitch"
    CHOICE = "choice"
    OUTLINE = "outline"
    SCENE = "scene"
    TABLE_READ = "table_read"
    LOCK = "lock"


class TurnKind(StrEnum):
    """What one turn is."""

    BRIEF = "brief"
    PITCH = "pitch"
    PITCHES = "pitches"
    CHOICE = "choice"
    OUTLINE = "outline"
    RECALL = "recall"
    DRAFT = "draft"
    REVIEW = "review"
    OBJECTION = "objection"
    REJECTION = "rejection"
    ACCEPTANCE = "acceptance"
    REBUTTAL = "rebuttal"
    REVISION = "revision"
    VERIFICATION = "verification"
    RULING = "ruling"
    STOP = "stop"
    APPROVAL = "approval"
    FACTS = "facts"
    NOTE = "note"
    EDIT = "edit"
    GATE = "gate"
    TABLE_READ = "table_read"
    LOCK = "lock"


class Task(BaseModel):
    """A place in the making of an episode.

    Attributes:
        head: the script version that the task starts from; None before the brief.
        scene: number of the scene, from 1; None outside the scenes.
        pass_: 1, and one more for each time that the scene is written anew on purpose.
        round: round of the debate, from 0.
        ordinal: tells tasks of one role at one place apart (pitches), from 1.
    """

    model_config = ConfigDict(frozen=True)

    session: str
    head: str | None
    stage: Stage
    scene: int | None = None
    pass_: int = 1
    round: int = 0
    role: str
    ordinal: int = 1

    @property
    def id(self) -> str:
        """The name of the task, made from its place in the story."""
        return short_hash(
            self.session, self.head, self.stage, self.scene, self.pass_, self.round, self.role, self.ordinal
        )

    @property
    def label(self) -> str:
        """The place in words, without session and head: ``scene.3.dialogue_writer.p1.r0.1``."""
        where = f"{self.stage}.{self.scene}" if self.scene is not None else str(self.stage)
        return f"{where}.{self.role}.p{self.pass_}.r{self.round}.{self.ordinal}"


class Actor(BaseModel):
    """Who spoke: an agent on a model, a human member, or code that decides without either."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["agent", "member", "code"]
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def parse(cls, text: str) -> Actor:
        """Read back what `str` wrote."""
        kind, _, name = text.partition(":")
        return cls.model_validate({"kind": kind, "name": name})


class Turn(BaseModel):
    """One thing said or done by one actor.

    Attributes:
        id: the task's id and the turn's place within the task.
        seq: order within the ledger, given when the turn is recorded.
        about: id of the draft that the turn speaks of.
        produced: id of the draft that it made.
        new_head: the script version that it made.
        body: what was said, in the form that its kind has.
        seconds: how long it took, models included.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    seq: int = 0
    task: Task
    kind: TurnKind
    actor: Actor
    about: str | None = None
    produced: str | None = None
    new_head: str | None = None
    body: dict[str, Any] = {}
    seconds: float = 0.0
    created: str = ""

    @property
    def role(self) -> str:
        """The role that spoke."""
        return self.task.role

    @property
    def scene(self) -> int | None:
        """The scene it is about."""
        return self.task.scene
