"""A script version, read whole: every draft that a head names, in its own form."""

from __future__ import annotations

from dataclasses import dataclass, field

from storyroom.memory.drafts import scene_slots
from storyroom.memory.ledger import Ledger
from storyroom.story.draft import SceneDraft
from storyroom.story.plan import Brief, Choice, Outline, Pitches, ScenePlan
from storyroom.story.script import Script, TitlePage


@dataclass(frozen=True)
class Manuscript:
    """What stands at a head.

    Attributes:
        slots: draft id of each slot.
        scenes: the scenes that are written, by number.
    """

    head: str | None = None
    slots: dict[str, str] = field(default_factory=dict)
    brief: Brief | None = None
    pitches: Pitches | None = None
    choice: Choice | None = None
    outline: Outline | None = None
    scenes: dict[int, SceneDraft] = field(default_factory=dict)

    def plan(self, number: int) -> ScenePlan:
        """Return the outline's plan of a scene."""
        assert self.outline is not None, "scenes are planned by the outline"
        return self.outline.scenes[number - 1]

    def before(self, number: int) -> list[SceneDraft]:
        """Return the written scenes that come before a scene."""
        return [draft for other, draft in sorted(self.scenes.items()) if other < number]

    def script(self, title_page: TitlePage | None = None) -> Script:
        """Return the written scenes as one script."""
        elements = (one for _, draft in sorted(self.scenes.items()) for one in draft.elements)
        return Script.of(elements, title_page)


def read_manuscript(ledger: Ledger, head: str | None) -> Manuscript:
    """Read every draft that `head` names."""
    slots = ledger.drafts.script(head)
    get = ledger.drafts.get
    return Manuscript(
        head=head,
        slots=slots,
        brief=get(slots["brief"], Brief) if "brief" in slots else None,
        pitches=get(slots["pitches"], Pitches) if "pitches" in slots else None,
        choice=get(slots["story"], Choice) if "story" in slots else None,
        outline=get(slots["outline"], Outline) if "outline" in slots else None,
        scenes={number: get(slots[f"scene:{number}"], SceneDraft) for number in scene_slots(slots)},
    )
