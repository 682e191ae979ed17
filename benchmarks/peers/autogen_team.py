"""AutoGen: an assistant agent per role; the critics and the writer of a scene as a round-robin team.

Structured answers are asked for as AutoGen's documentation says, by `output_content_type`.

python autogen_team.py MATERIAL URL KEY OUT
"""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import version
from typing import Any

import task
from answers import Brief, Choice, Objection, Outline, Pitch
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.base import TaskResult
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.messages import StructuredMessage
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core.models import ModelInfo
from autogen_ext.models.openai import OpenAIChatCompletionClient
from pydantic import BaseModel

MODEL = ModelInfo(
    vision=False, function_calling=False, json_output=True, family="unknown", structured_output=True
)


async def main(material_path: str, url: str, key: str, out: str) -> None:
    """Draft the episode."""
    material = task.Material.load(material_path)
    made = task.Made("AutoGen", version("autogen-agentchat"))

    def agent(role: str, answer: type[BaseModel] | None = None) -> AssistantAgent:
        client = OpenAIChatCompletionClient(
            model="local",
            base_url=url,
            api_key=key,
            seed=task.SEED,
            max_tokens=task.longest(role),
            model_info=MODEL,
        )
        return AssistantAgent(
            role, model_client=client, system_message=task.ROLES[role], output_content_type=answer
        )

    async def ask(role: str, answer: type[BaseModel], prompt: str) -> dict[str, Any]:
        try:
            said = await agent(role, answer).run(task=prompt)
        except Exception as error:
            made.fail(error)
            return made.take(None)
        return made.take(said.messages[-1].content.model_dump())  # type: ignore[union-attr]

    async def debated(prompt: str) -> str:
        """The writer drafts, each critic objects in the same conversation, and the writer writes anew."""
        critics = [agent(critic, Objection) for critic in task.CRITICS]
        team = RoundRobinGroupChat(
            [agent("dialogue_writer"), *critics],
            termination_condition=MaxMessageTermination(len(critics) + 3),
            custom_message_types=[StructuredMessage[Objection]],
        )
        rules = task.review("the scene that the dialogue writer has just written, above")
        asked = (
            f"{prompt}\n\nThen each of the others reviews it. {rules}\nThen the dialogue writer "
            "writes the scene again, in screenplay format, nothing else."
        )
        text, objections = "", 0
        try:
            async for said in team.run_stream(task=asked):
                if isinstance(said, TaskResult) or said.source == "user":
                    continue
                if said.source == "dialogue_writer":
                    text = str(said.content)  # type: ignore[union-attr]
                else:
                    made.take(said.content.model_dump())  # type: ignore[union-attr]
                    objections += 1
        except Exception as error:
            made.fail(error)
            if objections < len(critics):
                made.take(None)
        return text

    brief = await ask("showrunner", Brief, task.brief(material))
    pitches = []
    for number in range(1, task.PITCHES + 1):
        said = await ask("plot_writer", Pitch, task.pitch(material, task.text_of(brief), number))
        pitches.append(task.text_of(said))
    chosen = await ask("showrunner", Choice, task.choice(material, pitches))
    story = pitches[task.place_of(chosen, pitches)]
    outlined = await ask("plot_writer", Outline, task.outline(material, story))
    for number in range(1, task.SCENES + 1):
        plan = task.plan_of(material, outlined, number)
        made.scenes.append(await debated(task.scene(material, plan, number, "\n\n".join(made.scenes))))
    made.write(out)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
