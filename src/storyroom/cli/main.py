"""`storyroom`: the commands, and what becomes of their errors.

exit code 0     done
          1     a bug in Storyroom; from `fmt --check`: a file would change; from `check`: something was found
          2     something given cannot be used: the message says what, and the hint what to do
          3     a session waits for a human
          130   interrupted
"""

from __future__ import annotations

import atexit
import gc
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from storyroom.cli.output import say
from storyroom.errors import StoryroomError

_PANELS = {
    "Draft": {
        "new": "making:new",
        "remember": "remembering:remember",
        "draft": "drafting:draft",
        "resume": "drafting:resume",
        "fork": "drafting:fork",
    },
    "Take part": {
        "answer": "answering:answer",
        "pitch": "pitching:pitch",
        "collide": "pitching:collide",
        "notes": "noting:app",
        "seat": "seating:app",
        "absorb": "absorbing:absorb",
        "lock": "listing:lock",
    },
    "Look": {
        "sessions": "listing:sessions",
        "show": "showing:show",
        "debates": "debating:app",
        "canon": "canon:app",
        "ask": "asking:ask",
        "why": "provenance:why",
        "prompts": "prompting:app",
        "credits": "crediting:credits",
        "stats": "spent:stats",
        "check": "checking:check",
        "breakdown": "breakdowns:breakdown",
        "compare": "comparing:compare",
        "graph": "diagram:graph",
        "doctor": "health:doctor",
    },
    "Tools": {
        "storyline": "storylines:storyline",
        "dialogue": "dialogues:dialogue",
        "monologue": "monologues:monologue",
        "polish": "polishing:polish",
        "voice": "voicing:voice",
        "emotions": "emotions:emotions",
    },
    "Keep": {
        "export": "exporting:export",
        "convert": "converting:convert",
        "fmt": "tidying:fmt",
        "memory": "memories:app",
        "models": "modelling:app",
        "delete": "deleting:app",
    },
}
"""The commands as `--help` shows them: under which heading, and in which module of this package each is."""

_OBJECTS_BEFORE_COLLECTING = 50_000
_MODULES = {name: where for commands in _PANELS.values() for name, where in commands.items()}


class Commands(TyperGroup):
    """A group of commands whose errors are told in a sentence and a hint."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except StoryroomError as error:
            say(f"error: {error.message}", "red")
            say(f"hint: {error.hint}")
            raise typer.Exit(error.exit_code) from error


class _OnDemand(dict[str, Any]):
    """The commands by name, each imported when it is asked for: importing all takes longer than most work."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(_MODULES))

    def __getitem__(self, name: str) -> Any:
        command = super().__getitem__(name)
        if command is None:
            command = self[name] = _load(name)
        return command

    def get(self, name: str, default: Any = None) -> Any:
        """Return a command."""
        try:
            return self[name]
        except KeyError:
            return default


class _All(Commands):
    """Every command of Storyroom."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "commands": _OnDemand()})


def _load(name: str) -> Any:
    module, _, attribute = _MODULES[name].partition(":")
    found = getattr(import_module(f"storyroom.cli.{module}"), attribute)
    panel = next(panel for panel, commands in _PANELS.items() if name in commands)
    group = typer.Typer(add_completion=False, rich_markup_mode="rich", callback=lambda: None)
    if isinstance(found, typer.Typer):
        group.add_typer(found, name=name, rich_help_panel=panel)
    else:
        group.command(name, rich_help_panel=panel)(found)
    return get_group(group).commands[name]


app = typer.Typer(
    cls=_All,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"storyroom {version('storyroom')}")
        raise typer.Exit


@app.callback()
def room(
    series: Annotated[
        Path | None,
        typer.Option("--series", "-s", metavar="DIR", help="Folder of the series. Default: the current one."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A writers' room for television, on your own machine."""


def main() -> None:
    """Run the command line."""
    # Most commands are over before there is garbage worth looking for, and at the end all of it is.
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)
    atexit.register(gc.freeze)
    try:
        app(prog_name="storyroom")
    except Exception:
        traceback.print_exc()
        say("This is a bug in Storyroom: please report it with the lines above. Sessions are kept.", "red")
        sys.exit(1)
