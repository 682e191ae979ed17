"""`storyroom new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from storyroom.cli.options import Language, command
from storyroom.cli.output import say, show


def new(
    title: Annotated[str, typer.Argument(help="The name of the show.")],
    language: Annotated[Language, typer.Option(help="Language of bible and scripts.")] = "en",
    parent: Annotated[
        Path, typer.Option("--in", metavar="DIR", help="Where to make the series' folder.")
    ] = Path(),
    force: Annotated[
        bool, typer.Option("--force", help="Use a folder that holds something; its files stay.")
    ] = False,
) -> None:
    """Make the folder of a new series, with a commented bible."""
    from storyroom.series import SERIES_FILE, new_series

    folder = new_series(title, parent, language, force=force)
    say(f"Made. Now write the bible, {folder / SERIES_FILE}, and then:")
    say("  " + command(folder, "draft", "what happens in the episode, in a few sentences"))
    show(str(folder))
