"""Plain LangGraph: one node per stage, role-first prompts, JSON out of prose by LangChain's own parser.

python plain_graph.py MATERIAL URL KEY OUT
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any, TypedDict

import task
from langchain_core.exceptions import OutputParserException
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.output_parsers import JsonOutputParser
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
    model = ChatOpenAI(model="local", base_url=url, api_key=SecretStr(key), seed=task.SEED)

    def ask(role: str, prompt: str) -> str:
        try:
            messages = [SystemMessage(task.ROLES[role]), HumanMessage(prompt)]
            return str(model.invoke(messages, max_completion_tokens=task.longest(role)).content)
        except Exception as error:
            return made.fail(error)

    def read(answer: str, *keys: str) -> dict[str, Any]:
        try:
            return made.take(JsonOutputParser().parse(answer), *keys)
        except OutputParserException:
            return made.take(None)

    def brief(state: Draft) -> dict[str, object]:
        text = ask("showrunner", task.brief(material))
        read(text, "premise")
        return {"brief": text}

    def pitch(state: Draft) -> dict[str, object]:
        pitches = []
        for number in range(1, task.PITCHES + 1):
            pitches.append(ask("plot_writer", task.pitch(material, state["brief"], number)))
            read(pitches[-1], "conflict", "turn", "ending")
        chosen = read(ask("showrunner", task.choice(material, pitches)), "pitch")
        return {"story": pitches[task.place_of(chosen, pitches)]}

    def outline(state: Draft) -> dict[str, object]:
        return {
            "outline": read(ask("plot_writer", task.outline(material, state["story"])), "scenes"),
            "scenes": [],
        }

    def scene(state: Draft) -> dict[str, object]:
        number = len(state["scenes"]) + 1
        plan = task.plan_of(material, state["outline"], number)
        text = ask("dialogue_writer", task.scene(material, plan, number, "\n\n".join(state["scenes"])))
        objections = [ask(critic, task.review(text)) for critic in task.CRITICS]
        for objection in objections:
            read(objection, "quote", "says")
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
