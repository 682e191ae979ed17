"""`storyroom pitch` and `collide`: members' own storylines, and one story out of several ideas."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from storyroom.cli.options import (
    Anyway,
    AsJson,
    DraftSeed,
    HowHard,
    HowMany,
    Model,
    NewEpisode,
    Plain,
    ScriptLanguage,
    SeriesFolder,
    command,
    open_room,
)
from storyroom.cli.output import say, show, show_json, stderr
from storyroom.errors import InputError


def pitch(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT|@FILE|-", help="Prose, or YAML with title, conflict, turn, ending."),
    ],
    member: Annotated[str, typer.Option("--from", metavar="MEMBER", help="Who of the team pitches it.")],
    session: Annotated[
        str | None,
        typer.Option(metavar="SESSION", help="On this session's table. Default: the next episode's."),
    ] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Pitch a storyline; it lies on the table beside those of the plot writers."""
    with open_room(series) as room:
        made = room.pitch(given_words(text), member=member, session=session)
        if as_json:
            show_json(made.model_dump(mode="json"))
            return
        where = f"session {made.session}" if made.session else "the next episode that is drafted"
        say(f"{member}'s pitch is on the table of {where}.")
        show(made.id)


def collide(
    ideas: Annotated[
        list[str], typer.Argument(metavar="IDEA|@FILE|- …", help="The ideas: sentences or keywords.")
    ],
    members: Annotated[
        list[str], typer.Option("--from", metavar="MEMBER", help="Whose idea follows; once for each of them.")
    ],
    episode: NewEpisode = None,
    scenes: HowMany = None,
    depth: HowHard = None,
    model: Model = None,
    seed: DraftSeed = None,
    language: ScriptLanguage = None,
    anyway: Anyway = False,
    go: Annotated[bool, typer.Option("--go", help="Draft the episode right away.")] = False,
    plain: Plain = False,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Make one story of the ideas of two or more members, and say what came from whom.

    storyroom collide --from Rosa "space exploration" --from Dev "an alien robot"
    """
    from storyroom.cli.driving import drive
    from storyroom.cli.table import story_of

    if len(ideas) != len(members):
        raise InputError(
            f"Ideas are given: {len(ideas)}, and members: {len(members)}.",
            hint='Name whose each idea is: storyroom collide --from NAME "…" --from OTHER "…".',
        )
    told = [(member, given_words(idea)) for member, idea in zip(members, ideas, strict=True)]
    with open_room(series) as room:
        with stderr().status("Opening the model and the memory …"):
            run = room.collide(
                told,
                episode=episode,
                scenes=scenes,
                depth=depth,
                model=model,
                seed=seed,
                language=language,
                anyway=anyway,
            )
        if go:
            run.until = None
        drive(room, series, run, plain=plain)
        session = room.session(run.session.id)
        choice = session.manuscript.choice
        assert choice is not None, "a session that was driven to its choice has one"
        if as_json:
            show_json({"session": session.id, **choice.model_dump(mode="json")})
        elif not go:
            show("\n".join(story_of(choice)))
        if not go:
            say(f"Draft the episode from it: {command(series, 'resume', session.id)}")


def given_words(given: str) -> str:
    """Return what was given: the words themselves, those of a file behind an `@`, or of standard input.

    Raises:
        InputError: the file is not there, or cannot be read as text.
    """
    from storyroom.cli.ideas import read_idea

    if given == "-":
        return read_idea(given)
    if not given.startswith("@"):
        return given
    if not Path(given[1:]).expanduser().is_file():
        raise InputError(f"There is no file {given[1:]}.", hint="Check the path behind the @.")
    return read_idea(given[1:])
