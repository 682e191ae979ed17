"""What a check of continuity finds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

CertainKind = Literal[
    "unknown_speaker",
    "not_in_cast",
    "dead_speaks",
    "two_places",
    "unknown_place",
    "time_backwards",
    "attribute_conflict",
    "unheld_fact",
    "setup_unpaid",
]
LikelyKind = Literal["likely_death", "likely_possession", "likely_knowledge", "likely_contradiction"]
FindingKind = CertainKind | LikelyKind


class Line(BaseModel):
    """A line of a script that a finding is about, or of the bible that it contradicts.

    Attributes:
        scene: number of the scene, from 1; 0 in a bible.
        line: number of the line in the file, from 1; 0 where the script was not read from a file.
        element: id of the element; empty in a bare file.
        quote: the text of the line.
        episode: number of the episode; None for the script that is checked.
        file: path of the bible; empty for a line of a script.
    """

    model_config = ConfigDict(frozen=True)

    scene: int
    quote: str
    line: int = 0
    element: str = ""
    episode: int | None = None
    file: str = ""


class Finding(BaseModel):
    """Something in a script that does not go together with the rest.

    Attributes:
        certain: whether it was decided from typed fields alone, not read out of prose.
        here: the line that is wrong; for a set-up without pay-off the script's last.
        says: what is wrong, in a sentence, in the language of the script.
        hint: what to do about it.
        against: the earlier line that it contradicts, or that of the bible, if a line does.
        fact: id of the fact that it contradicts, if a fact does.
        listed: the list that it contradicts: ``cast``, ``casts``, ``places``, or ``cast.NAME.ATTRIBUTE``.
        source: what read it: ``fields``, ``patterns``, or the spec of a model.
    """

    model_config = ConfigDict(frozen=True)

    kind: FindingKind
    certain: bool
    here: Line
    says: str
    hint: str
    against: Line | None = None
    fact: str = ""
    listed: str = ""
    source: str = "fields"
