"""Objections to a draft, and what becomes of them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

ObjectionKind = Literal[
    "continuity",
    "character",
    "emotion",
    "logic",
    "dialogue",
    "format",
    "repetition",
    "about",
    "note",
    "stereotype",
    "person",
    "rating",
]
Gravity = Literal["minor", "serious"]
StopReason = Literal["agreed", "no_material_change", "round_limit", "budget_spent", "ruling", "sent_back"]


LENGTH = "pages"
"""The finding that an episode is far from the length that was wanted."""


class Objection(BaseModel):
    """What a critic, or a member's note, holds against one line of a draft.

    Attributes:
        line: id of the element it is about; of a plan, the name of the field, like ``2.turn``.
        quote: the text of that line, word for word.
        says: what is wrong with it.
        certain: whether code decided it from typed fields, with no model in between.
        note: id of the note that it stands for.
        finding: what was found, where code objects and no model does: as in `emotion_findings`, `pages` …
        source: what measured them.
        scene: number of the scene it is about, where the whole episode was read; else the debate's own.
    """

    model_config = ConfigDict(frozen=True)

    line: str
    quote: str
    kind: ObjectionKind
    gravity: Gravity
    says: str
    certain: bool = False
    note: str = ""
    finding: str = ""
    source: str = ""
    scene: int | None = None

    @property
    def matter(self) -> tuple[object, ...]:
        """What it has in common with an objection that says the same of another version.

        What code finds in a scene as a whole may show in another line then, and give other numbers.
        """
        whole = bool(self.finding) or self.kind == "about"
        line = "" if whole else self.line
        says = "" if whole or self.certain else self.says
        # The scene that a length is held against is the longest or the shortest, and another one later.
        scene = None if self.finding == LENGTH else self.scene
        return scene, self.kind, self.finding, self.note, line, says
