"""For tests of the writer's tools: a small scripted model, and commands without a series."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_kit import scripted_rooms
from room_kit import MODEL
from scripted_room import VERBS, WORDS, play, scripted_room
from typer.testing import CliRunner, Result

from storyroom.cli.main import app
from storyroom.models.base import Capabilities, LocalChatModel
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.tools.bench import Bench


def small_room() -> ScriptedModel:
    """Return a small model that answers whatever a guided tool holds it to."""
    return ScriptedModel(
        rules=(Rule("*", (_small,)),),
        capabilities=Capabilities(
            grammar=True, json_schema=True, prefill=True, small=True, context_length=100_000
        ),
    )


def _small(call: Call) -> str:
    grammar = str(call.options.get("grammar") or "")
    root = grammar.partition("\n")[0]
    dice = random.Random(f"{call.label}#{call.attempt}")
    if not grammar or "cue" in grammar:
        return play(call)
    if "word" in root:
        return f" {dice.choice(VERBS)} the {dice.choice(WORDS)} behind the {dice.choice(WORDS)}."
    literals: list[str] = re.findall(r'"((?:[^"\\]|\\.)*)"', root)
    return dice.choice(literals)


@contextmanager
def scripted_models(model: LocalChatModel | None = None) -> Iterator[None]:
    """Let every tool that is used meanwhile, also without a series, have the scripted model."""
    with scripted_rooms(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("storyroom.graphs.context.open_model", lambda _spec: model or scripted_room())
        yield


def run(
    *arguments: str | Path, given: str | bytes | None = None, model: LocalChatModel | None = None
) -> Result:
    """Run a command of a tool on the scripted model."""
    with scripted_models(model):
        words = [str(one) for one in (*arguments, "--model", MODEL)]
        return CliRunner().invoke(app, words, input=given, prog_name="storyroom")


def prompts_of(bench: Bench) -> list[str]:
    """Return all that was sent to the model from a bench, one text a call."""
    calls = bench.room.ledger.calls
    return ["\n".join(calls.texts(call)) for call in calls.made(session=bench.session.id)]
