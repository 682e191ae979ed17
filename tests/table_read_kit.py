"""Sessions whose table read is argued about: reader, writer and showrunner play written parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from room_kit import begin, drive

from storyroom.agents.crew import Crew
from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.agents.showrunner import Showrunner
from storyroom.memory.debates import Debate, debate_named, debates_of
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.script import Element, Kind
from storyroom.story.turn import Stage, Turn, TurnKind

SAYS = "She knew this a scene ago."
ANEW = "Anew: "


@dataclass
class Reader:
    """A critic that has nothing against a scene, and something against the episode.

    Attributes:
        scenes: those whose first speeches it objects to.
        content: whether it is, by the number of the table read that verifies.
    """

    scenes: Sequence[int] = (1,)
    content: dict[int, bool] = field(default_factory=lambda: {1: False, 2: True})
    role: str = "reader"

    async def review(self, desk: Desk, draft: SceneDraft) -> Sequence[Objection]:
        """Have nothing against a scene."""
        return []

    async def review_episode(self, desk: Desk) -> Sequence[Objection]:
        """Object to the first speech of some scenes."""
        return [
            Objection(line=one.id, quote=one.text, kind="logic", gravity="serious", says=SAYS, scene=number)
            for number in self.scenes
            for one in [first_speech(desk.manuscript.scenes[number])]
        ]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Be content, or not, as the part says."""
        content = self.content[desk.task.pass_]
        return content, "It will do." if content else "It will not do."


@dataclass
class Standing(DialogueWriter):
    """A writer that accepts or defends what the table read objects to, and rewrites in its own words."""

    accepts: bool = True

    async def stand(
        self, desk: Desk, draft: SceneDraft, objection: Objection, *, insisted: str = ""
    ) -> tuple[bool, str]:
        """Answer."""
        return self.accepts, "True." if self.accepts else f"It is planted there. {insisted}".strip()

    async def rewrite(self, desk: Desk, draft: SceneDraft, objection: Objection) -> str:
        """Word a line anew."""
        return ANEW + objection.quote


@dataclass
class Ruling(Showrunner):
    """A showrunner who rules one way."""

    keep_old: bool = True

    async def rule(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """Rule."""
        return self.keep_old, "I have said so."


def a_crew(reader: Reader, *, accepts: bool = True, keep_old: bool = True) -> Crew:
    """Return a crew in which the parts are played."""
    return replace(
        Crew.default(),
        critics=(reader,),
        dialogue_writer=Standing(accepts=accepts),
        showrunner=Ruling(keep_old=keep_old),
    )


def play(room: Room, **order: object) -> Session:
    """Draft an episode, one scene unless told otherwise, as far as it goes."""
    run = begin(room, **{"scenes": 1, "pages": 1.0, **order})  # type: ignore[arg-type]
    drive(run)
    return room.session(run.session.id)


def first_speech(draft: SceneDraft) -> Element:
    """Return the first speech of a scene."""
    return next(one for one in draft.lines if one.kind is Kind.DIALOGUE)


def drafts_of(room: Room, session: Session, scene: int) -> list[SceneDraft]:
    """Return a scene as it was drafted, pass by pass."""
    return [
        room.ledger.drafts.get(turn.produced, SceneDraft)
        for turn in session.turns
        if turn.kind is TurnKind.DRAFT and turn.scene == scene and turn.produced
    ]


def at_the_table(session: Session, *kinds: TurnKind, pass_: int = 1) -> list[Turn]:
    """Return what was said at a table read."""
    return [
        turn
        for turn in session.turns
        if turn.task.stage is Stage.TABLE_READ and turn.task.pass_ == pass_ and turn.kind in kinds
    ]


def reads_of(session: Session) -> list[Debate]:
    """Return the table reads of a session."""
    return [one for one in debates_of(session.ledger, session.id) if one.stage is Stage.TABLE_READ]


def read_named(session: Session, name: str = "table_read") -> Debate:
    """Return one of them by its name."""
    return debate_named(debates_of(session.ledger, session.id), name)
