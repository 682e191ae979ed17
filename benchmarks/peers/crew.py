"""CrewAI: an agent per role, the tasks in sequence, each given what it builds on as its context.

Structured answers are asked for as CrewAI's documentation says, by `output_pydantic`; what CrewAI asks again
by itself, it asks again.

python crew.py MATERIAL URL KEY OUT
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Any

os.environ |= {
    "OTEL_SDK_DISABLED": "true",
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
}

import task
from answers import Brief, Choice, Objection, Outline, Pitch
from crewai import LLM, Agent, Crew, Process, Task
from pydantic import BaseModel


def main(material_path: str, url: str, key: str, out: str) -> None:
    """Draft the episode."""
    material = task.Material.load(material_path)
    made = task.Made("CrewAI", version("crewai"))
    agents = {
        role: Agent(
            role=role.replace("_", " "),
            goal="Help to draft one episode of a television drama.",
            backstory=backstory,
            llm=LLM(
                model="openai/local",
                base_url=url,
                api_key=key,
                max_tokens=task.longest(role),
                seed=task.SEED,
            ),
        )
        for role, backstory in task.ROLES.items()
    }

    def todo(role: str, answer: type[BaseModel] | None, prompt: str, *context: Task) -> Task:
        expected = (
            "A JSON object, nothing else." if answer else "The scene in screenplay format, nothing else."
        )
        return Task(
            description=prompt,
            expected_output=expected,
            agent=agents[role],
            context=list(context),
            output_pydantic=answer,
        )

    def answered(asked: Task) -> dict[str, Any] | None:
        found = asked.output.pydantic if asked.output else None
        return found.model_dump() if found else None

    def held(*tasks: Task) -> None:
        """Run tasks one after another; each keeps what it answered."""
        crew = Crew(agents=list(agents.values()), tasks=list(tasks), process=Process.sequential)
        try:
            crew.kickoff()
        except Exception as error:
            made.fail(error)
        for one in tasks:
            if one.output_pydantic:
                made.take(answered(one))
            if one.output is None:
                break  # the crew gave up here; what follows was not asked

    def ask(role: str, answer: type[BaseModel], prompt: str) -> dict[str, Any]:
        asked = todo(role, answer, prompt)
        held(asked)
        return answered(asked) or {}

    brief = ask("showrunner", Brief, task.brief(material))
    pitches = [
        task.text_of(ask("plot_writer", Pitch, task.pitch(material, task.text_of(brief), number)))
        for number in range(1, task.PITCHES + 1)
    ]
    chosen = ask("showrunner", Choice, task.choice(material, pitches))
    story = pitches[task.place_of(chosen, pitches)]
    outlined = ask("plot_writer", Outline, task.outline(material, story))
    for number in range(1, task.SCENES + 1):
        plan = task.plan_of(material, outlined, number)
        prompt = task.scene(material, plan, number, "\n\n".join(made.scenes))
        draft = todo("dialogue_writer", None, prompt)
        rules = task.review("the scene that the dialogue writer has written")
        reviews = [todo(critic, Objection, rules, draft) for critic in task.CRITICS]
        last = todo("dialogue_writer", None, task.revise("(above)", ["as said above"]), draft, *reviews)
        held(draft, *reviews, last)
        written = last.output or draft.output
        made.scenes.append(written.raw if written else "")
    made.write(out)


if __name__ == "__main__":
    main(*sys.argv[1:5])
