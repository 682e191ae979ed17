"""The graph: how the stages join.

`build_graph` returns the `StateGraph` before it is compiled, so that a host can add to it, compile it with a
checkpointer of its own, or embed it. It is flat: where it goes next is decided by the routers below, never by
a model.
"""

from __future__ import annotations

from typing import Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send

from storyroom.graphs.brief import brief
from storyroom.graphs.context import RoomContext, here
from storyroom.graphs.debate import debate_outline, debate_pitches, debate_scene
from storyroom.graphs.edits import take_in
from storyroom.graphs.gates import gate_outline, gate_pitches, gate_scene, gate_table_read
from storyroom.graphs.lock import lock
from storyroom.graphs.outline import outline
from storyroom.graphs.pitch import choose, gather, pitch, seat_writers
from storyroom.graphs.review import review, seat_critics
from storyroom.graphs.scene import approve, draft, polish, recall
from storyroom.graphs.state import Entry, State
from storyroom.graphs.table_read import table_read, take_up
from storyroom.story.turn import Stage

Graph = StateGraph[State, RoomContext, Entry, State]


def build_graph() -> Graph:
    """Return the workflow of an episode, not yet compiled. It runs on a `RoomContext`."""
    graph: Graph = StateGraph(State, context_schema=RoomContext, input_schema=Entry)
    graph.add_node("begin", begin)
    graph.add_node("brief", brief)
    graph.add_node("pitch", pitch)
    graph.add_node("gather", gather)
    graph.add_node("review_pitches", review)
    graph.add_node("debate_pitches", debate_pitches)
    graph.add_node("choose", choose)
    graph.add_node("gate_pitches", gate_pitches)
    graph.add_node("outline", outline)
    graph.add_node("review_outline", review)
    graph.add_node("debate_outline", debate_outline)
    graph.add_node("gate_outline", gate_outline)
    graph.add_node("recall", recall)
    graph.add_node("draft", draft)
    graph.add_node("review", review)
    graph.add_node("debate", debate_scene)
    graph.add_node("polish", polish)
    graph.add_node("approve", approve)
    graph.add_node("gate_scene", gate_scene)
    graph.add_node("take_up", take_up)
    graph.add_node("table_read", table_read)
    graph.add_node("gate_table_read", gate_table_read)
    graph.add_node("lock", lock)

    graph.add_edge(START, "begin")
    graph.add_conditional_edges(
        "begin",
        where_to_begin,
        ["brief", "pitch", "gather", "choose", "outline", "recall", "review", "debate"],
    )
    graph.add_conditional_edges("brief", after_brief, ["pitch", "gather"])
    graph.add_edge("pitch", "gather")
    graph.add_conditional_edges("gather", review_pitches, ["review_pitches", "debate_pitches"])
    graph.add_edge("review_pitches", "debate_pitches")
    graph.add_edge("debate_pitches", "choose")
    graph.add_conditional_edges("choose", after_choice)
    graph.add_conditional_edges("gate_pitches", after_gate_pitches)
    graph.add_conditional_edges("outline", review_outline, ["review_outline", "debate_outline"])
    graph.add_edge("review_outline", "debate_outline")
    graph.add_conditional_edges("debate_outline", after_outline)
    graph.add_conditional_edges("gate_outline", after_gate_outline)
    graph.add_edge("recall", "draft")
    graph.add_conditional_edges("draft", review_scene, ["review", "debate"])
    graph.add_edge("review", "debate")
    graph.add_conditional_edges("debate", after_debate, ["polish", "gate_scene", "approve"])
    graph.add_conditional_edges("polish", after_polish)
    graph.add_conditional_edges("gate_scene", after_gate_scene)
    graph.add_conditional_edges("approve", after_scene)
    graph.add_edge("take_up", "recall")
    graph.add_conditional_edges("table_read", after_table_read)
    graph.add_conditional_edges("gate_table_read", after_gate_table_read)
    graph.add_edge("lock", END)
    return graph


async def begin(state: Entry, runtime: Runtime[RoomContext]) -> State:
    """Read from the ledger what the session was asked for, and where it begins."""
    context = here(runtime)
    session = context.session(state["session"] if "session" in state else context.begin(state["idea"]))
    start = session.start_at or "brief"
    wanted = session.order.pitches
    point, _, number = start.partition(":")
    scene = int(number) if point in ("scene", "debate") else 1
    first: State = {"session": session.id, "head": session.start_head}
    return {
        "session": session.id,
        "head": await take_in(first, runtime),
        "start": start,
        "pitches": context.bible_of(session).room.pitches if wanted is None else wanted,
        "scenes": session.order.scenes,
        "scene": scene,
        "pass_": 1,
        "again": [],
        "reads": 0,
        "gates": list(session.order.gates),
        "sent_back": False,
        "finished": False,
    }


def where_to_begin(
    state: State, runtime: Runtime[RoomContext]
) -> Literal["brief", "gather", "choose", "outline", "recall", "debate"] | list[Send]:
    """Go to the brief, or to where a fork writes anew."""
    match state["start"].partition(":")[0]:
        case "pitch":
            return after_brief(state)
        case "choice":
            return "choose"
        case "outline":
            return "outline"
        case "scene":
            return "recall"
        case "debate":
            return review_scene(state, runtime)
        case _:
            return "brief"


def after_brief(state: State) -> Literal["gather"] | list[Send]:
    """Send every plot writer to work; where only members pitch, their pitches are laid on the table."""
    return seat_writers(state) or "gather"


def review_pitches(state: State, runtime: Runtime[RoomContext]) -> Literal["debate_pitches"] | list[Send]:
    """Send the pitches to all who read plans."""
    return seat_critics(state, runtime, Stage.PITCH) or "debate_pitches"


def review_outline(state: State, runtime: Runtime[RoomContext]) -> Literal["debate_outline"] | list[Send]:
    """Send the outline to all who read plans."""
    return seat_critics(state, runtime, Stage.OUTLINE) or "debate_outline"


def review_scene(state: State, runtime: Runtime[RoomContext]) -> Literal["debate"] | list[Send]:
    """Send the scene to every critic."""
    return seat_critics(state, runtime, Stage.SCENE) or "debate"


def after_choice(state: State) -> Literal["gate_pitches", "outline"]:
    """Ask the human about the choice, if the session has that gate."""
    return "gate_pitches" if "pitches" in state["gates"] else "outline"


def after_gate_pitches(state: State) -> Literal["choose", "outline"]:
    """Choose again when the choice was sent back."""
    return "choose" if state["sent_back"] else "outline"


def after_outline(state: State) -> Literal["gate_outline", "recall"]:
    """Ask the human about the outline, if the session has that gate."""
    return "gate_outline" if "outline" in state["gates"] else "recall"


def after_gate_outline(state: State) -> Literal["outline", "recall"]:
    """Break the story again when the outline was sent back."""
    return "outline" if state["sent_back"] else "recall"


def after_debate(state: State, runtime: Runtime[RoomContext]) -> Literal["polish", "gate_scene", "approve"]:
    """Go to the crew's own polishers, if it has any."""
    return "polish" if here(runtime).crew.polishers else after_polish(state)


def after_polish(state: State) -> Literal["gate_scene", "approve"]:
    """Ask the human about the scene, if the session has that gate."""
    return "gate_scene" if "scene" in state["gates"] else "approve"


def after_gate_scene(state: State) -> Literal["recall", "approve"]:
    """Write the scene again when it was sent back."""
    return "recall" if state["sent_back"] else "approve"


def after_scene(state: State) -> Literal["take_up", "table_read"]:
    """Turn to the next scene, of the outline or of those that the table read sent back."""
    if state["reads"]:
        return "take_up" if state["again"] else "table_read"
    return "take_up" if state["scene"] < state["scenes"] else "table_read"


def after_table_read(state: State) -> Literal["take_up", "gate_table_read", "lock"]:
    """Mend the scenes that were sent back; then ask the human, or write the episode out."""
    if state["again"]:
        return "take_up"
    return "gate_table_read" if "table_read" in state["gates"] else "lock"


def after_gate_table_read(state: State) -> Literal["take_up", "lock"]:
    """Write a scene again when the human sent one back."""
    return "take_up" if state["again"] else "lock"
