"""What many commands share: the option that names the series, and the room that is opened on it."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from storyroom.room import Room


Language = Literal["en", "zh"]
Depth = Literal["quick", "standard", "deep"]


class GateName(StrEnum):
    """The stages that a session can wait after; an enumeration, because Typer takes no list of literals."""

    PITCHES = "pitches"
    OUTLINE = "outline"
    SCENE = "scene"
    TABLE_READ = "table_read"


def _or_global(context: typer.Context, folder: Path | None) -> Path | None:
    """Take the folder that was named before the command, where none was named after it."""
    given: Path | None = context.find_root().params.get("series")
    return folder if folder is not None else given


SeriesFolder = Annotated[
    Path | None,
    typer.Option(
        "--series",
        "-s",
        metavar="DIR",
        callback=_or_global,
        help="Folder of the series. Default: the current one.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="SPEC", help="embedded, llama.cpp:PATH.gguf, openai:MODEL@URL, …"),
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Let a model write a language that it is known not to write.")
]
DraftSeed = Annotated[int | None, typer.Option("--seed", min=0, help="The same seed gives the same draft.")]
HowHard = Annotated[Depth | None, typer.Option("--depth", help="How hard the room works on each scene.")]
NewEpisode = Annotated[
    int | None,
    typer.Option("--episode", min=1, max=999, help="Number of the episode. Default: the next one."),
]
HowMany = Annotated[int | None, typer.Option("--scenes", min=1, help="How many scenes.")]
ScriptLanguage = Annotated[Language | None, typer.Option("--language", help="Default: the bible's.")]
Plain = Annotated[bool, typer.Option("--plain", help="Write log lines, also on a terminal.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output, and nothing else.")]
SessionName = Annotated[
    str, typer.Argument(metavar="SESSION", help="A session, or the beginning of its name.")
]


def open_room(series: Path | None) -> Room:
    """Open the room of the series that a folder belongs to.

    Raises:
        BibleError: there is no series, or its `series.yaml` cannot be used.
    """
    from storyroom.room import Room

    return Room.open(series or Path())


def command(series: Path | None, *words: str) -> str:
    """Return a command that can be pasted into a shell, and works on the same series."""
    where = ["-s", str(series)] if series is not None else []
    return shlex.join(["storyroom", *where, *words])
