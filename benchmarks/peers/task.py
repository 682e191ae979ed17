"""The small episode that every peer drafts: its material, roles and tasks. The standard library alone.

A peer is set up as its own documentation shows: roles as system prompts, the role first; what was made so far
in the task; structured answers as the framework has them, or else asked for in words.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SCENES = 4
PITCHES = 3
SEED = 7

ROLES = {
    "showrunner": "You are the showrunner of a drama. You set the brief and choose among storylines.",
    "plot_writer": "You are a plot writer. You pitch storylines and break them into scenes.",
    "dialogue_writer": "You are the dialogue writer. You write scenes in screenplay format (Fountain): a "
    "heading such as INT. LAMP ROOM - NIGHT, action in the present tense, cues in capitals, speeches.",
    "editor": "You are the editor. You say what is wrong with a scene and quote the line.",
    "emotion_critic": "You are the emotion critic. You say which line does not feel as it should.",
    "script_coordinator": "You are the script coordinator. You find mistakes of continuity and format.",
}
# Most tokens of an answer: enough for what it is asked for, and in all about as much as the room writes.
LONGEST = {"showrunner": 200, "plot_writer": 400, "dialogue_writer": 300}
_REVIEW = 200
CRITICS = ("editor", "emotion_critic", "script_coordinator")


def longest(role: str) -> int:
    """Return how many tokens an answer of a role may have."""
    return LONGEST.get(role, _REVIEW)


@dataclass
class Material:
    """What the room is given too: the bible as text, the idea, and the names of the cast."""

    bible: str
    idea: str
    cast: list[str]

    @classmethod
    def load(cls, path: str) -> Material:
        """Read what `peers.py` wrote for the peers."""
        return cls(**json.loads(Path(path).read_text(encoding="utf-8")))


@dataclass
class Made:
    """What a peer made, and how its calls fared.

    Attributes:
        structured: answers that were to be an object.
        unparsable: those of them that were none, after whatever the framework does about it.
        failed: times that the framework gave up with an exception; `errors` says how.
        scenes: as they were written.
        seconds: for all of it.
    """

    framework: str
    version: str
    structured: int = 0
    unparsable: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)
    scenes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    started: float = field(default_factory=time.perf_counter)

    def take(self, answer: Any, *keys: str) -> dict[str, Any]:
        """Take a structured answer as the framework has read it; count what is no object with these keys."""
        self.structured += 1
        if not isinstance(answer, dict) or any(key not in answer for key in keys):
            self.unparsable += 1
            return {}
        return answer

    def fail(self, error: Exception) -> str:
        """Count a call that raised; the episode goes on without its answer."""
        self.failed += 1
        self.errors.append(f"{type(error).__name__}: {error}"[:300])
        return ""

    def write(self, path: str) -> None:
        """Keep the result for `peers.py`."""
        self.seconds = time.perf_counter() - self.started
        Path(path).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")


def brief(material: Material) -> str:
    """Ask for the brief."""
    return f"""{material.bible}

The idea of the episode: {material.idea}

Write the brief of this episode. Answer with a JSON object with the keys "premise", "theme" and "arc",
nothing else."""


def pitch(material: Material, brief_text: str, number: int) -> str:
    """Ask for one storyline."""
    return f"""{material.bible}

The idea of the episode: {material.idea}

The brief: {brief_text}

Pitch storyline number {number} for this episode, unlike the others. Answer with a JSON object with the keys
"title", "conflict", "turn" and "ending", nothing else."""


def choice(material: Material, pitches: list[str]) -> str:
    """Ask which storyline it is."""
    shown = "\n\n".join(f"Pitch {number}: {text}" for number, text in enumerate(pitches, 1))
    return f"""The idea of the episode: {material.idea}

{shown}

Choose one. Answer with a JSON object with the keys "pitch" (a number) and "reason", nothing else."""


def outline(material: Material, story: str) -> str:
    """Ask for the scenes."""
    return f"""{material.bible}

The story: {story}

Break it into {SCENES} scenes. Answer with a JSON object with the key "scenes": a list of {SCENES} objects,
each with the keys "place", "time", "cast" (a list of names) and "beat". Nothing else."""


def text_of(answer: dict[str, Any]) -> str:
    """Return a structured answer as text for the next prompt."""
    return json.dumps(answer, ensure_ascii=False) if answer else ""


def place_of(chosen: dict[str, Any], pitches: list[str]) -> int:
    """Return the place of the chosen pitch; the first where none was chosen."""
    said = str(chosen.get("pitch", 1))
    return int(said) - 1 if said.isdigit() and 1 <= int(said) <= len(pitches) else 0


def plan_of(material: Material, outlined: dict[str, Any], number: int) -> str:
    """Return one scene of an outline as text; where the outline could not be read, the idea stands in."""
    scenes = outlined.get("scenes")
    if isinstance(scenes, list) and number <= len(scenes):
        return json.dumps(scenes[number - 1], ensure_ascii=False)
    return f"Part {number} of {SCENES} of this idea: {material.idea}"


def scene(material: Material, plan: str, number: int, before: str) -> str:
    """Ask for a scene."""
    return f"""{material.bible}

What was written so far:
{before or "(nothing yet)"}

Write scene {number}: {plan}
Only these people may speak: {", ".join(material.cast)}. Answer with the scene in screenplay format,
nothing else."""


def review(text: str) -> str:
    """Ask for an objection."""
    return f"""Read this scene:

{text}

What is wrong with it? Answer with a JSON object with the keys "quote" (a line of the scene, word for word),
"kind" and "says", nothing else."""


def revise(text: str, objections: list[str]) -> str:
    """Ask for the scene anew."""
    shown = "\n".join(f"- {one}" for one in objections) or "- make it better"
    return f"""Here is your scene:

{text}

The others object:
{shown}

Write the scene again. Answer with the scene in screenplay format, nothing else."""
