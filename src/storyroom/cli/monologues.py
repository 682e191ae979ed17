"""`storyroom monologue`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import Anyway, AsJson, Model, SeriesFolder
from storyroom.cli.output import say, show, show_json, stderr
from storyroom.cli.tooling import (
    Alone,
    InLanguage,
    NoteFrom,
    NoteTo,
    Seed,
    bench,
    read_source,
    send,
)
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.room import Room
    from storyroom.tools.witness import StoryScene


def monologue(
    character: Annotated[str, typer.Argument(metavar="CHARACTER", help="Whose thoughts.")],
    script: Annotated[
        str | None, typer.Argument(metavar="[FILE|-]", help="A script. Default: the series' episodes.")
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            "--at", metavar="[EPISODE:]SCENE", help="The scene after which they think it: 3, or 2:3."
        ),
    ] = "",
    session: Annotated[
        str | None, typer.Option("--session", metavar="SESSION", help="Take the scenes of this session.")
    ] = None,
    language: InLanguage = None,
    model: Model = None,
    seed: Seed = None,
    anyway: Anyway = False,
    as_json: AsJson = False,
    note_to: NoteTo = None,
    note_from: NoteFrom = None,
    alone: Alone = False,
    series: SeriesFolder = None,
) -> None:
    """Write what somebody thinks and does not say, from what they know at that point and nothing else."""
    import asyncio

    from storyroom.tools.monologue import monologue as written
    from storyroom.tools.monologue import script_of, witness
    from storyroom.tools.witness import up_to
    from storyroom.tools.workbench import series_here

    if not at.strip():
        raise InputError("It is not said where in the story.", hint="Name a scene: --at 3, or --at 2:3.")
    with ExitStack() as stack:
        from storyroom.room import Room

        folder = series_here(series, alone=alone)
        room = stack.enter_context(Room.open(folder)) if folder else None
        every = _story(room, script, session, at, series)
        story = up_to(every, at)
        who, known = witness(story, character, room.bible if room else None, later=every[len(story) :])
        ready = stack.enter_context(
            bench(
                "monologue",
                matter=f"{who.name}, {story[-1].name}",
                script=script_of(known),
                language=language,
                model=model,
                seed=seed,
                anyway=anyway,
                note_to=note_to,
                note_from=note_from,
                session=session,
                alone=alone,
                series=folder,
            )
        )
        with stderr().status("Listening …"):
            thought = asyncio.run(written(ready, who, known))
        if as_json:
            facts = {"model": ready.order.model, "seed": ready.order.seed, **vars(thought)}
            show_json(facts)
        else:
            show(thought.text)
            say(f"{thought.who} knows of: {', '.join(thought.known)}.")
        if known[-1] is not story[-1]:
            say(f"{who.name} is not in {story[-1].name}; the last scene that they know of is {thought.at}.")
        if thought.left_out:
            say(f"The model had no room for {thought.left_out} earlier scenes.")
        send(ready, f"{who.name}, after {thought.at}: {thought.text}")


def _story(
    room: Room | None, script: str | None, session: str | None, at: str, series: Path | None
) -> list[StoryScene]:
    """Return the scenes that can be named: of a script, of a session and the canon before it, or the canon.

    Raises:
        InputError: none of them is there to take scenes from.
    """
    from storyroom.tools.witness import scenes_of_script, scenes_of_session

    if script is not None and session is not None:
        raise InputError("A script and a session were both named.", hint="Name one of them.")
    if script is not None:
        episode = at.replace("：", ":").rpartition(":")[0].strip()
        return scenes_of_script(read_source(script, series), int(episode) if episode.isdecimal() else 0)
    if room is None:
        raise InputError(
            "There is no story to take the scene from.", hint="Name a script, or a series with --series."
        )
    if session is not None:
        one = room.session(session)
        before = [scene for scene in _episodes(room) if scene.episode < one.order.episode]
        return [*before, *scenes_of_session(one)]
    if ":" not in at.replace("：", ":"):
        raise InputError(
            f"It is not said of which episode scene {at.strip()[:20]} is.",
            hint="Name the episode too: --at 2:3. Or name a script, or a session with --session.",
        )
    if not (every := _episodes(room)):
        raise InputError(
            "The series has no episode yet.", hint="Name a script, or put some into the folder episodes."
        )
    return every


def _episodes(room: Room) -> list[StoryScene]:
    """Return the scenes of the canon, or else of the files that the series has for it to be read from."""
    from storyroom.tools.witness import scenes_of_canon, scenes_of_files

    return scenes_of_canon(room.ledger) or scenes_of_files(room.series.episodes)
