"""CrewAI: an agent per role, the tasks in sequence, each given what it builds on as its context.

python crew.py MATERIAL URL KEY OUT
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

os.environ |= {
    "OTEL_SDK_DISABLED": "true",
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
}

import task
from crewai import LLM, Agent, Crew, Process, Task


def main(material_path: str, url: str, key: str, out: str) -> None:
    """Draft the episode."""
    material = task.Material.load(material_path)
    made = task.Made("CrewAI", version("crewai"))
    model = LLM(model="openai/local", base_url=url, api_key=key, max_tokens=material.max_tokens)
    agents = {
        role: Agent(
            role=role.replace("_", " "),
            goal="Help to draft one episode of a television drama.",
            backstory=backstory,
            llm=model,
            verbose=False,
            allow_delegation=False,
            max_iter=1,
            max_retry_limit=0,
        )
        for role, backstory in task.ROLES.items()
    }

    def todo(role: str, prompt: str, expected: str, *context: Task) -> Task:
        return Task(description=prompt, expected_output=expected, agent=agents[role], context=list(context))

    def held(*tasks: Task) -> list[str]:
        """Run tasks one after another, and return what each answered."""
        made.calls += len(tasks)
        crew = Crew(
            agents=list(agents.values()), tasks=list(tasks), process=Process.sequential, verbose=False
        )
        try:
            return [str(one.raw) for one in crew.kickoff().tasks_output]
        except Exception as error:
            made.fail(error)
            return [one.output.raw if one.output else "" for one in tasks]

    as_json = "A JSON object, nothing else."
    as_scene = "The scene in screenplay format, nothing else."
    (brief,) = held(todo("showrunner", task.brief(material), as_json))
    made.read(brief, "premise")
    pitches = held(
        *(
            todo("plot_writer", task.pitch(material, brief, number), as_json)
            for number in range(1, task.PITCHES + 1)
        )
    )
    for one in pitches:
        made.read(one, "conflict", "turn", "ending")
    (said,) = held(todo("showrunner", task.choice(material, pitches), as_json))
    chosen = made.read(said, "pitch").get("pitch", 1)
    place = int(chosen) - 1 if str(chosen).isdigit() and 1 <= int(chosen) <= len(pitches) else 0
    (said,) = held(todo("plot_writer", task.outline(material, pitches[place]), as_json))
    outlined = made.read(said, "scenes")
    for number in range(1, task.SCENES + 1):
        plan = task.plan_of(material, outlined, number)
        draft = todo(
            "dialogue_writer", task.scene(material, plan, number, "\n\n".join(made.scenes)), as_scene
        )
        rules = task.review("the scene that the dialogue writer has written")
        reviews = [todo(critic, rules, as_json, draft) for critic in task.CRITICS]
        last = todo("dialogue_writer", task.revise("(above)", ["as said above"]), as_scene, draft, *reviews)
        texts = held(draft, *reviews, last)
        for objection in texts[1:-1]:
            made.read(objection, "quote", "says")
        made.scenes.append(texts[-1] or texts[0])
    made.write(out)


if __name__ == "__main__":
    main(*sys.argv[1:5])
