"""How far a run has come, worked out from its events."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from storyroom.agents.events import Began, BrokeOff, Called, Event, Spoken, Turned
from storyroom.memory.calls import Call
from storyroom.story.turn import Task, Turn, TurnKind

_ENOUGH_PIECES = 5


@dataclass
class Progress:
    """What a view of a run shows.

    Attributes:
        scenes: how many the episode is to have.
        clock: seconds, from any moment on.
        done: numbers of the scenes that were approved.
        task: the one that is shown; where several run side by side, it stays until it ends.
        prompt_tokens, cached_tokens: read in all, and of those from the model's prompt cache.
        new_tokens: written in all.
    """

    scenes: int
    clock: Callable[[], float] = time.monotonic
    done: set[int] = field(default_factory=set)
    task: Task | None = None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    new_tokens: int = 0
    _texts: dict[str, str] = field(default_factory=dict)
    _answers_over: set[str] = field(default_factory=set)
    _broke_off: set[str] = field(default_factory=set)
    _at_work: dict[str, Task] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)
    _began: float = field(init=False)
    _scenes_began: float | None = None
    _last_approval: float = 0.0
    _approved_here: int = 0
    _streaming: tuple[float, int] | None = None
    _last_rate: float = 0.0

    def __post_init__(self) -> None:
        self._began = self.clock()

    def take(self, event: Event) -> None:
        """Take in what happened."""
        match event:
            case Began(task):
                self._begin(task)
            case Spoken(task, text):
                self._hear(task, text)
            case BrokeOff(task):
                self._broken(task)
            case Called(task, call, fresh):
                self._answered(task, call, fresh)
            case Turned(turn, fresh):
                self._end(turn, fresh)

    @property
    def text(self) -> str:
        """What the model has written so far in the call that is shown."""
        return self._texts.get(self.task.id, "") if self.task else ""

    @property
    def attempt(self) -> int:
        """Which attempt at the same answer is shown, from 1."""
        return self._attempts.get(self.task.id, 1) if self.task else 1

    @property
    def broken(self) -> bool:
        """Whether the answer that is shown broke off before, and is asked for again."""
        return self.task is not None and self.task.id in self._broke_off

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.clock() - self._began

    @property
    def remaining(self) -> float | None:
        """Seconds that the scenes left will take if they take as long as those of this run; None: no idea."""
        left = self.scenes - len(self.done)
        if not self._approved_here or self._scenes_began is None or left <= 0:
            return None
        each = (self._last_approval - self._scenes_began) / self._approved_here
        return max(0.0, each * left - (self.clock() - self._last_approval))

    @property
    def rate(self) -> float:
        """Tokens per second that are being written, or were in the last call; 0 before the first."""
        if self._streaming is not None:
            since, pieces = self._streaming
            seconds = self.clock() - since
            if pieces >= _ENOUGH_PIECES and seconds > 0:
                return (pieces - 1) / seconds
        return self._last_rate

    def _begin(self, task: Task) -> None:
        self._at_work[task.id] = task
        if task.scene is not None and self._scenes_began is None:
            self._scenes_began = self._last_approval = self.clock()
        if self.task is None or self.task.id not in self._at_work:
            self.task = task

    def _hear(self, task: Task, text: str) -> None:
        # An answer stays on the screen until the next one begins.
        if task.id in self._answers_over:
            self._answers_over.discard(task.id)
            self._texts.pop(task.id, None)
        self._texts[task.id] = self._texts.get(task.id, "") + text
        if self.task is None or task.id == self.task.id:
            since, pieces = self._streaming or (self.clock(), 0)
            self._streaming = (since, pieces + 1)

    def _broken(self, task: Task) -> None:
        self._texts.pop(task.id, None)
        self._broke_off.add(task.id)
        self._streaming = None

    def _answered(self, task: Task, call: Call, fresh: bool) -> None:
        self._answers_over.add(task.id)
        self._broke_off.discard(task.id)
        self._attempts[task.id] = call.attempt + 1 if call.faults else 1
        self._streaming = None
        if not fresh:
            return
        self.prompt_tokens += call.prompt_tokens
        self.cached_tokens += call.cached_tokens
        self.new_tokens += call.new_tokens
        writing = call.seconds - (call.first_token_seconds or 0.0)
        if writing > 0 and call.new_tokens:
            self._last_rate = call.new_tokens / writing

    def _end(self, turn: Turn, fresh: bool) -> None:
        task = turn.task
        self._at_work.pop(task.id, None)
        self._texts.pop(task.id, None)
        self._broke_off.discard(task.id)
        if self.task is None or self.task.id not in self._at_work:
            self.task = next(iter(self._at_work.values()), task)
        if turn.kind is TurnKind.APPROVAL and task.scene is not None:
            if fresh and task.scene not in self.done:
                self._approved_here += 1
                self._last_approval = self.clock()
            self.done.add(task.scene)
