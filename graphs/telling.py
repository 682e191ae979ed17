"""What a task is told of the canon."""

from __future__ import annotations

from functools import cached_property

from storyroom.graphs.context import RoomContext
from storyroom.memory.canon import Account, account_of
from storyroom.memory.manuscript import read_manuscript
from storyroom.memory.telling import Telling, facts_to_tell, setups_to_tell, setups_told, telling
from storyroom.memory.turns import Reading
from storyroom.story.turn import Stage, Task

_PLANNING = (Stage.BRIEF, Stage.OUTLINE)


class CanonOfTask:
    """The canon as one task finds it. It is read when it is first asked for, and only once."""

    def __init__(self, context: RoomContext, task: Task) -> None:
        self._context = context
        self._task = task
        self._session = context.session(task.session)
        self._bible = context.bible_of(self._session)

    def facts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the ids of the facts that bear on the task: those that were approved, and the likely ones.

        On a scene it is what its cast knows, and a small model is told of that what humans approved, and no
        more. Who plans an episode is told of the set-ups that are open.
        """
        task = self._task
        if task.stage in _PLANNING:
            return setups_to_tell(self._account), ()
        if task.scene is None or not self._cast:
            return (), ()
        small = self._context.model_of(self._session, task.role).capabilities.small
        ledger = self._context.ledger
        return facts_to_tell(ledger, self._bible, self._account, task.scene, self._cast, likely=not small)

    def told(self, reading: Reading) -> Telling | None:
        """Return what the task's reading list has it told."""
        if not (reading.facts or reading.likely):
            return None
        ledger, scene = self._context.ledger, self._task.scene
        if scene is None:
            return setups_told(ledger, self._session, reading.facts)
        return telling(ledger, self._bible, self._account, scene, self._cast, reading.facts, reading.likely)

    @cached_property
    def _account(self) -> Account:
        return account_of(self._context.ledger, self._bible, self._session, head=self._task.head)

    @cached_property
    def _cast(self) -> tuple[str, ...]:
        """Who is in the scene that the task is about."""
        manuscript = read_manuscript(self._context.ledger, self._task.head)
        if self._task.scene is None or manuscript.outline is None:
            return ()
        return manuscript.plan(self._task.scene).cast
