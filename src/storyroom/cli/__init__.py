"""The command line: Typer for the words, Rich for the look, `storyroom.room` for all that happens."""
