"""What a debate is about: a draft in its slot, as a document of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storyroom.agents.author import Document
from storyroom.graphs.state import State
from storyroom.memory.manuscript import Manuscript
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import (
    Paper,
    episode_paper,
    outline_of_paper,
    outline_paper,
    pitches_of_paper,
    pitches_paper,
)
from storyroom.story.plan import Pitches
from storyroom.story.turn import Stage, Task

RULING, STOP, APPROVAL = 97, 98, 99
"""Rounds behind those of the debate itself."""

_AUTHORS = {
    Stage.PITCH: Role.PLOT_WRITER,
    Stage.OUTLINE: Role.PLOT_WRITER,
    Stage.SCENE: Role.DIALOGUE_WRITER,
    Stage.TABLE_READ: Role.DIALOGUE_WRITER,
}


@dataclass(frozen=True)
class Subject:
    """The draft that a debate is about.

    Attributes:
        slot: of the script, which a revision fills anew; empty for the whole episode, which has many.
        author: the role that answers for it.
    """

    stage: Stage
    slot: str
    author: Role
    scene: int | None = None
    pass_: int = 1

    def task(self, state: State, role: str, *, round: int = 0, ordinal: int = 1) -> Task:
        """Return the task of a role in the debate."""
        return Task(
            session=state["session"],
            head=state["head"],
            stage=self.stage,
            scene=self.scene,
            pass_=self.pass_,
            round=round,
            role=role,
            ordinal=ordinal,
        )

    def document(self, manuscript: Manuscript) -> Document:
        """Return the draft, laid out in lines."""
        if self.stage is Stage.TABLE_READ:
            return episode_paper(manuscript.scenes)
        if self.scene is not None:
            return manuscript.scenes[self.scene]
        if self.stage is Stage.PITCH:
            assert manuscript.pitches is not None, "pitches are argued about when they lie on the table"
            return pitches_paper([one.pitch for one in manuscript.pitches.pitches])
        assert manuscript.outline is not None, "an outline is argued about when it is written"
        return outline_paper(manuscript.outline)

    def scene_of(self, objection: Objection) -> int:
        """Return the number of the scene that an objection is about."""
        number = objection.scene if self.scene is None else self.scene
        assert number is not None, "an objection to the whole episode names its scene"
        return number

    def slot_of(self, objection: Objection) -> str:
        """Return the slot of the draft that an objection is about."""
        return self.slot or f"scene:{self.scene_of(objection)}"

    def draft(self, document: Document, manuscript: Manuscript) -> tuple[str, Any]:
        """Return a document as the ledger keeps it: the kind of draft, and its JSON form."""
        if isinstance(document, SceneDraft):
            return "scene", document.model_dump(mode="json")
        return _plan(document, manuscript, self.stage)


def subject_of(state: State, stage: Stage) -> Subject:
    """Return the draft of a stage that is at work."""
    if stage is Stage.SCENE:
        slot = f"scene:{state['scene']}"
        return Subject(stage, slot, _AUTHORS[stage], state["scene"], state["pass_"])
    if stage is Stage.TABLE_READ:
        return Subject(stage, "", _AUTHORS[stage], pass_=state["reads"] + 1)
    slot = "pitches" if stage is Stage.PITCH else "outline"
    return Subject(stage, slot, _AUTHORS[stage], pass_=state["pass_"])


def _plan(paper: Paper, manuscript: Manuscript, stage: Stage) -> tuple[str, Any]:
    if stage is Stage.OUTLINE:
        assert manuscript.outline is not None, "an outline is revised when it is written"
        return "outline", outline_of_paper(paper, manuscript.outline).model_dump(mode="json")
    assert manuscript.pitches is not None, "pitches are revised when they lie on the table"
    table = manuscript.pitches.pitches
    said = pitches_of_paper(paper, [one.pitch for one in table])
    pitched = (one.model_copy(update={"pitch": pitch}) for one, pitch in zip(table, said, strict=True))
    return "pitches", Pitches(pitches=tuple(pitched)).model_dump(mode="json")
