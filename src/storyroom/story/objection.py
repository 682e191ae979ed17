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


class Objection(BaseModel):
    """What a critic, or a member's note, holds against one line of a draft.

    Attributes:
        line: id of the element it is about; of a plan, the name of the field, like ``2.turn``.
        quote: the text of that line, word for word.
        says: what is wrong with it.
        certain: whether code decided it from typed fields, with no model in between.
        note: id of the note that it stands for.
        finding: what was found, where measured feelings object and no model does; as in `emotion_findings`.
        source: what measured them.
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
