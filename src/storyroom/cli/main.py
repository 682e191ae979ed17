"""`storyroom`: the commands, and what becomes of their errors.

exit code 0     done
          1     a bug in Storyroom; from `fmt --check`: a file would change
          2     something given cannot be used: the message says what, and the hint what to do
          3     a session waits for a human
          130   interrupted
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from storyroom.cli import (
    absorbing,
    answering,
    breakdowns,
    canon,
    comparing,
    converting,
    crediting,
    debating,
    deleting,
    diagram,
    dialogues,
    drafting,
    emotions,
    exporting,
    health,
    listing,
    making,
    memories,
    modelling,
    monologues,
    noting,
    pitching,
    polishing,
    prompting,
    provenance,
    remembering,
    seating,
    showing,
    spent,
    storylines,
    tidying,
    voicing,
)
from storyroom.cli.output import say
from storyroom.errors import StoryroomError


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


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
_START, _GO_ON, _LOOK, _TOOLS, _KEEP = "Draft", "Take part", "Look", "Tools", "Keep"

app.command("new", rich_help_panel=_START)(making.new)
app.command("remember", rich_help_panel=_START)(remembering.remember)
app.command("draft", rich_help_panel=_START)(drafting.draft)
app.command("resume", rich_help_panel=_START)(drafting.resume)
app.command("fork", rich_help_panel=_START)(drafting.fork)
app.command("answer", rich_help_panel=_GO_ON)(answering.answer)
app.command("pitch", rich_help_panel=_GO_ON)(pitching.pitch)
app.command("collide", rich_help_panel=_GO_ON)(pitching.collide)
app.add_typer(noting.app, name="notes", rich_help_panel=_GO_ON)
app.add_typer(seating.app, name="seat", rich_help_panel=_GO_ON)
app.command("absorb", rich_help_panel=_GO_ON)(absorbing.absorb)
app.command("lock", rich_help_panel=_GO_ON)(listing.lock)
app.command("sessions", rich_help_panel=_LOOK)(listing.sessions)
app.command("show", rich_help_panel=_LOOK)(showing.show)
app.add_typer(debating.app, name="debates", rich_help_panel=_LOOK)
app.add_typer(canon.app, name="canon", rich_help_panel=_LOOK)
app.command("why", rich_help_panel=_LOOK)(provenance.why)
app.add_typer(prompting.app, name="prompts", rich_help_panel=_LOOK)
app.command("credits", rich_help_panel=_LOOK)(crediting.credits)
app.command("stats", rich_help_panel=_LOOK)(spent.stats)
app.command("breakdown", rich_help_panel=_LOOK)(breakdowns.breakdown)
app.command("compare", rich_help_panel=_LOOK)(comparing.compare)
app.command("graph", rich_help_panel=_LOOK)(diagram.graph)
app.command("doctor", rich_help_panel=_LOOK)(health.doctor)
app.command("storyline", rich_help_panel=_TOOLS)(storylines.storyline)
app.command("dialogue", rich_help_panel=_TOOLS)(dialogues.dialogue)
app.command("monologue", rich_help_panel=_TOOLS)(monologues.monologue)
app.command("polish", rich_help_panel=_TOOLS)(polishing.polish)
app.command("voice", rich_help_panel=_TOOLS)(voicing.voice)
app.command("emotions", rich_help_panel=_TOOLS)(emotions.emotions)
app.command("export", rich_help_panel=_KEEP)(exporting.export)
app.command("convert", rich_help_panel=_KEEP)(converting.convert)
app.command("fmt", rich_help_panel=_KEEP)(tidying.fmt)
app.add_typer(memories.app, name="memory", rich_help_panel=_KEEP)
app.add_typer(modelling.app, name="models", rich_help_panel=_KEEP)
app.add_typer(deleting.app, name="delete", rich_help_panel=_KEEP)


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
    try:
        app(prog_name="storyroom")
    except Exception:
        traceback.print_exc()
        say("This is a bug in Storyroom: please report it with the lines above. Sessions are kept.", "red")
        sys.exit(1)
