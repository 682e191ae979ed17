"""Plain LangGraph: one node per stage, role-first prompts, JSON out of prose.

python plain_graph.py MATERIAL URL KEY OUT
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import TypedDict

import task
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from pydantic import SecretStr


class Draft(TypedDict):
    """The state: everything that was made, as text."""

    brief: str
    story: str
    outline: dict[str, object]
    scenes: list[str]


def main(material_path: str, url: str, key: str, out: str) -> None:
    """Draft the episode."""
    material = task.Material.load(material_path)
    made = task.Made("LangGraph, plain", version("langgraph"))
    model = ChatOpenAI(
        model="local", base_url=url, api_key=SecretStr(key), max_completion_tokens=material.max_tokens
    )

    def ask(role: str, prompt: str) -> str:
        made.calls += 1
        try:
            return str(model.invoke([SystemMessage(task.ROLES[role]), HumanMessage(prompt)]).content)
        except Exception as error:
            return made.fail(error)

    def brief(state: Draft) -> dict[str, object]:
        text = ask("showrunner", task.brief(material))
        made.read(text, "premise")
        return {"brief": text}

    def pitch(state: Draft) -> dict[str, object]:
        pitches = []
        for number in range(1, task.PITCHES + 1):
            pitches.append(ask("plot_writer", task.pitch(material, state["brief"], number)))
            made.read(pitches[-1], "conflict", "turn", "ending")
        chosen = made.read(ask("showrunner", task.choice(material, pitches)), "pitch").get("pitch", 1)
        place = int(chosen) - 1 if str(chosen).isdigit() and 1 <= int(chosen) <= len(pitches) else 0
        return {"story": pitches[place]}

    def outline(state: Draft) -> dict[str, object]:
        return {
            "outline": made.read(ask("plot_writer", task.outline(material, state["story"])), "scenes"),
            "scenes": [],
        }

    def scene(state: Draft) -> dict[str, object]:
        number = len(state["scenes"]) + 1
        plan = task.plan_of(material, state["outline"], number)
        text = ask("dialogue_writer", task.scene(material, plan, number, "\n\n".join(state["scenes"])))
        objections = [ask(critic, task.review(text)) for critic in task.CRITICS]
        for objection in objections:
            made.read(objection, "quote", "says")
        text = ask("dialogue_writer", task.revise(text, objections)) or text
        return {"scenes": [*state["scenes"], text]}

    def more(state: Draft) -> str:
        return "scene" if len(state["scenes"]) < task.SCENES else END

    graph = StateGraph(Draft)
    for node in (brief, pitch, outline, scene):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "brief")
    graph.add_edge("brief", "pitch")
    graph.add_edge("pitch", "outline")
    graph.add_edge("outline", "scene")
    graph.add_conditional_edges("scene", more)
    made.scenes = graph.compile().invoke({"brief": "", "story": "", "outline": {}, "scenes": []})["scenes"]
    made.write(out)


if __name__ == "__main__":
    main(*sys.argv[1:5])
