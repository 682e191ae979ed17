"""The graph for hosts that compile and run it themselves, such as LangGraph Studio (`langgraph.json`).

The series is the one that `STORYROOM_SERIES` names. A run begins with `{"idea": "…"}`, or goes on with
`{"session": "…"}`. The host keeps its own checkpoints; the ledger is the series' own.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from storyroom.graphs.build import Graph, build_graph
from storyroom.graphs.context import use_by_default
from storyroom.room import Room
from storyroom.settings import settings

if TYPE_CHECKING:
    from storyroom.graphs.context import RoomContext


def studio() -> Graph:
    """Return the graph, to be compiled by the host."""
    use_by_default(_context)
    return build_graph()


@cache
def _context() -> RoomContext:
    return Room.open(settings().series).context()
