"""`storyroom draft`, `resume` and `fork`: all that makes the room work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from storyroom.cli.options import (
    Anyway,
    DraftSeed,
    GateName,
    HowHard,
    HowMany,
    Model,
    NewEpisode,
    Plain,
    ScriptLanguage,
    SeriesFolder,
    SessionName,
    command,
    open_room,
)
from storyroom.cli.output import say, show, stderr

if TYPE_CHECKING:
    from storyroom.story.plan import Gate


def draft(
    idea: Annotated[
        str | None, typer.Argument(metavar="[IDEA|FILE|-]", help="What happens, in a few sentences.")
    ] = None,
    episode: NewEpisode = None,
    scenes: HowMany = None,
    pages: Annotated[float | None, typer.Option(min=0.1, help="How long, in screenplay pages.")] = None,
    depth: HowHard = None,
    model: Model = None,
    seed: DraftSeed = None,
    gate: Annotated[
        list[GateName] | None, typer.Option(help="Wait for a human after this. Can be given several times.")
    ] = None,
    language: ScriptLanguage = None,
    cast_names: Annotated[
        list[str] | None,
        typer.Option("--cast", metavar="NAME", help="Keep to this character. Can be given several times."),
    ] = None,
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="MEMBER:ROLE:TEXT|@FILE",
            help="What a member brings for a role: a story line, a scene … Can be given several times.",
        ),
    ] = None,
    lock: Annotated[bool, typer.Option("--lock", help="Make the finished episode canon at once.")] = False,
    anyway: Anyway = False,
    plain: Plain = False,
    series: SeriesFolder = None,
) -> None:
    """Draft an episode from an idea. What is not given stands in series.yaml."""
    from storyroom.cli.driving import drive
    from storyroom.cli.ideas import read_idea, read_input

    text = read_idea(idea)
    brought = [read_input(one) for one in inputs or ()]
    with open_room(series) as room:
        with stderr().status("Opening the model and the memory …"):
            run = room.begin(
                text,
                episode=episode,
                scenes=scenes,
                pages=pages,
                depth=depth,
                model=model,
                seed=seed,
                gates=cast("list[Gate]", [str(one) for one in gate]) if gate else None,
                language=language,
                cast=cast_names or (),
                lock=lock,
                anyway=anyway,
                inputs=brought,
            )
        drive(room, series, run, plain=plain)


def resume(session: SessionName, plain: Plain = False, series: SeriesFolder = None) -> None:
    """Go on with a session from where it stands."""
    from storyroom.cli.driving import drive

    with open_room(series) as room:
        drive(room, series, room.run(session), plain=plain)


def fork(
    session: SessionName,
    at: Annotated[
        str, typer.Option(metavar="pitch|choice|outline|N|N:debate", help="The first thing to do anew.")
    ] = "",
    revive: Annotated[
        int | None, typer.Option(metavar="N", help="Go on with this pitch instead of the chosen story.")
    ] = None,
    member: Annotated[str, typer.Option("--as", metavar="MEMBER", help="Who revives the pitch.")] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Default: another one is drawn.")] = None,
    go: Annotated[bool, typer.Option("--go", help="Draft it right away.")] = False,
    plain: Plain = False,
    series: SeriesFolder = None,
) -> None:
    """Begin a session that shares another's work up to a point, and leaves it untouched."""
    with open_room(series) as room:
        made = room.fork(session, at, seed=seed, revive=revive, member=member)
        if revive is None:
            say(f"Session {made.id} shares all of {made.record.parent} before {made.record.start_at}.")
        else:
            say(f"Session {made.id} goes on with pitch {revive} of {made.record.parent}.")
        if go:
            from storyroom.cli.driving import drive

            drive(room, series, room.run(made.id), plain=plain)
            return
        say(f"Draft it: {command(series, 'resume', made.id)}")
        show(made.id)
