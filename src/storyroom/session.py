"""A session as its user sees it: what was asked for, how far it came, what was said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from storyroom.memory.asks import Ask
from storyroom.memory.drafts import Version, scene_slots
from storyroom.memory.inbox import Answer
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.memory.sessions import SessionRecord
from storyroom.story.bible import Bible
from storyroom.story.plan import Order
from storyroom.story.turn import Turn, TurnKind

Status = Literal["unfinished", "paused", "finished"]


@dataclass
class Session:
    """One drafting of one episode, read from the ledger. It shows one moment; ask the room for it again."""

    ledger: Ledger
    record: SessionRecord

    @property
    def id(self) -> str:
        """Its name."""
        return self.record.id

    @property
    def order(self) -> Order:
        """What was asked for."""
        return self.record.order

    @cached_property
    def bible(self) -> Bible:
        """The bible as it was when the session began."""
        return self.ledger.drafts.get(self.record.bible, Bible)

    @cached_property
    def head(self) -> str | None:
        """The script version that it stands on."""
        return self.ledger.drafts.head_of(self.id) or self.record.start_head

    @cached_property
    def manuscript(self) -> Manuscript:
        """All drafts that stand: brief, choice, outline, scenes."""
        return read_manuscript(self.ledger, self.head)

    @property
    def drafts(self) -> list[Version]:
        """Every script version that led here, the oldest first, those before a fork too."""
        return self.ledger.drafts.line(self.head)[::-1]

    @cached_property
    def turns(self) -> list[Turn]:
        """Everything said in this session, in order."""
        return self.ledger.turns.said(self.id)

    @property
    def status(self) -> Status:
        """`finished`, `paused` while a gate or a member in a seat owes an answer, or `unfinished`."""
        if self.ledger.turns.said(self.id, kinds=[TurnKind.LOCK]):
            return "finished"
        return "paused" if self.waiting or self.asked else "unfinished"

    @cached_property
    def approved(self) -> set[int]:
        """Numbers of the scenes that were approved, here or before the fork."""
        before = scene_slots(self.ledger.drafts.script(self.record.start_head))
        here = self.ledger.turns.said(self.id, kinds=[TurnKind.APPROVAL])
        return {*before, *(turn.scene for turn in here if turn.scene is not None)}

    @cached_property
    def waiting(self) -> Turn | None:
        """The gate's turn that still waits for an answer."""
        gates = self.ledger.turns.said(self.id, kinds=[TurnKind.GATE], order="newest")
        if not gates or gates[0].task.round != 0:
            return None
        return None if self.ledger.inbox.answer_to(self.id, gates[0].task.id) else gates[0]

    @cached_property
    def asked(self) -> list[Ask]:
        """What members in seats were asked and have not answered yet, oldest first."""
        asks = self.ledger.asks.of(self.id)
        if not asks:
            return []
        answered = {answer.task for answer in self.ledger.inbox.items(Answer, [(self.id, None)])}
        return [ask for ask in asks if ask.id not in answered]

    @property
    def fountain(self) -> str:
        """The script as it stands, as Fountain."""
        from storyroom.memory.publish import script_text

        return script_text(self.bible, self.record, self.manuscript)
