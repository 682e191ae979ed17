"""Driving a session's graph: one process at a time, from wherever the session stands."""

from __future__ import annotations

import shlex
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from storyroom.agents.events import Event, Turned
from storyroom.errors import MemoryFault, SessionPaused
from storyroom.memory.checkpoints import open_checkpoints, set_aside_if_damaged
from storyroom.memory.locks import sole_runner
from storyroom.memory.sessions import SessionRecord
from storyroom.seats import hand_back_left_seats
from storyroom.session import Session
from storyroom.story.turn import TurnKind
from storyroom.waiting import waits

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.runtime import RunControl
    from langgraph.types import Interrupt

    from storyroom.graphs.context import RoomContext
    from storyroom.graphs.state import Entry, State

    Compiled = CompiledStateGraph[State, RoomContext, Entry, State]

Outcome = Literal["running", "finished", "paused", "stopped", "reached"]


@dataclass
class Run:
    """One drive of a session, from where it stands to its end, to a gate, or to where it is stopped.

    Attributes:
        outcome: how it ended; `running` until it has.
        until: what it is driven to: it stops when such a turn was recorded, and has then `reached` it.
    """

    session: SessionRecord
    context: RoomContext
    checkpoints: Path
    locks: Path
    outcome: Outcome = "running"
    until: TurnKind | None = None
    _control: RunControl | None = field(default=None, init=False)

    def stop(self) -> None:
        """Let the step that is running end, and then stop. What it makes is kept."""
        if self._control is not None:
            self._control.request_drain("asked to stop")

    async def events(self) -> AsyncGenerator[Event]:
        """Advance the session, and yield what happens.

        Raises:
            SessionBusy: another process advances it.
            SessionPaused: it waits for answers, and nobody has given one.
        """
        from langgraph.errors import GraphDrained
        from langgraph.runtime import RunControl
        from langsmith import tracing_context

        self._control = RunControl()
        reached = False
        with sole_runner(self.locks, self.session.id):
            set_aside_if_damaged(self.checkpoints)
            async with open_checkpoints(self.checkpoints) as saver:
                graph = _compiled(saver)
                config = config_of(self.session.id)
                entry = await self._entry(graph, config)
                if self.outcome == "finished":
                    return
                stream: Any = graph.astream(
                    entry,
                    config,
                    context=self.context,
                    stream_mode="custom",
                    durability="sync",
                    control=self._control,
                )
                try:
                    with tracing_context(enabled=False):
                        async for event in stream:
                            if isinstance(event, Turned) and event.turn.kind is self.until:
                                reached = True
                                self.stop()
                            yield event
                except GraphDrained:
                    self.outcome = "reached" if reached else "stopped"
                    return
                finally:
                    await stream.aclose()
                state = await graph.aget_state(config)
                done = bool(state.values.get("finished"))
                self.outcome = "finished" if done else "paused" if state.interrupts else "stopped"

    async def _entry(self, graph: Compiled, config: RunnableConfig) -> Any:
        """Return what to invoke the graph with, given where its checkpoints stand."""
        from langgraph.types import Command

        state = await graph.aget_state(config)
        first = {"session": self.session.id}
        if not state.values:
            return first
        if state.values.get("finished"):
            self.outcome = "finished"
            return None
        if state.interrupts:
            return Command(resume=self._answers(state.interrupts))
        # An empty `state.next` is no reason: it is so, too, when the process died before a checkpoint. But a
        # step that was cancelled may have written what it made, and not where to go. The ledger knows it all.
        if not state.tasks or any(task.error and task.result is not None for task in state.tasks):
            saver = graph.checkpointer
            if saver is None or isinstance(saver, bool):
                raise MemoryFault("The graph has no checkpointer.", hint="Compile it with one.")
            await saver.adelete_thread(self.session.id)
            return first
        return None

    def _answers(self, interrupts: Sequence[Interrupt]) -> dict[str, str]:
        """Return the ids of the answers that were given to what the session waits for.

        Raises:
            SessionPaused: nothing was answered yet.
        """
        ledger, name = self.context.ledger, self.session.id
        hand_back_left_seats(ledger, name)
        given: dict[str, str] = {}
        for one in interrupts:
            answer = ledger.inbox.answer_to(name, one.value.get("ask") or one.value["task"])
            if answer is not None:
                given[one.id] = answer.id
        if not given:
            open_ = waits(Session(ledger, self.session))
            hint = "; ".join(f"{shlex.join(('storyroom', *one.answer))} {one.more}".rstrip() for one in open_)
            raise SessionPaused(
                f"Session {name} waits for {'; '.join(one.what for one in open_)}.", hint=f"Answer: {hint}."
            )
        return given


def config_of(session_id: str) -> RunnableConfig:
    """Return LangGraph's configuration for a session: a session is one thread."""
    # Every scene takes about ten steps; the bound is there to end a loop, not a long episode.
    return {"configurable": {"thread_id": session_id}, "recursion_limit": 100_000}


def _compiled(saver: AsyncSqliteSaver) -> Compiled:
    from storyroom.graphs.build import build_graph

    return build_graph().compile(checkpointer=saver)
