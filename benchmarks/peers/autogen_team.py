"""AutoGen: an assistant agent per role; the critics and the writer of a scene as a round-robin team.

python autogen_team.py MATERIAL URL KEY OUT
"""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import version

import task
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core.models import ModelInfo
from autogen_ext.models.openai import OpenAIChatCompletionClient


async def main(material_path: str, url: str, key: str, out: str) -> None:
    """Draft the episode."""
    material = task.Material.load(material_path)
    made = task.Made("AutoGen", version("autogen-agentchat"))
    client = OpenAIChatCompletionClient(
        model="local",
        base_url=url,
        api_key=key,
        max_tokens=material.max_tokens,
        model_info=ModelInfo(
            vision=False, function_calling=False, json_output=False, family="unknown", structured_output=False
        ),
    )

    def agent(role: str) -> AssistantAgent:
        return AssistantAgent(role, model_client=client, system_message=task.ROLES[role])

    async def ask(role: str, prompt: str) -> str:
        made.calls += 1
        try:
            said = await agent(role).run(task=prompt)
        except Exception as error:
            return made.fail(error)
        return str(said.messages[-1].content)  # type: ignore[union-attr]

    async def debated(prompt: str) -> tuple[str, list[str]]:
        """The writer drafts, each critic objects in the same conversation, and the writer writes anew."""
        writer, critics = agent("dialogue_writer"), [agent(critic) for critic in task.CRITICS]
        team = RoundRobinGroupChat(
            [writer, *critics], termination_condition=MaxMessageTermination(len(critics) + 3)
        )
        made.calls += len(critics) + 2
        rules = task.review("the scene that the dialogue writer has just written, above")
        try:
            said = await team.run(
                task=f"{prompt}\n\nThen each of the others reviews it. {rules}\nThen the dialogue writer "
                "writes the scene again, in screenplay format, nothing else."
            )
        except Exception as error:
            return made.fail(error), []
        texts = [str(message.content) for message in said.messages[1:]]  # type: ignore[union-attr]
        return texts[-1], texts[1 : 1 + len(critics)]

    brief = await ask("showrunner", task.brief(material))
    made.read(brief, "premise")
    pitches = []
    for number in range(1, task.PITCHES + 1):
        pitches.append(await ask("plot_writer", task.pitch(material, brief, number)))
        made.read(pitches[-1], "conflict", "turn", "ending")
    chosen = made.read(await ask("showrunner", task.choice(material, pitches)), "pitch").get("pitch", 1)
    place = int(chosen) - 1 if str(chosen).isdigit() and 1 <= int(chosen) <= len(pitches) else 0
    outlined = made.read(await ask("plot_writer", task.outline(material, pitches[place])), "scenes")
    for number in range(1, task.SCENES + 1):
        plan = task.plan_of(material, outlined, number)
        text, objections = await debated(task.scene(material, plan, number, "\n\n".join(made.scenes)))
        for objection in objections:
            made.read(objection, "quote", "says")
        made.scenes.append(text)
    await client.close()
    made.write(out)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
