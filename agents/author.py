"""What authors have in common: the answer to an objection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storyroom.agents.desk import Desk
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import Paper

Document = SceneDraft | Paper
"""What can be argued about line by line: a scene, or a plan laid out as a paper."""


@dataclass(frozen=True)
class Reply:
    """An author's answer to one objection.

    Attributes:
        accept: whether the objection is accepted; otherwise it is rebutted.
        text: the new wording of the line, if it is accepted and one was found.
        revised: a whole new version instead, for what one line cannot mend.
        verbatim: whether what is new in that version are a member's words as they are, and all of them stand.
    """

    accept: bool
    reason: str
    text: str | None = None
    revised: Document | None = None
    verbatim: bool = False


class Author(Protocol):
    """A role whose draft is argued about."""

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Accept an objection with a new wording, or rebut it.

        Args:
            insisted: why the objector insisted, when this was answered before.
        """
        ...
