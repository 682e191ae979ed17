"""Blind reviews: each critic reads the draft alone, and objects."""

from __future__ import annotations

from collections.abc import Sequence

from langgraph.runtime import Runtime
from langgraph.types import Send

from storyroom.agents.author import Document
from storyroom.agents.critic import Critic, PaperCritic
from storyroom.agents.desk import Desk
from storyroom.agents.seated import seated
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.state import Reviewing, State
from storyroom.graphs.step import CODE, perform
from storyroom.graphs.subject import subject_of
from storyroom.memory.ledger import Said
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.turn import Stage, TurnKind

NODES = {Stage.PITCH: "review_pitches", Stage.OUTLINE: "review_outline", Stage.SCENE: "review"}


def seat_critics(state: State, runtime: Runtime[RoomContext], stage: Stage) -> list[Send]:
    """Give each critic of a stage a task of its own; none sees another's review."""
    critics = here(runtime).crew.critics
    readers = critics if stage is Stage.SCENE else [one for one in critics if isinstance(one, PaperCritic)]
    return [Send(NODES[stage], Reviewing(**state, role=str(one.role), stage=str(stage))) for one in readers]


async def review(state: Reviewing, runtime: Runtime[RoomContext]) -> State:
    """Read the draft as one critic, and object."""
    subject = subject_of(state, Stage(state["stage"]))
    critic = here(runtime).crew.critic(state["role"])

    async def work(desk: Desk) -> Sequence[Said]:
        document = subject.document(desk.manuscript)
        about = desk.manuscript.slots[subject.slot]
        objections = await _objections(seated(critic, desk), desk, document)
        by_code = bool(objections) and all(one.certain or one.finding for one in objections)
        plain = critic.role == Role.SCRIPT_COORDINATOR and desk.member is None
        by = CODE if by_code or plain else desk.actor
        said = [Said(TurnKind.REVIEW, by, body={"objections": len(objections)}, about=about)]
        for one in objections:
            said.append(Said(TurnKind.OBJECTION, by, body=one.model_dump(mode="json"), about=about))
            if not _quoted(one, document):
                body = {
                    "objection": f"{desk.task.id}.{len(said) - 1}",
                    "reason": "Its quote is not in the draft.",
                }
                said.append(Said(TurnKind.REJECTION, CODE, body=body, about=about))
        return said

    await perform(runtime, subject.task(state, critic.role), work)
    return {}


async def _objections(critic: Critic, desk: Desk, document: Document) -> Sequence[Objection]:
    if isinstance(document, SceneDraft):
        return await critic.review(desk, document)
    assert isinstance(critic, PaperCritic), "plans go to those who read plans"
    return await critic.review_paper(desk, document)


def _quoted(objection: Objection, document: Document) -> bool:
    """Tell whether an objection quotes the line that it is about; nobody argues about one that does not."""
    line = document.line(objection.line)
    return line is not None and _plain(objection.quote) in _plain(line.text)


def _plain(text: str) -> str:
    return "".join(text.split())
